package sharing

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves, in the order of the manual.
var help = []modules.Topic{
	{At: "/rete", Title: language.Text{It: "Rete", En: "Network"}, Text: language.Text{
		It: "Le reti e gli accordi del tuo ente. Senza un accordo attivo nessuna cartella passa a un altro ente.",
		En: "Networks and agreements of your body. Without an active one no case passes to another body.",
	}},
	{At: "/rete/accordi/nuovo", Title: language.Text{It: "Nuovo accordo", En: "New agreement"}, Text: language.Text{
		It: "Un passo alla volta; quello che salvi resta. Vale quando tutte le parti hanno firmato.",
		En: "Step by step; what you save stays. It holds once all parties have signed.",
	}},
	{At: "/rete/bozze/{draft}", Title: language.Text{It: "Un accordo in bozza", En: "An agreement in draft"}, Text: language.Text{
		It: "Scrivi parti, scopi e atti. In fondo rileggi tutto prima di firmare.",
		En: "Write parties, purposes and acts. At the end you read it all before you sign.",
	}},
	{At: "/rete/accordi/{id}", Title: language.Text{It: "Un accordo", En: "An agreement"}, Text: language.Text{
		It: "Che cosa permette, a chi e fino a quando. Sospenderlo chiude subito quello che mostra.",
		En: "What it allows, to whom, and until when. Suspending it closes at once what it shows.",
	}},
	{At: "/rete/reti/{id}", Title: language.Text{It: "Una rete", En: "A network"}, Text: language.Text{
		It: "Chi ne fa parte e chi la guida. Da qui si invita, si recede e si crea l’ufficio comune.",
		En: "Who belongs to it and who leads. From here one invites, leaves, and makes the common office.",
	}},
	{At: "/rete/richieste", Title: language.Text{It: "Richieste", En: "Requests"}, Text: language.Text{
		It: "Quello che altri enti ti propongono o ti chiedono, e quello che aspetti da loro.",
		En: "What others offer or ask, and what you wait for.",
	}},
	{At: "/rete/accesso", Title: language.Text{It: "Chiedere a un altro ente", En: "Asking another body"}, Text: language.Text{
		It: "Chiedi di condividere una cartella. Risponde l’ente che la tiene; se non c’è, la risposta è la stessa.",
		En: "You ask for a share of a case. The body that keeps it answers; where there is none, the answer is the same.",
	}},
	{At: "/rete/emergenza", Title: language.Text{It: "Accesso in emergenza", En: "Emergency access"}, Text: language.Text{
		It: "Solo se qualcuno è in pericolo: tre ore, con un motivo scritto, e poi qualcuno lo valuta.",
		En: "Only when somebody is in danger: three hours, with a written reason, and reviewed afterwards.",
	}},
	{At: "/rete/emergenze", Title: language.Text{It: "Emergenze da valutare", En: "Emergencies to review"}, Text: language.Text{
		It: "Leggi motivo e uso di ogni accesso in emergenza e di’ se era giustificato.",
		En: "Read reason and use of each emergency access, and say whether it was justified.",
	}},
	{At: "/rete/gia-noto", Title: language.Text{It: "Ricerche oltre il limite", En: "Searches beyond the limit"}, Text: language.Text{
		It: "Chi ha chiesto troppe volte se una persona è seguita altrove.",
		En: "Who asked too often whether a person is followed elsewhere.",
	}},
	{At: "/rete/riesami", Title: language.Text{It: "Passaggi da riesaminare", En: "Handovers to review"}, Text: language.Text{
		It: "I passaggi rifiutati che la legge chiede di rivedere.",
		En: "Refused handovers that the law asks to look at again.",
	}},
	{At: "/condivisi", Title: language.Text{It: "Cartelle condivise", En: "Shared cases"}, Text: language.Text{
		It: "Le cartelle di altri enti che puoi leggere, per quali parti e fino a quando.",
		En: "Cases of others that you may read, which parts, and until when.",
	}},
	{At: "/condivisioni/{id}", Title: language.Text{It: "Una condivisione", En: "A share"}, Text: language.Text{
		It: "Quali parti, per quale scopo, fino a quando. Si può cambiare o chiudere in ogni momento.",
		En: "Which parts, for which purpose, until when. It can be changed or closed at any moment.",
	}},
	{At: "/cartelle/{case}/condividi", Title: language.Text{It: "Condividere una cartella", En: "Sharing a case"}, Text: language.Text{
		It: "Mostra solo le parti che servono allo scopo. Prima di inviare vedi come la vedrà l’altro ente.",
		En: "Show only what the purpose needs. Before you send it you see it as the other body will.",
	}},
	{At: "/cartelle/{case}/passaggio", Title: language.Text{It: "Passare una cartella", En: "Handing over a case"}, Text: language.Text{
		It: "L’altro ente prende la cartella; da te resta in sola lettura quello che la legge chiede.",
		En: "The other body takes the case; with you stays, to read only, what the law asks for.",
	}},
	{At: "/cartelle/{case}/cambio-residenza", Title: language.Text{It: "Cambio di residenza", En: "Moving house"}, Text: language.Text{
		It: "La cartella segue la persona nel nuovo Comune, con un elenco che firmate tutti e due.",
		En: "The case follows the person to the new municipality, with a list that both sign.",
	}},
	{At: "/passaggi/{id}", Title: language.Text{It: "Un passaggio", En: "A handover"}, Text: language.Text{
		It: "Che cosa passa, che cosa resta e che cosa manca per chiuderlo.",
		En: "What passes, what stays, and what is missing to end it.",
	}},
}
