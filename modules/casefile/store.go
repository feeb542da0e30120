package casefile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules/casefile/access"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// insertCase adds a case with why it is opened, unless the same form has made it already; created is false then.
func insertCase(ctx context.Context, tx tenants.Tx, scope tenants.Scope, c *access.CaseFile, summary string) (created bool, err error) {
	if submitted, err := lookForCase(ctx, tx, scope, c); err != nil || submitted {
		return false, err
	}
	if c.Number, err = nextNumber(ctx, tx, c.OpenedAt); err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `
		insert into casefile.cases (tenant_id, id, number, person_id, contact_id, state, state_label, workflow_version, area, opened_at, opened_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		scope.Tenant, c.ID, c.Number, c.Person, (*zeronull.UUID)(&c.Contact), c.State, c.StateLabel, (*zeronull.UUID)(&c.Workflow), c.Area, c.OpenedAt, scope.Account)
	if err != nil {
		return false, fmt.Errorf("create a case: %w", err)
	}
	if err := insertReason(ctx, tx, c.ID, c.ID, said{body: summary}); err != nil {
		return false, err
	}
	if err := registry.LinkCase(ctx, tx, scope, c.ID, c.Person); err != nil {
		return false, err
	}
	return true, audit.Write(ctx, tx, scope, audit.Event{Action: "case.create", Relation: string(policies.Body), Object: c.ID, Case: c.ID})
}

// lookForCase finds what the same form opened before, one submit after the other. A case that
// somebody else opened, or for another person, is not shown by its id alone.
func lookForCase(ctx context.Context, tx tenants.Tx, scope tenants.Scope, c *access.CaseFile) (submitted bool, err error) {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended($1::uuid::text, $2))`, c.ID, int64(scope.Tenant)); err != nil {
		return false, fmt.Errorf("wait for the same form: %w", err)
	}
	var stored access.CaseFile
	var by uuid.UUID
	err = tx.QueryRow(ctx, `select `+access.Columns+`, c.opened_by from casefile.cases c where c.tenant_id = $1 and c.id = $2`, scope.Tenant, c.ID).
		Scan(append(stored.Targets(), &by)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for the case: %w", err)
	}
	if by != scope.Account || stored.Person != c.Person {
		return false, problem.Missing()
	}
	*c = stored
	return true, nil
}

// nextNumber gives the next number of the body's year, as 2026/000012.
func nextNumber(ctx context.Context, tx tenants.Tx, at time.Time) (number string, err error) {
	if err := tx.QueryRow(ctx, `select casefile.next_number($1)`, at).Scan(&number); err != nil {
		return "", fmt.Errorf("number a case: %w", err)
	}
	return number, nil
}
