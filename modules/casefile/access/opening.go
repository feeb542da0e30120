package access

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// openFor is how long a case stays open to somebody who gave a reason.
const openFor = 3 * time.Hour

// OpenWithReason lets the actor into a case of the body that is not assigned to
// them, for three hours; it is audited and the coordinators are told. Errors:
// problem.NotFound when no such case, or the role never opens one this way;
// problem.Invalid without a reason of at least five characters.
func (c *Cases) OpenWithReason(ctx context.Context, scope tenants.Scope, ref, reason string) error {
	a, err := c.find(ctx, scope, ref)
	if err == nil && a.Foreign() {
		return problem.Missing() // another body's case opens by a share, never by a reason
	}
	if err == nil {
		return nil // it is open to the actor already
	}
	if !errors.Is(err, ErrReason) {
		return err
	}
	reason = strings.TrimSpace(reason)
	var fields problem.Fields
	if len([]rune(reason)) < 5 {
		fields.Add("motivo", "casefile.error.reason")
	}
	fields.MaxLength("motivo", reason, 500)
	if err := fields.Err(); err != nil {
		return err
	}
	id := uuid.MustParse(ref)
	return c.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		if err := insertOpening(ctx, tx, scope, id, reason); err != nil {
			return err
		}
		event := audit.Event{Action: "case.open", Relation: string(policies.Emergency), Object: id, Case: id, Payload: map[string]any{"reason": reason}}
		if err := audit.Write(ctx, tx, scope, event); err != nil {
			return err
		}
		return c.deps.Jobs.Enqueue(ctx, tx, OpenedArgs{Tenant: scope.Tenant, Case: id, Account: scope.Account})
	})
}
