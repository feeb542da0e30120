package registry

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// terms are how long what the module keeps is proposed to be kept.
var terms = []modules.Term{
	{
		Kind: "person", Years: 1, Label: language.Text{It: "Persone senza cartelle né accessi", En: "Persons without case files and contacts"},
		From:   language.Text{It: "dall’ultima modifica dei loro dati", En: "from the last change of their data"},
		Source: language.Text{It: "Limitazione della conservazione (GDPR, art. 5, par. 1, lett. e)", En: "Storage limitation (GDPR, art. 5(1)(e))"},
	},
}
