package intake

import (
	"context"
	"errors"
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/tenants"
)

const caseNav = "intake.nav.case"

// ofCasePage is the data of the template intake/of-case.
type ofCasePage struct {
	Table component.Table
	All   *component.Link // the contacts of the person at the desk
}

// ofCase shows in a case how its person came to the desk, and the forms that were confirmed then.
func (p pages) ofCase(r *http.Request, s tenants.Scope) (modules.View, error) {
	ctx := r.Context()
	a, err := p.service.cases.Open(ctx, s, r.PathValue("case"), "intake")
	switch {
	case errors.Is(err, casefile.ErrReason):
		return modules.Redirect("/cartelle/"+r.PathValue("case"), language.Message{}), nil
	case err != nil:
		return modules.View{}, err
	case a.Foreign():
		return modules.View{}, problem.Missing()
	}
	found, err := p.service.findOfCase(ctx, a)
	if err != nil {
		return modules.View{}, err
	}
	page := ofCasePage{Table: ofCaseTable(ctx, found, p.may(s, readContacts))}
	if len(found.contacts) > 0 && found.contacts[0].PersonID != nil && p.may(s, readContacts) {
		page.All = &component.Link{Label: say(ctx, "intake.case.all"), URL: "/sportello?persona=" + found.contacts[0].PersonID.String()}
	}
	return modules.Render("intake/of-case", language.M("intake.case.title"), page).On(a.Bar(p.service.cases, caseNav)), nil
}

// ofCaseTable leads to contacts and forms only who may read them at the desk.
func ofCaseTable(ctx context.Context, found ofCase, leads bool) component.Table {
	table := component.Table{
		Caption: say(ctx, "intake.case.title"), Hidden: true, Cards: true,
		Columns: []component.Column{
			{Label: say(ctx, "intake.field.at")}, {Label: say(ctx, "intake.field.request")}, {Label: say(ctx, "intake.field.outcome")}, {Label: say(ctx, "intake.forms")},
		},
		Empty: component.Empty{Title: say(ctx, "intake.desk.none"), Text: say(ctx, "intake.desk.none_of_person")},
	}
	for _, c := range found.contacts {
		at, forms := component.Cell{Instant: c.At}, component.Cell{}
		request := component.Cell{Text: c.Request}
		if leads {
			request.URL = "/sportello/" + c.ID.String()
		}
		if request.Text == "" {
			request.Text = say(ctx, "intake.contact")
		}
		for _, f := range found.forms[c.ID] {
			link := component.Link{Label: language.SayText(ctx, f.Title), URL: formsPath(c.ID) + "/" + f.ID.String()}
			if leads {
				forms.Actions = append(forms.Actions, link)
			} else {
				forms.Tags = append(forms.Tags, component.Tag{Label: link.Label})
			}
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			at, request, {Text: language.SayText(ctx, Label(Outcomes, c.Outcome))}, forms,
		}})
	}
	return table
}
