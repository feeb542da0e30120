package domain

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// Feature is the web address of a body's own.
func Feature() modules.Feature {
	return modules.Feature{
		Events: map[string]language.Text{
			"domain.ask":     {It: "Ha chiesto un indirizzo web per l’ente", En: "Asked for a web address of the body"},
			"domain.check":   {It: "Ha controllato l’indirizzo web dell’ente", En: "Looked whether the web address is the body's"},
			"domain.confirm": {It: "L’indirizzo web dell’ente è confermato", En: "The web address of the body is confirmed"},
			"domain.suspend": {It: "L’indirizzo web dell’ente è sospeso: le righe nel DNS non ci sono più", En: "The web address of the body is suspended: its records are gone"},
			"domain.remove":  {It: "Ha tolto l’indirizzo web dell’ente", En: "Removed the web address of the body"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Checks: Checks(v), Workers: v.Work, Periodic: v.Periodic()}
		},
	}
}
