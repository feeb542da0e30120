package powers

import (
	"staffetta/modules"
)

// Feature is the powers behind an entry.
func Feature() modules.Feature {
	return modules.Feature{
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Checks: Checks(v), Duties: Duties(v)}
		},
	}
}
