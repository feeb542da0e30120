package casefile

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

func getTaken(ctx context.Context, tx tenants.Tx, scope tenants.Scope, id uuid.UUID) (CaseFile, error) {
	var c CaseFile
	err := tx.QueryRow(ctx, `select `+access.Columns+` from casefile.cases c where c.tenant_id = $1 and c.id = $2`, scope.Tenant, id).Scan(c.Targets()...)
	if err != nil {
		return c, fmt.Errorf("read the case that was handed over: %w", err)
	}
	return c, nil
}

// endParts ends what is left of the time when the body had the case before.
func endParts(ctx context.Context, tx tenants.Tx, scope tenants.Scope, id uuid.UUID) error {
	_, err := tx.Exec(ctx, `update casefile.assignments set valid_to = app.now(), ended_by = $3, ended_name = $4
		where tenant_id = $1 and case_id = $2 and valid_to is null`, scope.Tenant, id, scope.Account, scope.Name)
	if err != nil {
		return fmt.Errorf("end former parts in a case: %w", err)
	}
	return nil
}
