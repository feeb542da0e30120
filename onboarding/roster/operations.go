package roster

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of lists of people.
func Operations(v *Service) []modules.Operation {
	o := &operations{v}
	return []modules.Operation{modules.Declare(policies.ManageRules, huma.Operation{
		OperationID: "import-people", Method: http.MethodPost, Path: "/people-lists", Tags: []string{"onboarding"}, DefaultStatus: http.StatusOK,
		Summary:     "Read a list of people, and do it",
		Description: "Says line by line what a table of people does and what is wrong with it. Only with confirmed is anything done, for all lines that are right. Cells that begin like a formula are refused. 500 lines at most.",
	}, o.read)}
}

type rosterInput struct {
	Body struct {
		Content   string `json:"content" maxLength:"131072" doc:"The table: cognome, nome, codice fiscale, e-mail, ruolo, sede, dal, al; with commas or semicolons"`
		Confirmed bool   `json:"confirmed,omitempty" doc:"Do it; otherwise nothing is done"`
	}
}

// RosterLineBody is one line of a list with what becomes of it.
type RosterLineBody struct {
	Line   int      `json:"line" minimum:"2" maximum:"1000"`
	Name   string   `json:"name" maxLength:"300"`
	Do     string   `json:"do" enum:"admit,invite,skip,wrong" maxLength:"10"`
	Faults []string `json:"faults" maxItems:"20" maxLength:"600"`
}

type rosterOutput struct {
	Body struct {
		Items []RosterLineBody `json:"items" maxItems:"500"`
	}
}

func (o *operations) read(ctx context.Context, in *rosterInput) (*rosterOutput, error) {
	act := o.service.Plan
	if in.Body.Confirmed {
		act = o.service.Apply
	}
	lines, err := act(ctx, tenants.ScopeFrom(ctx), []byte(in.Body.Content))
	if err != nil {
		return nil, err
	}
	out := &rosterOutput{}
	out.Body.Items = make([]RosterLineBody, len(lines))
	for i, l := range lines {
		out.Body.Items[i] = RosterLineBody{Line: l.Number, Name: l.Name, Do: l.Do, Faults: []string{}}
		for _, fault := range l.Faults {
			out.Body.Items[i].Faults = append(out.Body.Items[i].Faults, language.Say(ctx, fault))
		}
	}
	return out, nil
}
