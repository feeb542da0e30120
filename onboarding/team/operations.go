package team

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/onboarding/member"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of the teams.
func Operations(v *Service) []modules.Operation {
	o := &operations{service: v}
	return []modules.Operation{modules.Declare(member.Read, huma.Operation{
		OperationID: "list-teams", Method: http.MethodGet, Path: "/teams", Tags: []string{"onboarding"}, Summary: "List the standing teams",
		Description: "With who is and was in each. Teams give no right.",
	}, o.find)}
}

// TeamBody is a team as the API tells it. Days are as 2026-12-31; the last is missing where there is none.
type TeamBody struct {
	ID      string       `json:"id" format:"uuid" maxLength:"36"`
	Name    string       `json:"name" maxLength:"120"`
	Office  int32        `json:"office,omitempty" minimum:"1" maximum:"2147483647" doc:"Number of its office"`
	From    string       `json:"from" format:"date" maxLength:"10"`
	To      string       `json:"to,omitempty" format:"date" maxLength:"10"`
	Members []MemberBody `json:"members" maxItems:"20000"`
}

// MemberBody is somebody's place in a team.
type MemberBody struct {
	Account string `json:"account" format:"uuid" maxLength:"36"`
	Name    string `json:"name" maxLength:"120"`
	Leads   bool   `json:"leads"`
	From    string `json:"from" format:"date" maxLength:"10"`
	To      string `json:"to,omitempty" format:"date" maxLength:"10"`
}

type findOutput struct {
	Body struct {
		Items []TeamBody `json:"items" maxItems:"500"`
	}
}

func (o *operations) find(ctx context.Context, _ *struct{}) (*findOutput, error) {
	found, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &findOutput{}
	out.Body.Items = []TeamBody{}
	for _, t := range found {
		one := TeamBody{ID: t.ID.String(), Name: t.Name, Office: t.Office, From: dayText(t.From), To: dayText(t.To), Members: []MemberBody{}}
		for _, m := range t.Members {
			one.Members = append(one.Members, MemberBody{m.Account.String(), m.Name, m.Leads, dayText(m.From), dayText(m.To)})
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}
