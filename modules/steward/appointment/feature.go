package appointment

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// Feature is who runs the platform.
func Feature() modules.Feature {
	return modules.Feature{
		Events: map[string]language.Text{
			"appointment.make": {It: "Ha dato un incarico sulla piattaforma", En: "Appointed somebody to the platform"},
			"appointment.end":  {It: "Ha tolto un incarico sulla piattaforma", En: "Took an appointment to the platform back"},
		},
	}
}
