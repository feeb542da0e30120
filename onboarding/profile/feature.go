package profile

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is how a body shows itself.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "profile", Verb: "write", Label: language.Text{It: "Cambiare come si presenta l’ente", En: "Change how the body shows itself"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{Write}},
		},
		Events: map[string]language.Text{
			"profile.save": {It: "Ha cambiato come si presenta l’ente", En: "Changed how the body shows itself"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Checks: v.Checks()}
		},
	}
}
