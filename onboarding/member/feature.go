package member

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/office"
	"staffetta/onboarding/rights"
	"staffetta/policies"
)

// Feature is people and their roles.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "member", Verb: "read", Label: language.Text{It: "Vedere chi lavora nell’ente", En: "See who works at the body"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{Read}},
			{Role: "dpo", Permissions: []string{Read}},
		},
		Treatments: []modules.Treatment{
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
		},
		Events: map[string]language.Text{
			"role.list":    {It: "Ha visto chi ha quali ruoli", En: "Saw who holds which roles"},
			"role.give":    {It: "Ha dato un ruolo a una persona", En: "Gave a person a role"},
			"role.refuse":  {It: "Ha chiesto per una persona ruoli che si escludono: rifiutato", En: "Asked for roles that exclude each other: refused"},
			"role.take":    {It: "Ha tolto un ruolo a una persona", En: "Took a role back from a person"},
			"role.bound":   {It: "Ha cambiato l’ultimo giorno di un ruolo di una persona", En: "Changed the last day of a person’s role"},
			"person.admit": {It: "Ha aggiunto persone all’ente", En: "Let people into the body"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v, rights.NewService(deps), office.NewService(deps)), Operations: Operations(v), Checks: Checks(v)}
		},
	}
}
