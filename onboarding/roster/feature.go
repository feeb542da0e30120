package roster

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/invitation"
	"staffetta/onboarding/member"
	"staffetta/onboarding/office"
)

// Feature is the import of a list of people.
func Feature() modules.Feature {
	return modules.Feature{
		Events: map[string]language.Text{
			"person.plan": {It: "Ha letto che cosa farebbe un elenco di persone", En: "Read what a list of people would do"},
		},
		New: func(deps modules.Deps) modules.Parts {
			members := member.NewService(deps)
			v := NewService(deps, members, invitation.NewService(deps, members), office.NewService(deps))
			return modules.Parts{Pages: Pages(v), Operations: Operations(v)}
		},
	}
}
