package protection

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

// Queue adds the reading of the marks of a case.
func Queue(b *pgx.Batch, a *access.Access, into *[]Mark) {
	b.Queue(`select m.id, m.kind, m.reason, m.set_name, m.set_at, m.ended_name, m.ended_at, m.end_reason from casefile.marks m
		where m.tenant_id = $1 and m.case_id = $2 order by m.ended_at is not null, m.set_at desc, m.id desc limit 200`, a.Tenant, a.ID).
		Query(func(rows pgx.Rows) (err error) {
			*into, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Mark, error) {
				var m Mark
				return m, row.Scan(&m.ID, &m.Kind, &m.Reason, &m.By, &m.At, &m.EndedBy, (*zeronull.Timestamptz)(&m.EndedAt), &m.EndReason)
			})
			return err
		})
}

func findMarks(ctx context.Context, a *access.Own) ([]Mark, error) {
	var batch pgx.Batch
	var marks []Mark
	Queue(&batch, a.Access, &marks)
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find how a case is protected: %w", err)
	}
	return marks, nil
}

// insertMark adds a mark unless one of its kind holds already.
func insertMark(ctx context.Context, tx tenants.Tx, a *access.Own, m Mark) (made bool, err error) {
	tag, err := tx.Exec(ctx, `insert into casefile.marks (tenant_id, id, case_id, kind, reason, set_by, set_name) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict do nothing`, a.Tenant, m.ID, a.ID, m.Kind, m.Reason, a.Scope.Account, a.Scope.Name)
	if err != nil {
		return false, fmt.Errorf("protect a case: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func endMark(ctx context.Context, tx tenants.Tx, a *access.Own, id uuid.UUID, reason string) error {
	tag, err := tx.Exec(ctx, `update casefile.marks set ended_by = $4, ended_name = $5, ended_at = app.now(), end_reason = $6
		where tenant_id = $1 and case_id = $2 and id = $3 and ended_at is null`, a.Tenant, a.ID, id, a.Scope.Account, a.Scope.Name, reason)
	if err != nil {
		return fmt.Errorf("end the protection of a case: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	return nil
}
