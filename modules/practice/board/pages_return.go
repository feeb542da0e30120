package board

import (
	"cmp"
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// ReturnPage asks to which stage an adoption goes back, and why.
type ReturnPage struct {
	Confirm component.Confirm
}

func (p pages) askReturn(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	return p.returnPage(r, b, nil)
}

func (p pages) returnPage(r *http.Request, b Board, wrong map[string]string) (modules.View, error) {
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
	b, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	target := number(r, "target")
	err = p.service.Return(r.Context(), s, b.Adoption.ID, Step{number(r, "seen"), target, r.PostFormValue("reason")})
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		view, err := p.returnPage(r, b, wrong)
		return view.Refused(), err
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+b.Adoption.ID.String(), language.M("practice.return.done", "stage", form.Stage(r, target))), nil
}
