package office

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// publicPage is where citizens read where to go.
type publicPage struct {
	Filter  bool
	Area    component.Field
	Target  component.Field
	Button  component.Button
	Offices []publicOffice
	Empty   component.Empty
}

// publicOffice is an office as citizens read it.
type publicOffice struct {
	Name    string
	Today   string
	Open    bool
	Phone   string
	Dial    string
	Email   string
	Tags    []component.Tag
	Address string
	Facts   component.Summary
	Hours   []hoursRow
	Label   string
}

// hoursRow is when an office is open on a weekday.
type hoursRow struct {
	Day, Hours string
}

func (p *pages) showPublic(r *http.Request, s tenants.Scope) (modules.View, error) {
	all, err := p.service.FindOpen(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	area, target := r.URL.Query().Get("zona"), r.URL.Query().Get("utenza")
	page := publicPage{
		Area:   component.Field{ID: "zona", Kind: component.Select, Label: modules.Say(r, "onboarding.office.public.area"), Value: area, Width: component.Medium},
		Target: component.Field{ID: "utenza", Kind: component.Select, Label: modules.Say(r, "onboarding.office.public.target"), Value: target, Width: component.Medium},
		Button: component.Button{Label: modules.Say(r, "onboarding.office.public.filter"), Emphasis: component.Primary},
		Empty:  component.Empty{Title: modules.Say(r, "onboarding.office.public.none"), Text: modules.Say(r, "onboarding.office.public.none_text")},
	}
	for _, one := range areasOf(all) {
		page.Area.Options = append(page.Area.Options, component.Option{Value: one, Label: one})
	}
	for _, one := range Targets {
		if slices.ContainsFunc(all, func(o Office) bool { return slices.Contains(o.Targets, one) }) {
			page.Target.Options = append(page.Target.Options, component.Option{Value: one, Label: modules.Say(r, "onboarding.office.target."+one)})
		}
	}
	page.Filter = len(page.Area.Options)+len(page.Target.Options) > 0
	for _, o := range all {
		if o.serves(area, target) {
			page.Offices = append(page.Offices, publicOf(r, o))
		}
	}
	if len(all) > 0 {
		page.Empty = component.Empty{
			Title: modules.Say(r, "onboarding.office.public.nothing"), Action: &component.Link{Label: modules.Say(r, "onboarding.office.public.all"), URL: "/sedi"},
		}
	}
	view := modules.Render("onboarding/public_offices", language.M("onboarding.office.public.title"), page)
	view.Public = true
	return view, nil
}

// serves tells whether an office is for who lives in a part of the city and belongs to those whom it serves; "" is for all.
func (o Office) serves(area, target string) bool {
	return (area == "" || len(o.Areas) == 0 || slices.Contains(o.Areas, area)) && (target == "" || len(o.Targets) == 0 || slices.Contains(o.Targets, target))
}

func areasOf(all []Office) []string {
	var areas []string
	for _, o := range all {
		areas = append(areas, o.Areas...)
	}
	slices.Sort(areas)
	return slices.Compact(areas)
}

func publicOf(r *http.Request, o Office) publicOffice {
	today := language.Day(time.Now())
	_, closed := o.IsClosed(today)
	one := publicOffice{
		Name: o.Name, Address: o.Address, Phone: strings.ReplaceAll(o.Phone, " ", "\u00a0"), Dial: Dial(o.Phone), Email: o.Email, Today: hoursToday(r, o), Open: o.IsOpen(today) && len(o.Hours.On(today)) > 0 && !closed, Tags: stateTags(r, o),
		Label: modules.Say(r, "onboarding.office.public.week"),
	}
	served, whom := o.Areas, targetNames(r, o.Targets)
	if len(served) == 0 {
		served = []string{modules.Say(r, "onboarding.office.public.whole")}
	}
	if whom == "" {
		whom = modules.Say(r, "onboarding.office.public.everybody")
	}
	one.Facts.Rows = []component.SummaryRow{
		{Label: modules.Say(r, "onboarding.office.areas"), Values: served}, {Label: modules.Say(r, "onboarding.office.targets"), Values: []string{whom}},
	}
	if ahead := coming(o.Closed, today); len(ahead) > 0 {
		row := component.SummaryRow{Label: modules.Say(r, "onboarding.office.public.closed_days"), Lang: language.Italian}
		for _, c := range ahead {
			row.Values = append(row.Values, c.String())
		}
		one.Facts.Rows = append(one.Facts.Rows, row)
	}
	if o.AccessNotes != "" {
		one.Facts.Rows = append(one.Facts.Rows, component.SummaryRow{Label: modules.Say(r, "onboarding.office.field.accesso"), Values: []string{o.AccessNotes}, Lang: language.Italian})
	}
	for i, id := range DayFields {
		hours := Text(o.Hours[i])
		if hours == "" {
			hours = modules.Say(r, "onboarding.office.public.closed")
		}
		one.Hours = append(one.Hours, hoursRow{modules.Say(r, "onboarding.office.day."+id), hours})
	}
	return one
}
