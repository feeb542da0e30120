package network

import (
	"net/http"
	"slices"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/tenants"
)

// maxBodies is how many bodies the form offers to choose from, beside those that are chosen; the search finds the others.
const maxBodies = 10

// formPage is the form of a new network.
type formPage struct {
	Errors component.ErrorSummary
	Hidden []component.Hidden
	Title  component.Field
	Search component.Field
	Find   component.Button
	Fields []component.Field
	Save   component.Button
	Back   component.Link
}

func (p *pages) start(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.form(r, s, nil)
}

func (p *pages) form(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	wrong := modules.FieldErrors(r.Context(), refused)
	page := formPage{
		Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}},
		Title: component.Field{
			ID: "titolo", Required: true, MaxLength: 200, Label: modules.Say(r, "sharing.net.title"), Hint: modules.Say(r, "sharing.hint.titolo"),
			Value: modules.Value(r, "titolo"), Error: wrong["titolo"],
		},
		Search: component.Field{ID: "cerca", Label: modules.Say(r, "sharing.agreement.search"), Value: modules.Value(r, "cerca"), MaxLength: 100},
		Find:   component.Button{Label: modules.Say(r, "sharing.agreement.find"), Name: "azione", Value: "cerca"},
		Fields: append([]component.Field{p.bodies(r, s, wrong["enti"]), p.office(r, s, wrong["ufficio"])}, actFields(r, wrong)...),
		Save:   component.Button{Label: modules.Say(r, "sharing.net.found"), Emphasis: component.Primary},
		Back:   component.Link{Label: modules.Say(r, "sharing.agreement.back"), URL: "/rete"},
	}
	page.Errors = component.Summarize(append([]component.Field{page.Title}, page.Fields...)...)
	view := modules.Render("sharing/network_form", language.M("sharing.net.new"), page)
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

// bodies are those to ask: the chosen ones first, then those that the search finds.
func (p *pages) bodies(r *http.Request, s tenants.Scope, wrong string) component.Field {
	field := component.Field{
		ID: "enti", Kind: component.Checkboxes, Required: true, Error: wrong,
		Label: modules.Say(r, "sharing.field.enti"), Hint: modules.Say(r, "sharing.agreement.body_hint"),
	}
	chosen, wanted := form.Values(r, "enti"), strings.ToLower(modules.Value(r, "cerca"))
	var others []component.Option
	for _, body := range p.service.deps.Bodies.Active() {
		option := component.Option{Value: body.Slug, Label: body.Name, Selected: slices.Contains(chosen, body.Slug)}
		switch {
		case body.ID == s.Tenant:
		case option.Selected:
			field.Options = append(field.Options, option)
		case len(others) < maxBodies && strings.Contains(strings.ToLower(body.Name+" "+body.Slug), wanted):
			others = append(others, option)
		}
	}
	field.Options = append(field.Options, others...)
	return field
}

// office asks where the common office is, if there is one: at the own body or at one of those that are shown.
func (p *pages) office(r *http.Request, s tenants.Scope, wrong string) component.Field {
	field := component.Field{
		ID: "ufficio", Kind: component.Select, Width: component.Medium, Value: modules.Value(r, "ufficio"), Error: wrong,
		Label: modules.Say(r, "sharing.field.ufficio"), Hint: modules.Say(r, "sharing.hint.ufficio"),
	}
	field.Options = append(field.Options, component.Option{Value: p.service.deps.Bodies.Slug(s.Tenant), Label: p.service.deps.Bodies.Name(s.Tenant)})
	for _, option := range p.bodies(r, s, "").Options {
		field.Options = append(field.Options, component.Option{Value: option.Value, Label: option.Label})
	}
	return field
}

func (p *pages) found(r *http.Request, s tenants.Scope) (modules.View, error) {
	if r.PostFormValue("azione") == "cerca" {
		return p.form(r, s, nil)
	}
	founding := Founding{ID: modules.FormID(r.PostFormValue("id")), Title: modules.Value(r, "titolo"), Members: []int32{s.Tenant}, Act: act(r)}
	for _, slug := range form.Values(r, "enti") {
		founding.Members = append(founding.Members, p.service.named(slug))
	}
	if slug := modules.Value(r, "ufficio"); slug != "" {
		founding.Office = p.service.named(slug)
	}
	n, err := p.service.Found(r.Context(), s, founding)
	if problem.Is(err, problem.Invalid) {
		return p.form(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/reti/"+n.ID.String(), language.M("sharing.net.done.found")), nil
}
