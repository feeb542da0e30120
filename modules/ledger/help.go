package ledger

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves, in the order of the manual.
var help = []modules.Topic{
	{At: "/console/registro", Title: language.Text{It: "Registro degli accessi", En: "Audit"}, Text: language.Text{
		It: "Chi ha letto o cambiato che cosa, e perché. Anche questa ricerca resta scritta.",
		En: "Who read or changed what, and why. This search is written down, too.",
	}},
	{At: "/console/registro/contestazioni", Title: language.Text{It: "Contestazioni", En: "Contests"}, Text: language.Text{
		It: "I cittadini che non riconoscono un accesso alla loro cartella: rispondi entro il termine.",
		En: "Citizens who do not know why their case was read: answer in time.",
	}},
	{At: "/console/registro/differimenti", Title: language.Text{It: "Differimenti", En: "Deferrals"}, Text: language.Text{
		It: "Gli accessi che per legge la persona vedrà più tardi, e fino a quando.",
		En: "Readings that by law the person sees later, and until when.",
	}},
	{At: "/cartelle/{case}/differimento", Title: language.Text{It: "Differire", En: "Deferring"}, Text: language.Text{
		It: "Solo nei casi di legge e con una scadenza: la persona vedrà chi ha letto dopo quel giorno.",
		En: "Only where the law says so, with an end: the person sees who read after that day.",
	}},
	{At: "/area-personale/accessi", Title: language.Text{It: "Chi ha letto i miei dati", En: "Who read my data"}, Text: language.Text{
		It: "Vedi chi ha aperto la tua cartella, quando e perché. Se qualcosa non ti torna, scrivilo da qui.",
		En: "See who opened your case, when and why. If something seems wrong, say so here.",
	}},
}
