package post

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves, in the order of the manual.
var help = []modules.Topic{
	{At: "/posta", Title: language.Text{It: "Avvisi per e-mail", En: "Notices by e-mail"}, Text: language.Text{
		It: "Scegli se e quando ricevere un avviso. Le e-mail non dicono mai di chi si tratta.",
		En: "Choose whether and when you get a notice. Mails never say whom it is about.",
	}},
	{At: "/piattaforma/avviso/conferma/{token}", Title: language.Text{It: "Conferma dell’indirizzo", En: "Confirming the address"}, Text: language.Text{
		It: "Conferma che l’indirizzo è tuo: fino ad allora non parte nessun avviso.",
		En: "Confirm that the address is yours: until then no notice goes out.",
	}},
	{At: "/piattaforma/posta", Title: language.Text{It: "Posta in uscita", En: "Outbox"}, Text: language.Text{
		It: "Le e-mail che il programma ha preparato. Nella demo i codici si leggono qui.",
		En: "Mails that the program has prepared. In the demo the codes are read here.",
	}},
}
