package agreement

import (
	"net/http"
	"slices"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/network"
	"staffetta/policies"
	"staffetta/tenants"
)

// formPage is the form of a new agreement.
type formPage struct {
	Errors component.ErrorSummary
	Search component.Field
	Find   component.Button
	Hidden []component.Hidden
	Fields []component.Field
	Save   component.Button
	Back   component.Link
}

func (p *pages) newAgreement(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.form(r, s, nil)
}

// maxBodies is how many bodies the form offers to choose from; the search finds the others.
const maxBodies = 10

func (p *pages) form(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	purposes, err := p.service.purposes(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	page := formPage{
		Search: component.Field{ID: "cerca", Label: modules.Say(r, "sharing.agreement.search"), Value: strings.TrimSpace(r.FormValue("cerca")), MaxLength: 100},
		Find:   component.Button{Label: modules.Say(r, "sharing.agreement.find")},
		Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.FormValue("id")).String()}, {Name: "cerca", Value: r.FormValue("cerca")}},
		Save:   component.Button{Label: modules.Say(r, "sharing.agreement.propose"), Emphasis: component.Primary},
		Back:   component.Link{Label: modules.Say(r, "sharing.agreement.back"), URL: "/rete"},
	}
	page.Fields = []component.Field{
		p.bodyField(r, s, wrong["ente"]),
		textField(r, "titolo", 200, wrong), textField(r, "atto_numero", 60, wrong), dayField(r, "atto_data", wrong),
		choices(r, "verso", wrong, []component.Option{
			{Value: "invia", Label: modules.Say(r, "sharing.agreement.gives")}, {Value: "riceve", Label: modules.Say(r, "sharing.agreement.gets")},
		}),
		choices(r, "scopi", wrong, purposeOptions(r, purposes)),
		choices(r, "sezioni", wrong, sectionOptions(r, policies.SectionIDs())),
		dayField(r, "dal", wrong), dayField(r, "al", wrong),
	}
	if field, err := p.networkField(r, s, wrong["rete"]); err != nil {
		return modules.View{}, err
	} else if len(field.Options) > 0 {
		page.Fields = append(page.Fields, field)
	}
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("sharing/agreement_form", language.M("sharing.agreement.new"), page)
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

// networkField asks in which network of the body the agreement stands, if in any.
func (p *pages) networkField(r *http.Request, s tenants.Scope, wrong string) (component.Field, error) {
	field := component.Field{
		ID: "rete", Kind: component.Select, Width: component.Medium, Value: modules.Value(r, "rete"), Error: wrong,
		Label: modules.Say(r, "sharing.net.one"), Hint: modules.Say(r, "sharing.hint.rete"),
	}
	networks, err := p.service.networks.Find(r.Context(), s)
	for _, n := range networks {
		if n.State == network.Active && n.Has(s.Tenant) {
			field.Options = append(field.Options, component.Option{Value: n.ID.String(), Label: n.Title})
		}
	}
	return field, err
}

func (p *pages) bodyField(r *http.Request, s tenants.Scope, wrong string) component.Field {
	field := component.Field{ID: "ente", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.agreement.body"), Hint: modules.Say(r, "sharing.agreement.body_hint"), Value: r.FormValue("ente"), Error: wrong}
	wanted := strings.ToLower(strings.TrimSpace(r.FormValue("cerca")))
	for _, body := range p.service.deps.Bodies.Active() {
		chosen := body.Slug == field.Value
		if body.ID == s.Tenant || !chosen && (len(field.Options) >= maxBodies || !strings.Contains(strings.ToLower(body.Name+" "+body.Slug), wanted)) {
			continue
		}
		field.Options = append(field.Options, component.Option{Value: body.Slug, Label: body.Name})
	}
	return field
}

func textField(r *http.Request, name string, max int, wrong map[string]string) component.Field {
	return component.Field{
		ID: name, Required: true, MaxLength: max, Width: component.Medium, Label: modules.Say(r, "sharing.field."+name),
		Hint: modules.Say(r, "sharing.hint."+name), Value: modules.Value(r, name), Error: wrong[name],
	}
}

func dayField(r *http.Request, name string, wrong map[string]string) component.Field {
	return component.Field{
		ID: name, Kind: component.Appointed, Required: true, Width: component.Short, Label: modules.Say(r, "sharing.field."+name),
		Hint: modules.Say(r, "sharing.hint."+name), Value: modules.Value(r, name), Error: wrong[name],
	}
}

func choices(r *http.Request, name string, wrong map[string]string, options []component.Option) component.Field {
	chosen := form.Values(r, name)
	for i := range options {
		options[i].Selected = slices.Contains(chosen, options[i].Value)
	}
	return component.Field{ID: name, Kind: component.Checkboxes, Required: true, Label: modules.Say(r, "sharing.field."+name), Options: options, Error: wrong[name]}
}

func purposeOptions(r *http.Request, purposes []Purpose) []component.Option {
	var options []component.Option
	for _, one := range purposes {
		options = append(options, component.Option{Value: one.Key, Label: one.Label.In(language.Of(r.Context()))})
	}
	return options
}

func sectionOptions(r *http.Request, ids []string) []component.Option {
	var options []component.Option
	for _, id := range ids {
		options = append(options, component.Option{Value: id, Label: language.SayText(r.Context(), policies.SectionLabel(id))})
	}
	return options
}

func (p *pages) propose(r *http.Request, s tenants.Scope) (modules.View, error) {
	proposal := policies.Proposal{
		ID: modules.FormID(r.PostFormValue("id")), Title: modules.Value(r, "titolo"), Parties: []int32{s.Tenant}, Purposes: form.Values(r, "scopi"), Sections: form.Values(r, "sezioni"),
		From: form.Day(modules.Value(r, "dal")), Act: policies.Act{Number: modules.Value(r, "atto_numero"), Day: form.Day(modules.Value(r, "atto_data"))},
	}
	if text := modules.Value(r, "rete"); text != "" {
		proposal.Network = modules.FormID(text) // what is no id becomes one that no network has
	}
	if day := form.Day(modules.Value(r, "al")); !day.IsZero() {
		proposal.To = form.EndOfDay(day)
	}
	body, _, err := p.service.deps.Bodies.BySlug(modules.Value(r, "ente"))
	if err != nil || body.ID == s.Tenant {
		body = tenants.Tenant{} // refused with all else that is wrong
	} else {
		proposal.Parties = append(proposal.Parties, body.ID)
	}
	for _, way := range form.Values(r, "verso") {
		switch way {
		case "invia":
			proposal.Edges = append(proposal.Edges, policies.Edge{From: s.Tenant, To: body.ID})
		case "riceve":
			proposal.Edges = append(proposal.Edges, policies.Edge{From: body.ID, To: s.Tenant})
		}
	}
	a, err := p.service.ProposeAgreement(r.Context(), s, proposal)
	if problem.Is(err, problem.Invalid) {
		return p.form(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/accordi/"+a.ID.String(), language.M("sharing.agreement.proposed")), nil
}
