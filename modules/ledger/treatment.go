package ledger

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// treatments are what the module does with data about people, as privacy documents tell it.
var treatments = []modules.Treatment{{
	Key: "ledger", Area: modules.RightsArea,
	Title:    language.Text{It: "Elenco degli accessi alla cartella e contestazioni", En: "List of who opened the file, and contests"},
	Purpose:  "far vedere a ciascuno chi ha aperto la sua cartella e rispondere a chi contesta un accesso",
	Bases:    []modules.Basis{modules.LegalDuty, modules.PublicTask, modules.PublicInterest},
	Laws:     "artt. 5, 15 e 32 GDPR; art. 2-sexies d.lgs. 196/2003",
	People:   []string{"persone con una cartella", "operatori che l’hanno aperta"},
	Data:     []string{"chi, quando, da quale ente e per quale motivo", "contestazioni e risposte", "motivo per cui un accesso non si mostra, quando la legge o la tutela di un minore lo chiede"},
	Measures: []string{"le persone vedono chi ha aperto la loro cartella e possono contestarlo"},
	Terms:    []string{"contest", "case", modules.AsTheTrace},
}}
