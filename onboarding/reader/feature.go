package reader

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// Feature is who reads what.
func Feature() modules.Feature {
	return modules.Feature{
		Events: map[string]language.Text{
			"reader.list": {It: "Ha visto chi può leggere quali dati", En: "Saw who can read which data"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v)}
		},
	}
}
