package team

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/member"
	"staffetta/onboarding/office"
	"staffetta/policies"
	"staffetta/tenants"
)

const at = "/console/equipe"

type pages struct {
	service *Service
	offices *office.Service
}

// Pages are the pages of the teams. Offices are where they work.
func Pages(v *Service, offices *office.Service) []modules.Page {
	p := &pages{v, offices}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: member.Read, Nav: &modules.Nav{Label: "onboarding.team.nav", Order: 32, About: "onboarding.team.about"}, Handle: p.list},
		{Pattern: "GET " + at + "/nuova", Permission: policies.ManageRules, Handle: p.begin},
		{Pattern: "POST " + at + "/nuova", Permission: policies.ManageRules, Handle: p.create},
		{Pattern: "GET " + at + "/{team}", Permission: policies.ManageRules, Handle: p.show},
		{Pattern: "POST " + at + "/{team}", Permission: policies.ManageRules, Handle: p.change},
		{Pattern: "POST " + at + "/{team}/persone", Permission: policies.ManageRules, Handle: p.join},
		{Pattern: "POST " + at + "/{team}/persone/{place}/fine", Permission: policies.ManageRules, Handle: p.leave},
	}
}

// listPage lists the teams of the body.
type listPage struct {
	New   *component.Button
	Table component.Table
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	offices, err := p.offices.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{Table: component.Table{
		ID: "equipe", Caption: modules.Say(r, "onboarding.team.title"), Hidden: true, Cards: true,
		Columns: []component.Column{{Label: modules.Say(r, "onboarding.team.team")}, {Label: modules.Say(r, "onboarding.team.office")}, {Label: modules.Say(r, "onboarding.team.people")}},
		Empty:   component.Empty{Title: modules.Say(r, "onboarding.team.none"), Text: modules.Say(r, "onboarding.team.none_text")},
	}}
	manages := p.service.deps.Permits(s, policies.ManageRules)
	if manages {
		page.New = &component.Button{Label: modules.Say(r, "onboarding.team.new"), URL: at + "/nuova", Emphasis: component.Primary}
	}
	for _, t := range found {
		name := component.Cell{Text: t.Name, Tags: termTags(r, t.Term)}
		if manages {
			name.URL = pathOf(t.ID)
		}
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{name, {Text: officeName(offices, t.Office)}, {Text: inTeam(r, t)}}})
	}
	return modules.Render("onboarding/teams", language.M("onboarding.team.title"), page), nil
}

func pathOf(id uuid.UUID) string { return at + "/" + id.String() }

// inTeam names who is in a team today, the leader first.
func inTeam(r *http.Request, t Team) string {
	var names []string
	for _, m := range t.Now(language.Day(time.Now())) {
		if m.Leads {
			m.Name = modules.Say(r, "onboarding.team.leader", "name", m.Name)
		}
		names = append(names, m.Name)
	}
	return strings.Join(names, ", ")
}

// termTags say of what is not simply there since when or until when it is.
func termTags(r *http.Request, t Term) []component.Tag {
	today := language.Day(time.Now())
	switch {
	case !t.To.IsZero() && t.To.Before(today):
		return []component.Tag{{Label: modules.Say(r, "onboarding.team.ended", "day", shown(t.To))}}
	case t.From.After(today):
		return []component.Tag{{Label: modules.Say(r, "onboarding.team.begins", "day", shown(t.From)), Tone: component.Info}}
	case !t.To.IsZero():
		return []component.Tag{{Label: modules.Say(r, "onboarding.team.ends", "day", shown(t.To)), Tone: component.Warning}}
	}
	return nil
}

func shown(d time.Time) string { return d.Format("02/01/2006") }

func officeName(offices []office.Office, id int32) string {
	for _, o := range offices {
		if o.ID == id {
			return o.Name
		}
	}
	return ""
}

// teamPage says what a body says of a team, and who is in it.
type teamPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Heading    string
	Action     string
	ID         string
	Version    int
	Fields     []component.Field
	Save       component.Button
	Open       bool // what was wrong stands in the sheet
	Members    []place
	Join       *joinForm
}

// place is somebody in the team, with the button that ends that.
type place struct {
	Name   string
	Note   string
	Tags   []component.Tag
	Action string // "" where it has ended
	End    component.Button
}

// joinForm puts somebody into the team.
type joinForm struct {
	Action string
	ID     string
	Fields []component.Field
	Add    component.Button
	Open   bool
}

func (p *pages) begin(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.view(r, s, Team{}, nil)
}

func (p *pages) create(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, sheet, _, err := readSheet(r)
	if err == nil {
		err = p.service.Create(r.Context(), s, id, sheet)
	}
	if problem.Is(err, problem.Invalid) {
		return p.view(r, s, Team{Sheet: sheet}, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(pathOf(id), language.M("onboarding.team.created")), nil
}

func (p *pages) get(r *http.Request, s tenants.Scope) (Team, error) {
	id, err := modules.KnownID(r.PathValue("team"))
	if err != nil {
		return Team{}, err
	}
	return p.service.Get(r.Context(), s, id)
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	t, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	return p.view(r, s, t, nil)
}

func (p *pages) change(r *http.Request, s tenants.Scope) (modules.View, error) {
	t, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	_, sheet, seen, err := readSheet(r)
	if err == nil {
		err = p.service.Change(r.Context(), s, t.ID, seen, sheet)
	}
	if problem.Is(err, problem.Invalid) {
		t.Sheet = sheet
		return p.view(r, s, t, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M("onboarding.team.saved")), nil
}

func (p *pages) join(r *http.Request, s tenants.Scope) (modules.View, error) {
	t, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	m := Member{ID: modules.FormID(modules.Value(r, "id")), Leads: modules.Value(r, "guida") != ""}
	m.Account = modules.LinkID(modules.Value(r, "persona"))
	if m.From, m.To, err = member.Days(modules.Value(r, "dal"), modules.Value(r, "al")); err == nil {
		err = p.service.Join(r.Context(), s, t.ID, m)
	}
	if problem.Is(err, problem.Invalid) {
		return p.view(r, s, t, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(pathOf(t.ID), language.M("onboarding.team.joined")), nil
}

func (p *pages) leave(r *http.Request, s tenants.Scope) (modules.View, error) {
	t, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	place, err := modules.KnownID(r.PathValue("place"))
	if err != nil {
		return modules.View{}, err
	}
	if modules.Value(r, "conferma") == "" {
		return modules.TurnBack(pathOf(t.ID), language.M("onboarding.team.error.unsure")), nil
	}
	err = p.service.Leave(r.Context(), s, t.ID, place, time.Time{})
	if problem.Is(err, problem.Invalid) {
		return modules.TurnBack(pathOf(t.ID), language.M("onboarding.team.error.term")), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(pathOf(t.ID), language.M("onboarding.team.left")), nil
}

// readSheet reads what was written of a team.
func readSheet(r *http.Request) (id uuid.UUID, sheet Sheet, seen int, err error) {
	sheet.Name = modules.Value(r, "nome")
	if number, err := strconv.ParseInt(modules.Value(r, "sede"), 10, 32); err == nil {
		sheet.Office = int32(number)
	}
	seen, _ = strconv.Atoi(modules.Value(r, "versione")) // anything else is a version that never was
	sheet.From, sheet.To, err = member.Days(modules.Value(r, "dal"), modules.Value(r, "al"))
	return modules.FormID(modules.Value(r, "id")), sheet, seen, err
}

// view shows a team with what was refused: of the form of who joins where that was sent, else of the sheet.
func (p *pages) view(r *http.Request, s tenants.Scope, t Team, refused error) (modules.View, error) {
	offices, err := p.offices.FindOpen(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	joins := strings.HasSuffix(r.URL.Path, "/persone")
	wrong := modules.FieldErrors(r.Context(), refused)
	page := teamPage{
		Heading: modules.Say(r, "onboarding.team.new"), Action: at + "/nuova", ID: modules.FormID("").String(), Version: t.Version,
		Fields: sheetFields(r, t, offices), Save: component.Button{Label: modules.Say(r, "onboarding.team.save"), Emphasis: component.Primary},
	}
	if t.ID != uuid.Nil {
		page.Heading, page.Action = cmp.Or(t.Name, modules.Say(r, "onboarding.team.team")), pathOf(t.ID)
		if page.Join, err = p.joinForm(r, s, t, joins); err != nil {
			return modules.View{}, err
		}
		page.Members = places(r, t)
	}
	fields := page.Fields
	if joins {
		fields = page.Join.Fields
	}
	for i := range fields {
		fields[i].Error = wrong[fields[i].FieldName()]
	}
	page.Errors = component.Summarize(fields...)
	if page.Join != nil {
		page.Open, page.Join.Open = refused != nil && !joins, joins || len(t.Members) == 0
	}
	page.Breadcrumb = component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.team.title"), URL: at}, {Label: page.Heading}}}
	view := modules.Render("onboarding/team", language.M("onboarding.team.page", "heading", page.Heading), page)
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

func sheetFields(r *http.Request, t Team, offices []office.Office) []component.Field {
	where := component.Field{ID: "sede", Kind: component.Select, Label: modules.Say(r, "onboarding.team.office"), Width: component.Medium}
	if t.Office != 0 {
		where.Value = strconv.Itoa(int(t.Office))
	}
	for _, o := range offices {
		where.Options = append(where.Options, component.Option{Value: strconv.Itoa(int(o.ID)), Label: o.Name})
	}
	return []component.Field{
		{ID: "nome", Label: modules.Say(r, "onboarding.team.name"), Value: t.Name, Required: true, MaxLength: 120, Width: component.Medium},
		where,
		{ID: "dal", Kind: component.Appointed, Label: modules.Say(r, "onboarding.team.from"), Value: dayText(t.From), Width: component.Medium},
		{ID: "al", Kind: component.Appointed, Label: modules.Say(r, "onboarding.team.to"), Hint: modules.Say(r, "onboarding.team.to_hint"), Value: dayText(t.To), Width: component.Medium},
	}
}

func (p *pages) joinForm(r *http.Request, s tenants.Scope, t Team, sent bool) (*joinForm, error) {
	people, err := p.service.FindPeople(r.Context(), s)
	if err != nil {
		return nil, err
	}
	value := func(name string) string {
		if sent {
			return modules.Value(r, name)
		}
		return ""
	}
	who := component.Field{ID: "persona", Kind: component.Select, Required: true, Label: modules.Say(r, "onboarding.team.person"), Value: value("persona"), Width: component.Medium}
	for _, c := range people {
		who.Options = append(who.Options, component.Option{Value: c.Account.String(), Label: c.Name})
	}
	return &joinForm{
		Action: pathOf(t.ID) + "/persone", ID: modules.FormID("").String(), Add: component.Button{Label: modules.Say(r, "onboarding.team.add")},
		Fields: []component.Field{
			who,
			{ID: "entra", Name: "dal", Kind: component.Appointed, Label: modules.Say(r, "onboarding.team.from"), Hint: modules.Say(r, "onboarding.team.today"), Value: value("dal"), Width: component.Medium},
			{ID: "esce", Name: "al", Kind: component.Appointed, Label: modules.Say(r, "onboarding.team.to"), Value: value("al"), Width: component.Medium},
			{ID: "guida", Kind: component.Checkboxes, Label: modules.Say(r, "onboarding.team.part"), Options: []component.Option{{Value: "si", Label: modules.Say(r, "onboarding.team.leads"), Selected: value("guida") != ""}}},
		},
	}, nil
}

// places lists who is and was in the team.
func places(r *http.Request, t Team) (list []place) {
	today := language.Day(time.Now())
	for _, m := range t.Members {
		one := place{Name: m.Name, Note: modules.Say(r, "onboarding.team.since", "day", shown(m.From)), Tags: termTags(r, m.Term)}
		if m.Leads {
			one.Name = modules.Say(r, "onboarding.team.leader", "name", m.Name)
		}
		if m.Holds(today) && m.To.IsZero() {
			one.Action = pathOf(t.ID) + "/persone/" + m.ID.String() + "/fine"
			one.End = component.Button{Label: modules.Say(r, "onboarding.team.end"), Hidden: m.Name, Emphasis: component.Plain}
		}
		list = append(list, one)
	}
	return list
}
