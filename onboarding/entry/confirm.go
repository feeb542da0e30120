package entry

import (
	"context"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/onboarding/powers"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Confirm has a second person of the body stand for the powers of its contact, as the answers were read: somebody who works at
// the entry and did not begin it. Without it the body can be tried and does not go live. Confirming again changes nothing; an
// answer that changes takes the confirmation back. Errors: problem.NotFound for another's entry; problem.Forbidden for who
// began it; problem.Conflict when a step is missing or the answers are no longer those of seen.
func (v *Service) Confirm(ctx context.Context, s tenants.Scope, id uuid.UUID, seen Mark) error {
	reason := ""
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		e, err := lockEntry(ctx, tx, s, id)
		switch {
		case err != nil:
			reason = foreign
			return err
		case e.Starter:
			reason = "self"
			return problem.New(problem.Forbidden, "onboarding.error.self_confirm")
		case e.State == Closed:
			return e.fixed()
		case !e.Ready():
			return problem.New(problem.Conflict, "onboarding.error.incomplete")
		case e.Mark() != seen:
			return problem.New(problem.Conflict, changedKey)
		}
		first, err := powers.Confirm(ctx, tx, id, s.Name)
		if err != nil || !first {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "entry.confirm", Object: id})
	})
	if reason != "" && (problem.Is(err, problem.NotFound) || problem.Is(err, problem.Forbidden)) {
		return v.refused(ctx, s, id, reason, err)
	}
	return err
}

// AskReview asks the platform to look at act and address, where that has to be before a code goes out. Asking again changes
// nothing. Errors: as SendCode; problem.Conflict where nobody has to look, or has said no.
func (v *Service) AskReview(ctx context.Context, s tenants.Scope, id uuid.UUID, seen Mark) error {
	_, err := v.deciding(ctx, s, id, func(tx tenants.Tx, e Entry) error {
		switch {
		case e.State != Open:
			return e.fixed()
		case !e.Ready():
			return problem.New(problem.Conflict, "onboarding.error.incomplete")
		case e.Mark() != seen:
			return problem.New(problem.Conflict, changedKey)
		case !v.unreviewed(e), e.Review == "no":
			return problem.New(problem.Conflict, "onboarding.error.no_review")
		}
		asked, err := askReview(ctx, tx, id)
		if err != nil || !asked {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "entry.ask_review", Object: id})
	})
	return err
}
