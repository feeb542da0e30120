package visit

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct {
	visits *Visits
}

// Pages are the pages of who opened a case, and of why who asks may see it.
func Pages(v *Visits) []modules.Page {
	p := &pages{visits: v}
	return []modules.Page{
		{Pattern: "GET /cartelle/{case}/accessi", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.viewings", Own: true, Order: 80}, Handle: p.byDay},
		{Pattern: "GET /cartelle/{case}/accessi/elenco", Permission: "case:read", Handle: p.viewings},
		{Pattern: "GET /cartelle/{case}/perche", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.why", Order: 90}, Handle: p.why},
	}
}

// viewingsPage says who opened the case: by day, or every single time.
type viewingsPage struct {
	Intro string
	Table component.Table
	Other component.Link // the other of the two
}

func (p *pages) byDay(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := access.OpenedOwn(r, s, p.visits.cases)
	if err != nil || a == nil {
		return ask, err
	}
	before, _ := time.Parse(time.DateOnly, r.FormValue("prima")) // anything else is the beginning
	visits, next, err := p.visits.FindVisits(r.Context(), a, before)
	if err != nil {
		return modules.View{}, err
	}
	at := "/cartelle/" + a.Ref + "/accessi"
	page := viewingsPage{
		Intro: modules.Say(r, "casefile.viewings.intro"), Table: p.visitTable(r, a, visits),
		Other: component.Link{Label: modules.Say(r, "casefile.viewings.every"), URL: at + "/elenco"},
	}
	if !next.IsZero() {
		page.Table.Pager = &component.Pager{Next: at + "?prima=" + next.Format(time.DateOnly)}
	}
	return modules.Render("casefile/viewings", language.M("casefile.viewings.title"), page).On(a.Bar(p.visits.cases, "casefile.nav.viewings")), nil
}

func (p *pages) visitTable(r *http.Request, a *access.Own, visits []Visit) component.Table {
	t := component.Table{
		Caption: modules.Say(r, "casefile.viewings.title"), Hidden: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "casefile.viewings.who")},
			{Label: modules.Say(r, "casefile.viewings.day")},
			{Label: modules.Say(r, "casefile.viewings.section")},
			{Label: modules.Say(r, "casefile.viewings.times")},
			{Label: modules.Say(r, "casefile.viewings.hours")},
			{Label: modules.Say(r, "casefile.viewings.why")},
		},
		Empty: component.Empty{Title: modules.Say(r, "casefile.viewings.empty")},
	}
	for _, v := range visits {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			p.whoCell(a, v.Actor, v.Body),
			{Date: v.Day},
			{Text: sectionText(r, v.Section)},
			{Text: timesText(r, v)},
			{Text: hoursText(v)},
			whyCell(r, v.Relations, strings.Join(v.Reasons, "; "), v.Share),
		}})
	}
	return t
}

// sectionText names a section, the header, or what belongs to sections that the actor does not read.
func sectionText(r *http.Request, section string) string {
	switch section {
	case "":
		return modules.Say(r, "casefile.viewings.header")
	case Others:
		return modules.Say(r, "casefile.viewings.others")
	case Sharing:
		return modules.Say(r, "casefile.viewings.shares")
	}
	return language.SayText(r.Context(), policies.SectionLabel(section))
}

// timesText counts readings, changes and steps apart: "12 letture, 1 modifica".
func timesText(r *http.Request, v Visit) string {
	var counts []string
	if v.Readings > 0 {
		counts = append(counts, modules.Say(r, "casefile.viewings.readings", "n", v.Readings))
	}
	if v.Changes > 0 {
		counts = append(counts, modules.Say(r, "casefile.viewings.changes", "n", v.Changes))
	}
	if v.Steps > 0 {
		counts = append(counts, modules.Say(r, "casefile.viewings.steps", "n", v.Steps))
	}
	return strings.Join(counts, ", ")
}

// hoursText is the first and the last minute: "09:02–11:47".
func hoursText(v Visit) string {
	first, last := v.First.In(language.Rome).Format("15:04"), v.Last.In(language.Rome).Format("15:04")
	if first == last {
		return first
	}
	return first + "–" + last
}

// whoCell names an actor, and the body of one who is not of the owner's.
func (p *pages) whoCell(a *access.Own, name string, body int32) component.Cell {
	who := component.Cell{Text: name}
	if body != a.Tenant {
		who.Note = p.visits.cases.BodyName(body)
	}
	return who
}

// breakGlass is the relation of another body that opened the case in an emergency.
const breakGlass = "break_glass"

// whyCell says by which relation, reason and share.
func whyCell(r *http.Request, relations []string, reason string, share uuid.UUID) component.Cell {
	texts := make([]string, len(relations))
	for i, relation := range relations {
		if relation == string(policies.Emergency) && share != uuid.Nil {
			relation = breakGlass // by another body
		}
		texts[i] = relationText(r, relation)
	}
	why := component.Cell{Text: strings.Join(modules.Given(texts...), ", "), Note: reason}
	if share == uuid.Nil {
		return why
	}
	why.URL = "/condivisioni/" + share.String()
	if shared := relationText(r, string(policies.Guest)); !foreign(relations) { // what the owner's people did with the share itself
		why.Text, why.Note = shared, strings.Join(modules.Given(why.Text, reason), ", ")
	}
	return why
}

// foreign tells whether one of the relations is that of another body's people, whose words lead to the share.
func foreign(relations []string) bool {
	return slices.Contains(relations, string(policies.Guest)) || slices.Contains(relations, string(policies.Emergency))
}

func (p *pages) viewings(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := access.OpenedOwn(r, s, p.visits.cases)
	if err != nil || a == nil {
		return ask, err
	}
	viewings, next, err := p.visits.FindViewings(r.Context(), a, access.ParseCursor(r.FormValue("dopo")))
	if err != nil {
		return modules.View{}, err
	}
	t := component.Table{
		Caption: modules.Say(r, "casefile.viewings.every"), Hidden: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "casefile.viewings.when")},
			{Label: modules.Say(r, "casefile.viewings.who")},
			{Label: modules.Say(r, "casefile.viewings.what")},
			{Label: modules.Say(r, "casefile.viewings.sections")},
			{Label: modules.Say(r, "casefile.viewings.why")},
		},
		Empty: component.Empty{Title: modules.Say(r, "casefile.viewings.empty")},
	}
	for _, v := range viewings {
		t.Rows = append(t.Rows, p.viewingRow(r, a, v))
	}
	at := "/cartelle/" + a.Ref + "/accessi"
	if !next.IsZero() {
		t.Pager = &component.Pager{Next: at + "/elenco?dopo=" + next.String()}
	}
	page := viewingsPage{
		Intro: modules.Say(r, "casefile.viewings.every_intro"), Table: t,
		Other: component.Link{Label: modules.Say(r, "casefile.viewings.by_day"), URL: at},
	}
	return modules.Render("casefile/viewings", language.M("casefile.viewings.title"), page).On(a.Bar(p.visits.cases, "casefile.nav.viewings")), nil
}

func (p *pages) viewingRow(r *http.Request, a *access.Own, v Viewing) component.Row {
	var sections []string
	for _, id := range v.Sections {
		sections = append(sections, sectionText(r, id))
	}
	if v.Others {
		sections = append(sections, sectionText(r, Others))
	}
	return component.Row{Cells: []component.Cell{
		{Instant: v.At.In(language.Rome)},
		p.whoCell(a, v.Actor, v.Body),
		{Text: p.actionText(r, v.Action)},
		{Text: strings.Join(sections, ", ")},
		whyCell(r, []string{v.Relation}, v.Reason, v.Share),
	}}
}

// actionText says an action as its module calls it.
func (p *pages) actionText(r *http.Request, action string) string {
	for _, m := range p.visits.deps.Platform.Modules {
		if text, ok := m.Events[action]; ok {
			return language.SayText(r.Context(), text)
		}
	}
	return modules.Say(r, "casefile.action.other")
}

func relationText(r *http.Request, relation string) string {
	if relation == "" {
		return ""
	}
	return modules.Say(r, "casefile.relation."+relation)
}

// whyPage explains what the actor may see and by which rule.
type whyPage struct {
	Relation string
	Summary  component.Summary
	Table    component.Table
	Others   *component.Link // to ask about somebody else, for the owner's people
}

func (p *pages) why(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := access.Opened(r, s, p.visits.cases, "")
	if err != nil || a == nil {
		return ask, err
	}
	verdicts, err := p.visits.cases.Explain(r.Context(), s, a)
	if err != nil {
		return modules.View{}, err
	}
	page := whyPage{Relation: relationText(r, string(a.Relation))}
	if page.Summary, err = p.whySummary(r, s, a); err != nil {
		return modules.View{}, err
	}
	page.Table = component.Table{Caption: modules.Say(r, "casefile.why.sections"), Columns: []component.Column{
		{Label: modules.Say(r, "casefile.why.section")}, {Label: modules.Say(r, "casefile.why.allowed")}, {Label: modules.Say(r, "casefile.why.rule")},
	}}
	if !a.Foreign() {
		page.Others = &component.Link{Label: modules.Say(r, "casefile.ask.link"), URL: "/cartelle/" + a.Ref + "/perche/altri"}
	}
	for _, v := range verdicts {
		page.Table.Rows = append(page.Table.Rows, whyRow(r, v))
	}
	return modules.Render("casefile/why", language.M("casefile.why.title"), page).On(a.Bar(p.visits.cases, "why")), nil
}

func (p *pages) whySummary(r *http.Request, s tenants.Scope, a *access.Access) (component.Summary, error) {
	var roles []string
	for _, role := range s.Roles {
		roles = append(roles, language.SayText(r.Context(), policies.RoleLabel(role)))
	}
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "casefile.why.role"), Values: []string{strings.Join(roles, ", ")}},
		{Label: modules.Say(r, "casefile.why.relation"), Values: []string{relationText(r, string(a.Relation))}},
	}
	if a.Reason != "" {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "casefile.why.reason"), Values: []string{a.Reason}, Lang: "it"})
	}
	if a.Foreign() {
		share, live := a.Grants[0], modules.Say(r, "casefile.why.live")
		urgent, err := p.visits.cases.InEmergency(r.Context(), s, a)
		if err != nil {
			return component.Summary{}, err
		}
		if urgent {
			live = relationText(r, breakGlass)
		}
		rows = append(rows,
			component.SummaryRow{Label: modules.Say(r, "casefile.why.owner"), Values: []string{p.visits.cases.BodyName(a.Tenant)}},
			component.SummaryRow{Label: modules.Say(r, "casefile.why.share"), Values: []string{live}, Change: &component.Link{Label: modules.Say(r, "casefile.why.open_share"), URL: "/condivisioni/" + share.Share.String()}},
			component.SummaryRow{Label: modules.Say(r, "casefile.why.agreement"), Values: []string{modules.Say(r, "casefile.why.live")}, Change: &component.Link{Label: modules.Say(r, "casefile.why.open_agreement"), URL: "/rete/accordi/" + share.Agreement.String()}},
			component.SummaryRow{Label: modules.Say(r, "casefile.why.until"), Date: share.Until.Add(-time.Second).In(language.Rome)},
		)
	}
	return component.Summary{Rows: rows}, nil
}

func whyRow(r *http.Request, v access.Verdict) component.Row {
	answer := component.Tag{Label: modules.Say(r, "casefile.why.no")}
	if v.Allowed {
		answer = component.Tag{Label: modules.Say(r, "casefile.why.yes"), Tone: component.Success}
	}
	rule := component.Cell{Text: modules.Say(r, "casefile.why.no_rule")}
	switch {
	case v.Share != uuid.Nil && v.Allowed:
		rule = component.Cell{Text: modules.Say(r, "casefile.why.by_share")}
	case v.Rule != "" && v.Allowed:
		rule = component.Cell{Text: modules.Say(r, "casefile.why.by_role", "role", language.SayText(r.Context(), policies.RoleLabel(v.Rule)))}
	case v.Rule != "":
		rule = component.Cell{Text: modules.Say(r, "casefile.why.not_shared")}
	}
	return component.Row{Cells: []component.Cell{{Text: language.SayText(r.Context(), policies.SectionLabel(v.Section))}, {Tags: []component.Tag{answer}}, rule}}
}
