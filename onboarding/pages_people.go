package onboarding

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

// peoplePage lists who works at an entry and lets add one more.
type peoplePage struct {
	Errors component.ErrorSummary
	People component.Summary
	Action string
	Fields []component.Field
	Add    component.Button
	Back   component.Link
}

// peopleNames are the names of those who work at an entry.
func (p pages) peopleNames(r *http.Request, s tenants.Scope, entry uuid.UUID) (string, error) {
	people, err := p.service.FindPeople(r.Context(), s, entry)
	names := make([]string, len(people))
	for i, person := range people {
		names[i] = person.Name
	}
	return strings.Join(names, ", "), err
}

func (p pages) showPeople(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, away, err := p.open(r, s)
	if err != nil || away != nil {
		return p.gone(away, err)
	}
	return p.peopleView(r, s, e, nil)
}

func (p pages) peopleView(r *http.Request, s tenants.Scope, e Entry, refused error) (modules.View, error) {
	people, err := p.service.FindPeople(r.Context(), s, e.ID)
	if err != nil {
		return modules.View{}, err
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	page := peoplePage{
		Action: pathOf(e.ID) + "/persone", Back: component.Link{Label: modules.Say(r, "onboarding.back.entry"), URL: pathOf(e.ID)},
		Add:    component.Button{Label: modules.Say(r, "onboarding.user.add"), Emphasis: component.Primary},
		People: component.Summary{Title: modules.Say(r, "onboarding.people.title")},
		Fields: []component.Field{
			{ID: "name", Label: modules.Say(r, "onboarding.user.name"), Value: modules.Value(r, "name"), Error: wrong["name"], Required: true, MaxLength: 120, Width: component.Medium},
			{ID: "tax_code", Kind: component.Code, Label: modules.Say(r, "onboarding.user.tax_code"), Hint: modules.Say(r, "onboarding.people.code_hint"), Value: modules.Value(r, "tax_code"), Error: wrong["tax_code"], Required: true, MaxLength: 40, Width: component.Medium},
		},
	}
	page.Errors = component.Summarize(page.Fields...)
	for _, person := range people {
		row := component.SummaryRow{Label: person.Name, Values: []string{modules.Say(r, "onboarding.people.since", "day", person.Since.In(rome).Format("02/01/2006"))}}
		if person.Account == s.Account {
			row.Values = append(row.Values, modules.Say(r, "onboarding.people.you"))
		}
		page.People.Rows = append(page.People.Rows, row)
	}
	return again(modules.Render("onboarding/people", language.M("onboarding.people.add"), page), refused), nil
}

func (p pages) addPerson(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.AddPerson(r.Context(), s, id, NewParticipant{Name: modules.Value(r, "name"), TaxCode: modules.Value(r, "tax_code")})
	if err == nil {
		return modules.Redirect(pathOf(id), language.M("onboarding.people.done")), nil
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
