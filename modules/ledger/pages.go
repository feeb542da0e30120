package ledger

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/table"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

func (p *pages) all() []modules.Page {
	return slices.Concat(p.ofCitizen(), p.ofContests(), p.ofCase(), []modules.Page{
		{Pattern: "GET /console/registro", Permission: searchAudit, Nav: &modules.Nav{Label: "ledger.nav.search", Order: 70}, Handle: p.search},
		{Pattern: "GET /console/registro/esporta", Permission: searchAudit, Handle: p.export},
	})
}

// searchPage searches the audit of the body.
type searchPage struct {
	Errors component.ErrorSummary
	Fields []component.Field
	Button component.Button
	Export *component.Link
	Links  []component.Link // to what else the officer does here
	Table  component.Table
}

func (p *pages) search(r *http.Request, s tenants.Scope) (modules.View, error) {
	q, wrong := readSearch(r, p.service.deps.Bodies)
	var lines []Line
	var next casefile.Cursor
	err := wrong
	if err == nil {
		lines, next, err = p.service.Find(r.Context(), s, q, casefile.ParseCursor(r.FormValue("dopo")))
	}
	return p.searched(r, s, q, found{lines, next, err})
}

// found is what a search gave, or why it did not.
type found struct {
	lines []Line
	next  casefile.Cursor
	err   error
}

func (p *pages) searched(r *http.Request, s tenants.Scope, q Search, f found) (modules.View, error) {
	if f.err != nil && !problem.Is(f.err, problem.Invalid) {
		return modules.View{}, f.err
	}
	partners, err := p.service.findPartners(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := searchPage{Fields: p.searchFields(r, s, q, partners, f.err), Button: component.Button{Label: modules.Say(r, "ledger.search.button"), Emphasis: component.Primary}}
	page.Errors = component.Summarize(page.Fields...)
	page.Links = []component.Link{
		{Label: modules.Say(r, "ledger.contests.title"), URL: contestsPath}, {Label: modules.Say(r, "ledger.exemptions.title"), URL: "/console/registro/differimenti"},
	}
	view := modules.Render("ledger/search", language.M("ledger.search.title"), &page)
	if f.err != nil {
		return view.Refused(), nil
	}
	page.Table = p.lineTable(r, s, f.lines)
	if q.Number != "" && len(f.lines) == 0 {
		known, err := p.service.KnowsCase(r.Context(), s, q.Number)
		if err != nil {
			return modules.View{}, err
		}
		if !known {
			page.Table.Empty = component.Empty{Title: modules.Say(r, "ledger.search.no_case", "number", q.Number), Text: modules.Say(r, "ledger.search.no_case_text")}
		}
	}
	if len(f.lines) > 0 {
		page.Export = &component.Link{Label: modules.Say(r, "ledger.search.export"), URL: "/console/registro/esporta?" + q.query(p.service.deps.Bodies).Encode()}
	}
	if !f.next.IsZero() {
		query := q.query(p.service.deps.Bodies)
		query.Set("dopo", f.next.String())
		page.Table.Pager = &component.Pager{Next: "/console/registro?" + query.Encode()}
	}
	return view, nil
}

// readSearch reads the terms of a search from the query of a page; without days it is the last week.
func readSearch(r *http.Request, bodies *tenants.Directory) (Search, error) {
	get := func(name string) string { return strings.TrimSpace(r.URL.Query().Get(name)) }
	q := LastWeek(time.Now())
	if r.URL.Query().Has("dal") {
		q.From, q.To = readDay(get("dal")), readDay(get("al"))
	}
	q.Actor, q.Action, q.Number = get("chi"), get("azione"), strings.ToUpper(get("cartella"))
	var wrong problem.Fields
	if text := get("condivisione"); text != "" {
		if q.Share = modules.LinkID(text); modules.IDText(q.Share) == "" {
			wrong.Add("condivisione", "ledger.error.share")
		}
	}
	if slug := get("ente"); slug != "" {
		body, _, err := bodies.BySlug(slug)
		if err != nil {
			wrong.Add("ente", "ledger.error.body")
		}
		q.Body = body.ID
	}
	return q, wrong.Err()
}

// query are the terms as the page reads them.
func (q Search) query(bodies *tenants.Directory) url.Values {
	terms := url.Values{"dal": {q.From.Format(time.DateOnly)}, "al": {q.To.Format(time.DateOnly)}}
	for name, value := range map[string]string{
		"chi": q.Actor, "azione": q.Action, "cartella": q.Number, "condivisione": modules.IDText(q.Share), "ente": bodies.Slug(q.Body),
	} {
		if value != "" {
			terms.Set(name, value)
		}
	}
	return terms
}

// readDay is a day in Rome; anything else is the zero time, which the rules refuse.
func readDay(text string) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, text, language.Rome)
	if err != nil {
		return time.Time{}
	}
	return day
}

func dayText(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}

func (p *pages) searchFields(r *http.Request, s tenants.Scope, q Search, partners []int32, refused error) []component.Field {
	wrong := modules.FieldErrors(r.Context(), refused)
	say := func(key string) string { return modules.Say(r, key) }
	bodies := []component.Option{{Value: s.Slug, Label: p.service.deps.Bodies.Name(s.Tenant)}}
	for _, id := range partners {
		if id != s.Tenant {
			bodies = append(bodies, component.Option{Value: p.service.deps.Bodies.Slug(id), Label: p.service.deps.Bodies.Name(id)})
		}
	}
	return []component.Field{
		{ID: "dal", Kind: component.Appointed, Required: true, Label: say("ledger.search.from"), Value: dayText(q.From), Width: component.Short, Error: wrong["dal"]},
		{ID: "al", Kind: component.Appointed, Required: true, Label: say("ledger.search.to"), Value: dayText(q.To), Width: component.Short, Error: wrong["al"]},
		{ID: "chi", Label: say("ledger.search.actor"), Hint: say("ledger.search.actor_hint"), Value: q.Actor, MaxLength: 120, Width: component.Medium, Error: wrong["chi"]},
		{ID: "ente", Kind: component.Select, Label: say("ledger.search.body"), Value: p.service.deps.Bodies.Slug(q.Body), Options: bodies, Error: wrong["ente"]},
		{ID: "azione", Kind: component.Select, Label: say("ledger.search.action"), Value: q.Action, Options: p.actionOptions(r)},
		{ID: "cartella", Label: say("ledger.search.case"), Hint: say("ledger.search.case_hint"), Value: q.Number, MaxLength: 40, Width: component.Medium, Error: wrong["cartella"]},
		{ID: "condivisione", Label: say("ledger.search.share"), Hint: say("ledger.search.share_hint"), Value: modules.IDText(q.Share), MaxLength: 36, Width: component.Medium, Error: wrong["condivisione"]},
	}
}

// actionOptions lists the actions by their words.
func (p *pages) actionOptions(r *http.Request) []component.Option {
	all := p.service.Actions()
	options := make([]component.Option, 0, len(all))
	for _, action := range slices.Sorted(maps.Keys(all)) {
		options = append(options, component.Option{Value: action, Label: language.SayText(r.Context(), all[action])})
	}
	slices.SortFunc(options, func(a, b component.Option) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	return options
}

func (p *pages) lineTable(r *http.Request, s tenants.Scope, lines []Line) component.Table {
	t := component.Table{
		Caption: modules.Say(r, "ledger.search.lines"), Hidden: true,
		Empty: component.Empty{Title: modules.Say(r, "ledger.search.none"), Text: modules.Say(r, "ledger.search.none_text")},
	}
	for _, key := range []string{"when", "who", "what", "case", "sections", "why"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "ledger.column."+key)})
	}
	oversees := p.service.deps.Permits(s, casefile.Oversee)
	for _, l := range lines {
		who := component.Cell{Text: p.who(r, l)}
		if l.Body != s.Tenant {
			who.Note = p.service.deps.Bodies.Name(l.Body)
		}
		why := component.Cell{Text: relationText(r, l.Relation), Note: l.Reason}
		if modules.IDText(l.Share) != "" {
			why.URL, why.Text = "/condivisioni/"+l.Share.String(), cmp.Or(why.Text, relationText(r, string(policies.Guest)))
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Instant: l.At.In(language.Rome)},
			who,
			{Text: p.service.ActionText(r.Context(), l.Action), Note: p.about(r, s, l)},
			caseCell(r, l, oversees),
			{Text: sectionsText(r, l.Sections)},
			why,
		}})
	}
	return t
}

// who names the actor; a citizen has no name here.
func (p *pages) who(r *http.Request, l Line) string {
	if l.Citizen {
		return modules.Say(r, "ledger.citizen")
	}
	return cmp.Or(l.Actor, modules.Say(r, "ledger.program"))
}

// caseCell leads to who could do what with the case, for who may ask that of every case of the body: to the answer about who
// acted, then and there, where the event names a section.
func caseCell(r *http.Request, l Line, oversees bool) component.Cell {
	cell := component.Cell{Text: caseText(r, l)}
	if oversees && modules.IDText(l.Case) != "" {
		cell.URL = "/console/accessi/" + l.Case.String() + l.question()
	}
	return cell
}

// question is the query that asks why the actor could do what the line tells; "" where it cannot be asked.
func (l Line) question() string {
	if l.Citizen || len(l.Sections) == 0 || modules.IDText(l.Account) == "" {
		return ""
	}
	action := policies.Write
	if _, verb, _ := strings.Cut(l.Action, "."); slices.Contains([]string{"read", "list", "download", "print"}, verb) {
		action = policies.Read
	}
	return "?" + url.Values{
		"chi": {strconv.Itoa(int(l.Body)) + "~" + l.Account.String()}, "sezione": {l.Sections[0]}, "azione": {action}, "istante": {l.At.UTC().Format(time.RFC3339Nano)},
	}.Encode()
}

func caseText(r *http.Request, l Line) string {
	if l.Number == "" && l.Cases > 0 {
		return modules.Say(r, "ledger.cases", "n", l.Cases)
	}
	return l.Number
}

func sectionsText(r *http.Request, ids []string) string {
	labels := make([]string, len(ids))
	for i, id := range ids {
		labels[i] = language.SayText(r.Context(), policies.SectionLabel(id))
	}
	return strings.Join(labels, ", ")
}

func relationText(r *http.Request, relation string) string {
	if relation == "" {
		return ""
	}
	return modules.Say(r, "casefile.relation."+relation)
}

// export gives the search as a table of comma separated values.
func (p *pages) export(r *http.Request, s tenants.Scope) (modules.View, error) {
	q, err := readSearch(r, p.service.deps.Bodies)
	var lines []Line
	if err == nil {
		lines, err = p.service.Export(r.Context(), s, q)
	}
	if problem.Is(err, problem.Invalid) {
		return p.searched(r, s, q, found{err: err})
	}
	if err != nil {
		return modules.View{}, err
	}
	name := "registro-" + s.Slug + "-" + dayText(q.From) + "-" + dayText(q.To) + ".csv"
	return modules.View{File: &modules.File{Name: name, MediaType: "text/csv; charset=utf-8", Content: p.table(r, s, lines), Modified: time.Now()}}, nil
}

func (p *pages) table(r *http.Request, s tenants.Scope, lines []Line) []byte {
	var heads []string
	for _, key := range []string{"when", "who", "body", "assurance", "action", "what", "about", "case", "cases", "sections", "relation", "share", "object", "reason"} {
		heads = append(heads, modules.Say(r, "ledger.column."+key))
	}
	rows := make([][]string, len(lines))
	for i, l := range lines {
		rows[i] = []string{
			l.At.In(language.Rome).Format(time.RFC3339), p.who(r, l), p.service.deps.Bodies.Name(l.Body), strconv.Itoa(l.Assurance), l.Action,
			p.service.ActionText(r.Context(), l.Action), p.about(r, s, l), l.Number, strconv.Itoa(l.Cases), strings.Join(l.Sections, " "), l.Relation,
			modules.IDText(l.Share), modules.IDText(l.Object), l.Reason,
		}
	}
	return table.Write(heads, rows)
}

// about says what a change of the configuration was made to; who reads members reads their names.
func (p *pages) about(r *http.Request, s tenants.Scope, l Line) string {
	var words []string
	for _, role := range l.About.Roles {
		words = append(words, strings.TrimSpace(language.SayText(r.Context(), p.service.deps.Policies.RoleLabel(s.Tenant, role))))
	}
	if l.About.Member != "" && p.service.deps.Permits(s, "member:read") {
		words = append(words, l.About.Member)
	}
	for _, id := range l.About.Modules {
		words = append(words, modules.TitleOf(r, p.service.deps.Platform.Modules, modules.ID(id)))
	}
	if len(l.About.Modules) > 0 {
		words = append(words, modules.Say(r, "ledger.about.on."+strconv.FormatBool(l.About.On)))
	}
	return strings.Join(append(words, modules.Given(append(l.About.Rules, l.About.Item)...)...), " · ")
}
