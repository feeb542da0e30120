package retention

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

// Hold keeps a case file or a person from being removed, whatever the term says (it: blocco dello scarto).
type Hold struct {
	ID        uuid.UUID
	Case      *uuid.UUID
	Person    *uuid.UUID
	Number    string // of the case file; "" for a person
	Reason    string
	Until     *time.Time // the last day; nil without end
	By        string
	At        time.Time
	EndedBy   string
	EndedAt   *time.Time
	EndReason string
}

// Ended tells whether it holds nothing any more on a day.
func (h Hold) Ended(day time.Time) bool {
	return h.EndedAt != nil || h.Until != nil && h.Until.Before(day)
}

// NewHold is what somebody wants to be kept: a case file by its number, or a person by their id.
type NewHold struct {
	ID     uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Number string
	Person uuid.UUID
	Reason string
	Until  time.Time // zero without end
}

// Holds lists the holds of the body, the newest first.
func (v *Service) Holds(ctx context.Context, s tenants.Scope) (found []Hold, err error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "hold.list"})
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		found, err = findHolds(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, wait()
}

// Hold returns one hold. Error: problem.NotFound.
func (v *Service) Hold(ctx context.Context, s tenants.Scope, id uuid.UUID) (h Hold, err error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "hold.read", Object: id})
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		h, err = getHold(ctx, tx, id)
		return err
	})
	if err != nil {
		return h, err
	}
	return h, wait()
}

// Keep holds a case file or a person. Errors: problem.Invalid by field; problem.Conflict for what a disposal is removing.
func (v *Service) Keep(ctx context.Context, s tenants.Scope, n NewHold) error {
	n.Number, n.Reason = strings.TrimSpace(n.Number), strings.TrimSpace(n.Reason)
	var wrong problem.Fields
	if n.Person == uuid.Nil {
		wrong.Require("numero", n.Number)
	}
	checkReason(&wrong, "motivo", n.Reason)
	if !n.Until.IsZero() && n.Until.Before(language.Day(time.Now())) {
		wrong.Add("fino", "onboarding.retention.error.past")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		h := Hold{ID: n.ID, Reason: n.Reason}
		if !n.Until.IsZero() {
			h.Until = &n.Until
		}
		found, err := findHeld(ctx, tx, n, &h)
		if err != nil {
			return err
		}
		if !found {
			wrong.Add("numero", "onboarding.retention.error.number")
			return wrong.Err()
		}
		if made, err := insertHold(ctx, tx, s, h); err != nil || !made {
			return err
		}
		e := audit.Event{Action: "hold.set", Object: h.ID, Payload: map[string]any{"reason": h.Reason, "until": h.Until}}
		if h.Case != nil {
			e.Case = *h.Case
		}
		return audit.Write(ctx, tx, s, e)
	})
}

// Release ends a hold. Errors: problem.Invalid by field, problem.NotFound, problem.Conflict for one that is over.
func (v *Service) Release(ctx context.Context, s tenants.Scope, id uuid.UUID, reason string) error {
	reason = strings.TrimSpace(reason)
	var wrong problem.Fields
	checkReason(&wrong, "motivo", reason)
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		h, err := getHold(ctx, tx, id)
		if err != nil {
			return err
		}
		if h.EndedAt != nil {
			return problem.New(problem.Conflict, "onboarding.retention.error.released")
		}
		if err := endHold(ctx, tx, s, id, reason); err != nil {
			return err
		}
		e := audit.Event{Action: "hold.end", Object: id, Payload: map[string]any{"reason": reason}}
		if h.Case != nil {
			e.Case = *h.Case
		}
		return audit.Write(ctx, tx, s, e)
	})
}
