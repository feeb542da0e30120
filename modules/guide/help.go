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
}
