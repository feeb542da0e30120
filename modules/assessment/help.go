package assessment

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves, in the order of the manual.
var help = []modules.Topic{
	{At: "/cartelle/{case}/valutazioni", Title: language.Text{It: "Valutazioni", En: "Assessments"}, Text: language.Text{
		It: "Scale e schede compilate per la persona, con i punteggi nel tempo. Confronta due date per vedere che cosa è cambiato.",
		En: "Instruments filled in for the person, with scores over time. Compare two days to see what changed.",
	}},
	{At: "/cartelle/{case}/valutazioni/{assessment}", Title: language.Text{It: "Una valutazione", En: "An assessment"}, Text: language.Text{
		It: "In bozza si può lasciare e riprendere. Confermata si blocca, con le risposte e il calcolo.",
		En: "A draft can be left and taken up. Confirmed it is locked, with answers and reckoning.",
	}},
}
