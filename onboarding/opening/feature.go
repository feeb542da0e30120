package opening

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is going live.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "opening", Verb: "decide", Label: language.Text{It: "Pubblicare l’ente", En: "Bring the body live"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{Decide}},
		},
		Records: []modules.Record{
			{Table: "onboarding.openings", Handover: modules.Stay},
		},
		Events: map[string]language.Text{
			"body.open":      {It: "Ha pubblicato l’ente", En: "Brought the body live"},
			"body.take_back": {It: "Ha riportato l’ente in prova", En: "Put the body back on trial"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v)}
		},
	}
}
