package abandoned

import (
	"github.com/riverqueue/river"

	"staffetta/internal/language"
	"staffetta/modules"
)

// Feature is entries that nobody goes on with.
func Feature() modules.Feature {
	return modules.Feature{
		Events: map[string]language.Text{
			"entry.remind":  {It: "Ha ricordato un’attivazione ferma", En: "Reminded of an entry that nobody goes on with"},
			"entry.abandon": {It: "Ha chiuso attivazioni ferme da 30 giorni", En: "Closed entries unchanged for 30 days"},
		},
		New: func(deps modules.Deps) modules.Parts {
			return modules.Parts{Workers: func(w *river.Workers) { Work(deps, w) }, Periodic: Periodic()}
		},
	}
}
