package matching

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/need"
	"staffetta/policies"
	"staffetta/tenants"
)

const (
	needPath = "/fabbisogni"
	bodyPath = "/pratiche-adatte"
)

type pages struct {
	service *Service
	deps    modules.Deps
}

// Pages are those that rank and explain.
func Pages(service *Service) []modules.Page {
	p := pages{service, service.deps}
	return []modules.Page{
		{Pattern: "GET " + needPath + "/{need}/pratiche", Permission: "adoption:read", Handle: p.showMatches},
		{Pattern: "GET " + needPath + "/{need}/pratiche/{practice}", Permission: "adoption:read", Handle: p.showMatch},
		{Pattern: "GET " + bodyPath, Permission: "adoption:read", Handle: p.showMatches},
		{Pattern: "GET " + bodyPath + "/{practice}", Permission: "adoption:read", Handle: p.showMatch},
		{Pattern: "GET " + needPath + "/compatibili", Permission: "practice:read", Handle: p.showServed},
	}
}

// shown is how many practices a page ranks.
const shown = 20

// MatchesPage ranks practices.
type MatchesPage struct {
	Breadcrumb component.Breadcrumb
	Heading    string
	Help       string
	Table      component.Table
	Weights    component.Table
}

// about is what practices are held against on a page: a need of the address, or the body.
type about struct {
	need   *need.PracticeNeed
	path   string
	crumbs []component.Crumb
	title  string
}

func (p pages) about(r *http.Request, s tenants.Scope) (about, error) {
	list := component.Crumb{Label: modules.Say(r, "practice.need.list"), URL: needPath}
	if r.PathValue("need") == "" {
		title := modules.Say(r, "practice.match.for_body")
		return about{path: bodyPath, crumbs: []component.Crumb{list, {Label: title, URL: bodyPath}}, title: title}, nil
	}
	id, err := modules.PathID(r, "need")
	if err != nil {
		return about{}, err
	}
	n, err := p.service.Need(r.Context(), s, id)
	if err != nil {
		return about{}, err
	}
	at := needPath + "/" + id.String()
	title := modules.Say(r, "practice.match.for_need", "title", n.Title)
	return about{
		need: &n, path: at + "/pratiche", title: title,
		crumbs: []component.Crumb{list, {Label: n.Title, URL: at}, {Label: modules.Say(r, "practice.match.heading"), URL: at + "/pratiche"}},
	}, nil
}

func (p pages) showMatches(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, err := p.about(r, s)
	if err != nil {
		return modules.View{}, err
	}
	matches, err := p.service.Find(r.Context(), s, a.need)
	if err != nil {
		return modules.View{}, err
	}
	a.crumbs[len(a.crumbs)-1].URL = ""
	page := MatchesPage{
		Breadcrumb: form.Crumbs(a.crumbs...), Heading: a.title, Help: modules.Say(r, "practice.match.help"), Weights: weightsTable(r),
		Table: component.Table{
			Caption: modules.Say(r, "practice.match.heading"), Hidden: true,
			Columns: form.Columns(r, "practice.list.title", "practice.offer.ceding", "practice.match.points", "practice.match.gaps"),
			Empty:   component.Empty{Title: modules.Say(r, "practice.match.none"), Text: modules.Say(r, "practice.match.none_text")},
		},
	}
	for _, m := range matches[:min(len(matches), shown)] {
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: language.SayText(r.Context(), m.Offer.Title), URL: a.path + "/" + m.Offer.Practice.String(), Note: best(r, m)},
			{Text: m.Offer.Body},
			{Text: pointsOf(r, m)},
			{Tags: []component.Tag{gapTag(r, m)}},
		}})
	}
	return modules.Render("practice/matches", language.M("practice.match.heading"), page), nil
}

func pointsOf(r *http.Request, m Match) string {
	return modules.Say(r, "practice.match.of", "points", m.Points(), "possible", m.Possible())
}

// best is the reason that weighs most.
func best(r *http.Request, m Match) string {
	var top Part
	for _, part := range m.Parts {
		if part.Points > top.Points {
			top = part
		}
	}
	if top.Points == 0 {
		return ""
	}
	return language.Say(r.Context(), top.Why)
}

func gapTag(r *http.Request, m Match) component.Tag {
	switch {
	case m.Missing.Refuses():
		return component.Tag{Label: modules.Say(r, "practice.match.refused"), Tone: component.Danger}
	case !m.Missing.Nothing():
		return component.Tag{Label: modules.Say(r, "practice.match.gap", "n", gaps(m.Missing)), Tone: component.Warning}
	}
	return component.Tag{Label: modules.Say(r, "practice.match.fits"), Tone: component.Success}
}

// weightsTable says how points are given.
func weightsTable(r *http.Request) component.Table {
	table := component.Table{
		ID: "pesi", Caption: modules.Say(r, "practice.match.weights"), Hidden: true,
		Columns: form.Columns(r, "practice.match.criterion", "practice.match.most"),
	}
	for _, one := range Weights {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: modules.Say(r, "practice.match.name."+string(one.Criterion))}, {Text: strconv.Itoa(one.Most), Numeric: true},
		}})
	}
	return table
}

// MatchPage explains one practice.
type MatchPage struct {
	Breadcrumb component.Breadcrumb
	Title      string
	About      string
	Points     string
	Parts      component.Table
	Gaps       []component.Alert
	Fits       bool
	Buttons    component.ButtonRow
}

func (p pages) showMatch(r *http.Request, s tenants.Scope) (modules.View, error) {
	practice, err := modules.PathID(r, "practice")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.about(r, s)
	if err != nil {
		return modules.View{}, err
	}
	m, err := p.service.Explain(r.Context(), s, a.need, practice)
	if err != nil {
		return modules.View{}, err
	}
	title := language.SayText(r.Context(), m.Offer.Title)
	page := MatchPage{
		Breadcrumb: form.Crumbs(append(a.crumbs, component.Crumb{Label: title})...), Title: title, About: a.title, Points: pointsOf(r, m),
		Parts: partsTable(r, m), Gaps: p.gapAlerts(r, m), Fits: m.Missing.Nothing(),
	}
	if p.deps.Permits(s, "adoption:write") && m.Offer.Ceding != s.Tenant {
		page.Buttons.Buttons = []component.Button{
			{Label: modules.Say(r, "practice.start.button"), URL: "/adozioni/nuova?pratica=" + practice.String(), Emphasis: component.Primary},
		}
	}
	return modules.Render("practice/match", language.M("practice.match.why", "title", title), page), nil
}

func partsTable(r *http.Request, m Match) component.Table {
	table := component.Table{
		ID: "punti", Caption: modules.Say(r, "practice.match.parts"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.match.criterion", "practice.match.points", "practice.match.reason"),
	}
	counted := slices.Clone(m.Parts)
	slices.SortStableFunc(counted, func(x, y Part) int { return cmp.Compare(uncounted(x), uncounted(y)) })
	for _, part := range counted {
		points := modules.Say(r, "practice.match.of", "points", part.Points, "possible", part.Most)
		if !part.Known {
			points = modules.Say(r, "practice.match.not_counted")
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: modules.Say(r, "practice.match.name."+string(part.Criterion))}, {Text: points}, {Text: language.Say(r.Context(), inFigures(r.Context(), part.Why))},
		}})
	}
	return table
}

// inFigures writes the residents in a reason as people read numbers.
func inFigures(ctx context.Context, m language.Message) language.Message {
	m.Args = maps.Clone(m.Args)
	for _, name := range []string{"ours", "theirs"} {
		if n, ok := m.Args[name]; ok {
			m.Args[name] = language.Figure(ctx, fmt.Sprint(n))
		}
	}
	return m
}

// uncounted puts what does not count after what does.
func uncounted(p Part) int {
	if p.Known {
		return 0
	}
	return 1
}

// gapAlerts lists what of the kit will not fit, and why.
func (p pages) gapAlerts(r *http.Request, m Match) []component.Alert {
	var alerts []component.Alert
	add := func(tone component.Tone, key string, pairs ...any) {
		alerts = append(alerts, component.Alert{Tone: tone, Text: modules.Say(r, key, pairs...)})
	}
	for _, kind := range m.Missing.Kinds {
		add(component.Danger, "practice.plan.missing_kind", "kind", language.SayText(r.Context(), p.deps.Platform.Kinds.Label(kind)))
	}
	for _, module := range m.Missing.Modules {
		add(component.Danger, "practice.plan.missing_module", "module", modules.TitleOf(r, p.deps.Platform.Modules, module))
	}
	for _, role := range m.Missing.Roles {
		add(component.Warning, "practice.plan.missing_role", "role", language.SayText(r.Context(), policies.RoleLabel(role)))
	}
	for _, service := range m.Missing.Services {
		add(component.Warning, "practice.match.missing_service", "key", service)
	}
	return alerts
}

// ServedPage lists the needs of others beside the own practice that could serve them.
type ServedPage struct {
	Breadcrumb component.Breadcrumb
	Table      component.Table
}

func (p pages) showServed(r *http.Request, s tenants.Scope) (modules.View, error) {
	served, next, err := p.service.FindServed(r.Context(), s, r.URL.Query().Get("dopo"))
	if err != nil {
		return modules.View{}, err
	}
	page := ServedPage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.need.list"), URL: needPath}, component.Crumb{Label: modules.Say(r, "practice.match.ceding")}),
		Table: component.Table{
			Caption: modules.Say(r, "practice.match.ceding"), Hidden: true,
			Columns: form.Columns(r, "practice.need.title", "practice.need.body", "practice.match.ours", "practice.match.points", "practice.match.reason"),
			Empty:   component.Empty{Title: modules.Say(r, "practice.match.ceding_none"), Text: modules.Say(r, "practice.match.ceding_none_text")},
		},
	}
	for _, one := range served {
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: one.Need.Title, URL: needPath + "/" + one.Need.ID.String()},
			{Text: one.Need.Body},
			{Text: language.SayText(r.Context(), one.Match.Offer.Title)},
			{Text: pointsOf(r, one.Match)},
			{Text: best(r, one.Match)},
		}})
	}
	if next != "" {
		page.Table.Pager = &component.Pager{Next: needPath + "/compatibili?dopo=" + next}
	}
	return modules.Render("practice/served", language.M("practice.match.ceding"), page), nil
}
