package modules

import (
	"net/http"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
)

// Refusal is how a page says why something was not done: at the fields of its forms, or in words above them. Pages embed it.
type Refusal struct {
	Errors component.ErrorSummary
	Note   *component.Alert
}

// Explain puts into a page, and its view, why something was not done; fields are those of the page's forms, as Filled left them.
func (f *Refusal) Explain(r *http.Request, view View, refused error, fields ...component.Field) View {
	switch {
	case problem.Is(refused, problem.Invalid):
		f.Errors = component.Summarize(fields...)
		return view.Refused()
	case refused != nil:
		f.Note = &component.Alert{Tone: component.Warning, Text: language.Say(r.Context(), problem.Of(refused).Message)}
		view.Status = problem.Of(refused).Kind.Status()
	}
	return view
}

// IsAnswered tells whether a page says itself why something was not done; of the rest the host has a page.
func IsAnswered(err error) bool {
	return problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) || problem.Is(err, problem.Forbidden)
}

// Filled puts into fields what was sent and why it was refused.
func Filled(r *http.Request, refused error, fields ...component.Field) []component.Field {
	wrong := FieldErrors(r.Context(), refused)
	for i := range fields {
		if refused != nil {
			fields[i].Value = Value(r, fields[i].ID)
		}
		fields[i].Error = wrong[fields[i].ID]
	}
	return fields
}

// ReadDay reads a day of an operation's input; none is zero. Error: problem.Invalid at the field.
func ReadDay(field, text string) (time.Time, error) {
	var wrong problem.Fields
	return wrong.Day(field, text), wrong.Err()
}
