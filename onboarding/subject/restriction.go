package subject

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/subject/effect"
	"staffetta/policies"
	"staffetta/tenants"
)

// Restrict has the case files of the person of a request be read and not written, until it is lifted. Errors: problem.Invalid by field,
// problem.NotFound, problem.Conflict where nobody is named or it is restricted already.
func (v *Service) Restrict(ctx context.Context, s tenants.Scope, id uuid.UUID, reason string) error {
	reason, err := told("limite", reason, 1000)
	if err != nil {
		return err
	}
	return v.change(ctx, s, id, func(tx tenants.Tx, r Request) (Step, error) {
		made := false
		if r.Person != nil {
			if made, err = insertRestriction(ctx, tx, s, r, reason); err != nil {
				return Step{}, err
			}
		}
		if !made {
			return Step{}, problem.New(problem.Conflict, "onboarding.subject.error.restricted")
		}
		return Step{Kind: "restrict", Words: reason}, nil
	})
}

// Lift ends the restriction that a request has set, also when that is answered. Errors: problem.Invalid by field, problem.NotFound,
// problem.Conflict where there is none.
func (v *Service) Lift(ctx context.Context, s tenants.Scope, id uuid.UUID, reason string) error {
	reason, err := told("fine", reason, 1000)
	if err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if _, err := v.get(ctx, tx, s, id); err != nil {
			return err
		}
		lifted, err := liftRestriction(ctx, tx, s, id, reason)
		if err == nil && !lifted {
			err = problem.New(problem.Conflict, "onboarding.subject.error.unrestricted")
		}
		if err != nil {
			return err
		}
		return v.note(ctx, tx, s, id, Step{Kind: "lift", Words: reason})
	})
}

// Limits tells whether a restriction that a request has led to lasts. Errors: those of Get.
func (v *Service) Limits(ctx context.Context, s tenants.Scope, id uuid.UUID) (limits bool, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		r, err := v.get(ctx, tx, s, id)
		limits = r.Limits
		return err
	})
	return limits, err
}

// Effects tells what a request has led to: the restriction that lasts, nil for none, and what was changed in the registry since.
func (v *Service) Effects(ctx context.Context, s tenants.Scope, r Request) (lasts *effect.Restriction, changes []effect.Change, err error) {
	err = v.deps.DB.InTx(ctx, v.deps.Policies.Confine(s, policies.Body), func(tx tenants.Tx) error {
		found, err := effect.OfRequest(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			lasts = &found[0]
		}
		changes, err = effect.Changes(ctx, tx, r.ID)
		return err
	})
	return lasts, changes, err
}

// Hints say on the page of a person that their data is restricted, as the bar of their cases does, and what they asked to be corrected.
func Hints(v *Service) []modules.HintSource {
	day := func(at time.Time) string { return at.In(language.Rome).Format("02/01/2006") }
	restricted := func(ctx context.Context, s tenants.Scope, about modules.Hinted) (hints []modules.Hint, err error) {
		err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			found, err := effect.OfPerson(ctx, tx, about.Person)
			for _, x := range found {
				hints = append(hints, modules.Hint{Label: language.M("onboarding.subject.hint.restricted", "day", day(x.At), "number", x.Number)})
			}
			return err
		})
		return hints, err
	}
	corrected := func(ctx context.Context, s tenants.Scope, about modules.Hinted) (hints []modules.Hint, err error) {
		err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			found, err := findCorrections(ctx, tx, about.Person)
			for _, r := range found {
				hint := modules.Hint{Label: language.M("onboarding.subject.hint.rectification", "number", r.Number, "day", r.DueOn.Format("02/01/2006"))}
				if v.sees(s, r) {
					hint.Path, hint.Go = pathOf(r.ID), language.M("onboarding.subject.hint.go")
				}
				hints = append(hints, hint)
			}
			return err
		})
		return hints, err
	}
	return []modules.HintSource{{Permission: "person:read", Find: restricted}, {Permission: "person:write", Find: corrected}}
}
