package elsewhere

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations about who is known elsewhere.
func Operations(s *Service) []modules.Operation {
	o := &operations{service: s}
	return []modules.Operation{
		modules.Declare(MayAsk, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "ask-known-elsewhere", Method: http.MethodPost, Path: "/known-elsewhere",
			Summary: "Ask whether another body follows a person", Description: "Names the bodies to ask, under the agreements that allow it; never a person or a case file. The answer for a protected person is the same as for none. Each question is audited, and their number is limited.",
		}, o.ask),
	}
}

type knownInput struct {
	Body struct {
		TaxCode string `json:"tax_code" minLength:"11" maxLength:"20" doc:"Full fiscal code"`
	}
}

// KnownBody is a body that follows the person.
type KnownBody struct {
	Body string `json:"body" maxLength:"64" doc:"Slug of the body"`
	Name string `json:"name" maxLength:"200" doc:"Name of the body"`
}

type knownOutput struct {
	Body struct {
		Bodies  []KnownBody `json:"bodies" maxItems:"1000" doc:"Bodies to ask; empty if there is none"`
		Limited bool        `json:"limited" doc:"Too much was asked: nothing is answered for a while"`
	}
}

func (o *operations) ask(ctx context.Context, in *knownInput) (*knownOutput, error) {
	answer, err := o.service.Ask(ctx, tenants.ScopeFrom(ctx), Question{TaxCode: in.Body.TaxCode})
	if err != nil {
		return nil, err
	}
	out := &knownOutput{}
	out.Body.Bodies, out.Body.Limited = make([]KnownBody, len(answer.Bodies)), answer.Limited
	for i, known := range answer.Bodies {
		out.Body.Bodies[i] = KnownBody{Body: o.service.deps.Bodies.Slug(known.Body), Name: o.service.deps.Bodies.Name(known.Body)}
	}
	return out, nil
}
