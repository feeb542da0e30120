package kit

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves, in the order of the manual.
var help = []modules.Topic{
	{At: "/kit", Title: language.Text{It: "Componenti", En: "Items"}, Text: language.Text{
		It: "Servizi, moduli, scale, percorsi, regole: quello con cui l’ente lavora. Ogni modifica è una bozza finché non la pubblichi.",
		En: "Services, forms, instruments, paths, rules: what the body works with. A change is a draft until you publish it.",
	}},
	{At: "/kit/nuovo", Title: language.Text{It: "Nuovo componente", En: "New item"}, Text: language.Text{
		It: "Scegli il tipo e dagli un codice breve e un titolo che i colleghi riconoscono.",
		En: "Choose the kind, a short code, and a title that colleagues know.",
	}},
	{At: "/kit/{kind}/{key}", Title: language.Text{It: "Un componente", En: "An item"}, Text: language.Text{
		It: "La versione in uso, la storia, chi lo usa. Puoi provarlo senza cambiare niente.",
		En: "The version in use, its history, who uses it. You can try it without changing anything.",
	}},
	{At: "/kit/{kind}/{key}/modifica", Title: language.Text{It: "Modificare", En: "Editing"}, Text: language.Text{
		It: "Quello che scrivi resta in bozza. Gli errori sono detti accanto al punto, e chi lavora continua con la versione in uso.",
		En: "What you write stays a draft. Faults are told at their place; others go on with the version in use.",
	}},
	{At: "/kit/{kind}/{key}/pubblica", Title: language.Text{It: "Pubblicare", En: "Publishing"}, Text: language.Text{
		It: "Leggi che cosa cambia e per chi, poi pubblica. La versione prima resta e si può riprendere.",
		En: "Read what changes and for whom, then publish. The version before stays and can be restored.",
	}},
	{At: "/kit/{kind}/{key}/ritira", Title: language.Text{It: "Ritirare", En: "Retiring"}, Text: language.Text{
		It: "Non si usa più per il nuovo; quello che è già scritto resta leggibile.",
		En: "It is used for nothing new; what is written stays readable.",
	}},
}
