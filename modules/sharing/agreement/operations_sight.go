package agreement

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/tenants"
)

// AgreementEffectBody is who sees how many case files more or fewer of.
type AgreementEffectBody struct {
	From   string   `json:"from" maxLength:"64" doc:"Slug of the body whose case files they are"`
	To     string   `json:"to" maxLength:"64" doc:"Slug of the body that sees them"`
	Gained bool     `json:"gained" doc:"Gained, or else lost"`
	Cases  int      `json:"cases" minimum:"1" maximum:"2147483647" doc:"How many case files"`
	Reads  []string `json:"reads,omitempty" maxItems:"13" maxLength:"20" doc:"Sections"`
	Writes []string `json:"writes,omitempty" maxItems:"13" maxLength:"20" doc:"Sections"`
}

type effectsInput struct {
	Agreement string `path:"agreement" format:"uuid" maxLength:"36" doc:"Id of the agreement"`
	Target    string `query:"target" required:"true" enum:"active,suspended,ended" doc:"State that it would come into"`
}

type effectsOutput struct {
	Body struct {
		Items []AgreementEffectBody `json:"items" maxItems:"10000" doc:"Who gains and who loses"`
		Mark  string                `json:"mark" maxLength:"64" doc:"Of all this, for the step"`
	}
}

// effectsOperation tells what a step of an agreement would do before it is taken.
func (o *operations) effectsOperation() modules.Operation {
	return modules.Declare(Write, huma.Operation{
		Tags: []string{"sharing"}, OperationID: "list-agreement-effects", Method: http.MethodGet, Path: "/agreements/{agreement}/effects",
		Summary: "List who gains and who loses", Description: "How many case files each body would see more or fewer of, by section, if the agreement came into the state. The mark is sent back with the step; that of the state active also with a signature.",
	}, o.effects)
}

func (o *operations) effects(ctx context.Context, in *effectsInput) (*effectsOutput, error) {
	id, err := modules.KnownID(in.Agreement)
	if err != nil {
		return nil, err
	}
	scope := tenants.ScopeFrom(ctx)
	a, err := o.service.GetAgreement(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	step, err := o.service.GetStep(ctx, scope, a, in.Target)
	out := &effectsOutput{}
	out.Body.Mark, out.Body.Items = step.Mark, make([]AgreementEffectBody, len(step.Effects))
	for i, e := range step.Effects {
		out.Body.Items[i] = AgreementEffectBody{From: o.service.deps.Bodies.Slug(e.From), To: o.service.deps.Bodies.Slug(e.To), Gained: e.Gained, Cases: e.Cases, Reads: e.Reads, Writes: e.Writes}
	}
	return out, err
}
