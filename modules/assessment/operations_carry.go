package assessment

import (
	"context"

	"staffetta/tenants"
)

// EarlierBody is an answer to an earlier version without a place in this one, in words.
type EarlierBody struct {
	Key      string `json:"key" maxLength:"64" doc:"Key of the question"`
	Question string `json:"question" maxLength:"5000"`
	Answer   string `json:"answer" maxLength:"20000"`
}

func earlierBodies(ctx context.Context, a Assessment) []EarlierBody {
	bodies := []EarlierBody{}
	for _, one := range a.Left() {
		bodies = append(bodies, EarlierBody{Key: one.Question.Key, Question: say(ctx, one.Question.Label), Answer: one.Text(ctx)})
	}
	return bodies
}

// carry lets a draft go on; its If-Match is that of a finalisation.
func (o *operations) carry(ctx context.Context, in *finaliseInput) (*assessmentOutput, error) {
	id, version, err := o.draft(ctx, in.AssessmentRef, in.IfMatch)
	if err != nil {
		return nil, err
	}
	made, err := o.service.CarryOn(ctx, tenants.ScopeFrom(ctx), in.Case, Filling{ID: id, Version: version})
	if err != nil {
		return nil, closed(err)
	}
	return &assessmentOutput{ETag: tag(made.Version), Body: assessmentBody(ctx, made)}, nil
}
