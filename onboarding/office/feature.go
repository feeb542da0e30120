package office

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is the offices.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "office", Verb: "read", Label: language.Text{It: "Vedere le sedi dell’ente nella console", En: "See the offices of the body in the console"}},
			{Object: "office", Verb: "write", Label: language.Text{It: "Aprire, cambiare e chiudere le sedi", En: "Open, change and close offices"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{Read, Write}},
			{Role: "dpo", Permissions: []string{Read}},
			{Role: policies.Support, Permissions: []string{Read}},
		},
		Events: map[string]language.Text{
			"office.create": {It: "Ha aperto una sede", En: "Opened an office"},
			"office.update": {It: "Ha cambiato una sede", En: "Changed an office"},
			"office.close":  {It: "Ha chiuso una sede", En: "Closed an office"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Checks: Checks(v)}
		},
	}
}
