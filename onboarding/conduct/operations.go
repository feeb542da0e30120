package conduct

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the code of conduct through the API.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{service: v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(Permission, huma.Operation{
			OperationID: "get-code-of-conduct", Method: http.MethodGet, Path: "/code-of-conduct", Tags: tags, Summary: "The code of conduct",
			Description: "Its rules, and when the caller read them.",
		}, o.get),
		modules.Declare(Permission, huma.Operation{
			OperationID: "acknowledge-code-of-conduct", Method: http.MethodPost, Path: "/code-of-conduct/acknowledgement", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "Say that one has read the code of conduct", Description: "Doing so again changes nothing.",
		}, o.acknowledge),
	}
}

type codeOutput struct {
	Body struct {
		Edition int        `json:"edition" format:"int32" minimum:"1" maximum:"1000"`
		Rules   []string   `json:"rules" maxItems:"20" maxLength:"500" doc:"In the language of the request"`
		ReadAt  *time.Time `json:"read_at,omitempty" doc:"By the caller, of this edition; missing where they have not"`
	}
}

func (o *operations) get(ctx context.Context, _ *struct{}) (*codeOutput, error) {
	at, err := o.service.ReadAt(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	var out codeOutput
	out.Body.Edition = Edition
	for _, rule := range Rules {
		out.Body.Rules = append(out.Body.Rules, language.Say(ctx, language.M(rule)))
	}
	if !at.IsZero() {
		out.Body.ReadAt = &at
	}
	return &out, nil
}

func (o *operations) acknowledge(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, o.service.Acknowledge(ctx, tenants.ScopeFrom(ctx))
}
