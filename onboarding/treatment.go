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
	{
		Key: "requests", Area: modules.RightsArea,
		Title:   language.Text{It: "Richieste delle persone sui loro dati", En: "What people ask about their data"},
		Purpose: "rispondere nei termini a chi chiede di vedere, correggere, limitare o cancellare i suoi dati, e poterlo dimostrare",
		Bases:   []modules.Basis{modules.LegalDuty},
		Laws:    "artt. 12 e da 15 a 22 GDPR; artt. da 2-undecies a 2-terdecies d.lgs. 196/2003",
		People:  []string{"chi chiede e la persona alla quale i dati si riferiscono"},
		Data:    []string{"nome e codice fiscale", "che cosa è stato chiesto e risposto, e come è stata riconosciuta la persona"},
		Terms:   []string{"request"},
	},
}
