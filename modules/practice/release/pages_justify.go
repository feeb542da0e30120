package release

import (
	"cmp"
	"context"
	"net/http"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/finding"
	"staffetta/modules/practice/place"
	"staffetta/tenants"
)

// FindingView is a finding with what the person can do: say why it may stand, or confirm what somebody else has said.
type FindingView struct {
	Rule, Place, Match string
	ID                 string
	State              *component.Tag
	Said               []string // who says why, who agrees
	Action             string   // "" where there is nothing to do
	Read               string   // the reason to confirm; empty for a form that asks for one
	Reason             component.Field
	Button             component.Button
	Instead            string // where another reason is given in the place of an unconfirmed one
	Other              component.Button
}

// refusal is what was wrong in the form of a finding.
type refusal struct {
	finding string
	wrong   map[string]string
}

func findingView(r *http.Request, f finding.Finding, at *place.Places, url string) FindingView {
	if f.Rule == finding.Names {
		return FindingView{Rule: modules.Say(r, "practice.rule.name"), Match: modules.Say(r, "practice.finding.names")}
	}
	view := FindingView{
		Rule: modules.Say(r, "practice.rule."+f.Rule), Match: f.Match, ID: f.ID, Place: at.At(f.Kind, f.Key, f.Path),
		Reason: component.Field{ID: "reason-" + f.ID, Name: "reason", Label: modules.Say(r, "practice.publish.reason"), Required: true, MaxLength: 500},
	}
	view.state(r, f)
	if f.Justified != nil && !f.Cleared() {
		view.Instead = url + "/motiva"
		view.Other = component.Button{Label: modules.Say(r, "practice.publish.justify_again"), Emphasis: component.Secondary, Hidden: view.Place}
	}
	switch account := tenants.ScopeFrom(r.Context()).Account; {
	case f.Cleared():
	case f.AwaitsSecond(account):
		view.Action, view.Read = url+"/motivazione", f.Justified.Reason
		view.Button = component.Button{Label: modules.Say(r, "practice.publish.confirm"), Hidden: view.Place}
	case f.Justified == nil:
		view.Action = url + "/motiva"
		view.Button = component.Button{Label: modules.Say(r, "practice.publish.justify"), Hidden: view.Place}
	}
	return view
}

// state says how far the two people have come.
func (v *FindingView) state(r *http.Request, f finding.Finding) {
	if f.Justified == nil {
		return
	}
	v.Said = []string{modules.Say(r, "practice.publish.justified", "name", f.Justified.Name, "reason", f.Justified.Reason)}
	if f.Cleared() {
		v.Said = append(v.Said, modules.Say(r, "practice.publish.confirmed", "name", f.Confirmed.Name))
		v.State = &component.Tag{Label: modules.Say(r, "practice.publish.cleared"), Tone: component.Success}
		return
	}
	v.State = &component.Tag{Label: modules.Say(r, "practice.publish.awaits_second"), Tone: component.Warning}
}

func (p pages) justify(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.settle(r, s, p.service.Justify, language.M("practice.publish.justified_flash"))
}

func (p pages) confirm(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.settle(r, s, p.service.Confirm, language.M("practice.publish.confirmed_flash"))
}

func (p pages) settle(r *http.Request, s tenants.Scope, say func(context.Context, tenants.Scope, uuid.UUID, string, string) error, flash language.Message) (modules.View, error) {
	report, err := p.report(r, s)
	if err != nil {
		return modules.View{}, err
	}
	finding := r.PostFormValue("finding")
	err = say(r.Context(), s, report.Kit.ID, finding, cmp.Or(r.PostFormValue("read"), modules.Value(r, "reason")))
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		view, err := p.checkPage(r, s, report, refusal{finding, wrong})
		return view.Refused(), err
	}
	if problem.Is(err, problem.Conflict) {
		return p.changed(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(checkURL(report.Practice.ID, report.Kit.ID), flash), nil
}

// changed shows a kit that somebody else changed meanwhile as it is now.
func (p pages) changed(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	report, err := p.report(r, s)
	if err != nil {
		return modules.View{}, err
	}
	view, err := p.checkPage(r, s, report, refusal{})
	if err != nil {
		return modules.View{}, err
	}
	page := view.Data.(CheckPage)
	page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: language.Say(r.Context(), problem.Of(refused).Message)})
	view.Data, view.Status = page, http.StatusConflict
	return view, nil
}
