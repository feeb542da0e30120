package team

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/office"
)

// Feature is the standing teams.
func Feature() modules.Feature {
	return modules.Feature{
		Records: []modules.Record{
			{Table: "onboarding.teams", Handover: modules.Stay},
			{Table: "onboarding.team_members", Handover: modules.Stay},
		},
		Events: map[string]language.Text{
			"team.list":   {It: "Ha visto le équipe", En: "Saw the teams"},
			"team.create": {It: "Ha creato un’équipe", En: "Made a team"},
			"team.update": {It: "Ha cambiato un’équipe", En: "Changed a team"},
			"team.join":   {It: "Ha messo una persona in un’équipe", En: "Put a person into a team"},
			"team.leave":  {It: "Ha tolto una persona da un’équipe", En: "Took a person out of a team"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v, office.NewService(deps)), Operations: Operations(v)}
		},
	}
}
