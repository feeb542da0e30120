package adoption

import (
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
			{Date: l.LastOn},
			late,
		}})
	}
	for _, verdict := range []string{"active", "starting", "dormant", "ended"} {
		page.Counts.Rows = append(page.Counts.Rows, form.Plain(r, "practice.outcome.verdict."+verdict, strconv.Itoa(counts[verdict])))
	}
	return modules.Render("practice/led", language.M("practice.led.heading"), page), nil
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
	Action     string
	Field      component.Field
	Button     component.Button
}

func (p pages) askLead(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := form.ID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.GetAdoption(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if a.Side == Lead || a.Leading != 0 || a.State == "ended" {
		return modules.View{}, problem.Missing()
	}
	return p.leadPage(r, a, nil), nil
}

func (p pages) leadPage(r *http.Request, a Adoption, wrong map[string]string) modules.View {
	at := "/adozioni/" + a.ID.String()
	page := LeadPage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
			component.Crumb{Label: language.SayText(r.Context(), a.Title), URL: at}, component.Crumb{Label: modules.Say(r, "practice.lead.heading")}),
		Action: at + "/capofila", Button: component.Button{Label: modules.Say(r, "practice.lead.button"), Emphasis: component.Primary},
		Field: component.Field{
			ID: "lead", Kind: component.Select, Label: modules.Say(r, "practice.side.lead"), Hint: modules.Say(r, "practice.lead.hint"), Required: true,
			Value: r.PostFormValue("lead"), Error: wrong["lead"],
		},
	}
	for _, body := range p.service.Leads(a) {
		page.Field.Options = append(page.Field.Options, component.Option{Value: body.Slug, Label: p.bodies.Name(body.ID)})
	}
	page.Errors = component.Summarize(page.Field)
	return modules.Render("practice/lead", language.M("practice.lead.heading"), page)
}

func (p pages) nameLead(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := form.ID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.GetAdoption(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.NameLead(r.Context(), s, id, r.PostFormValue("lead"))
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		return p.leadPage(r, a, wrong).Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+id.String(), language.M("practice.lead.named")), nil
}
