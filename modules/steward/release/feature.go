package release

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is the version that serves.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "release", Verb: "read", Label: language.Text{It: "Vedere le versioni in servizio", En: "See which versions serve"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "platform_operator", Permissions: []string{Read}},
			{Role: "platform_reviewer", Permissions: []string{Read}},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v)}
		},
	}
}
