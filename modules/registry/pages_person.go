package registry

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// personPage is the data of the template registry/person.
type personPage struct {
	Crumbs     component.Breadcrumb
	Identity   component.Identity
	Hints      []component.Alert // what other modules have to say
	Summary    component.Summary
	Contacts   *component.Summary // nil if the reader may not see contacts
	Households []component.Table
	Household  *component.Link // nil if the reader may not see households
	Changes    component.Table
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	sheet, err := p.service.GetSheet(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	ctx, confined := r.Context(), p.service.confine(s)
	writes := p.service.deps.Permits(s, writePersons)
	page := personPage{
		Crumbs: crumbs(ctx, component.Crumb{Label: sheet.FullName()}), Identity: identityBar(ctx, sheet.Person),
		Summary: identitySummary(ctx, sheet.Person), Changes: changesTable(ctx, sheet.Changes),
	}
	if writes {
		page.Summary.Change = change(ctx, id, "modifica", "registry.person.identity")
	}
	page.Identity.Actions = p.actions(ctx, s, id)
	page.Hints = HintAlerts(ctx, p.service.deps, s, sheet.Person)
	if confined.Reads("contacts") {
		page.Contacts = contactsSummary(ctx, sheet.Current())
		if writes && confined.Writes("contacts") {
			page.Contacts.Change = change(ctx, id, "recapiti", "registry.group.contacts")
		}
	}
	if confined.Reads("household") {
		page.Household = &component.Link{Label: say(ctx, "registry.person.to_household"), URL: "/persone/" + id.String() + "/nucleo"}
		for _, h := range sheet.Households {
			page.Households = append(page.Households, householdTable(ctx, id, h.Present(), false))
		}
	}
	return modules.Render("registry/person", language.M("registry.person.title", "name", sheet.FullName()), page), nil
}

// HintAlerts are what other modules have to say about a person, for pages where somebody meets them; there may be none, and no
// page waits long for them.
func HintAlerts(ctx context.Context, deps modules.Deps, s tenants.Scope, person Person) []component.Alert {
	var alerts []component.Alert
	for _, h := range deps.Platform.Hints.Find(ctx, s, modules.Hinted{Person: person.ID, TaxCode: person.TaxCode}) {
		alert := component.Alert{Tone: component.Info, Title: language.Say(ctx, h.Label)}
		if h.Path != "" {
			alert.Link = &component.Link{Label: language.Say(ctx, h.Go), URL: h.Path}
		}
		alerts = append(alerts, alert)
	}
	return alerts
}

// actions are what the actor may begin with a person in other modules, where there are such.
func (p pages) actions(ctx context.Context, s tenants.Scope, id uuid.UUID) []component.Button {
	var buttons []component.Button
	for _, b := range []struct{ permission, label, path string }{
		{"contact:write", "registry.person.contact", next("sportello", id)},
		{"case:create", "registry.person.case", next("cartella", id)},
		{"case:read", "registry.person.cases", "/cartelle?persona=" + id.String()},
		{"contact:read", "registry.person.arrivals", "/sportello?persona=" + id.String()},
		{"subject_request:register", "registry.person.request", "/console/richieste/nuova?persona=" + id.String()},
	} {
		if p.service.deps.Permits(s, b.permission) {
			buttons = append(buttons, component.Button{Label: say(ctx, b.label), URL: b.path})
		}
	}
	return buttons
}

func change(ctx context.Context, id uuid.UUID, page, what string) *component.Link {
	return &component.Link{Label: say(ctx, "registry.change"), Hidden: say(ctx, what), URL: "/persone/" + id.String() + "/" + page}
}

func identityBar(ctx context.Context, p Person) component.Identity {
	bar := component.Identity{Label: say(ctx, "registry.field.person"), Name: p.FullName(), Notice: say(ctx, "registry.person.audited")}
	if !p.BirthDate.IsZero() {
		until := language.Day(time.Now())
		if !p.DeathDate.IsZero() {
			until = p.DeathDate
		}
		bar.Facts = append(bar.Facts, component.Fact{Label: say(ctx, "registry.person.age"), Value: say(ctx, "registry.person.years", "n", age(p.BirthDate, until))})
	}
	if p.TaxCode != "" {
		bar.Facts = append(bar.Facts, component.Fact{Label: say(ctx, "registry.field.tax_code"), Value: p.TaxCode})
	} else {
		bar.Tags = append(bar.Tags, component.Tag{Label: say(ctx, "registry.nocode"), Tone: component.Warning})
	}
	if !p.DeathDate.IsZero() {
		bar.Tags = append(bar.Tags, component.Tag{Label: say(ctx, "registry.dead")})
	}
	return bar
}

func identitySummary(ctx context.Context, p Person) component.Summary {
	row := func(name, value string) component.SummaryRow {
		r := component.SummaryRow{Label: say(ctx, "registry.field."+name)}
		if value != "" {
			r.Values = []string{value}
		}
		return r
	}
	code := row("tax_code", p.TaxCode)
	if p.CodeKind != TaxCode {
		code.Tag = &component.Tag{Label: say(ctx, "registry.code_kind."+p.CodeKind), Tone: component.Info}
	}
	rows := []component.SummaryRow{code, row("surname", p.Surname), row("name", p.Name)}
	if p.NoCodeReason != "" {
		rows = append(rows, row("no_code_reason", say(ctx, "registry.reason."+p.NoCodeReason)))
	}
	if p.Alias != "" {
		rows = append(rows, row("alias", p.Alias))
	}
	birth := row("birth_date", "")
	birth.Date = p.BirthDate
	rows = append(rows, birth, row("birthplace", strings.TrimSpace(p.Birthplace+" "+inBrackets(p.BirthplaceCode))),
		row("sex", changeValue(ctx, "sex", p.Sex)), row("citizenship", p.Citizenship))
	if p.NoFixedAbode {
		rows = append(rows, row("no_fixed_abode", say(ctx, "registry.field.no_fixed_abode.yes")))
	}
	if !p.DeathDate.IsZero() {
		death := row("death_date", "")
		death.Date = p.DeathDate
		rows = append(rows, death)
	}
	return component.Summary{Title: say(ctx, "registry.person.identity"), Rows: rows}
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}

func contactsSummary(ctx context.Context, c Contacts) *component.Summary {
	summary := &component.Summary{Title: say(ctx, "registry.group.contacts")}
	add := func(name string, values ...string) {
		r := component.SummaryRow{Label: say(ctx, "registry.field."+name)}
		for _, v := range values {
			if v != "" {
				r.Values = append(r.Values, v)
			}
		}
		summary.Rows = append(summary.Rows, r)
	}
	add("mobile", c.Mobile)
	add("phone", c.Phone)
	add("email", c.Email)
	add("address", c.Address, strings.TrimSpace(c.PostalCode+" "+c.Municipality))
	return summary
}

func changesTable(ctx context.Context, changes []Change) component.Table {
	table := component.Table{
		ID: "variazioni", Caption: say(ctx, "registry.changes.title"), Hidden: true,
		Columns: []component.Column{
			{Label: say(ctx, "registry.changes.field")},
			{Label: say(ctx, "registry.changes.old")},
			{Label: say(ctx, "registry.changes.new")},
			{Label: say(ctx, "registry.changes.who")},
			{Label: say(ctx, "registry.changes.when")},
		},
		Empty: component.Empty{Title: say(ctx, "registry.changes.none"), Text: say(ctx, "registry.changes.none.help")},
	}
	for _, c := range changes {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: say(ctx, "registry.field."+c.Field)},
			{Text: changeValue(ctx, c.Field, c.OldValue)},
			{Text: changeValue(ctx, c.Field, c.NewValue)},
			{Text: c.ChangedName},
			{Instant: c.ChangedAt.In(language.Rome)},
		}})
	}
	return table
}

// changeValue says a stored value of a field in words.
func changeValue(ctx context.Context, field, value string) string {
	if value == "" {
		return ""
	}
	switch field {
	case "sex":
		return say(ctx, "registry.sex."+value)
	case "no_code_reason":
		return say(ctx, "registry.reason."+value)
	case "no_fixed_abode":
		return say(ctx, "registry.field.no_fixed_abode.yes")
	case "birth_date", "death_date":
		if d, err := time.Parse(time.DateOnly, value); err == nil {
			return d.Format("02/01/2006")
		}
	}
	return value
}

func (p pages) showEdit(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	person, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	return editForm(newFieldSet(r.Context(), nil), personFormOf(person), person, nil), nil
}

func editForm(set fieldSet, f personForm, now Person, warnings []Warning) modules.View {
	ctx := set.ctx
	page := formPage{
		Heading: say(ctx, "registry.edit.title", "name", now.FullName()), Help: say(ctx, "registry.edit.help"),
		Action: "/persone/" + now.ID.String() + "/modifica",
		Crumbs: crumbs(ctx, personCrumb(now), component.Crumb{Label: say(ctx, "registry.change")}),
		Buttons: component.ButtonRow{Buttons: []component.Button{
			{Label: say(ctx, "registry.save"), Emphasis: component.Primary},
			{Label: say(ctx, "web.cancel"), URL: "/persone/" + now.ID.String(), Emphasis: component.Plain},
		}},
	}
	f.Accepted = ""
	if len(warnings) > 0 {
		f.warn(set, warnings)
		page.Alert = &component.Alert{Tone: component.Warning, Title: say(ctx, "registry.doubt.title"), Text: say(ctx, "registry.doubt.text")}
	}
	page.Hidden, page.Groups = f.hidden(), f.groups(set)
	return form(language.M("registry.edit.title", "name", now.FullName()), page)
}

func (p pages) update(r *http.Request, s tenants.Scope) (modules.View, error) {
	ctx := r.Context()
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	f, err := readPersonForm(r)
	if err != nil {
		return modules.View{}, err
	}
	f.ID, f.Version = id, max(f.Version, 1)
	now, err := p.service.Get(ctx, s, id)
	if err != nil {
		return modules.View{}, err
	}
	_, warnings, err := f.Check(language.Day(time.Now()))
	if err != nil {
		return refuse(ctx, editForm(newFieldSet(ctx, err), f, now, warnings), err), nil
	}
	if !f.accepts(warnings) {
		return editForm(newFieldSet(ctx, nil), f, now, warnings), nil
	}
	_, err = p.service.Update(ctx, s, id, f.Version, f.Details)
	switch {
	case problem.Is(err, problem.Conflict):
		return p.showConflict(r, s, f, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect("/persone/"+id.String(), language.M("registry.edit.done")), nil
}

// showConflict shows what was written beside what the person now has; saving again is then a choice.
func (p pages) showConflict(r *http.Request, s tenants.Scope, f personForm, refused error) (modules.View, error) {
	ctx := r.Context()
	now, err := p.service.Get(ctx, s, f.ID)
	if err != nil {
		return modules.View{}, err
	}
	f.Version = now.Version
	set := newFieldSet(ctx, nil)
	f.compareWith(ctx, now, set)
	view := editForm(set, f, now, nil)
	page, _ := view.Data.(formPage)
	page.Alert = conflictAlert(ctx, refused)
	view.Data, view.Status = page, problem.Conflict.Status()
	return view, nil
}

// conflictAlert says that somebody else changed what was to be saved, or what else the database refuses.
func conflictAlert(ctx context.Context, refused error) *component.Alert {
	if said := problem.Of(refused).Message; said.Key == "web.error.restricted" {
		return &component.Alert{Tone: component.Warning, Title: language.Say(ctx, said)}
	}
	return &component.Alert{Tone: component.Warning, Title: say(ctx, "registry.conflict.title"), Text: say(ctx, "registry.conflict.text")}
}

func (p pages) showContacts(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	sheet, err := p.service.GetSheet(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	row, err := uuid.NewV7()
	if err != nil {
		return modules.View{}, err
	}
	n := NewContacts{ID: row, Person: id, Replaces: sheet.Current().ID, ContactDetails: sheet.Current().ContactDetails}
	return contactsForm(newFieldSet(r.Context(), nil), n, sheet.Person), nil
}

func contactsForm(set fieldSet, n NewContacts, now Person) modules.View {
	ctx := set.ctx
	title := language.M("registry.contacts.title", "name", now.FullName())
	return form(title, formPage{
		Heading: language.Say(ctx, title), Help: say(ctx, "registry.contacts.help"), Action: "/persone/" + now.ID.String() + "/recapiti",
		Crumbs: crumbs(ctx, personCrumb(now), component.Crumb{Label: say(ctx, "registry.group.contacts")}),
		Hidden: []component.Hidden{{Name: "id", Value: n.ID.String()}, {Name: "replaces", Value: n.Replaces.String()}},
		Groups: []group{{Fields: contactFields(set, n.ContactDetails)}},
		Buttons: component.ButtonRow{Buttons: []component.Button{
			{Label: say(ctx, "registry.save"), Emphasis: component.Primary},
			{Label: say(ctx, "web.cancel"), URL: "/persone/" + now.ID.String(), Emphasis: component.Plain},
		}},
	})
}

func (p pages) updateContacts(r *http.Request, s tenants.Scope) (modules.View, error) {
	ctx := r.Context()
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	n := NewContacts{Person: id, ContactDetails: readContacts(r)}
	n.ID = formID(r)
	n.Replaces = modules.LinkID(r.Form.Get("replaces")) // what is no id is no row that exists
	err = p.service.UpdateContacts(ctx, s, n)
	if err == nil {
		return modules.Redirect("/persone/"+id.String(), language.M("registry.contacts.done")), nil
	}
	if !invalid(err) && !problem.Is(err, problem.Conflict) {
		return modules.View{}, err
	}
	sheet, readErr := p.service.GetSheet(ctx, s, id)
	if readErr != nil {
		return modules.View{}, readErr
	}
	if invalid(err) {
		return refuse(ctx, contactsForm(newFieldSet(ctx, err), n, sheet.Person), err), nil
	}
	return conflictingContacts(ctx, n, sheet, err), nil
}

// conflictingContacts shows what was written beside what somebody else saved meanwhile.
func conflictingContacts(ctx context.Context, n NewContacts, sheet Sheet, refused error) modules.View {
	current := sheet.Current()
	set := newFieldSet(ctx, nil)
	for name, pair := range map[string][2]string{
		"phone": {n.Phone, current.Phone}, "mobile": {n.Mobile, current.Mobile}, "email": {n.Email, current.Email},
		"address": {n.Address, current.Address}, "postal_code": {n.PostalCode, current.PostalCode},
		"municipality": {n.Municipality, current.Municipality},
	} {
		if pair[0] != pair[1] {
			set.notes[name] = say(ctx, "registry.conflict.now", "value", pair[1])
		}
	}
	n.Replaces = current.ID
	view := contactsForm(set, n, sheet.Person)
	page, _ := view.Data.(formPage)
	page.Alert = conflictAlert(ctx, refused)
	view.Data, view.Status = page, problem.Conflict.Status()
	return view
}
