package proposal

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/tenants"
)

// Duties are what proposals ask of who answers them and of who wrote them.
func (v *Service) Duties() []modules.DutySource {
	topics := []string{"practice.proposals"}
	return []modules.DutySource{
		{Permission: mayAnswer, Topics: topics, Choices: []string{"practice.duty.answer"}, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
			return v.pile(ctx, s, "practice.duty.answer", func(p Proposal) bool { return p.Side == adoption.Ceding && p.Awaits(s.Tenant) })
		}},
		{Permission: mayWrite, Topics: topics, Choices: []string{"practice.duty.reply"}, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
			return v.pile(ctx, s, "practice.duty.reply", func(p Proposal) bool { return p.Side == adoption.Reusing && p.Awaits(s.Tenant) })
		}},
		{Permission: mayWrite, Topics: topics, Choices: []string{"practice.duty.answered"}, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
			return v.pile(ctx, s, "practice.duty.answered", Proposal.HasNews)
		}},
	}
}

// pile gathers the proposals that await the same.
func (v *Service) pile(ctx context.Context, s tenants.Scope, key string, awaits func(Proposal) bool) ([]modules.Duty, error) {
	found, err := v.findUnsettled(ctx, s)
	if err != nil {
		return nil, err
	}
	var waiting modules.Pile
	for _, p := range found {
		if !awaits(p) {
			continue
		}
		if waiting.Count++; waiting.First == uuid.Nil {
			waiting.First, waiting.Title = p.ID, p.Item.Key
		}
		waiting.Since = latest(waiting.Since, p.LastAt)
	}
	return waiting.Duties(key, listPath+"/", listPath), nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
