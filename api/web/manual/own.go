package manual

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// Own is what the pages of the host say of themselves.
var Own = []modules.Topic{
	{At: "/{$}", Title: language.Text{It: "Pagina dell’ente", En: "Page of the body"}, Text: language.Text{
		It: "Da qui trovi i servizi e, se ci lavori, l’ingresso per gli operatori.",
		En: "From here you find services and, if you work here, the way in for operators.",
	}},
	{At: "/piattaforma/{$}", Title: language.Text{It: "Prima pagina", En: "First page"}, Text: language.Text{
		It: "Cerca il tuo ente per entrare o per i suoi servizi. Se il tuo Comune non c’è, si attiva da qui.",
		En: "Find your body to sign in or for its services. If your municipality is missing, it enters from here.",
	}},
	{At: "/accedi", Title: language.Text{It: "Accedere", En: "Signing in"}, Text: language.Text{
		It: "Usa la tua identità digitale (SPID o CIE). Il programma non conosce la tua password.",
		En: "Use your digital identity (SPID or CIE). The program never learns your password.",
	}},
	{At: "/sessioni", Title: language.Text{It: "Accessi aperti", En: "Open sessions"}, Text: language.Text{
		It: "Dove sei collegato. Chiudi quello che non riconosci.",
		En: "Where you are signed in. End what you do not know.",
	}},
	{At: "/gettoni", Title: language.Text{It: "Gettoni per programmi", En: "Tokens for programs"}, Text: language.Text{
		It: "Un programma usa al tuo posto solo i ruoli che gli dai, al massimo novanta giorni. Il gettone si vede una volta sola.",
		En: "A program uses only the roles that you give it, for ninety days at most. The token is shown once.",
	}},
	{At: "/riprendi/{id}", Title: language.Text{It: "Riprendere un modulo", En: "Taking up a form"}, Text: language.Text{
		It: "La sessione era finita: quello che avevi scritto è qui.",
		En: "The session had ended: what you wrote is here.",
	}},
	{At: "/privacy", Title: language.Text{It: "Privacy", En: "Privacy"}, Text: language.Text{
		It: "Come l’ente tratta i dati e a chi rivolgerti.",
		En: "How the body uses data, and whom to ask.",
	}},
	{At: "/accessibilita", Title: language.Text{It: "Accessibilità", En: "Accessibility"}, Text: language.Text{
		It: "Come segnalare una pagina che non riesci a usare.",
		En: "How to report a page that you cannot use.",
	}},
	{At: "/note-legali", Title: language.Text{It: "Note legali", En: "Legal notes"}, Text: language.Text{
		It: "Chi è responsabile di queste pagine.",
		En: "Who answers for these pages.",
	}},
	{At: "/aiuto", Title: language.Text{It: "Manuale", En: "Manual"}, Text: language.Text{
		It: "Tutti gli aiuti delle pagine, in ordine. Si può stampare.",
		En: "The help of all pages, in order. It can be printed.",
	}},
}
