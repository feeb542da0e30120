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

// FindAnswers counts by a function of the module's schema what open records hold that were made with items.
func FindAnswers(ctx context.Context, tx tenants.Tx, counted string, keys []string) ([]StoredAnswers, error) {
	rows, err := tx.Query(ctx, `select k.key, a.version, a.open, a.question, a.value, a.records
		from unnest($1::text[]) k (key) cross join lateral `+counted+`(k.key) a order by 1, 3, 4, 5, 2`, keys)
	if err != nil {
		return nil, fmt.Errorf("count answers by %s: %w", counted, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[StoredAnswers])
}
