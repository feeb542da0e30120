package casefile

import (
	"net/http"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/modules/kit"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

// listPage is the list of cases.
type listPage struct {
	Heading string
	Tabs    component.Sections // none where the list is of one person
	Table   component.Table
	New     *component.Button
	Person  *component.Link // whose cases these are, if of one person
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	if r.FormValue("persona") != "" {
		return p.listOfPerson(r, s)
	}
	q := Query{All: r.FormValue("tutte") == "1", Closed: r.FormValue("chiuse") == "1", Unheld: r.FormValue("senza") == "1", After: access.ParseCursor(r.FormValue("dopo"))}
	mayAll := s.Has("coordinator")
	lines, next, err := p.service.Find(r.Context(), s, q)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{Heading: modules.Say(r, "casefile.list.title"), Table: p.listTable(r, s, lines)}
	page.Tabs = component.Sections{Label: modules.Say(r, "casefile.list.tabs"), Items: []component.NavItem{
		{Label: modules.Say(r, "casefile.list.mine"), URL: "/cartelle", Current: !q.All && !q.Closed},
		{Label: modules.Say(r, "casefile.list.closed"), URL: "/cartelle?chiuse=1", Current: !q.All && q.Closed},
	}}
	if mayAll {
		page.Tabs.Items = append(page.Tabs.Items, component.NavItem{Label: modules.Say(r, "casefile.list.all"), URL: "/cartelle?tutte=1", Current: q.All && !q.Unheld},
			component.NavItem{Label: modules.Say(r, "casefile.list.unheld"), URL: "/cartelle?tutte=1&senza=1", Current: q.All && q.Unheld})
	}
	if !next.IsZero() {
		query := r.URL.Query()
		query.Set("dopo", next.String())
		page.Table.Pager = &component.Pager{Next: "/cartelle?" + query.Encode()}
	}
	if s.Has("social_worker") || mayAll {
		page.New = &component.Button{Label: modules.Say(r, "casefile.list.new"), URL: "/cartelle/nuova", Emphasis: component.Primary, Shortcut: "n"}
	}
	return modules.Render("casefile/list", language.M("casefile.list.title"), page), nil
}

// listOfPerson lists the cases of a person, who must be visible to the actor.
func (p *pages) listOfPerson(r *http.Request, s tenants.Scope) (modules.View, error) {
	person, err := p.service.persons.Get(r.Context(), s, modules.LinkID(r.FormValue("persona")))
	if err != nil {
		return modules.View{}, err
	}
	lines, next, err := p.service.Find(r.Context(), s, Query{Person: person.ID, After: access.ParseCursor(r.FormValue("dopo"))})
	if err != nil {
		return modules.View{}, err
	}
	title := language.M("casefile.list.of_person", "name", person.FullName())
	page := listPage{
		Heading: language.Say(r.Context(), title), Table: p.listTable(r, s, lines),
		Person: &component.Link{Label: modules.Say(r, "casefile.list.person"), URL: "/persone/" + person.ID.String()},
	}
	page.Table.Empty = component.Empty{Title: modules.Say(r, "casefile.list.empty"), Text: modules.Say(r, "casefile.list.none_of_person")}
	if !next.IsZero() {
		page.Table.Pager = &component.Pager{Next: "/cartelle?persona=" + person.ID.String() + "&dopo=" + next.String()}
	}
	if p.service.deps.Permits(s, "case:create") {
		page.New = &component.Button{Label: modules.Say(r, "casefile.list.new"), URL: "/cartelle/nuova?persona=" + person.ID.String(), Emphasis: component.Primary, Shortcut: "n"}
	}
	return modules.Render("casefile/list", title, page), nil
}

func (p *pages) listTable(r *http.Request, s tenants.Scope, lines []Line) component.Table {
	t := component.Table{
		Cards:   true,
		Caption: modules.Say(r, "casefile.list.title"), Hidden: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "casefile.column.person")},
			{Label: modules.Say(r, "casefile.column.number")},
			{Label: modules.Say(r, "casefile.column.state")},
			{Label: modules.Say(r, "casefile.column.area")},
			{Label: modules.Say(r, "casefile.column.manager")},
			{Label: modules.Say(r, "casefile.column.opened")},
		},
		Empty: component.Empty{
			Title: modules.Say(r, "casefile.list.empty"), Text: modules.Say(r, "casefile.list.empty_text"),
		},
	}
	if p.service.deps.Permits(s, "person:read") {
		t.Empty.Action = &component.Link{Label: modules.Say(r, "casefile.list.empty_action"), URL: "/persone"}
	}
	for _, line := range lines {
		name := registry.Name{Surname: line.Surname, Given: line.Name}.Listed()
		if name == "" {
			name = modules.Say(r, "casefile.list.hidden_name")
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: name, URL: "/cartelle/" + line.ID.String()},
			{Text: line.Number},
			{Tags: []component.Tag{stateTag(line)}},
			{Text: areaLabel(r, line.Area)},
			{Text: line.Manager},
			openedCell(r, line),
		}})
	}
	return t
}

// openedCell is the day on which a case was opened and, of a closed one, the day of its end.
func openedCell(r *http.Request, line Line) component.Cell {
	cell := component.Cell{Date: line.OpenedAt.In(language.Rome)}
	if !line.ClosedAt.IsZero() {
		cell.Note = modules.Say(r, "casefile.list.closed_on", "day", line.ClosedAt.In(language.Rome).Format("02/01/2006"))
	}
	return cell
}

func stateTag(line Line) component.Tag {
	if line.ClosedAt.IsZero() {
		return component.Tag{Label: line.State, Tone: component.Info}
	}
	return component.Tag{Label: line.State}
}

func areaLabel(r *http.Request, area string) string {
	return language.SayText(r.Context(), kit.AreaLabel(area))
}

// newPage is the form that opens a case.
type newPage struct {
	Person  component.Summary
	Missing *component.Empty // no person is chosen yet
	Open    *component.Alert // the person has an open case already
	Errors  component.ErrorSummary
	Fields  []component.Field
	Hidden  []component.Hidden
	Submit  component.Button
	Back    component.Link
}

func (p *pages) newCase(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.caseForm(r, s, nil)
}

// caseForm shows the form with what was typed and what is wrong with it.
func (p *pages) caseForm(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	page := newPage{Back: component.Link{Label: modules.Say(r, "casefile.new.back"), URL: "/persone"}}
	if contact := modules.LinkID(r.FormValue("contatto")); contact != uuid.Nil {
		page.Back.URL = "/sportello/" + contact.String()
	}
	person := modules.LinkID(r.FormValue("persona"))
	if person == uuid.Nil {
		page.Missing = &component.Empty{
			Title: modules.Say(r, "casefile.new.no_person"), Text: modules.Say(r, "casefile.new.no_person_text"),
			Action: &component.Link{Label: modules.Say(r, "casefile.new.search"), URL: "/persone"},
		}
		return modules.Render("casefile/new", language.M("casefile.new.title"), page), nil
	}
	found, err := p.service.persons.Get(r.Context(), s, person)
	if err != nil {
		return modules.View{}, err
	}
	page.Person = component.Summary{Rows: []component.SummaryRow{
		{Label: modules.Say(r, "casefile.column.person"), Values: []string{found.FullName()}},
		{Label: modules.Say(r, "casefile.new.born"), Date: found.BirthDate},
		{Label: modules.Say(r, "casefile.new.tax_code"), Values: modules.Given(found.TaxCode)},
	}}
	if page.Open, err = p.openCases(r, s, person); err != nil {
		return modules.View{}, err
	}
	if page.Fields, err = p.caseFields(r, s, refused); err != nil {
		return modules.View{}, err
	}
	page.Errors = component.Summarize(page.Fields...)
	page.Hidden = []component.Hidden{
		{Name: "id", Value: modules.FormID(r.FormValue("id")).String()}, {Name: "persona", Value: person.String()}, {Name: "contatto", Value: r.FormValue("contatto")},
	}
	page.Submit = component.Button{Label: modules.Say(r, "casefile.new.submit"), Emphasis: component.Primary}
	view := modules.Render("casefile/new", language.M("casefile.new.title"), page)
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

// openCases warns that the person has an open case, and where; nil if there is none.
func (p *pages) openCases(r *http.Request, s tenants.Scope, person uuid.UUID) (*component.Alert, error) {
	open, err := p.service.FindOfPerson(r.Context(), s, person)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	return &component.Alert{
		Tone: component.Warning, Title: modules.Say(r, "casefile.new.already"),
		Text: modules.Say(r, "casefile.new.already_text", "number", open[0].Number, "manager", open[0].Manager),
		Link: &component.Link{Label: modules.Say(r, "casefile.new.already_open"), URL: "/cartelle/" + open[0].ID.String()},
	}, nil
}

func (p *pages) caseFields(r *http.Request, s tenants.Scope, refused error) ([]component.Field, error) {
	wrong := modules.FieldErrors(r.Context(), refused)
	area := component.Field{ID: "area", Kind: component.Radios, Label: modules.Say(r, "casefile.new.area"), Value: r.FormValue("area"), Error: wrong["area"]}
	for _, a := range Areas {
		area.Options = append(area.Options, component.Option{Value: a, Label: areaLabel(r, a)})
	}
	paths, err := p.service.FindPaths(r.Context(), s)
	if err != nil {
		return nil, err
	}
	path := component.Field{
		ID: "percorso", Kind: component.Radios, Required: true, Label: modules.Say(r, "casefile.new.path"), Hint: modules.Say(r, "casefile.new.path_hint"),
		Value: r.FormValue("percorso"), Error: wrong["percorso"],
	}
	for _, w := range paths {
		path.Options = append(path.Options, component.Option{Value: w.Key, Label: language.SayText(r.Context(), w.Title), Selected: w.Key == r.FormValue("percorso")})
	}
	fields := []component.Field{area, path}
	if p.service.ConfineOpening(s).Writes(reasonSection) {
		fields = append(fields, component.Field{
			ID: "sintesi", Kind: component.LongText, MaxLength: 2000, Label: modules.Say(r, "casefile.new.summary"), Hint: modules.Say(r, "casefile.new.summary_hint"),
			Value: r.FormValue("sintesi"), Error: wrong["sintesi"],
		})
	}
	if !s.Has("coordinator") {
		return fields, nil
	}
	manager, err := p.managerField(r, s, wrong["responsabile"])
	return append(fields, manager), err
}

func (p *pages) managerField(r *http.Request, s tenants.Scope, wrong string) (component.Field, error) {
	field := component.Field{ID: "responsabile", Kind: component.Select, Label: modules.Say(r, "casefile.new.manager"), Value: r.FormValue("responsabile"), Error: wrong}
	colleagues, err := p.service.FindManagers(r.Context(), s)
	for _, c := range colleagues {
		field.Options = append(field.Options, component.Option{Value: c.Account.String(), Label: c.Name})
	}
	return field, err
}

func (p *pages) create(r *http.Request, s tenants.Scope) (modules.View, error) {
	c, err := p.service.Create(r.Context(), s, Opening{
		ID: modules.FormID(r.PostFormValue("id")), Person: modules.LinkID(r.PostFormValue("persona")), Contact: modules.LinkID(r.PostFormValue("contatto")),
		Area: modules.Value(r, "area"), Summary: modules.Value(r, "sintesi"), Workflow: modules.Value(r, "percorso"),
		Manager: modules.LinkID(r.PostFormValue("responsabile")),
	})
	if problem.Is(err, problem.Invalid) {
		return p.caseForm(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/cartelle/"+c.ID.String(), language.M("casefile.new.done", "number", c.Number)), nil
}
