package why

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
	"staffetta/modules/casefile/access"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct {
	why *Why
}

// Pages are the pages on which somebody asks why another one could read a case.
func Pages(w *Why) []modules.Page {
	p := &pages{why: w}
	return []modules.Page{
		{Pattern: "GET /cartelle/{case}/perche/altri", Permission: Explain, Handle: p.ofCase},
		{Pattern: "GET /console/accessi/{case}", Permission: Oversee, Handle: p.ofOverseer},
	}
}

// askPage is the question with its answers.
type askPage struct {
	Errors  component.ErrorSummary
	Case    string // its number, for who does not stand in the case
	Action  string
	Fields  []component.Field
	Ask     component.Button
	Answers *component.Table
	Shares  *component.Summary
	Back    *component.Link
}

// ofCase asks about a case that the actor opens.
func (p *pages) ofCase(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := access.OpenedOwn(r, s, p.why.cases)
	if err != nil || a == nil {
		return ask, err
	}
	at := "/cartelle/" + a.Ref
	view, err := p.view(r, s, &askPage{Action: at + "/perche/altri", Back: &component.Link{Label: modules.Say(r, "casefile.ask.back"), URL: at + "/perche"}})
	return view.On(a.Bar(p.why.cases, "casefile.nav.why")), err
}

// ofOverseer asks about any case of the body, which stays closed.
func (p *pages) ofOverseer(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.view(r, s, &askPage{Action: "/console/accessi/" + r.PathValue("case")})
}

func (p *pages) view(r *http.Request, s tenants.Scope, page *askPage) (modules.View, error) {
	id, err := modules.PathID(r, "case")
	if err != nil {
		return modules.View{}, err
	}
	number, candidates, err := p.why.FindCandidates(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	page.Ask = component.Button{Label: modules.Say(r, "casefile.ask.submit"), Emphasis: component.Primary}
	if page.Back == nil {
		page.Case = number
	}
	view := modules.Render("casefile/ask", language.M("casefile.ask.title"), page)
	if !r.URL.Query().Has("chi") {
		page.Fields = p.fields(r, s, candidates, nil)
		return view, nil
	}
	q := whom(s, r.FormValue("chi"))
	q.Case, q.Section, q.Action = id.String(), r.FormValue("sezione"), r.FormValue("azione")
	q.From, q.To = span(modules.Given(r.FormValue("istante"), r.FormValue("giorno"), "-")[0])
	e, err := p.why.ExplainPast(r.Context(), s, q)
	page.Fields = p.fields(r, s, candidates, modules.FieldErrors(r.Context(), err))
	if problem.Is(err, problem.Invalid) {
		page.Errors = component.Summarize(page.Fields...)
		return view.Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	page.Answers, page.Shares = p.answers(r, e), p.named(r, e)
	return view, nil
}

// whom reads what the list of people sends: the body and the account, or an own office; the body alone is whoever was in it.
func whom(s tenants.Scope, text string) (q Question) {
	first, second, _ := strings.Cut(text, "~")
	q.Body, q.Account = number(first), modules.LinkID(second)
	if rest, office := strings.CutPrefix(second, officePrefix); office {
		q.Office = number(rest)
	}
	q.Anybody = q.Body == s.Tenant && second == ""
	return q
}

const officePrefix = "ufficio-"

func number(text string) int32 {
	n, _ := strconv.ParseInt(text, 10, 32)
	return int32(n)
}

// value is how a candidate is sent.
func (c Candidate) value() string {
	if c.Office != 0 {
		return strconv.Itoa(int(c.Body)) + "~" + officePrefix + strconv.Itoa(int(c.Office))
	}
	return strconv.Itoa(int(c.Body)) + "~" + modules.IDText(c.Account)
}

func (p *pages) fields(r *http.Request, s tenants.Scope, candidates []Candidate, wrong map[string]string) []component.Field {
	who := component.Field{ID: "chi", Kind: component.Select, Label: modules.Say(r, "casefile.ask.who"), Required: true, Value: r.FormValue("chi"), Error: wrong["chi"]}
	for _, c := range candidates {
		label := c.Name
		switch {
		case c.Office != 0:
			label = modules.Say(r, "casefile.ask.office", "office", c.Name)
		case c.Account == uuid.Nil:
			label = modules.Say(r, "casefile.ask.anybody", "body", p.why.deps.Bodies.Name(c.Body))
		case c.Body != s.Tenant:
			label += ", " + p.why.deps.Bodies.Name(c.Body)
		}
		who.Options = append(who.Options, component.Option{Value: c.value(), Label: label})
	}
	section := component.Field{ID: "sezione", Kind: component.Select, Label: modules.Say(r, "casefile.why.section"), Required: true, Value: r.FormValue("sezione"), Error: wrong["sezione"]}
	for _, one := range policies.Sections {
		section.Options = append(section.Options, component.Option{Value: one.ID, Label: language.SayText(r.Context(), one.Label)})
	}
	action := r.FormValue("azione")
	if action == "" {
		action = policies.Read
	}
	return []component.Field{
		who, section,
		{ID: "azione", Kind: component.Radios, Label: modules.Say(r, "casefile.ask.action"), Required: true, Value: action, Error: wrong["azione"], Options: []component.Option{
			{Value: policies.Read, Label: modules.Say(r, "casefile.ask.read")}, {Value: policies.Write, Label: modules.Say(r, "casefile.ask.write")},
		}},
		{ID: "giorno", Kind: component.Appointed, Label: modules.Say(r, "casefile.ask.day"), Required: true, Value: asked(r), Error: wrong["giorno"], Width: component.Short},
	}
}

// asked is the day that is asked about, be it named by an instant.
func asked(r *http.Request) string {
	if at, err := time.Parse(time.RFC3339, r.FormValue("istante")); err == nil {
		return at.In(language.Rome).Format(time.DateOnly)
	}
	return r.FormValue("giorno")
}

// answers tell for each part of the day whether, and why; who, where an office was asked about.
func (p *pages) answers(r *http.Request, e Explanation) *component.Table {
	t := &component.Table{ID: "risposte", Cards: true, Caption: modules.Say(r, "casefile.ask.answer"), Columns: []component.Column{
		{Label: modules.Say(r, "casefile.ask.hours")}, {Label: modules.Say(r, "casefile.ask.could")}, {Label: modules.Say(r, "casefile.viewings.why")},
	}}
	ofOffice := slices.ContainsFunc(e.Answers, func(a Answer) bool { return a.Who != "" })
	if ofOffice {
		t.Columns = append([]component.Column{{Label: modules.Say(r, "casefile.ask.who")}}, t.Columns...)
	}
	for _, a := range e.Answers {
		tag := component.Tag{Label: modules.Say(r, "casefile.why.no")}
		if a.Allowed {
			tag = component.Tag{Label: modules.Say(r, "casefile.why.yes"), Tone: component.Success}
		}
		hours, end := a.From.In(language.Rome).Format("15:04:05"), a.To.In(language.Rome).Format("15:04:05")
		if end != hours {
			hours += "–" + end
		}
		cells := []component.Cell{{Text: hours}, {Tags: []component.Tag{tag}}, p.ground(r, a)}
		if ofOffice {
			cells = append([]component.Cell{{Text: a.Who}}, cells...)
		}
		t.Rows = append(t.Rows, component.Row{Cells: cells})
	}
	return t
}

// ground says what decided: the words for it, then role, rule, reason and share.
func (p *pages) ground(r *http.Request, a Answer) component.Cell {
	cell := component.Cell{Text: modules.Say(r, "casefile.ask.ground."+a.Ground)}
	var notes []string
	if a.Relation != "" && a.Relation != policies.Guest {
		notes = append(notes, modules.Say(r, "casefile.ask.relation")+": "+modules.Say(r, "casefile.relation."+string(a.Relation)))
	}
	if len(a.Roles) > 0 {
		labels := make([]string, len(a.Roles))
		for i, role := range a.Roles {
			labels[i] = language.SayText(r.Context(), policies.RoleLabel(role))
		}
		notes = append(notes, modules.Say(r, "casefile.ask.roles")+": "+strings.Join(labels, ", "))
	}
	if a.Rule.Effect != "" {
		key := "casefile.ask.rule_program"
		if a.Own {
			key = "casefile.ask.rule_own"
		}
		notes = append(notes, modules.Say(r, key, "role", language.SayText(r.Context(), policies.RoleLabel(a.Rule.Role))))
	}
	if a.Reason != "" {
		notes = append(notes, modules.Say(r, "casefile.why.reason")+": "+a.Reason)
	}
	cell.Note = strings.Join(notes, ". ")
	if a.Share != uuid.Nil {
		cell.URL = "/condivisioni/" + a.Share.String()
	}
	return cell
}

// named tells of the shares and agreements that the answers stand on.
func (p *pages) named(r *http.Request, e Explanation) *component.Summary {
	var rows []component.SummaryRow
	for _, f := range e.Shares {
		values := []string{f.Purpose}
		for _, at := range f.Amended {
			values = append(values, modules.Say(r, "casefile.ask.amended", "at", at.In(language.Rome).Format("02/01/2006, 15:04")))
		}
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "casefile.why.share"), Values: values, Lang: "it"})
	}
	for _, a := range e.Agreements {
		rows = append(rows, component.SummaryRow{
			Label: modules.Say(r, "casefile.why.agreement"), Values: append([]string{a.Title}, acts(a)...), Lang: "it",
			Change: &component.Link{Label: modules.Say(r, "casefile.why.open_agreement"), URL: "/rete/accordi/" + a.ID.String()},
		})
	}
	if len(rows) == 0 {
		return nil
	}
	return &component.Summary{Rows: rows}
}
