package ledger

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// terms are how long what the module keeps is proposed to be kept.
var terms = []modules.Term{
	{
		Kind: "contest", Years: 10, Label: language.Text{It: "Contestazioni dei cittadini sugli accessi ai loro dati", En: "What citizens contested about readings of their data"},
		From:   language.Text{It: "dalla risposta", En: "from the answer"},
		Source: language.Text{It: "Prescrizione ordinaria (codice civile, art. 2946)", En: "Ordinary limitation period (Civil Code, art. 2946)"},
	},
}
