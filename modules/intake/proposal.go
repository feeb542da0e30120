package intake

import (
	"context"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Proposed tells whether the contact was proposed for taking in charge and nobody has set that aside.
func (c Contact) Proposed() bool {
	return c.State == Closed && c.Outcome == TakingInCharge && c.PersonID != nil && c.CaseID == nil && c.SetAside == ""
}

// proposalDuties are the proposals of taking in charge that nobody has answered, for who may open a case and read them.
func (sv *Service) proposalDuties(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
	if !sv.deps.Permits(s, readContacts) {
		return nil, nil
	}
	pile, err := sv.pileProposed(ctx, sv.confine(s))
	return pile.Duties("intake.duty.proposal", "/sportello/", "/sportello?mostra=proposte"), err
}

// SetAside says why nobody opens a case after a contact that was proposed for taking in charge. The error is problem.Conflict for a
// contact without such a proposal, problem.NotFound for a missing or foreign one, or carries the field at fault. Saying it twice
// is no error.
func (sv *Service) SetAside(ctx context.Context, s tenants.Scope, id uuid.UUID, reason string) error {
	var faults problem.Fields
	if reason = tidy(&faults, "set_aside", reason, 500); len(faults) == 0 {
		faults.Require("set_aside", reason)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return sv.write(ctx, s, func(tx tenants.Tx, s tenants.Scope) error {
		c, err := lockContact(ctx, tx, s.Tenant, id)
		switch {
		case err != nil:
			return err
		case c.SetAside == reason:
			return nil
		case !c.Proposed():
			return problem.New(problem.Conflict, "intake.proposal.over")
		}
		if err := setAside(ctx, tx, s.Tenant, c, reason); err != nil {
			return err
		}
		e := event("contact.set_aside", c)
		e.Payload = map[string]any{"reason": reason}
		return audit.Write(ctx, tx, s, e)
	})
}
