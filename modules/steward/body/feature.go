package body

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is the bodies as the platform sees them.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "body", Verb: "read", Label: language.Text{It: "Vedere quali enti usano la piattaforma", En: "See which bodies use the platform"}},
			{Object: "body", Verb: "suspend", Label: language.Text{It: "Sospendere e riaprire un ente", En: "Suspend a body and open it again"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "platform_operator", Permissions: []string{Read, Suspend}},
			{Role: "platform_reviewer", Permissions: []string{Read}},
		},
		Events: map[string]language.Text{
			"body.read":      {It: "Ha guardato come sta un ente", En: "Looked at how a body stands"},
			"body.suspend":   {It: "Ha sospeso l’ente", En: "Suspended the body"},
			"body.resume":    {It: "Ha riaperto l’ente", En: "Opened the body again"},
			"domain.block":   {It: "Ha sospeso l’indirizzo web dell’ente", En: "Suspended the web address of the body"},
			"domain.unblock": {It: "Ha riammesso l’indirizzo web dell’ente", En: "Let the body have its web address again"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v)}
		},
	}
}
