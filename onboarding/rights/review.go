package rights

import (
	"context"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Review writes down that the actor has looked at a change that lets more people, or the same ones more, read of case files. Errors:
// problem.NotFound for a change that lets nobody read more; problem.Conflict for who applied it. A second time it is done already.
func (v *Service) Review(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	changes, err := v.findChanges(ctx, s, uuid.NullUUID{UUID: id, Valid: true})
	switch {
	case err != nil:
		return err
	case len(changes) == 0 || !changes[0].Widens:
		return problem.Missing()
	case changes[0].applied == s.Account:
		return problem.New(problem.Conflict, "onboarding.rights.error.own_change")
	case changes[0].ReviewedAt != nil:
		return nil
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := insertReview(ctx, tx, s, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "rule.review", Object: id, Payload: map[string]any{"number": changes[0].Number}})
	})
}

// Duties tell who looks after data protection that more of case files is read than before.
func Duties(v *Service) []modules.DutySource {
	return []modules.DutySource{{Permission: policies.ReviewRules, Urgent: true, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
		n, err := v.countUnreviewed(ctx, s)
		if err != nil || n == 0 {
			return nil, err
		}
		return []modules.Duty{{Label: language.M("onboarding.rights.duty", "n", n), Path: at + "/storia"}}, nil
	}}}
}

// reviewCheck tells the console of what nobody has looked at.
func reviewCheck(v *Service) modules.Check {
	return modules.Check{
		Title: "onboarding.rights.review_check", Chapter: modules.PeopleChapter, Path: at + "/storia", Permission: policies.ReadRules,
		Find: func(ctx context.Context, s tenants.Scope) (modules.Finding, error) {
			n, err := v.countUnreviewed(ctx, s)
			if err != nil || n == 0 {
				return modules.Finding{State: modules.Met}, err
			}
			return modules.Finding{Text: language.M("onboarding.rights.unreviewed", "n", n)}, nil
		},
	}
}
