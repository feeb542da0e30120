package casefile

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// terms are how long what the module keeps is proposed to be kept.
var terms = []modules.Term{
	{
		Kind: "case", Years: 10, Label: language.Text{It: "Cartelle sociali, con tutto ciò che contengono", En: "Case files, with all that is in them"},
		From:   language.Text{It: "dalla chiusura della cartella", En: "from the closing of the case file"},
		Source: language.Text{It: "Prescrizione ordinaria (codice civile, art. 2946); lo scarto è autorizzato dalla Soprintendenza (d.P.R. 445/2000, art. 68; d.lgs. 42/2004, art. 21)", En: "Ordinary limitation period (Civil Code, art. 2946); disposal is authorised by the Soprintendenza (d.P.R. 445/2000, art. 68; d.lgs. 42/2004, art. 21)"},
	},
	{
		Kind: "notice", Years: 2, Label: language.Text{It: "Avvisi agli operatori", En: "Notices to staff"},
		From:   language.Text{It: "dal giorno dell’avviso", En: "from the day of the notice"},
		Source: language.Text{It: "Limitazione della conservazione (GDPR, art. 5, par. 1, lett. e)", En: "Storage limitation (GDPR, art. 5(1)(e))"},
	},
}
