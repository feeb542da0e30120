package registry

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// pages are the module's part of the web site.
type pages struct {
	service *Service
}

func (p pages) list() []modules.Page {
	nav := &modules.Nav{Label: "registry.nav.persons", Order: 30}
	return []modules.Page{
		{Pattern: "GET /persone", Permission: readPersons, Nav: nav, Handle: p.find},
		{Pattern: "GET /persone/nuova", Permission: writePersons, Handle: p.showNew},
		{Pattern: "POST /persone/nuova", Permission: writePersons, Handle: p.create},
		{Pattern: "GET /persone/{id}", Permission: readPersons, Handle: p.show},
		{Pattern: "GET /persone/{id}/modifica", Permission: writePersons, Handle: p.showEdit},
		{Pattern: "POST /persone/{id}/modifica", Permission: writePersons, Handle: p.update},
		{Pattern: "GET /persone/{id}/recapiti", Permission: writePersons, Handle: p.showContacts},
		{Pattern: "POST /persone/{id}/recapiti", Permission: writePersons, Handle: p.updateContacts},
		{Pattern: "GET /persone/{id}/nucleo", Permission: readPersons, Handle: p.showHouseholds},
		{Pattern: "POST /persone/{id}/nucleo", Permission: writePersons, Handle: p.createHousehold},
		{Pattern: "POST /persone/{id}/nucleo/{household}/componenti", Permission: writePersons, Handle: p.addMember},
		{Pattern: "GET /persone/{id}/nucleo/componenti/{member}/fine", Permission: writePersons, Handle: p.showEnd},
		{Pattern: "POST /persone/{id}/nucleo/componenti/{member}/fine", Permission: writePersons, Handle: p.endMembership},
	}
}

// findPage is the data of the template registry/persons.
type findPage struct {
	Field  component.Field
	Button component.Button
	New    *component.Button
	Code   string // the fiscal code that was searched, carried into the form of a new person by POST
	Table  component.Table
	Near   *component.Table // persons with almost the name that was searched
}

// find lists the persons of the body, or those that match.
func (p pages) find(r *http.Request, s tenants.Scope) (modules.View, error) {
	ctx, query := r.Context(), r.URL.Query()
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	q := Query{Text: first(query.Get("q"), 200)}
	q.After = modules.LinkID(query.Get("dopo"))
	page := findPage{
		Field: newFieldSet(ctx, nil).field("q", component.Field{
			Value: q.Text, Hint: "registry.hint.q", Required: true, MaxLength: 200, Width: component.Medium,
		}),
		Button: component.Button{Label: say(ctx, "registry.persons.search")},
	}
	if p.service.deps.Permits(s, writePersons) {
		page.New = &component.Button{Label: say(ctx, "registry.persons.new"), URL: "/persone/nuova", Emphasis: component.Primary, Shortcut: "n"}
	}
	if page.Code = CodeIn(q.Text); page.Code != "" && page.New != nil {
		page.New.URL, page.New.Name, page.New.Value = "", "step", "begin"
	}
	found, err := p.service.FindPersons(ctx, s, q)
	if err != nil {
		return modules.View{}, err
	}
	page.Table = personTable(ctx, found, query)
	if len(found.Near) > 0 {
		page.Near = nearTable(ctx, found.Near)
		page.Table.Empty.Text = ""
	}
	return modules.Render("registry/persons", language.M("registry.persons.title"), page), nil
}

// first cuts a text to a number of characters.
func first(text string, max int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), max)])
}

func tableColumns(ctx context.Context) []component.Column {
	return []component.Column{
		{Label: say(ctx, "registry.field.person")},
		{Label: say(ctx, "registry.field.birth_date")},
		{Label: say(ctx, "registry.field.tax_code")},
	}
}

func personTable(ctx context.Context, found Found, query url.Values) component.Table {
	searched := query.Get("q") != ""
	table := component.Table{
		Caption: say(ctx, "registry.persons.caption"), Hidden: true,
		Columns: tableColumns(ctx),
		Empty:   component.Empty{Title: say(ctx, "registry.persons.none"), Text: say(ctx, "registry.persons.none.help")},
		Pager:   &component.Pager{Shown: say(ctx, "registry.persons.shown", "n", len(found.Persons))},
	}
	if searched {
		table.Empty = component.Empty{
			Title: say(ctx, "registry.persons.nothing"), Text: say(ctx, "registry.persons.nothing.help"),
			Action: &component.Link{Label: say(ctx, "registry.persons.reset"), URL: "/persone"},
		}
	}
	for _, person := range found.Persons {
		table.Rows = append(table.Rows, component.Row{Cells: personCells(ctx, person)})
	}
	if found.Next != uuid.Nil {
		query.Set("dopo", found.Next.String())
		table.Pager.Next = "/persone?" + query.Encode()
	}
	return table
}

// nearTable lists whom a search may have meant.
func nearTable(ctx context.Context, near []Person) *component.Table {
	table := &component.Table{ID: "simili", Caption: say(ctx, "registry.persons.near"), Columns: tableColumns(ctx)}
	for _, person := range near {
		table.Rows = append(table.Rows, component.Row{Cells: personCells(ctx, person)})
	}
	return table
}

func personCells(ctx context.Context, p Person) []component.Cell {
	code := component.Cell{Text: p.TaxCode}
	if p.TaxCode == "" {
		code.Tags = []component.Tag{{Label: say(ctx, "registry.nocode"), Tone: component.Warning}}
	}
	name := component.Cell{Text: p.ListName(), URL: "/persone/" + p.ID.String()}
	if !p.DeathDate.IsZero() {
		name.Tags = []component.Tag{{Label: say(ctx, "registry.dead")}}
	}
	return []component.Cell{name, {Date: p.BirthDate}, code}
}

// duplicatesPage is the data of the template registry/duplicates.
type duplicatesPage struct {
	Alert   component.Alert
	Table   component.Table
	Action  string
	Hidden  []component.Hidden
	Buttons component.ButtonRow
}

func (p pages) showNew(r *http.Request, _ tenants.Scope) (modules.View, error) {
	f, err := readPersonForm(r)
	if err != nil {
		return modules.View{}, err
	}
	return newPersonForm(newFieldSet(r.Context(), nil), f, nil), nil
}

// CodeIn is the fiscal code of a person that somebody typed where one searches; "" for anything else.
func CodeIn(text string) string {
	code, err := taxcode.Parse(text)
	if err != nil || code.Kind() != taxcode.Person {
		return ""
	}
	return code.String()
}

// NewWithCode is the form of a new person with a fiscal code filled in, for who has typed one on another page; then says where
// the registration leads, as the address of the form does.
func NewWithCode(ctx context.Context, then, code string) modules.View {
	return newPersonForm(newFieldSet(ctx, nil), personForm{ID: modules.FormID(""), Then: then, Details: Details{TaxCode: code}}, nil)
}

// newPersonForm shows the form of a new person, with the warnings that were not shown before.
func newPersonForm(set fieldSet, f personForm, warnings []Warning) modules.View {
	ctx := set.ctx
	page := formPage{
		Heading: say(ctx, "registry.new.title"), Help: say(ctx, "registry.new.help"), Action: "/persone/nuova",
		Crumbs: crumbs(ctx, component.Crumb{Label: say(ctx, "registry.new.title")}),
		Buttons: component.ButtonRow{Buttons: []component.Button{
			{Label: say(ctx, "registry.new.save"), Emphasis: component.Primary},
			{Label: say(ctx, "web.cancel"), URL: back(f.Then), Emphasis: component.Plain},
		}},
	}
	f.Accepted = ""
	if len(warnings) > 0 {
		f.warn(set, warnings)
		page.Alert = &component.Alert{Tone: component.Warning, Title: say(ctx, "registry.doubt.title"), Text: say(ctx, "registry.doubt.text")}
	}
	page.Hidden, page.Groups = f.hidden(), f.groups(set)
	return form(language.M("registry.new.title"), page)
}

// refuse fills in the summary of what is wrong and answers that the form was refused.
func refuse(ctx context.Context, view modules.View, err error) modules.View {
	page, _ := view.Data.(formPage)
	page.summarize(ctx, err)
	view.Data = page
	return view.Refused()
}

// create registers a person. In between it may show warnings at the fields and persons who may be the same; a second
// press of the button goes on, and nothing is typed again.
func (p pages) create(r *http.Request, s tenants.Scope) (modules.View, error) {
	ctx := r.Context()
	f, err := readPersonForm(r)
	if err != nil {
		return modules.View{}, err
	}
	if r.Form.Get("step") == "begin" {
		return newPersonForm(newFieldSet(ctx, nil), f, nil), nil
	}
	_, warnings, err := f.Check(language.Day(time.Now()))
	_, contactsErr := f.Contacts.Check()
	if err := join(err, contactsErr); err != nil {
		return refuse(ctx, newPersonForm(newFieldSet(ctx, err), f, warnings), err), nil
	}
	if !f.accepts(warnings) || r.Form.Get("step") == "back" {
		return newPersonForm(newFieldSet(ctx, nil), f, warnings), nil
	}
	if r.Form.Get("step") != "another" {
		duplicates, err := p.service.FindDuplicates(ctx, s, f.Details)
		if err != nil {
			return modules.View{}, err
		}
		// a second press of the button finds the person that the first one made
		duplicates = slices.DeleteFunc(duplicates, func(d Duplicate) bool { return d.ID == f.ID })
		if len(duplicates) > 0 {
			return showDuplicates(ctx, f, duplicates), nil
		}
	}
	person, err := p.service.Create(ctx, s, NewPerson{ID: f.ID, Details: f.Details, Contacts: f.Contacts})
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(next(f.Then, person.ID), language.M("registry.new.done")), nil
}

func showDuplicates(ctx context.Context, f personForm, duplicates []Duplicate) modules.View {
	page := duplicatesPage{
		Alert:  component.Alert{Tone: component.Warning, Title: say(ctx, "registry.duplicates.alert", "n", len(duplicates)), Text: say(ctx, "registry.duplicates.help")},
		Action: "/persone/nuova", Hidden: f.values(),
		Buttons: component.ButtonRow{Buttons: []component.Button{
			{Label: say(ctx, "registry.duplicates.another"), Name: "step", Value: "another"},
			{Label: say(ctx, "registry.duplicates.back"), Name: "step", Value: "back"},
		}},
		Table: component.Table{
			Caption: say(ctx, "registry.duplicates.caption"), Hidden: true,
			Columns: []component.Column{
				{Label: say(ctx, "registry.field.person")},
				{Label: say(ctx, "registry.duplicates.use"), Hidden: true},
				{Label: say(ctx, "registry.field.birth_date")},
				{Label: say(ctx, "registry.field.tax_code")},
			},
		},
	}
	for _, d := range duplicates {
		cells := personCells(ctx, d.Person)
		for _, reason := range d.Reasons {
			cells[0].Tags = append(cells[0].Tags, component.Tag{Label: say(ctx, "registry.duplicates."+reason), Tone: component.Warning})
		}
		use := component.Link{Label: say(ctx, "registry.duplicates.use"), Hidden: d.FullName(), URL: next(f.Then, d.ID)}
		cells = slices.Insert(cells, 1, component.Cell{Actions: []component.Link{use}}) // beside the name also on a narrow screen
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: cells})
	}
	return modules.Render("registry/duplicates", language.M("registry.duplicates.title"), page)
}

func crumbs(ctx context.Context, more ...component.Crumb) component.Breadcrumb {
	all := append([]component.Crumb{{Label: say(ctx, "registry.persons.title"), URL: "/persone"}}, more...)
	return component.Breadcrumb{Items: all}
}

func personCrumb(p Person) component.Crumb {
	return component.Crumb{Label: p.FullName(), URL: "/persone/" + p.ID.String()}
}

// age is the number of whole years lived at a day.
func age(birth, at time.Time) int {
	years := at.Year() - birth.Year()
	if at.Month() < birth.Month() || (at.Month() == birth.Month() && at.Day() < birth.Day()) {
		years--
	}
	return years
}
