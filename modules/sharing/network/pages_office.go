package network

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// officePage asks for the common office as a body of its own.
type officePage struct {
	Errors component.ErrorSummary
	Text   string
	Action string
	Fields []component.Field
	Save   component.Button
	Back   component.Link
}

func (p *pages) startOffice(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.officeForm(r, s, nil)
}

func (p *pages) officeForm(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	n, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if !p.service.MayCreateOffice(n, s.Tenant) {
		return modules.View{}, problem.Missing()
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	text := func(name string, max int) component.Field {
		return component.Field{
			ID: name, Required: true, MaxLength: max, Width: component.Medium, Label: modules.Say(r, "sharing.office."+name),
			Hint: modules.Say(r, "sharing.office."+name+"_hint"), Value: modules.Value(r, name), Error: wrong[name],
		}
	}
	page := officePage{
		Text: n.Title, Action: officePath(n), Fields: append([]component.Field{text("nome", 200), text("indirizzo", 63)}, actFields(r, wrong)...),
		Save: component.Button{Label: modules.Say(r, "sharing.office.create"), Emphasis: component.Primary},
		Back: component.Link{Label: modules.Say(r, "sharing.net.open"), URL: "/rete/reti/" + n.ID.String()},
	}
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("sharing/network_office", language.M("sharing.office.title"), page)
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

func officePath(n Network) string { return "/rete/reti/" + n.ID.String() + "/ufficio" }

func (p *pages) createOffice(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.CreateOffice(r.Context(), s, id, NewOffice{Name: modules.Value(r, "nome"), Slug: modules.Value(r, "indirizzo"), Act: act(r)})
	if problem.Is(err, problem.Invalid) {
		return p.officeForm(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/reti/"+id.String(), language.M("sharing.office.created")), nil
}

func (p *pages) govern(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if _, err := p.service.Govern(r.Context(), s, id); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/reti/"+id.String(), language.M("sharing.office.governed")), nil
}

// addOffice offers to make the common office a body, and to the lead's administrators to become those of it.
func (p *pages) addOffice(r *http.Request, s tenants.Scope, n Network, page *detailPage) error {
	if p.service.MayCreateOffice(n, s.Tenant) {
		page.Steps.Buttons = append(page.Steps.Buttons, component.Button{Label: modules.Say(r, "sharing.office.create"), URL: officePath(n)})
	}
	open, err := p.service.MayGovern(r.Context(), s, n)
	if err != nil || !open {
		return err
	}
	page.Govern = &stepForm{
		Title: modules.Say(r, "sharing.office.govern"), Text: modules.Say(r, "sharing.office.govern_help", "office", p.service.deps.Bodies.Name(n.Office)), Action: officePath(n) + "/accetta",
		Button: component.Button{Label: modules.Say(r, "sharing.office.govern"), Emphasis: component.Primary},
	}
	return nil
}
