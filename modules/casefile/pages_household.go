package casefile

import (
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

// householdPage shows who lives with the person of a case now and, to who may read them, how to reach that person.
type householdPage struct {
	Contacts   *component.Summary
	Households []component.Table
	None       component.Empty // there is no household
	Update     *component.Link // nil for guests of another body
}

func (p *pages) household(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := access.Asked(r)(p.service.OpenBeside(r.Context(), s, r.PathValue("case"), "household", "contacts"))
	if err != nil || a == nil {
		return ask, err
	}
	var batch pgx.Batch
	var households []registry.Household
	var contacts []registry.Contacts
	registry.QueueHouseholds(&batch, a.Tenant, a.CaseFile.Person, &households)
	if a.Scope.Reads("contacts") {
		registry.QueueContacts(&batch, a.Tenant, a.CaseFile.Person, &contacts)
	}
	if err := a.Read(r.Context(), &batch); err != nil {
		return modules.View{}, err
	}
	page := householdPage{None: component.Empty{Title: modules.Say(r, "registry.person.no_household")}}
	for _, h := range households {
		page.Households = append(page.Households, cohabitants(r, a, h))
	}
	if a.Scope.Reads("contacts") {
		page.Contacts = reach(r, registry.Sheet{Contacts: contacts}.Current().ContactDetails)
	}
	if !a.Foreign() {
		page.Update = &component.Link{Label: modules.Say(r, "registry.person.to_household"), URL: "/persone/" + a.CaseFile.Person.String() + "/nucleo"}
	}
	return modules.Render("casefile/household", language.M("registry.person.household"), page).On(a.Bar(p.service, "")), nil
}

// cohabitants are the present members of a household; a name that is not granted is not shown.
func cohabitants(r *http.Request, a *access.Access, h registry.Household) component.Table {
	table := component.Table{
		ID: "nucleo-" + h.Kind, Caption: modules.Say(r, "registry.household."+h.Kind),
		Columns: []component.Column{
			{Label: modules.Say(r, "registry.field.person")},
			{Label: modules.Say(r, "registry.field.relation")},
			{Label: modules.Say(r, "registry.field.birth_date")},
			{Label: modules.Say(r, "registry.field.from")},
		},
	}
	for _, m := range h.Present().Members {
		name := component.Cell{Text: m.FullName()}
		switch {
		case name.Text == "":
			name.Text = modules.Say(r, "casefile.list.hidden_name")
		case !a.Foreign():
			name.URL = "/persone/" + m.PersonID.String()
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			name, {Text: modules.Say(r, "registry.relation."+m.Relation)}, {Date: m.BirthDate}, {Date: m.ValidFrom},
		}})
	}
	return table
}

// reach is how to reach the person of the case.
func reach(r *http.Request, c registry.ContactDetails) *component.Summary {
	row := func(name string, values ...string) component.SummaryRow {
		return component.SummaryRow{Label: modules.Say(r, "registry.field."+name), Values: modules.Given(values...)}
	}
	return &component.Summary{Title: modules.Say(r, "registry.group.contacts"), Rows: []component.SummaryRow{
		row("mobile", c.Mobile), row("phone", c.Phone), row("email", c.Email),
		row("address", c.Address, strings.TrimSpace(c.PostalCode+" "+c.Municipality)),
	}}
}
