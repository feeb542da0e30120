package retention

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const at = "/console/conservazione"

type pages struct {
	service *Service
}

// Pages are the pages where a body says how long it keeps what, and lets go what is over.
func Pages(v *Service) []modules.Page {
	p := &pages{v}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Read, Nav: &modules.Nav{Label: "onboarding.retention.nav", Order: 72, About: "onboarding.retention.about"}, Handle: p.home},
		{Pattern: "POST " + at, Permission: Propose, Handle: p.propose},
		{Pattern: "GET " + at + "/termini/{kind}", Permission: Read, Handle: p.term},
		{Pattern: "POST " + at + "/termini/{kind}", Permission: Write, Handle: p.setTerm},
		{Pattern: "GET " + at + "/scarti/{disposal}", Permission: Read, Handle: p.show},
		{Pattern: "GET " + at + "/scarti/{disposal}/elenco", Permission: Read, Handle: p.list},
		{Pattern: "POST " + at + "/scarti/{disposal}/ritira", Permission: Propose, Handle: p.withdraw},
		{Pattern: "POST " + at + "/scarti/{disposal}/accetta", Permission: Agree, Handle: p.agree},
		{Pattern: "POST " + at + "/scarti/{disposal}/rifiuta", Permission: Agree, Handle: p.refuse},
		{Pattern: "GET " + at + "/blocchi", Permission: Read, Handle: p.holds},
		{Pattern: "POST " + at + "/blocchi", Permission: Keep, Handle: p.keep},
		{Pattern: "GET " + at + "/blocchi/{hold}", Permission: Read, Handle: p.hold},
		{Pattern: "POST " + at + "/blocchi/{hold}", Permission: Keep, Handle: p.release},
	}
}

func say(r *http.Request, key string, pairs ...any) string {
	return modules.Say(r, "onboarding.retention."+key, pairs...)
}

func crumbs(r *http.Request, last ...component.Crumb) component.Breadcrumb {
	items := []component.Crumb{{Label: modules.Say(r, "onboarding.console.title"), URL: "/console"}, {Label: say(r, "title"), URL: at}}
	if len(last) == 0 {
		items[1].URL = ""
	}
	return component.Breadcrumb{Items: append(items, last...)}
}

func instant(at time.Time) string { return at.In(language.Rome).Format("02/01/2006 15:04") }

// homePage is the table of terms, what is over, and the disposals.
type homePage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Terms     component.Table
	Rest      []string // what has no term
	Propose   *component.Decision
	Disposals component.Table
	Holds     component.Link
}

func (p *pages) home(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.homeView(r, s, nil)
}

func (p *pages) homeView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	terms, err := p.service.Terms(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	due, err := p.service.Due(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	disposals, err := p.service.Disposals(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	trace, err := p.service.TraceYears(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := homePage{Breadcrumb: crumbs(r), Terms: termTable(r, terms, due), Disposals: disposalTable(r, disposals), Holds: component.Link{Label: say(r, "holds"), URL: at + "/blocchi"}}
	if p.service.deps.Permits(s, Propose) && !anyOpen(disposals) {
		page.Propose = proposal(r, terms, due, refused)
	}
	for _, kind := range modules.Untermed {
		page.Rest = append(page.Rest, language.SayText(r.Context(), modules.KeptWithout(kind, trace)))
	}
	view := modules.Render("onboarding/retention", language.M("onboarding.retention.title"), &page)
	view = page.Explain(r, view, refused, component.FieldsOf(page.Propose)...)
	if page.Propose == nil && problem.Is(refused, problem.Invalid) { // what was over when the form was shown is not any more
		page.Errors.Errors = []component.FieldError{{Message: say(r, "error.nothing")}}
	}
	return view, nil
}

func anyOpen(list []Disposal) bool {
	for _, d := range list {
		if d.State == Proposed || d.State == Agreed || d.State == Removed {
			return true
		}
	}
	return false
}

func years(r *http.Request, n int) string {
	switch n {
	case 0:
		return say(r, "for_ever")
	case 1:
		return say(r, "year")
	}
	return say(r, "years", "n", n)
}

func termTable(r *http.Request, terms []Term, due []Due) component.Table {
	table := component.Table{ID: "termini", Caption: say(r, "terms"), Cards: true, Columns: []component.Column{
		{Label: say(r, "what")}, {Label: say(r, "kept")}, {Label: say(r, "over")},
	}}
	for i, t := range terms {
		stopped := ""
		if n := due[i].Held + due[i].Shared; n > 0 {
			stopped = say(r, "stopped", "n", n)
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: language.SayText(r.Context(), t.Label), URL: at + "/termini/" + t.Kind},
			{Text: years(r, t.Kept), Note: language.SayText(r.Context(), t.From)},
			{Text: strconv.Itoa(due[i].Ready), Note: stopped},
		}})
	}
	return table
}

// proposal is the form to propose a disposal, where something is over.
func proposal(r *http.Request, terms []Term, due []Due, refused error) *component.Decision {
	kinds := component.Field{ID: "che", Kind: component.Checkboxes, Label: say(r, "which"), Required: true}
	for i, d := range due {
		if d.Ready > 0 {
			hint := say(r, "oldest", "day", d.Oldest.In(language.Rome).Format("02/01/2006"))
			if len(d.ReadyCasesFirst) > 0 {
				hint += " " + say(r, "numbers", "list", strings.Join(d.ReadyCasesFirst, ", "))
			}
			kinds.Options = append(kinds.Options, component.Option{
				Value: d.Kind, Label: say(r, "ready", "what", language.SayText(r.Context(), terms[i].Label), "n", d.Ready), Hint: hint,
				Selected: slices.Contains(r.PostForm["che"], d.Kind),
			})
		}
	}
	if len(kinds.Options) == 0 {
		return nil
	}
	note := component.Field{ID: "note", Kind: component.LongText, Rows: 3, Label: say(r, "note"), MaxLength: 2000}
	fields := modules.Filled(r, refused, kinds, note)
	fields[0].Value = ""
	return &component.Decision{
		Title: say(r, "propose_title"), Text: say(r, "propose_text"), Action: at, Fields: fields,
		Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}},
		Button: component.Button{Label: say(r, "propose"), Emphasis: component.Primary},
	}
}

func (p *pages) propose(r *http.Request, s tenants.Scope) (modules.View, error) {
	if err := r.ParseForm(); err != nil {
		return modules.View{}, problem.New(problem.Invalid, "web.field.choice").Wrap(err)
	}
	id := modules.FormID(r.PostFormValue("id"))
	err := p.service.Propose(r.Context(), s, Proposal{ID: id, Kinds: r.PostForm["che"], Note: modules.Value(r, "note")})
	if modules.IsAnswered(err) {
		return p.homeView(r, s, err)
	}
	return done(at+"/scarti/"+id.String(), err, "proposed_done")
}

func done(path string, err error, key string) (modules.View, error) {
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(path, language.M("onboarding.retention."+key)), nil
}

// termPage is one term with its history.
type termPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Title   string
	Summary component.Summary
	Form    *component.Decision
	History *component.Table // nothing where the body changed nothing
}

func (p *pages) term(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.termView(r, s, nil)
}

func (p *pages) termView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	t, err := p.service.Term(r.Context(), s, r.PathValue("kind"))
	if err != nil {
		return modules.View{}, err
	}
	label := language.SayText(r.Context(), t.Label)
	page := termPage{
		Breadcrumb: crumbs(r, component.Crumb{Label: label}), Title: label,
		Summary: component.Summary{Rows: []component.SummaryRow{
			{Label: say(r, "kept"), Values: []string{years(r, t.Kept)}},
			{Label: say(r, "from"), Values: []string{language.SayText(r.Context(), t.From)}},
			{Label: say(r, "proposed_term"), Values: []string{years(r, t.Years)}},
			{Label: say(r, "source"), Values: []string{language.SayText(r.Context(), t.Source)}},
		}},
		History: historyTable(r, t.History),
	}
	if p.service.deps.Permits(s, Write) {
		page.Form = &component.Decision{
			Title: say(r, "change_title"), Action: at + "/termini/" + t.Kind, Button: component.Button{Label: say(r, "change"), Emphasis: component.Primary},
			Fields: termFields(r, t, refused),
		}
	}
	view := modules.Render("onboarding/retention_term", language.M("onboarding.retention.page", "heading", label), &page)
	return page.Explain(r, view, refused, component.FieldsOf(page.Form)...), nil
}

// The answers about how long something is kept.
const (
	keptForEver = "sempre"
	keptYears   = "anni"
)

// termFields ask for how long something is kept: for ever is an answer of its own.
func termFields(r *http.Request, t Term, refused error) []component.Field {
	how, years := keptYears, strconv.Itoa(t.Kept)
	if t.Kept == 0 {
		how, years = keptForEver, ""
	}
	return modules.Filled(
		r, refused,
		component.Field{ID: "quanto", Kind: component.Radios, Label: say(r, "kept_field"), Required: true, Value: how, Options: []component.Option{
			{Value: keptYears, Label: say(r, "kept_years")}, {Value: keptForEver, Label: say(r, "for_ever")},
		}},
		component.Field{ID: "anni", Kind: component.Number, Label: say(r, "years_field"), Hint: say(r, "years_hint"), Depends: true, Width: component.Short, Value: years},
		component.Field{ID: "motivo", Kind: component.LongText, Rows: 3, Label: say(r, "reason"), Hint: say(r, "reason_hint"), Required: true, MaxLength: 1000},
	)
}

// readYears is how many years are asked for: 0 for ever, -1 for no number of years.
func readYears(r *http.Request) int {
	if modules.Value(r, "quanto") == keptForEver {
		return 0
	}
	n, err := strconv.Atoi(modules.Value(r, "anni"))
	if err != nil || n == 0 {
		return -1
	}
	return n
}

func historyTable(r *http.Request, all []Change) *component.Table {
	if len(all) == 0 {
		return nil
	}
	table := &component.Table{ID: "storia", Caption: say(r, "history"), Cards: true, Columns: []component.Column{{Label: say(r, "when")}, {Label: say(r, "kept")}, {Label: say(r, "reason")}}}
	for _, c := range all {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{{Instant: c.At, Note: c.By}, {Text: years(r, c.Years)}, {Text: c.Reason, Lang: "it"}}})
	}
	return table
}

func (p *pages) setTerm(r *http.Request, s tenants.Scope) (modules.View, error) {
	err := p.service.SetTerm(r.Context(), s, r.PathValue("kind"), readYears(r), modules.Value(r, "motivo"))
	if modules.IsAnswered(err) {
		return p.termView(r, s, err)
	}
	return done(at, err, "changed_done")
}

func pathOf(kind string, id uuid.UUID) string { return at + "/" + kind + "/" + id.String() }
