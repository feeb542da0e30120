package review

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is looking at entries.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "entry", Verb: "review", Label: language.Text{It: "Verificare chi attiva un ente", En: "Look at who enters for a body"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "platform_reviewer", Permissions: []string{Permission}},
		},
		Events: map[string]language.Text{
			"entry.review":    {It: "Ha verificato un’attivazione", En: "Judged an entry"},
			"entry.read_deed": {It: "Ha aperto l’atto costitutivo di un ente", En: "Opened the act that makes a body"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Duties: Duties(v)}
		},
	}
}
