package switching

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is turning modules on and off.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "module", Verb: "read", Label: language.Text{It: "Vedere quali moduli usa l’ente", En: "See which modules the body uses"}},
			{Object: "module", Verb: "write", Label: language.Text{It: "Accendere e spegnere moduli", En: "Turn modules on and off"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{Read, Write}},
			{Role: "dpo", Permissions: []string{Read}},
			{Role: policies.Support, Permissions: []string{Read}},
		},
		Events: map[string]language.Text{
			"module.switch": {It: "Ha acceso o spento un modulo", En: "Turned a module on or off"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v)}
		},
	}
}
