package office

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

func (v *Service) weigh(ctx context.Context, s tenants.Scope, id int32) (b Burden, err error) {
	var batch pgx.Batch
	batch.Queue(`select h.display_name, h.role from platform.held_roles() h where h.office_id = $1 order by h.display_name, h.role`, id).Query(func(rows pgx.Rows) (err error) {
		b.People, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Worker, error) {
			var w Worker
			return w, row.Scan(&w.Name, &w.Role)
		})
		return err
	})
	batch.Queue(`select platform.office_shares($1)`, id).QueryRow(func(row pgx.Row) error { return row.Scan(&b.Shares) })
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return Burden{}, fmt.Errorf("find what stands at an office: %w", err)
	}
	return b, nil
}

// closeOffice tells how many roles went on elsewhere.
func closeOffice(ctx context.Context, tx tenants.Tx, id int32, c Closing) (moved int, err error) {
	err = tx.QueryRow(ctx, `select platform.close_office($1, $2, $3, nullif($4::int, 0))`, id, c.Seen, c.LastDay, c.Successor).Scan(&moved)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == "P0002" {
		return 0, problem.New(problem.Conflict, "web.error.conflict").Wrap(err)
	}
	if err != nil {
		return 0, fmt.Errorf("close an office: %w", err)
	}
	return moved, nil
}
