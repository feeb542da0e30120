package release

import (
	"context"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

func (v *Service) findLines(ctx context.Context, s tenants.Scope) (found []Line, err error) {
	var batch pgx.Batch
	batch.Queue(`select l.line as id, l.version, l.at from platform.line_versions() l`).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, pgx.RowToStructByName[Line])
		return err
	})
	return found, v.deps.DB.Read(ctx, s, &batch)
}
