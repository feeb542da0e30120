package onboarding

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// treatments are what the program does with data about who works in a body, as privacy documents tell it.
var treatments = []modules.Treatment{
	{
		Key: "accounts", Area: modules.StaffArea,
		Title:   language.Text{It: "Utenze, ruoli e poteri", En: "Accounts, roles and powers"},
		Purpose: "far entrare solo chi ne ha titolo e dargli solo ciò che il suo ruolo chiede",
		Bases:   []modules.Basis{modules.LegalDuty, modules.PublicTask},
		Laws:    "art. 32 GDPR; artt. 2-ter e 2-quaterdecies d.lgs. 196/2003; art. 64 d.lgs. 82/2005",
		People:  []string{"operatori e amministratori dell’ente", "referente che ha attivato l’ente"},
		Data:    []string{"nome e codice fiscale, cifrato", "ruoli, sedi e periodi", "sessioni aperte"},
		Terms:   []string{modules.AsTheAccount},
	},
	{
		Key: "trace", Area: modules.StaffArea,
		Title:   language.Text{It: "Traccia degli accessi e delle modifiche", En: "Trace of accesses and changes"},
		Purpose: "poter dimostrare chi ha visto o cambiato che cosa, scoprire abusi e rispondere a chi lo chiede; non per controllare il lavoro a distanza",
		Bases:   []modules.Basis{modules.LegalDuty, modules.PublicTask},
		Laws:    "artt. 5, 24 e 32 GDPR; provvedimento del Garante del 27 novembre 2008 sugli amministratori di sistema; art. 4 L. 300/1970",
		People:  []string{"chiunque usi la piattaforma", "persone alle quali l’azione si riferisce"},
		Data:    []string{"chi, quando, con quale ruolo, che cosa ha fatto"},
		Terms:   []string{modules.AsTheTrace},
	},
}
