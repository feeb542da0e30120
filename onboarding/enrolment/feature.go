package enrolment

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// Feature is making bodies from a list.
func Feature() modules.Feature {
	return modules.Feature{
		Events: map[string]language.Text{
			"entry.enrol": {It: "Ha creato enti da un elenco", En: "Made bodies from a list"},
			"body.enter":  {It: "Ha creato questo ente da un elenco", En: "Made this body from a list"},
		},
	}
}
