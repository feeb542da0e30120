package switching

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const at = "/console/moduli"

// The permissions of this package.
const (
	Read  = "module:read"
	Write = "module:write"
)

type pages struct {
	service *Service
}

// Pages are the pages where a body turns modules on and off.
func Pages(v *Service) []modules.Page {
	p := &pages{service: v}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Read, Nav: &modules.Nav{Label: "onboarding.module.nav", Order: 20, About: "onboarding.module.about"}, Handle: p.list},
		{Pattern: "GET " + at + "/{module}", Permission: Write, Handle: p.show},
		{Pattern: "POST " + at + "/{module}", Permission: Write, Handle: p.change},
	}
}

// listPage lists the modules of the program, with how each stands.
type listPage struct {
	Own    component.Table
	Always component.Summary // those that cannot be turned off
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.Find(s)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{Own: component.Table{
		ID: "moduli", Caption: modules.Say(r, "onboarding.module.title"), Hidden: true, Cards: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "onboarding.module.module")}, {Label: modules.Say(r, "onboarding.module.does")}, {Label: modules.Say(r, "onboarding.module.state")}, {Label: modules.Say(r, "onboarding.module.action"), Hidden: true},
		},
		Empty: component.Empty{Title: modules.Say(r, "onboarding.module.none")},
	}}
	for _, m := range found {
		if m.Essential {
			page.Always.Rows = append(page.Always.Rows, component.SummaryRow{Label: language.SayText(r.Context(), m.Title), Values: []string{language.SayText(r.Context(), m.About)}})
		}
		if _, has := m.Settings(); m.Essential && !has {
			continue
		}
		page.Own.Rows = append(page.Own.Rows, p.row(r, s, m))
	}
	return modules.Render("onboarding/modules", language.M("onboarding.module.title"), page), nil
}

func (p *pages) row(r *http.Request, s tenants.Scope, m Module) component.Row {
	title := language.SayText(r.Context(), m.Title)
	does := component.Cell{Text: language.SayText(r.Context(), m.About), Fold: component.Fold{Label: modules.Say(r, "onboarding.module.what")}}
	for _, permission := range m.Permissions {
		does.Fold.Items = append(does.Fold.Items, language.SayText(r.Context(), permission.Label))
	}
	row := component.Row{Cells: []component.Cell{{Text: title}, does, {Tags: []component.Tag{stateTag(r, m.On)}}, {}}}
	actions := &row.Cells[3].Actions
	if kind, has := m.Settings(); has && m.On && p.service.deps.Permits(s, "item:read") {
		*actions = append(*actions, component.Link{Label: modules.Say(r, "onboarding.module.settings"), Hidden: title, URL: "/kit/" + kind.ID + "/settings"})
	}
	if !m.Essential && p.service.deps.Permits(s, Write) {
		*actions = append(*actions, component.Link{Label: modules.Say(r, "onboarding.module.button."+verb(m.On)), Hidden: title, URL: at + "/" + string(m.ID)})
	}
	return row
}

func stateTag(r *http.Request, on bool) component.Tag {
	if on {
		return component.Tag{Label: modules.Say(r, "onboarding.module.on"), Tone: component.Success}
	}
	return component.Tag{Label: modules.Say(r, "onboarding.module.off")}
}

// verb is what can be done with a module that stands so, as messages call it.
func verb(on bool) string {
	if on {
		return "turn_off"
	}
	return "turn_on"
}

// changePage tells what turning a module on or off does, before it is done.
type changePage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Heading  string
	About    string // what the module does
	Text     string
	Also     []string // what goes with it, by name
	AlsoText string
	Actions  component.Table
	Action   string
	Hidden   []component.Hidden
	Fields   []component.Field
	Buttons  component.ButtonRow
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.changeView(r, s, nil)
}

func (p *pages) changeView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	m, err := p.service.Get(s, modules.ID(r.PathValue("module")))
	if err != nil {
		return modules.View{}, err
	}
	c, err := p.service.Compare(r.Context(), s, m.ID, !m.On)
	if err != nil {
		return modules.View{}, err
	}
	page := newChangePage(r, m, c, refused)
	view := modules.Render("onboarding/module", language.M("onboarding.module.heading."+verb(m.On), "module", language.SayText(r.Context(), m.Title)), page)
	return page.Explain(r, view, refused, page.Fields...), nil
}

func newChangePage(r *http.Request, m Module, c Change, refused error) *changePage {
	title, key := language.SayText(r.Context(), m.Title), verb(m.On)
	page := &changePage{
		Heading: modules.Say(r, "onboarding.module.heading."+key, "module", title), About: language.SayText(r.Context(), m.About), Text: modules.Say(r, "onboarding.module.text."+key), AlsoText: modules.Say(r, "onboarding.module.also."+key),
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.module.title"), URL: at}, {Label: title}}},
		Action:     at + "/" + string(m.ID), Actions: actionTable(r, c), Fields: fields(r, refused),
		Hidden: []component.Hidden{{Name: modules.MarkField, Value: c.Mark}, {Name: "stato", Value: stateValue(c.On)}},
		Buttons: component.ButtonRow{Buttons: []component.Button{
			{Label: modules.Say(r, "onboarding.module.button."+key), Hidden: title, Emphasis: component.Primary}, {Label: modules.Say(r, "onboarding.module.back"), URL: at},
		}},
	}
	for _, other := range c.Modules[1:] {
		page.Also = append(page.Also, language.SayText(r.Context(), other.Title))
	}
	return page
}

// actionTable lists what people can do with the modules that change.
func actionTable(r *http.Request, c Change) component.Table {
	t := component.Table{
		ID: "azioni", Caption: modules.Say(r, "onboarding.module.actions"), Cards: true,
		Columns: []component.Column{{Label: modules.Say(r, "onboarding.module.what")}, {Label: modules.Say(r, "onboarding.module.people"), Numeric: true}},
		Empty:   component.Empty{Title: modules.Say(r, "onboarding.module.no_actions")},
	}
	for _, a := range c.Actions {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: language.SayText(r.Context(), a.Label)}, {Text: modules.Say(r, "onboarding.module.n_people", "n", a.People), Numeric: true},
		}})
	}
	return t
}

// fields are the reason and the acknowledgement.
func fields(r *http.Request, refused error) []component.Field {
	wrong := modules.FieldErrors(r.Context(), refused)
	if wrong[modules.ConsentField] != "" {
		wrong[modules.ConsentField] = modules.Say(r, "onboarding.module.unread")
	}
	consent := component.Consent(r.Context(), modules.ReadConsent(r).Acknowledged && refused != nil, wrong[modules.ConsentField])
	consent.Options[0].Label = modules.Say(r, "onboarding.module.read")
	return []component.Field{
		{
			ID: "motivo", Kind: component.LongText, Rows: 2, Label: modules.Say(r, "onboarding.module.reason"), Hint: modules.Say(r, "onboarding.module.reason_hint"),
			Value: modules.Value(r, "motivo"), Required: true, MaxLength: maxReason, Error: wrong["motivo"],
		},
		consent,
	}
}

// stateValue is how a form says what is to become of a module.
func stateValue(on bool) string {
	if on {
		return "acceso"
	}
	return "spento"
}

func (p *pages) change(r *http.Request, s tenants.Scope) (modules.View, error) {
	o := Order{
		Module: modules.ID(r.PathValue("module")), On: modules.Value(r, "stato") == stateValue(true), Reason: modules.Value(r, "motivo"), Consent: modules.ReadConsent(r),
	}
	m, err := p.service.Get(s, o.Module)
	if err != nil {
		return modules.View{}, err
	}
	if m.On == o.On { // a second submit, or somebody else was faster
		return modules.Redirect(at, language.M("onboarding.module.stands", "module", language.SayText(r.Context(), m.Title))), nil
	}
	err = p.service.Switch(r.Context(), s, o)
	switch {
	case problem.Is(err, problem.Invalid), modules.IsStale(err):
		return p.changeView(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M("onboarding.module.done."+verb(m.On), "module", language.SayText(r.Context(), m.Title))), nil
}
