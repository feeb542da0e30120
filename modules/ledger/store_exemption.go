package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/tenants"
)

const exemptionSQL = `select x.id, x.case_id, c.number, x.ground, x.reason, x.until, x.recorded_name, x.recorded_at, x.ended_name, x.ended_at
	from ledger.exemptions x join casefile.cases c on c.tenant_id = x.tenant_id and c.id = x.case_id where x.tenant_id = $1`

func scanExemption(row pgx.CollectableRow) (Exemption, error) {
	var e Exemption
	var ended *time.Time
	err := row.Scan(&e.ID, &e.Case, &e.Number, &e.Ground, &e.Reason, &e.Until, &e.By, &e.RecordedAt, &e.EndedBy, &ended)
	if ended != nil {
		e.EndedAt = *ended
	}
	return e, err
}

func (s *Service) findOfCase(ctx context.Context, a *casefile.Access) ([]Exemption, error) {
	var batch pgx.Batch
	var found []Exemption
	batch.Queue(exemptionSQL+` and x.case_id = $2 order by x.recorded_at desc, x.id desc limit 50`, a.Tenant, a.ID).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanExemption)
		return err
	})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find the exemptions of a case: %w", err)
	}
	return found, nil
}

func (s *Service) findExemptions(ctx context.Context, scope tenants.Scope) ([]Exemption, error) {
	var batch pgx.Batch
	var found []Exemption
	batch.Queue(exemptionSQL+` order by x.ended_at is not null, x.until desc, x.id desc limit 200`, scope.Tenant).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanExemption)
		return err
	})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find the exemptions of the body: %w", err)
	}
	return found, nil
}

func insertExemption(ctx context.Context, tx tenants.Tx, scope tenants.Scope, caseID uuid.UUID, n Recording) (made bool, err error) {
	tag, err := tx.Exec(ctx, `insert into ledger.exemptions (id, case_id, ground, reason, until, recorded_by, recorded_name)
		values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
		n.ID, caseID, n.Ground, n.Reason, dayText(n.Until), scope.Account, scope.Name)
	if err != nil {
		return false, fmt.Errorf("write an exemption: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func endExemption(ctx context.Context, tx tenants.Tx, scope tenants.Scope, caseID, id uuid.UUID) error {
	var ended bool
	rows, err := tx.Query(ctx, `select x.ended_at is not null from ledger.exemptions x where x.tenant_id = $1 and x.case_id = $2 and x.id = $3 for update`, scope.Tenant, caseID, id)
	if err != nil {
		return fmt.Errorf("find an exemption: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[bool])
	if err != nil {
		return fmt.Errorf("read an exemption: %w", err)
	}
	if len(found) == 0 {
		return problem.Missing()
	}
	if ended = found[0]; ended {
		return problem.New(problem.Conflict, "ledger.error.ended")
	}
	_, err = tx.Exec(ctx, `update ledger.exemptions set ended_at = app.now(), ended_by = $4, ended_name = $5 where tenant_id = $1 and case_id = $2 and id = $3`,
		scope.Tenant, caseID, id, scope.Account, scope.Name)
	if err != nil {
		return fmt.Errorf("end an exemption: %w", err)
	}
	return nil
}
