package member

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

func (o *operations) admissions(tags []string) []modules.Operation {
	return []modules.Operation{
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "admit-person", Method: http.MethodPost, Path: "/people", Tags: tags, DefaultStatus: http.StatusCreated, Summary: "Let somebody in",
			Description: "Gives somebody roles in the body by the tax code of the digital identity with which they sign in. Whether they sign in elsewhere already is not told.",
		}, o.admit),
		modules.Declare(policies.ReadRules, huma.Operation{
			OperationID: "list-uncovered-roles", Method: http.MethodGet, Path: "/uncovered-roles", Tags: tags, Summary: "List roles that nobody holds",
			Description: "The roles that the work of the body needs and that nobody holds, today or from a day of the next thirty on.",
		}, o.uncovered),
	}
}

// TermBody is which roles somebody gets, where and for which days.
type TermBody struct {
	Roles  []string `json:"roles" minItems:"1" maxItems:"20" maxLength:"70" doc:"Ids of roles"`
	Office int32    `json:"office,omitempty" minimum:"0" maximum:"100000" doc:"Number of an office; none for the whole body"`
	From   string   `json:"from,omitempty" format:"date" doc:"Today if empty"`
	To     string   `json:"to,omitempty" format:"date" doc:"The last day; no end if empty"`
}

// Term reads the body of a term. Error: problem.Invalid for what is no day.
func (b TermBody) Term() (t Term, err error) {
	t.Roles, t.Office = b.Roles, b.Office
	t.From, t.To, err = Days(b.From, b.To)
	return t, err
}

type admitInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"UUID by which asking twice lets in once"`
	Body struct {
		Name    string `json:"name" maxLength:"120" doc:"As colleagues know the person"`
		TaxCode string `json:"taxCode" maxLength:"40"`
		TermBody
	}
}

type admitOutput struct {
	Body struct {
		Account uuid.UUID `json:"account" format:"uuid" maxLength:"36"`
	}
}

func (o *operations) admit(ctx context.Context, in *admitInput) (*admitOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	term, err := in.Body.Term()
	if err != nil {
		return nil, err
	}
	out := &admitOutput{}
	out.Body.Account, err = o.service.Admit(ctx, tenants.ScopeFrom(ctx), Admission{ID: id, Name: in.Body.Name, TaxCode: in.Body.TaxCode, Term: term})
	return out, err
}

// VacancyBody is a role that nobody holds.
type VacancyBody struct {
	Role  string `json:"role" maxLength:"70"`
	Label string `json:"label" maxLength:"300"`
	From  string `json:"from,omitempty" format:"date" doc:"The first day without anybody; none for today"`
}

type gapsOutput struct {
	Body struct {
		Items []VacancyBody `json:"items" maxItems:"600"`
	}
}

func (o *operations) uncovered(ctx context.Context, _ *struct{}) (*gapsOutput, error) {
	s := tenants.ScopeFrom(ctx)
	found, err := o.service.Uncovered(ctx, s)
	if err != nil {
		return nil, err
	}
	out := &gapsOutput{}
	out.Body.Items = make([]VacancyBody, len(found))
	for i, gap := range found {
		out.Body.Items[i] = VacancyBody{Role: gap.Role, Label: o.service.label(ctx, s, gap.Role)}
		if !gap.From.IsZero() {
			out.Body.Items[i].From = gap.From.Format(time.DateOnly)
		}
	}
	return out, nil
}
