package modules

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// FindUses reads the use of items as a function of the database counts it, whose name a module gives, never a request.
func FindUses(ctx context.Context, db *tenants.DB, s tenants.Scope, counted string) (found []Use, err error) {
	var b pgx.Batch
	b.Queue(`select u.key, u.days30, u.days90, u.days180, u.records, u.people, u.last from ` + counted + `() u`).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Use])
		return err
	})
	if err := db.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("measure the use by %s: %w", counted, err)
	}
	return found, nil
}
