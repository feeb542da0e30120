package casefile

import (
	"context"
	"strings"

	"staffetta/internal/problem"
	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/step"
	"staffetta/modules/kit"
)

// findAsked makes the questions of each step, by its key.
func (s *Service) findAsked(ctx context.Context, a *access.Access, steps []kit.WorkflowTransition) (map[string]step.Asked, error) {
	var fields []kit.WorkflowField
	for _, t := range steps {
		fields = append(fields, a.States.Asks(t)...)
	}
	from, err := s.Questions.Read(ctx, a.Scope, fields)
	if err != nil {
		return nil, err
	}
	asked := map[string]step.Asked{}
	for _, t := range steps {
		asked[t.Key] = from.Ask(a.States.Asks(t), true)
	}
	return asked, nil
}

// said is what is kept of a step: what was given to its fields, and words beside them.
type said struct {
	body  string
	given []step.Given
}

// check reads what a step is given. The reason answers the one question in words of a step that asks no other.
func (m Move) check(asked step.Asked) (said, error) {
	answers, body := m.Answers, strings.TrimSpace(m.Reason)
	if m.Values != nil {
		answers = asked.Read(m.Values)
	}
	if key, alone := asked.InWords(); alone && answers[key] == nil && body != "" {
		answers, body = kit.Answers{key: body}, ""
	}
	var fields problem.Fields
	fields.MaxLength("motivo", body, 1000)
	given, err := asked.Check(answers)
	if err != nil {
		fields = append(fields, problem.Of(err).Fields...)
	}
	return said{body, given}, fields.Err()
}
