package turn

import (
	"net/http"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type pages struct{ service *Service }

// Pages are those of reminders; the form stands on the board.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{{Pattern: "POST /adozioni/{id}/sollecita", Permission: "adoption:write", Handle: p.remind}}
}

func (p pages) remind(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.Remind(r.Context(), s, id, form.Number(r, "seen"))
	if refused := problem.Of(err); err != nil && refused.Kind == problem.Conflict {
		return modules.TurnBack("/adozioni/"+id.String(), refused.Message), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+id.String(), language.M("practice.remind.done")), nil
}
