package intake

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves, in the order of the manual.
var help = []modules.Topic{
	{At: "/sportello", Title: language.Text{It: "Sportello", En: "Access desk"}, Text: language.Text{
		It: "Scrivi ogni accesso, anche chi chiede solo un’informazione: da qui nascono le cartelle e i numeri sul bisogno.",
		En: "Write down every contact, also who only asks something: cases and figures of need begin here.",
	}},
	{At: "/sportello/nuovo", Title: language.Text{It: "Registrare un accesso", En: "Writing down a contact"}, Text: language.Text{
		It: "Basta la richiesta con parole semplici. Se c’è un modulo, parte già con quello che hai scritto qui.",
		En: "The request in plain words is enough. A form begins with what you wrote here.",
	}},
	{At: "/sportello/{id}", Title: language.Text{It: "Un accesso", En: "A contact"}, Text: language.Text{
		It: "Puoi correggere, compilare un modulo, aprire la cartella o chiudere l’accesso con il suo esito.",
		En: "You can correct it, fill in a form, open the case, or close the contact with its outcome.",
	}},
	{At: "/sportello/{id}/moduli/{form}", Title: language.Text{It: "Modulo dello sportello", En: "Form of the desk"}, Text: language.Text{
		It: "Le risposte restano in bozza anche se lasci la pagina. Le domande segnate «Dall’accesso» si possono cambiare.",
		En: "Answers stay in a draft even when you leave. What is marked as from the contact can be changed.",
	}},
	{At: "/cartelle/{case}/sportello", Title: language.Text{It: "Accessi della cartella", En: "Contacts of the case"}, Text: language.Text{
		It: "Gli accessi allo sportello da cui la cartella è nata, o che la riguardano.",
		En: "The contacts of the desk from which the case began, or that concern it.",
	}},
}
