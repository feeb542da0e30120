package console

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of the console.
func Operations(v *Service) []modules.Operation {
	o := &operations{service: v}
	return []modules.Operation{
		modules.Declare(Read, huma.Operation{
			OperationID: "list-configuration-checks", Method: http.MethodGet, Path: "/configuration-checks", Tags: []string{"onboarding"},
			Summary:     "How the body is set up",
			Description: "Every check of the modules that are on, with how it stands. Required ones stop a body from going live until they are met.",
		}, o.find),
	}
}

// CheckBody is a part of the configuration with how it stands.
type CheckBody struct {
	Chapter  string `json:"chapter" maxLength:"40" enum:"network,identity,module,service,people,legal"`
	Title    string `json:"title" maxLength:"200"`
	State    string `json:"state" enum:"unmet,met,wrong" maxLength:"10"`
	Text     string `json:"text" maxLength:"600" doc:"How it stands, in a sentence; empty where the title says it all"`
	Required bool   `json:"required" doc:"The body cannot go live without it"`
	Path     string `json:"path" maxLength:"200" doc:"The page below the body's address where it is set up"`
}

type checksOutput struct {
	Body struct {
		Items []CheckBody `json:"items" maxItems:"200"`
	}
}

func (o *operations) find(ctx context.Context, _ *struct{}) (*checksOutput, error) {
	all, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &checksOutput{}
	out.Body.Items = []CheckBody{}
	for _, one := range all {
		state := string(one.State)
		if one.State == modules.Unmet {
			state = "unmet"
		}
		out.Body.Items = append(out.Body.Items, CheckBody{
			Chapter: string(one.Chapter), Title: language.Say(ctx, language.M(one.Title)), State: state, Text: text(ctx, one), Required: one.Required && !one.Stale, Path: one.Path,
		})
	}
	return out, nil
}

// text is how a check stands in a sentence, "" where its title says it all.
func text(ctx context.Context, one modules.Standing) string {
	if one.Text.Key == "" {
		return ""
	}
	return language.Say(ctx, one.Text)
}
