package casefile

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile/access"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

func updateState(ctx context.Context, tx tenants.Tx, a *access.Access, t kit.WorkflowTransition, kept said) error {
	tag, err := tx.Exec(ctx, `
		update casefile.cases set state = $4, state_label = $6, version = version + 1, closed_at = case when $5 then app.now() end
		where tenant_id = $1 and id = $2 and version = $3`, a.Tenant, a.ID, a.Version, t.To, a.States.Final(t.To), a.States.Label(t.To).It)
	if err != nil {
		return fmt.Errorf("move a case: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make a step id: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into casefile.steps (tenant_id, id, case_id, transition, from_state, to_state, account_id, account_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, a.Tenant, id, a.ID, t.Key, t.From, t.To, a.Scope.Account, a.Scope.Name)
	if err != nil {
		return fmt.Errorf("write a step of a case: %w", err)
	}
	return insertReason(ctx, tx, a.ID, id, kept)
}
