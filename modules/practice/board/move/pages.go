// Package move is where people move an adoption on its board, on or back. It must not judge gates: package board does.
package move

import (
	"cmp"
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type pages struct{ service *board.Service }

// Pages are those that move an adoption.
func Pages(service *board.Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "POST /adozioni/{id}/avanza", Permission: "adoption:write", Handle: p.advance},
		{Pattern: "GET /adozioni/{id}/torna", Permission: "adoption:write", Handle: p.askReturn},
		{Pattern: "POST /adozioni/{id}/torna", Permission: "adoption:write", Handle: p.goBack},
	}
}

func (p pages) advance(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	target := form.Number(r, "target")
	err = p.service.Advance(r.Context(), s, id, form.Number(r, "seen"), target)
	if refused := problem.Of(err); err != nil && refused.Kind == problem.Conflict {
		return modules.TurnBack("/adozioni/"+id.String(), refused.Message), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+id.String(), language.M("practice.board.advanced", "stage", form.Stage(r, target))), nil
}

// ReturnPage asks to which stage an adoption goes back, and why.
type ReturnPage struct {
	Confirm component.Confirm
}

func (p pages) askReturn(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := board.At(r, s, p.service)
	if err != nil {
		return modules.View{}, err
	}
	return p.returnPage(r, b, nil)
}

func (p pages) returnPage(r *http.Request, b board.Board, wrong map[string]string) (modules.View, error) {
	a := b.Adoption
	if a.Stage <= adoption.StageInterest || a.Side == adoption.Lead {
		return modules.View{}, problem.Missing()
	}
	target := component.Field{
		ID: "target", Kind: component.Radios, Label: modules.Say(r, "practice.return.target"), Required: true, Error: wrong["stage"],
		Value: cmp.Or(r.PostFormValue("target"), strconv.Itoa(a.Stage-1)),
	}
	for stage := a.Stage - 1; stage >= adoption.StageInterest; stage-- {
		target.Options = append(target.Options, component.Option{Value: strconv.Itoa(stage), Label: form.Stage(r, stage)})
	}
	reason := component.Field{
		ID: "reason", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "practice.return.reason"), Hint: modules.Say(r, "practice.return.reason_hint"),
		Required: true, MaxLength: 500, Error: wrong["reason"], Value: r.PostFormValue("reason"),
	}
	at := "/adozioni/" + a.ID.String()
	return modules.Render("practice/return", language.M("practice.return.heading"), ReturnPage{component.Confirm{
		Title:  modules.Say(r, "practice.return.heading"),
		Text:   []string{modules.Say(r, "practice.return.text", "stage", form.Stage(r, a.Stage))},
		Errors: component.Summarize(target, reason), Fields: []component.Field{target, reason},
		Hidden: []component.Hidden{{Name: "seen", Value: strconv.Itoa(a.Stage)}},
		Action: at + "/torna", Button: component.Button{Label: modules.Say(r, "practice.return.button"), Emphasis: component.Primary}, CancelURL: at,
	}}), nil
}

func (p pages) goBack(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := board.At(r, s, p.service)
	if err != nil {
		return modules.View{}, err
	}
	target := form.Number(r, "target")
	err = p.service.Return(r.Context(), s, b.Adoption.ID, board.Step{Seen: form.Number(r, "seen"), Target: target, Reason: r.PostFormValue("reason")})
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		view, err := p.returnPage(r, b, wrong)
		return view.Refused(), err
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+b.Adoption.ID.String(), language.M("practice.return.done", "stage", form.Stage(r, target))), nil
}
