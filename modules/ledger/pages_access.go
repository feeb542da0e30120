package ledger

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// ownPath is where a citizen sees who opened the own file.
const ownPath = "/area-personale/accessi"

func (p *pages) ofCitizen() []modules.Page {
	return []modules.Page{
		{
			Pattern: "GET " + ownPath, Permission: policies.SignedIn, Purpose: tenants.Citizen,
			Nav: &modules.Nav{Label: "ledger.nav.own", Order: 10}, Handle: p.own,
		},
		{Pattern: "GET " + ownPath + "/{event}/contesta", Permission: policies.SignedIn, Purpose: tenants.Citizen, Handle: p.contest},
		{Pattern: "POST " + ownPath + "/{event}/contesta", Permission: policies.SignedIn, Purpose: tenants.Citizen, Handle: p.complain},
	}
}

// ownPage tells a citizen who opened the own file, and what came of what was contested.
type ownPage struct {
	Body     string
	Table    component.Table
	Listings *component.Table
	Contests *component.Table
}

func (p *pages) own(r *http.Request, s tenants.Scope) (modules.View, error) {
	before, _ := time.ParseInLocation(time.DateOnly, r.FormValue("prima"), language.Rome) // anything else is the beginning
	own, err := p.service.FindOwn(r.Context(), s, before)
	if err != nil {
		return modules.View{}, err
	}
	contests, err := p.service.FindOwnContests(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := ownPage{Body: p.service.deps.Bodies.Name(s.Tenant), Table: p.ownTable(r, s, own.Accesses)}
	if !own.Next.IsZero() {
		page.Table.Pager = &component.Pager{Next: ownPath + "?prima=" + own.Next.Format(time.DateOnly)}
	}
	if len(own.Listings) > 0 {
		page.Listings = p.listingTable(r, own.Listings)
	}
	if len(contests) > 0 {
		page.Contests = p.ownContests(r, contests)
	}
	return modules.Render("ledger/own", language.M("ledger.own.title"), page), nil
}

func (p *pages) ownTable(r *http.Request, s tenants.Scope, accesses []OwnAccess) component.Table {
	t := component.Table{
		Caption: modules.Say(r, "ledger.own.title"), Hidden: true, Cards: true,
		Empty: component.Empty{Title: modules.Say(r, "ledger.own.none"), Text: modules.Say(r, "ledger.own.none_text", "body", p.service.deps.Bodies.Name(s.Tenant))},
	}
	for _, key := range []string{"who", "day", "what", "why", "contest"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "ledger.own.column."+key), Hidden: key == "contest"})
	}
	for _, a := range accesses {
		last := component.Cell{Text: modules.Say(r, "ledger.own.contested")}
		if modules.IDText(a.Contest) == "" {
			last = component.Cell{Actions: []component.Link{{
				Label: modules.Say(r, "ledger.own.contest"), Hidden: a.Actor + ", " + a.Day.Format("02/01/2006"), URL: ownPath + "/" + a.ID.String() + "/contesta",
			}}}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: a.Actor, Note: strings.Join(modules.Given(a.Offices, p.service.deps.Bodies.Name(a.Body)), ", ")},
			{Date: a.Day},
			{Text: didText(r, a), Note: fileText(r, a)},
			{Text: p.whyText(r, a), Note: p.actText(r, a)},
			last,
		}})
	}
	return t
}

// shownNames is how many people a line of lists names; the others it counts.
const shownNames = 5

// listingTable tells on which days the own name stood in lists.
func (p *pages) listingTable(r *http.Request, listings []OwnListing) *component.Table {
	t := &component.Table{ID: "elenchi", Caption: modules.Say(r, "ledger.own.listings"), Cards: true}
	for _, key := range []string{"day", "what", "listed_by"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "ledger.own.column."+key)})
	}
	for _, l := range listings {
		names, more := l.Names, len(l.Names)-shownNames
		if more > 0 {
			names = append(slices.Clone(names[:shownNames]), modules.Say(r, "ledger.own.listed_more", "n", more))
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Date: l.Day},
			{Text: modules.Say(r, "ledger.own.listed", "n", l.Lists)},
			{Text: strings.Join(names, ", "), Note: p.service.deps.Bodies.Name(l.Body)},
		}})
	}
	return t
}

// didText counts readings and changes: "12 letture, 1 modifica".
func didText(r *http.Request, a OwnAccess) string {
	var counts []string
	if a.Readings > 0 {
		counts = append(counts, modules.Say(r, "ledger.own.readings", "n", a.Readings))
	}
	if a.Changes > 0 {
		counts = append(counts, modules.Say(r, "ledger.own.changes", "n", a.Changes))
	}
	return strings.Join(counts, ", ")
}

func fileText(r *http.Request, a OwnAccess) string {
	if a.Number == "" {
		return modules.Say(r, "ledger.own."+a.Part)
	}
	return modules.Say(r, "ledger.own.file", "number", a.Number)
}

// whyText says by what right, in words for citizens.
func (p *pages) whyText(r *http.Request, a OwnAccess) string {
	switch {
	case modules.IDText(a.Share) != "":
		return modules.Say(r, "ledger.own.by.share", "purpose", a.Purpose)
	case a.Relation == "":
		return modules.Say(r, "ledger.own.by.body")
	default:
		return modules.Say(r, "ledger.own.by."+a.Relation)
	}
}

// actText names the agreement of a share and the acts of its parties.
func (p *pages) actText(r *http.Request, a OwnAccess) string {
	if a.Agreement == "" {
		return ""
	}
	var acts []string
	for _, act := range a.Acts {
		acts = append(acts, modules.Say(r, "ledger.own.act", "body", p.service.deps.Bodies.Name(act.Body), "number", act.Number, "day", act.Day.Format("02/01/2006")))
	}
	return modules.Say(r, "ledger.own.agreement", "title", a.Agreement, "acts", strings.Join(acts, "; "))
}

func (p *pages) ownContests(r *http.Request, contests []Contest) *component.Table {
	t := &component.Table{ID: "contestazioni", Caption: modules.Say(r, "ledger.own.contests"), Cards: true}
	for _, key := range []string{"what", "words", "answer"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "ledger.own.column."+key)})
	}
	for _, c := range contests {
		answer := component.Cell{Text: modules.Say(r, "ledger.own.waiting", "day", c.Due().Format("02/01/2006"))}
		if c.Finding != "" {
			answer = component.Cell{Text: modules.Say(r, "ledger.own.found."+c.Finding), Note: c.Answer}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: c.Line.Actor, Note: c.EventAt.In(language.Rome).Format("02/01/2006")}, {Text: c.Words}, answer,
		}})
	}
	return t
}

// formPage is one form with what it is about.
type formPage struct {
	Errors component.ErrorSummary
	Title  string
	Text   []string
	About  component.Summary
	Action string
	Hidden []component.Hidden
	Fields []component.Field
	Button component.Button
	Back   component.Link
}

func (p *pages) contest(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.contestForm(r, s, nil)
}

func (p *pages) contestForm(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	event, err := modules.PathID(r, "event")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.Own(r.Context(), s, event)
	if err != nil {
		return modules.View{}, err
	}
	if modules.IDText(a.Contest) != "" {
		return modules.Redirect(ownPath, language.M("ledger.own.contested")), nil
	}
	page := formPage{
		Title: modules.Say(r, "ledger.contest.title"), Text: []string{modules.Say(r, "ledger.contest.intro")},
		About: component.Summary{Rows: []component.SummaryRow{
			{Label: modules.Say(r, "ledger.own.column.who"), Values: modules.Given(a.Actor, a.Offices, p.service.deps.Bodies.Name(a.Body))},
			{Label: modules.Say(r, "ledger.own.column.day"), Date: a.Day},
			{Label: modules.Say(r, "ledger.own.column.what"), Values: []string{didText(r, a), fileText(r, a)}},
			{Label: modules.Say(r, "ledger.own.column.why"), Values: modules.Given(p.whyText(r, a), p.actText(r, a))},
		}},
		Action: ownPath + "/" + event.String() + "/contesta",
		Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(modules.Value(r, "id")).String()}},
		Fields: []component.Field{{
			ID: "testo", Kind: component.LongText, Label: modules.Say(r, "ledger.contest.words"), Hint: modules.Say(r, "ledger.contest.words_hint"),
			Value: modules.Value(r, "testo"), Required: true, MaxLength: 1000, Error: modules.FieldErrors(r.Context(), refused)["testo"],
		}},
		Button: component.Button{Label: modules.Say(r, "ledger.contest.send"), Emphasis: component.Primary},
		Back:   component.Link{Label: modules.Say(r, "ledger.back"), URL: ownPath},
	}
	return formView(page, "ledger.contest.title", refused), nil
}

// formView shows a form, again where it was refused.
func formView(page formPage, title string, refused error) modules.View {
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("ledger/form", language.M(title), page)
	if refused != nil {
		return view.Refused()
	}
	return view
}

func (p *pages) complain(r *http.Request, s tenants.Scope) (modules.View, error) {
	event, err := modules.PathID(r, "event")
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.Complain(r.Context(), s, Complaint{ID: modules.FormID(modules.Value(r, "id")), Event: event, Words: modules.Value(r, "testo")})
	if problem.Is(err, problem.Invalid) {
		return p.contestForm(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(ownPath, language.M("ledger.contest.sent")), nil
}
