package adoption

import (
	"cmp"
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// LedPage lists the adoptions that a body leads.
type LedPage struct {
	Breadcrumb component.Breadcrumb
	Counts     component.Summary
	Table      component.Table
}

var verdictTones = map[string]component.Tone{"starting": component.Info, "active": component.Success, "dormant": component.Warning, "ended": component.Neutral}

func (p pages) showLed(r *http.Request, s tenants.Scope) (modules.View, error) {
	led, err := p.service.FindLed(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := LedPage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"}, component.Crumb{Label: modules.Say(r, "practice.led.heading")}),
		Table: component.Table{
			Caption: modules.Say(r, "practice.led.heading"), Hidden: true, Cards: true,
			Columns: form.Columns(r, "practice.led.body", "practice.list.title", "practice.adoptions.stage", "practice.outcome.verdict", "practice.outcome.used", "practice.outcome.last", "practice.led.late"),
			Empty:   component.Empty{Title: modules.Say(r, "practice.led.empty"), Text: modules.Say(r, "practice.led.empty_text")},
		},
	}
	counts := map[string]int{}
	for _, l := range led {
		verdict := l.verdict()
		counts[verdict]++
		late := component.Cell{}
		if l.Late > 0 {
			late.Tags = []component.Tag{{Label: modules.Say(r, "practice.led.alarms", "n", l.Late), Tone: component.Warning}}
		}
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: p.bodies.Name(l.Reusing), URL: "/adozioni/" + l.ID.String()},
			{Text: language.SayText(r.Context(), l.Title), Note: p.cedingBody(l.Adoption) + " · " + l.Release},
			{Text: form.Stage(r, l.Stage)},
			{Tags: []component.Tag{{Label: modules.Say(r, "practice.outcome.verdict."+verdict), Tone: verdictTones[verdict]}}},
			{Text: modules.Say(r, "practice.outcome.used_of", "n", l.Used90, "of", l.Of)},
			{Text: l.last()},
			late,
		}})
	}
	for _, verdict := range []string{"active", "starting", "dormant", "ended"} {
		page.Counts.Rows = append(page.Counts.Rows, form.Plain(r, "practice.outcome.verdict."+verdict, strconv.Itoa(counts[verdict])))
	}
	return modules.Render("practice/led", language.M("practice.led.heading"), page), nil
}

// last is the month in which somebody used it last; "" for never.
func (l Led) last() string {
	if l.LastOn.IsZero() {
		return ""
	}
	return l.LastOn.Format("01/2006")
}

// verdict is what is known of the adoption.
func (l Led) verdict() string {
	switch {
	case l.State == "ended":
		return "ended"
	case l.Verdict == "":
		return "starting"
	}
	return l.Verdict
}

// LeadPage asks which body leads the project.
type LeadPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Title      string
	Alert      *component.Alert // that a lead is proposed
	Help       string
	Action     string
	InsteadOf  string // slug of the lead that is shown
	Fields     []component.Field
	Button     component.Button
}

func (p pages) askLead(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.GetAdoption(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if a.Side == Lead || a.State == "ended" {
		return modules.View{}, problem.Missing()
	}
	return p.leadPage(r, s, a, nil), nil
}

func (p pages) leadPage(r *http.Request, s tenants.Scope, a Adoption, wrong map[string]string) modules.View {
	at, title := "/adozioni/"+a.ID.String(), language.M("practice.lead.heading")
	page := LeadPage{
		Help: modules.Say(r, "practice.lead.help"), Action: at + "/capofila", Button: component.Button{Label: modules.Say(r, "practice.lead.button"), Emphasis: component.Primary},
		Fields: []component.Field{{
			ID: "lead", Kind: component.Select, Label: modules.Say(r, "practice.side.lead"), Hint: modules.Say(r, "practice.lead.hint"), Required: true,
			Value: cmp.Or(r.PostFormValue("lead"), p.bodies.Slug(a.Proposed.Lead)), Error: wrong["lead"],
		}},
	}
	for _, body := range p.service.Leads(a) {
		page.Fields[0].Options = append(page.Fields[0].Options, component.Option{Value: body.Slug, Label: p.bodies.Name(body.ID)})
	}
	if a.Leading != 0 {
		title = language.M("practice.lead.change")
		page.InsteadOf, page.Help = p.bodies.Slug(a.Leading), modules.Say(r, "practice.lead.change_help", "body", p.bodies.Name(a.Leading))
		page.Button.Label = modules.Say(r, "practice.lead.change")
		page.Fields = append(page.Fields, component.Field{
			ID: "reason", Label: modules.Say(r, "practice.lead.reason"), Hint: modules.Say(r, "practice.lead.reason_hint"), Required: !a.Awaits(s, a.Proposed.Lead), MaxLength: 300,
			Value: r.PostFormValue("reason"), Error: wrong["reason"],
		})
	}
	switch named := p.bodies.Name(a.Proposed.Lead); {
	case a.Awaits(s, a.Proposed.Lead):
		page.Alert = &component.Alert{Tone: component.Info, Text: modules.Say(r, "practice.lead.awaits", "body", named, "by", p.bodies.Name(a.Proposed.By))}
		page.Button.Label = modules.Say(r, "practice.lead.agree")
	case a.Proposed.Lead != 0:
		page.Alert = &component.Alert{Tone: component.Info, Text: modules.Say(r, "practice.lead.waits", "body", named)}
	}
	page.Title = language.Say(r.Context(), title)
	page.Breadcrumb = form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
		component.Crumb{Label: language.SayText(r.Context(), a.Title), URL: at}, component.Crumb{Label: page.Title})
	page.Errors = component.Summarize(page.Fields...)
	return modules.Render("practice/lead", title, page)
}

func (p pages) nameLead(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.GetAdoption(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	naming := Naming{Lead: r.PostFormValue("lead"), InsteadOf: p.service.leadID(r.PostFormValue("instead_of")), Reason: modules.Value(r, "reason")}
	leads, err := p.service.NameLead(r.Context(), s, id, naming)
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		return p.leadPage(r, s, a, wrong).Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+id.String(), language.M(map[bool]string{true: "practice.lead.named", false: "practice.lead.proposed"}[leads])), nil
}
