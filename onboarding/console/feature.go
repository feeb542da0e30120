package console

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is the console.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "console", Verb: "read", Label: language.Text{It: "Vedere come è configurato l’ente", En: "See how the body is set up"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{Read}},
			{Role: "dpo", Permissions: []string{Read}},
			{Role: policies.Support, Permissions: []string{Read}},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v)}
		},
	}
}
