package member

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Ending is when a role ends that somebody holds, and why.
type Ending struct {
	Membership uuid.UUID
	Last       time.Time // the last day; zero for from now on
	Reason     string
}

// maxReason is how many characters the reason of an ending has at most.
const maxReason = 500

// End takes a role back from now on, or gives it another last day, earlier or later. Errors: problem.Invalid at "al" and "motivo";
// problem.NotFound for a role that nobody holds; problem.Conflict for the last who looks after the rules, and where the role is held on
// those days by another membership.
func (v *Service) End(ctx context.Context, s tenants.Scope, e Ending) error {
	e.Reason = strings.TrimSpace(e.Reason)
	var wrong problem.Fields
	wrong.Reason("motivo", e.Reason, maxReason)
	if !e.Last.IsZero() && language.Day(e.Last).Before(language.Day(time.Now())) {
		wrong.Add("al", "onboarding.member.error.past")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		action, end := "role.take", endRole
		if !e.Last.IsZero() {
			action, end = "role.bound", e.boundRole
		}
		h, err := end(ctx, tx, e.Membership)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: action, Object: h.Account, Payload: map[string]any{
			"role": h.Role, "membership": h.ID, "from": h.From.Format(time.DateOnly), "to": lastDay(h.To), "reason": e.Reason,
		}})
	})
}
