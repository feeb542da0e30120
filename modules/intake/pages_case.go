package intake

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/tenants"
)

// areas are the areas of a case for the targets of a contact.
var areas = map[string]string{"families": "famiglia_minori", "disability": "disabili", "adults": "adulti", "elderly": "anziani"}

// beginsCase tells whether a case may still be opened from a contact: who it is about is known, and it is open or was
// proposed for taking in charge.
func (c Contact) beginsCase() bool {
	return c.CaseID == nil && c.PersonID != nil && (c.State != Closed || c.Outcome == TakingInCharge)
}

// showCase shows the form of a new case that begins with a contact, with its request as the reason. The contact stays as
// it is until the case is there. A contact that has its case leads to it.
func (p pages) showCase(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	sheet, err := p.service.GetContact(r.Context(), s, id)
	switch {
	case err != nil:
		return modules.View{}, err
	case sheet.CaseID != nil:
		return modules.Redirect("/cartelle/"+sheet.CaseID.String(), language.Message{}), nil
	case !sheet.beginsCase():
		return modules.View{}, problem.Missing()
	}
	return casefile.NewForm(r, s, p.service.cases, casefile.Beginning{
		Person: *sheet.PersonID, Contact: sheet.ID, Area: areas[sheet.Target], Summary: sheet.Request,
	})
}

// caseButton leads to the case of a contact, or to opening one, who may go there.
func (p pages) caseButton(ctx context.Context, s tenants.Scope, c Contact) *component.Button {
	switch {
	case c.CaseID != nil && p.may(s, readCases):
		return &component.Button{Label: say(ctx, "intake.case.open", "number", c.CaseNumber), URL: "/cartelle/" + c.CaseID.String()}
	case c.beginsCase() && p.may(s, createCases):
		button := component.Button{Label: say(ctx, "intake.case.new"), URL: newCaseURL(c.ID)}
		if c.State == Closed { // else the outcome comes first
			button.Emphasis = component.Primary
		}
		return &button
	}
	return nil
}

func newCaseURL(contact uuid.UUID) string { return "/sportello/" + contact.String() + "/cartella" }
