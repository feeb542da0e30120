package office

import (
	"net/http"
	"strconv"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// closePage tells what stands at an office before it closes.
type closePage struct {
	Breadcrumb component.Breadcrumb
	Confirm    component.Confirm
}

func (p *pages) askClose(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.closeView(r, s, nil)
}

func (p *pages) closeView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	o, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	if !o.To.IsZero() {
		return modules.TurnBack(at, language.M("onboarding.office.error.closed")), nil
	}
	burden, err := p.service.Weigh(r.Context(), s, o.ID)
	if err != nil {
		return modules.View{}, err
	}
	open, err := p.service.FindOpen(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	heading := modules.Say(r, "onboarding.office.closing", "name", o.Name)
	page := closePage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.office.title"), URL: at}, {Label: o.Name, URL: pathOf(o.ID)}, {Label: heading}}},
		Confirm: component.Confirm{
			Title: heading, Text: []string{modules.Say(r, "onboarding.office.closing_text")}, Consequences: p.consequences(r, s, burden),
			Action: pathOf(o.ID) + "/chiudi", CancelURL: pathOf(o.ID), Hidden: []component.Hidden{{Name: "versione", Value: strconv.Itoa(o.Version)}},
			Button: component.Button{Label: modules.Say(r, "onboarding.office.close_button"), Emphasis: component.Grave},
			Fields: closeFields(r, o, open, refused),
		},
	}
	page.Confirm.Errors = component.Summarize(page.Confirm.Fields...)
	view := modules.Render("onboarding/office_close", language.M("onboarding.office.page", "heading", heading), page)
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

func (p *pages) consequences(r *http.Request, s tenants.Scope, b Burden) []string {
	lines := []string{modules.Say(r, "onboarding.office.closing_citizens")}
	for _, w := range b.People {
		lines = append(lines, modules.Say(r, "onboarding.office.closing_person", "name", w.Name, "role", language.SayText(r.Context(), p.service.deps.Policies.RoleLabel(s.Tenant, w.Role))))
	}
	if b.Shares > 0 {
		lines = append(lines, modules.Say(r, "onboarding.office.closing_shares", "n", b.Shares))
	}
	return lines
}

func closeFields(r *http.Request, o Office, open []Office, refused error) []component.Field {
	wrong := modules.FieldErrors(r.Context(), refused)
	successor := component.Field{
		ID: "successore", Kind: component.Select, Label: modules.Say(r, "onboarding.office.field.successore"), Hint: modules.Say(r, "onboarding.office.hint.successore"),
		Value: modules.Value(r, "successore"), Error: wrong["successore"], Width: component.Medium,
	}
	for _, other := range open {
		if other.ID != o.ID && other.To.IsZero() {
			successor.Options = append(successor.Options, component.Option{Value: strconv.Itoa(int(other.ID)), Label: other.Name})
		}
	}
	last := component.Field{
		ID: "al", Kind: component.Appointed, Required: true, Label: modules.Say(r, "onboarding.office.field.al"), Value: modules.Value(r, "al"), Error: wrong["al"], Width: component.Medium,
	}
	return []component.Field{last, successor}
}

func (p *pages) close(r *http.Request, s tenants.Scope) (modules.View, error) {
	o, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	var wrong problem.Fields
	c := Closing{}
	c.Seen, _ = strconv.Atoi(modules.Value(r, "versione")) // anything else is a version that never was
	if text := modules.Value(r, "al"); text != "" {
		if c.LastDay, err = time.Parse(time.DateOnly, text); err != nil {
			wrong.Add("al", "web.field.day")
		}
	}
	if text := modules.Value(r, "successore"); text != "" {
		id, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			wrong.Add("successore", "web.field.choice")
		}
		c.Successor = int32(id)
	}
	if err = wrong.Err(); err == nil {
		err = p.service.Close(r.Context(), s, o.ID, c)
	}
	switch {
	case problem.Is(err, problem.Invalid):
		return p.closeView(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M("onboarding.office.closed_done")), nil
}
