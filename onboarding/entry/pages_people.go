package entry

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// peoplePage lists who works at an entry; who began it lets others in and removes them there.
type peoplePage struct {
	Errors component.ErrorSummary
	Rights string // who may do what, for who did not begin the entry
	People component.Summary
	Invite *inviteForm
	Back   component.Link
}

// inviteForm lets one more person work at an entry.
type inviteForm struct {
	Action string
	Fields []component.Field
	Add    component.Button
}

// peopleNames are the names of those who work at an entry.
func peopleNames(people []Participant) string {
	names := make([]string, len(people))
	for i, person := range people {
		names[i] = person.Name
	}
	return strings.Join(names, ", ")
}

// starterRights tells somebody who did not begin an open entry what only its starter does; "" for everybody else.
func starterRights(r *http.Request, e Entry, people []Participant) string {
	if e.Starter || e.State != Open {
		return ""
	}
	return modules.Say(r, "onboarding.people.rights", "name", people[0].Name)
}

func peopleURL(entry uuid.UUID) string { return pathOf(entry) + "/persone" }

func removalURL(entry, person uuid.UUID) string {
	return peopleURL(entry) + "/" + person.String() + "/rimuovi"
}

func (p pages) showPeople(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, _, err := p.open(r, s) // also of a live entry people are removed
	if err != nil {
		return modules.View{}, err
	}
	return p.peopleView(r, s, e, nil)
}

func (p pages) peopleView(r *http.Request, s tenants.Scope, e Entry, refused error) (modules.View, error) {
	people, err := p.service.FindPeople(r.Context(), s, e.ID)
	if err != nil {
		return modules.View{}, err
	}
	page := peoplePage{
		Rights: starterRights(r, e, people),
		Back:   component.Link{Label: modules.Say(r, "onboarding.back.entry"), URL: pathOf(e.ID)},
	}
	for _, person := range people {
		page.People.Rows = append(page.People.Rows, personRow(r, s, e, person))
	}
	if e.Starter && e.State != Activating {
		page.Invite = invite(r, e, modules.FieldErrors(r.Context(), refused))
		page.Errors = component.Summarize(page.Invite.Fields...)
	}
	return again(modules.Render("onboarding/people", language.M("onboarding.people.title"), page), refused), nil
}

func invite(r *http.Request, e Entry, wrong map[string]string) *inviteForm {
	return &inviteForm{
		Action: peopleURL(e.ID), Add: component.Button{Label: modules.Say(r, "onboarding.user.add"), Emphasis: component.Primary},
		Fields: []component.Field{
			{ID: "name", Label: modules.Say(r, "onboarding.user.name"), Value: modules.Value(r, "name"), Error: wrong["name"], Required: true, MaxLength: 120, Width: component.Medium},
			{ID: "tax_code", Kind: component.Code, Label: modules.Say(r, "onboarding.user.tax_code"), Hint: modules.Say(r, "onboarding.people.code_hint"), Value: modules.Value(r, "tax_code"), Error: wrong["tax_code"], Required: true, MaxLength: 40, Width: component.Medium},
		},
	}
}

// personRow is somebody with the way to remove them, for who may.
func personRow(r *http.Request, s tenants.Scope, e Entry, person Participant) component.SummaryRow {
	since := "onboarding.people.since"
	if person.Starter {
		since = "onboarding.people.began"
	}
	row := component.SummaryRow{Label: person.Name, Values: []string{modules.Say(r, since, "day", person.Since.In(language.Rome).Format("02/01/2006"))}}
	self := person.Account == s.Account
	if self {
		row.Values = append(row.Values, modules.Say(r, "onboarding.people.you"))
	}
	if mayRemove(s, e, person.Account) != nil {
		return row
	}
	row.Change = &component.Link{Label: modules.Say(r, "onboarding.user.remove"), Hidden: person.Name, URL: removalURL(e.ID, person.Account)}
	if self {
		row.Change.Label, row.Change.Hidden = modules.Say(r, "onboarding.leave.go"), ""
	}
	return row
}

func (p pages) addPerson(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.AddPerson(r.Context(), s, id, NewParticipant{Name: modules.Value(r, "name"), TaxCode: modules.Value(r, "tax_code")})
	if err == nil {
		return modules.Redirect(peopleURL(id), language.M("onboarding.people.done")), nil
	}
	if !problem.Is(err, problem.Invalid) {
		return modules.View{}, err
	}
	e, getErr := p.service.Get(r.Context(), s, id)
	if getErr != nil {
		return modules.View{}, getErr
	}
	return p.peopleView(r, s, e, err)
}

// confirmRemoval says what happens to somebody who is removed, or who leaves.
func (p pages) confirmRemoval(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, _, err := p.open(r, s)
	if err != nil {
		return modules.View{}, err
	}
	id, err := modules.PathID(r, "person")
	if err != nil {
		return modules.View{}, err
	}
	person, err := p.service.GetRemovable(r.Context(), s, e, id)
	if err != nil {
		return modules.View{}, err
	}
	act := "onboarding.remove."
	if id == s.Account {
		act = "onboarding.leave."
	}
	title := language.M(act+"title", "name", person.Name)
	page := component.Confirm{
		Title: language.Say(r.Context(), title), Text: []string{p.name(r, e)},
		Consequences: []string{modules.Say(r, act+"sight"), modules.Say(r, act+"work")},
		Action:       removalURL(e.ID, id), CancelURL: peopleURL(e.ID),
		Button: component.Button{Label: modules.Say(r, act+"go"), Emphasis: component.Grave},
	}
	if id == s.Account && e.State == Open {
		page.Consequences = append(page.Consequences, modules.Say(r, "onboarding.leave.open"))
	}
	return modules.Render("onboarding/remove", title, page), nil
}

func (p pages) removePerson(r *http.Request, s tenants.Scope) (modules.View, error) {
	entry, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	person, err := modules.PathID(r, "person")
	if err != nil {
		return modules.View{}, err
	}
	if err := p.service.RemovePerson(r.Context(), s, entry, person); err != nil {
		return modules.View{}, err
	}
	if person == s.Account {
		return modules.Redirect(minePath, language.M("onboarding.leave.done")), nil
	}
	return modules.Redirect(peopleURL(entry), language.M("onboarding.remove.done")), nil
}
