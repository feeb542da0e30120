package guide

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves, in the order of the manual.
var help = []modules.Topic{
	{At: "/servizi", Title: language.Text{It: "Servizi", En: "Services"}, Text: language.Text{
		It: "Che cosa offre l’ente, a chi e come si chiede. Cerca con le tue parole.",
		En: "What the body offers, to whom, and how to ask. Search in your own words.",
	}},
	{At: "/guida", Title: language.Text{It: "Guida ai servizi", En: "Services guide"}, Text: language.Text{
		It: "Decidi quali servizi vedono i cittadini. Quelli di un kit restano in attesa finché la pratica non parte, o finché non li mostri tu.",
		En: "You decide which services citizens see. Those of a kit wait until the practice starts, or you show them.",
	}},
	{At: "/console/catalogo", Title: language.Text{It: "Catalogo e vocabolari", En: "Catalogue and vocabularies"}, Text: language.Text{
		It: "Quali servizi non hanno ancora i loro codici, e dove compaiono gli elenchi di voci. Ogni modifica è una bozza finché non la pubblichi.",
		En: "Which services lack their codes, and where lists of terms appear. A change is a draft until you publish it.",
	}},
	{At: "/console/catalogo/codici", Title: language.Text{It: "Importare i codici", En: "Importing codes"}, Text: language.Text{
		It: "Scarica i codici di oggi, correggili nella tabella e ricaricala: leggi riga per riga che cosa cambia prima di salvare.",
		En: "Download the codes of today, correct them in the table and send it: you read line by line what changes before it is saved.",
	}},
}
