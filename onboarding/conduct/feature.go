package conduct

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// Feature is the code of conduct.
func Feature() modules.Feature {
	return modules.Feature{
		Records: []modules.Record{
			{Table: "onboarding.conduct_readings", Handover: modules.Stay},
		},
		Events: map[string]language.Text{
			"conduct.read": {It: "Ha letto il codice di condotta", En: "Read the code of conduct"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Greet: v.Greet}
		},
	}
}
