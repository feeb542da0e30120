package team

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

const assignmentColumns = `a.id, a.account_id, a.account_name, a.part, a.valid_from, a.valid_to, a.reason, a.assigned_name, a.ended_name`

func (a *Assignment) targets() []any {
	return []any{&a.ID, &a.Account, &a.Name, &a.Part, &a.From, (*zeronull.Timestamptz)(&a.To), &a.Reason, &a.By, &a.EndedBy}
}

func scanAssignment(row pgx.CollectableRow) (Assignment, error) {
	var m Assignment
	return m, row.Scan(m.targets()...)
}

// Queue adds the reading of who has or had a part in the case.
func Queue(b *pgx.Batch, a *access.Access, into *[]Assignment) {
	b.Queue(`select `+assignmentColumns+` from casefile.assignments a where a.tenant_id = $1 and a.case_id = $2
		order by a.valid_to is not null, a.part, a.valid_from desc, a.id desc limit 200`, a.Tenant, a.ID).
		Query(func(rows pgx.Rows) (err error) {
			*into, err = pgx.CollectRows(rows, scanAssignment)
			return err
		})
}

func findAssignments(ctx context.Context, a *access.Own) ([]Assignment, error) {
	var batch pgx.Batch
	var found []Assignment
	Queue(&batch, a.Access, &found)
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find the assignments of a case: %w", err)
	}
	return found, nil
}

// lockAssignments reads who has a part in the case now; whoever else assigns it waits.
func lockAssignments(ctx context.Context, tx tenants.Tx, a *access.Own) ([]Assignment, error) {
	if _, err := tx.Exec(ctx, `select 1 from casefile.cases c where c.tenant_id = $1 and c.id = $2 for update`, a.Tenant, a.ID); err != nil {
		return nil, fmt.Errorf("lock a case: %w", err)
	}
	rows, err := tx.Query(ctx, `select `+assignmentColumns+` from casefile.assignments a
		where a.tenant_id = $1 and a.case_id = $2 and a.valid_to is null`, a.Tenant, a.ID)
	if err != nil {
		return nil, fmt.Errorf("read who has a part in a case: %w", err)
	}
	return pgx.CollectRows(rows, scanAssignment)
}

// getAssignment reads a place in the team of the case.
func getAssignment(ctx context.Context, tx tenants.Tx, a *access.Own, id uuid.UUID) (Assignment, error) {
	var m Assignment
	err := tx.QueryRow(ctx, `select `+assignmentColumns+` from casefile.assignments a
		where a.tenant_id = $1 and a.case_id = $2 and a.id = $3 and a.part = 'team' for update`, a.Tenant, a.ID, id).Scan(m.targets()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return m, problem.Missing()
	}
	if err != nil {
		return m, fmt.Errorf("read a place in a team: %w", err)
	}
	return m, nil
}

func endAssignments(ctx context.Context, tx tenants.Tx, a *access.Own, ids []uuid.UUID) error {
	_, err := tx.Exec(ctx, `update casefile.assignments set valid_to = app.now(), ended_by = $4, ended_name = $5
		where tenant_id = $1 and case_id = $2 and id = any ($3) and valid_to is null`, a.Tenant, a.ID, ids, a.Scope.Account, a.Scope.Name)
	if err != nil {
		return fmt.Errorf("end assignments of a case: %w", err)
	}
	return nil
}

func insertAssignment(ctx context.Context, tx tenants.Tx, scope tenants.Scope, file uuid.UUID, m Assignment) error {
	_, err := tx.Exec(ctx, `
		insert into casefile.assignments (tenant_id, id, case_id, account_id, account_name, part, valid_from, reason, assigned_by, assigned_name)
		values ($1, $2, $3, $4, $5, $6, app.now(), $7, $8, $9)`,
		scope.Tenant, m.ID, file, m.Account, m.Name, m.Part, m.Reason, scope.Account, scope.Name)
	if err != nil {
		return fmt.Errorf("assign a case: %w", err)
	}
	return nil
}
