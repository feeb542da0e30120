package incident

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is what does not work, and since when.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "incident", Verb: "write", Label: language.Text{It: "Scrivere gli incidenti del servizio", En: "Write incidents of the service"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "platform_operator", Permissions: []string{Write}},
		},
		Events: map[string]language.Text{
			"incident.open":  {It: "Ha aperto un incidente", En: "Opened an incident"},
			"incident.note":  {It: "Ha aggiornato un incidente", En: "Added to an incident"},
			"incident.close": {It: "Ha chiuso un incidente", En: "Closed an incident"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Notices: v.Notices}
		},
	}
}
