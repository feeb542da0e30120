package registry

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// householdsPage is the data of the template registry/households.
type householdsPage struct {
	Errors     component.ErrorSummary
	Crumbs     component.Breadcrumb
	Heading    string
	Households []householdPart
	New        *householdForm // nil when the person has a household of every kind, or for who only reads
}

// householdPart is one household with the form to add a member.
type householdPart struct {
	Table  component.Table
	Search *memberSearch
	Add    *householdForm
}

// memberSearch looks for the person to add.
type memberSearch struct {
	Action    string
	Household string
	Field     component.Field
	Button    component.Button
	Register  component.Link
}

// householdForm adds a member to a household, or makes one.
type householdForm struct {
	Action string
	Hidden []component.Hidden
	Fields []component.Field
	Button component.Button
}

// householdTable lists members; when somebody left it has a column for that.
func householdTable(ctx context.Context, of uuid.UUID, h Household, writes bool) component.Table {
	table := component.Table{
		ID: "nucleo-" + h.Kind, Caption: say(ctx, "registry.household."+h.Kind),
		Columns: []component.Column{
			{Label: say(ctx, "registry.field.person")},
			{Label: say(ctx, "registry.field.relation")},
			{Label: say(ctx, "registry.field.birth_date")},
			{Label: say(ctx, "registry.field.from")},
		},
	}
	past := slices.ContainsFunc(h.Members, func(m Member) bool { return !m.ValidTo.IsZero() })
	if past {
		table.Columns = append(table.Columns, component.Column{Label: say(ctx, "registry.field.to")})
	}
	if writes {
		table.Columns = append(table.Columns, component.Column{Label: say(ctx, "registry.household.actions"), Hidden: true})
	}
	for _, m := range h.Members {
		name := m.FullName()
		cells := []component.Cell{
			{Text: name, URL: "/persone/" + m.PersonID.String()},
			{Text: say(ctx, "registry.relation."+m.Relation)},
			{Date: m.BirthDate},
			{Date: m.ValidFrom},
		}
		if past {
			cells = append(cells, component.Cell{Date: m.ValidTo})
		}
		if writes {
			var actions component.Cell
			if m.ValidTo.IsZero() {
				end := "/persone/" + of.String() + "/nucleo/componenti/" + m.ID.String() + "/fine"
				actions.Actions = []component.Link{{Label: say(ctx, "registry.member.end"), Hidden: name, URL: end}}
			}
			cells = append(cells, actions)
		}
		table.Rows = append(table.Rows, component.Row{Cells: cells})
	}
	return table
}

func (p pages) showHouseholds(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	return p.households(r, s, id, nil)
}

// households shows the households of a person; err is why a form on the page was refused.
func (p pages) households(r *http.Request, s tenants.Scope, id uuid.UUID, refused error) (modules.View, error) {
	ctx := r.Context()
	households, err := p.service.FindHouseholds(ctx, s, id)
	if err != nil {
		return modules.View{}, err
	}
	person, err := p.service.Get(ctx, s, id)
	if err != nil {
		return modules.View{}, err
	}
	title := language.M("registry.households.title", "name", person.FullName())
	page := householdsPage{
		Heading: language.Say(ctx, title),
		Crumbs:  crumbs(ctx, personCrumb(person), component.Crumb{Label: say(ctx, "registry.person.household")}),
	}
	writes := p.service.deps.Permits(s, writePersons)
	writes = writes && p.service.confine(s).Writes("household")
	target := r.Form.Get("nucleo")
	kinds := slices.Clone(HouseholdKinds)
	for _, h := range households {
		kinds = slices.DeleteFunc(kinds, func(kind string) bool { return kind == h.Kind })
		part := householdPart{Table: householdTable(ctx, id, h, writes)}
		if writes {
			var fault error
			if target == h.ID.String() {
				fault = refused
			}
			if err := p.addPart(r, s, &part, adding{id, h, target == h.ID.String(), fault}); err != nil {
				return modules.View{}, err
			}
		}
		page.Households = append(page.Households, part)
	}
	if writes && len(kinds) > 0 {
		var fault error
		if target == "" {
			fault = refused
		}
		page.New = newHouseholdForm(r, id, kinds, fault)
	}
	page.summarize()
	view := modules.Render("registry/households", title, page)
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

func (p *householdsPage) summarize() {
	var fields []component.Field
	for _, h := range p.Households {
		if h.Add != nil {
			fields = append(fields, h.Add.Fields...)
		}
	}
	if p.New != nil {
		fields = append(fields, p.New.Fields...)
	}
	p.Errors = component.Summarize(fields...)
}

// adding is a household to which somebody may be added.
type adding struct {
	person  uuid.UUID
	to      Household
	open    bool // the search or the form of this household was sent
	refused error
}

// addPart gives a household its search box and, once somebody is found, the form to add them.
func (p pages) addPart(r *http.Request, s tenants.Scope, part *householdPart, a adding) error {
	ctx := r.Context()
	key, text := a.to.Kind, ""
	if a.open {
		text = first(r.Form.Get("q"), 200)
	}
	part.Search = &memberSearch{
		Action: "/persone/" + a.person.String() + "/nucleo", Household: a.to.ID.String(),
		Field: component.Field{
			ID: "q-" + key, Name: "q", Label: say(ctx, "registry.member.search"), Hint: say(ctx, "registry.hint.q"), Value: text,
			Required: true, MaxLength: 200, Width: component.Medium,
		},
		Button: component.Button{Label: say(ctx, "registry.persons.search"), Hidden: say(ctx, "registry.household."+key)},
		Register: component.Link{
			Label: say(ctx, "registry.member.register"), Hidden: say(ctx, "registry.household."+key),
			URL: "/persone/nuova?poi=nucleo:" + a.person.String() + ":" + a.to.ID.String(),
		},
	}
	if !a.open {
		return nil
	}
	found, err := p.candidates(ctx, s, text, r.Form.Get("persona"))
	if err != nil {
		return err
	}
	if text != "" && len(found) == 0 {
		part.Search.Field.Error = say(ctx, "registry.persons.nothing")
		return nil
	}
	part.Add = memberForm(r, a, found)
	return nil
}

// candidates are the persons who match a text, or the one who was chosen before.
func (p pages) candidates(ctx context.Context, s tenants.Scope, text, chosen string) ([]Person, error) {
	if id, ok := modules.ParseID(chosen); ok {
		person, err := p.service.Get(ctx, s, id)
		return []Person{person}, err
	}
	if text == "" {
		return nil, nil
	}
	found, err := p.service.FindPersons(ctx, s, Query{Text: text, Limit: 10})
	return found.Persons, err
}

func memberForm(r *http.Request, a adding, found []Person) *householdForm {
	ctx := r.Context()
	id := formID(r)
	set := newFieldSet(ctx, a.refused)
	who := component.Field{
		Kind: component.Radios, ID: "persona-" + a.to.Kind, Name: "persona", Label: say(ctx, "registry.member.who"), Required: true,
		Error: set.fault["person"],
	}
	for _, person := range found {
		option := component.Option{Value: person.ID.String(), Label: person.ListName(), Hint: person.TaxCode, Selected: len(found) == 1}
		if !person.BirthDate.IsZero() {
			option.Hint = person.BirthDate.Format("02/01/2006") + " " + person.TaxCode
		}
		who.Options = append(who.Options, option)
	}
	return &householdForm{
		Action: "/persone/" + a.person.String() + "/nucleo/" + a.to.ID.String() + "/componenti",
		Hidden: []component.Hidden{{Name: "id", Value: id.String()}, {Name: "nucleo", Value: a.to.ID.String()}, {Name: "q", Value: r.Form.Get("q")}},
		Fields: append([]component.Field{who}, joiningFields(r, set, a.to.Kind, Relations)...),
		Button: component.Button{Label: say(ctx, "registry.member.add"), Emphasis: component.Primary},
	}
}

// joiningFields ask as what and from when somebody belongs to a household.
func joiningFields(r *http.Request, set fieldSet, key string, relations []string) []component.Field {
	relation := set.field("relation", component.Field{
		Kind: component.Select, Required: true, Value: r.Form.Get("relation"), Width: component.Medium,
		Options: choices(set.ctx, "registry.relation.", relations),
	})
	from := set.field("from", component.Field{Kind: component.KnownDate, Date: readParts(r, "from"), Hint: "registry.hint.from"})
	relation.ID, relation.Name = "relation-"+key, "relation"
	from.ID, from.Name = "from-"+key, "from"
	return []component.Field{relation, from}
}

func newHouseholdForm(r *http.Request, person uuid.UUID, kinds []string, refused error) *householdForm {
	ctx := r.Context()
	id := formID(r)
	set := newFieldSet(ctx, refused)
	kind := set.field("kind", component.Field{
		Kind: component.Radios, Required: true, Value: r.Form.Get("kind"), Options: choices(ctx, "registry.household.", kinds),
	})
	return &householdForm{
		Action: "/persone/" + person.String() + "/nucleo",
		Hidden: []component.Hidden{{Name: "id", Value: id.String()}},
		Fields: append([]component.Field{kind}, joiningFields(r, set, "new", Relations)...),
		Button: component.Button{Label: say(ctx, "registry.household.create")},
	}
}

func readJoining(r *http.Request) Joining {
	return Joining{Relation: r.Form.Get("relation"), From: isoDay(readParts(r, "from"))}
}

func (p pages) createHousehold(r *http.Request, s tenants.Scope) (modules.View, error) {
	person, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	id := formID(r)
	n := NewHousehold{ID: id, Kind: r.Form.Get("kind"), Person: person, Joining: readJoining(r)}
	_, err = p.service.CreateHousehold(r.Context(), s, n)
	return p.afterHousehold(r, s, person, err, "registry.household.done")
}

func (p pages) addMember(r *http.Request, s tenants.Scope) (modules.View, error) {
	person, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	household, err := modules.PathID(r, "household")
	if err != nil {
		return modules.View{}, err
	}
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	n := NewMember{Household: household, Joining: readJoining(r)}
	n.ID = formID(r)
	n.Person = modules.LinkID(r.Form.Get("persona")) // nobody chosen is a fault of the field
	return p.afterHousehold(r, s, person, p.service.AddMember(r.Context(), s, n), "registry.member.done")
}

// afterHousehold goes back to the households, or shows them with what was refused.
func (p pages) afterHousehold(r *http.Request, s tenants.Scope, person uuid.UUID, err error, done string) (modules.View, error) {
	if invalid(err) {
		return p.households(r, s, person, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/persone/"+person.String()+"/nucleo", language.M(done)), nil
}

func (p pages) showEnd(r *http.Request, s tenants.Scope) (modules.View, error) {
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	return p.end(r, s, nil)
}

func (p pages) end(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	ctx := r.Context()
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	member, err := modules.PathID(r, "member")
	if err != nil {
		return modules.View{}, err
	}
	m, err := p.service.GetMember(ctx, s, member)
	if err != nil {
		return modules.View{}, err
	}
	set := newFieldSet(ctx, refused)
	back := "/persone/" + id.String() + "/nucleo"
	title := language.M("registry.end.title", "name", m.FullName())
	page := component.Confirm{
		Title: language.Say(ctx, title), Text: []string{say(ctx, "registry.end.text")},
		Fields: []component.Field{set.field("to", component.Field{Kind: component.KnownDate, Required: true, Date: readParts(r, "to")})},
		Hidden: []component.Hidden{{Name: "version", Value: strconv.Itoa(m.Version)}},
		Action: back + "/componenti/" + m.ID.String() + "/fine", CancelURL: back,
		Button: component.Button{Label: say(ctx, "registry.end.save"), Emphasis: component.Primary},
	}
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("registry/end", title, page)
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

func (p pages) endMembership(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	member, err := modules.PathID(r, "member")
	if err != nil {
		return modules.View{}, err
	}
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	version, _ := strconv.Atoi(r.Form.Get("version")) // what is no number is no version that exists
	err = p.service.EndMembership(r.Context(), s, member, version, isoDay(readParts(r, "to")))
	if invalid(err) {
		return p.end(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/persone/"+id.String()+"/nucleo", language.M("registry.end.done")), nil
}
