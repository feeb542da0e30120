package member

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/office"
	"staffetta/onboarding/rights"
	"staffetta/policies"
	"staffetta/tenants"
)

const at = "/console/persone"

type pages struct {
	service *Service
	rules   *rights.Service
	offices *office.Service
}

// Pages are the pages of who holds which role. Rules tell from where the roles of the body's own come, offices where one can work.
func Pages(v *Service, rules *rights.Service, offices *office.Service) []modules.Page {
	p := &pages{v, rules, offices}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Read, Nav: &modules.Nav{Label: "onboarding.member.nav", Order: 30, About: "onboarding.member.about"}, Handle: p.list},
		{Pattern: "GET " + at + "/nuova", Permission: policies.ManageRules, Handle: p.begin},
		{Pattern: "POST " + at + "/nuova", Permission: policies.ManageRules, Handle: p.admit},
		{Pattern: "GET " + at + "/{account}", Permission: policies.ManageRules, Handle: p.person},
		{Pattern: "POST " + at + "/{account}", Permission: policies.ManageRules, Handle: p.give},
		{Pattern: "GET " + at + "/{account}/ruoli/{membership}/togli", Permission: policies.ManageRules, Handle: p.ending},
		{Pattern: "POST " + at + "/{account}/ruoli/{membership}/togli", Permission: policies.ManageRules, Handle: p.end},
	}
}

// Days reads the first and the last day of a term, each zero where none is written. What is no day is problem.Invalid: a
// role without the end that somebody meant would be held for ever.
func Days(from, to string) (first, last time.Time, err error) {
	var wrong problem.Fields
	read := func(name, text string) (day time.Time) {
		if text == "" {
			return day
		}
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			wrong.Add(name, "web.field.day")
		}
		return day
	}
	first, last = read("dal", from), read("al", to)
	return first, last, wrong.Err()
}

// between gives a gift its days.
func (g Gift) between(from, to string) (_ Gift, err error) {
	g.From, g.To, err = Days(from, to)
	return g, err
}

// listPage lists the people of the body with their roles.
type listPage struct {
	Gaps    *component.Alert // roles that nobody holds
	Actions component.ButtonRow
	People  component.Table
	Former  component.Link // who has no role any more; none for who does not give roles
	Rules   component.Link
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	if r.FormValue("stato") == without && p.service.deps.Permits(s, policies.ManageRules) {
		return p.former(r, s)
	}
	found, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	sources, err := p.rules.FindSources(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	gaps, err := p.service.Uncovered(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{
		Gaps:  p.gapsAlert(r, s, gaps),
		Rules: component.Link{Label: modules.Say(r, "onboarding.rights.title"), URL: "/console/ruoli"},
		People: component.Table{ID: "persone", Caption: modules.Say(r, "onboarding.member.title"), Hidden: true, Cards: true, Columns: []component.Column{
			{Label: modules.Say(r, "onboarding.member.person")}, {Label: modules.Say(r, "onboarding.member.roles")},
		}},
	}
	manages := p.service.deps.Permits(s, policies.ManageRules)
	if manages {
		page.Actions = listActions(r)
		page.Former = component.Link{Label: modules.Say(r, "onboarding.member.former"), URL: at + "?stato=" + without}
	}
	rows := &page.People.Rows
	last := uuid.Nil
	for _, h := range found {
		if h.Account != last {
			row := component.Row{Cells: []component.Cell{{Text: h.Name, Tags: endTags(r, heldBy(found, h.Account))}, {}}}
			if manages {
				row.Cells[0].URL = at + "/" + h.Account.String()
			}
			*rows, last = append(*rows, row), h.Account
		}
		cell := &(*rows)[len(*rows)-1].Cells[1]
		label := p.service.label(r.Context(), s, h.Role)
		cell.Text = strings.Join(modules.Given(cell.Text, placed(label, h)), ", ")
		if source, follows := sources[h.Role]; follows {
			cell.Note = strings.Join(modules.Given(cell.Note, label+": "+rights.SourceText(r, source)), ". ")
		}
	}
	return modules.Render("onboarding/members", language.M("onboarding.member.title"), page), nil
}

// without asks the list for people without roles.
const without = "senza-ruoli"

// former lists who worked at the body and has no role there any more.
func (p *pages) former(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.FindFormer(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	title := language.M("onboarding.member.former")
	page := formerPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.member.title"), URL: at}, {Label: language.Say(r.Context(), title)}}},
		People: component.Table{ID: "persone", Caption: language.Say(r.Context(), title), Hidden: true, Cards: true, Columns: []component.Column{
			{Label: modules.Say(r, "onboarding.member.person")}, {Label: modules.Say(r, "onboarding.member.last")},
		}, Empty: component.Empty{Title: modules.Say(r, "onboarding.member.no_former")}},
	}
	for _, one := range found {
		page.People.Rows = append(page.People.Rows, component.Row{Cells: []component.Cell{
			{Text: one.Name, URL: at + "/" + one.Account.String()}, {Text: one.Last.Format("02/01/2006")},
		}})
	}
	return modules.Render("onboarding/members_former", title, page), nil
}

// formerPage lists people without roles.
type formerPage struct {
	Breadcrumb component.Breadcrumb
	People     component.Table
}

// listActions are the ways in which people come into the body.
func listActions(r *http.Request) component.ButtonRow {
	return component.ButtonRow{Buttons: []component.Button{
		{Label: modules.Say(r, "onboarding.member.admit"), URL: at + "/nuova", Emphasis: component.Primary},
		{Label: modules.Say(r, "onboarding.invite.new"), URL: at + "/inviti/nuovo"},
		{Label: modules.Say(r, "onboarding.invite.title"), URL: at + "/inviti"},
		{Label: modules.Say(r, "onboarding.roster.title"), URL: at + "/elenco"},
	}}
}

// placed is a role with the office where it is held.
func placed(label string, h Holding) string {
	if h.OfficeName == "" {
		return label
	}
	return label + " (" + h.OfficeName + ")"
}

// gapsAlert tells which roles nobody holds; nil where there are none.
func (p *pages) gapsAlert(r *http.Request, s tenants.Scope, gaps []Vacancy) *component.Alert {
	if len(gaps) == 0 {
		return nil
	}
	return &component.Alert{Tone: component.Warning, Title: modules.Say(r, "onboarding.member.gaps"), Text: p.service.vacancies(r.Context(), s, gaps)}
}

// heldBy are the roles of one person.
func heldBy(found []Holding, account uuid.UUID) []Holding {
	return slices.DeleteFunc(slices.Clone(found), func(h Holding) bool { return h.Account != account })
}

// endTags announce somebody's last day in the body.
func endTags(r *http.Request, held []Holding) []component.Tag {
	last := LastDay(held, language.Day(time.Now()))
	if last.IsZero() || last.Before(language.Day(time.Now())) {
		return nil
	}
	return []component.Tag{{Label: modules.Say(r, "onboarding.member.last_day", "day", last.Format("02/01/2006")), Tone: component.Warning}}
}

// personPage is where a person gets roles and loses them.
type personPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Name   string
	Ends   []component.Tag // the last day, where there is one
	Rows   []roleRow
	None   string // that the person has no role any more
	Action string
	ID     string
	Fields []component.Field
	Give   component.Button
}

// roleRow is one role of the person.
type roleRow struct {
	Label, Note string
	Take        component.Button
}

func (p *pages) person(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.personView(r, s, nil)
}

func (p *pages) personView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	account, err := modules.PathID(r, "account")
	if err != nil {
		return modules.View{}, err
	}
	who, err := p.service.GetPerson(r.Context(), s, account)
	if err != nil {
		return modules.View{}, err
	}
	found := who.Held
	sources, err := p.rules.FindSources(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	offices, err := p.offices.FindOpen(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := personPage{
		Name: who.Name, Action: at + "/" + account.String(), ID: modules.FormID(r.PostFormValue("id")).String(), Ends: endTags(r, found),
		Fields:     p.fields(r, s, offices, refused),
		Give:       component.Button{Label: modules.Say(r, "onboarding.member.give"), Emphasis: component.Primary},
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.member.title"), URL: at}, {Label: who.Name}}},
	}
	if len(found) == 0 {
		page.None = modules.Say(r, "onboarding.member.none", "day", who.Last.Format("02/01/2006"))
		page.Ends = []component.Tag{{Label: modules.Say(r, "onboarding.member.without"), Tone: component.Warning}}
	}
	for _, h := range found {
		label := p.service.label(r.Context(), s, h.Role)
		note := modules.Say(r, "onboarding.member.since", "day", h.From.Format("02/01/2006"))
		if !h.To.IsZero() {
			note = modules.Say(r, "onboarding.member.until", "day", h.From.Format("02/01/2006"), "last", h.To.Format("02/01/2006"))
		}
		if source, follows := sources[h.Role]; follows {
			note += ". " + rights.SourceText(r, source)
		}
		page.Rows = append(page.Rows, roleRow{
			Label: placed(label, h), Note: note,
			Take: component.Button{Label: modules.Say(r, "onboarding.member.take"), Hidden: label, URL: page.Action + "/ruoli/" + h.ID.String() + "/togli"},
		})
	}
	view := modules.Render("onboarding/member", language.M("onboarding.member.person_title", "name", page.Name), &page)
	return page.Explain(r, view, refused, page.Fields...), nil
}

func (p *pages) fields(r *http.Request, s tenants.Scope, offices []office.Office, refused error) []component.Field {
	var options []component.Option
	for _, role := range p.service.deps.Policies.GivenRoles(s.Tenant) {
		options = append(options, component.Option{Value: role.ID, Label: p.service.label(r.Context(), s, role.ID)})
	}
	fields := append([]component.Field{
		{ID: "ruoli", Kind: component.Select, Label: modules.Say(r, "onboarding.member.role"), Required: true, Options: options},
	}, TermFields(r, offices)...)
	return modules.Filled(r, refused, fields...)
}

func (p *pages) give(r *http.Request, s tenants.Scope) (modules.View, error) {
	account, err := modules.PathID(r, "account")
	if err != nil {
		return modules.View{}, err
	}
	g, err := Gift{ID: modules.FormID(r.PostFormValue("id")), Account: account, Role: modules.Value(r, "ruoli")}.between(modules.Value(r, "dal"), modules.Value(r, "al"))
	if err == nil {
		g.Office, err = ReadOffice(modules.Value(r, "sede"))
	}
	if err == nil {
		err = p.service.Give(r.Context(), s, g)
	}
	return p.answer(r, s, err, "onboarding.member.given")
}

// answer shows what was refused, or leads back to the list.
func (p *pages) answer(r *http.Request, s tenants.Scope, err error, done string) (modules.View, error) {
	switch {
	case modules.IsAnswered(err):
		return p.personView(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M(done)), nil
}
