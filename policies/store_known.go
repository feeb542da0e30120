package policies

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// FindTokenPublishers lists the bodies whose open cases others may ask about under a live agreement.
func FindTokenPublishers(ctx context.Context, db *tenants.DB) (bodies []int32, err error) {
	err = db.Platform(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, `select b from policies.token_publishers() b order by b`)
		if err != nil {
			return fmt.Errorf("query who publishes tokens: %w", err)
		}
		bodies, err = pgx.CollectRows(rows, pgx.RowTo[int32])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find who publishes tokens: %w", err)
	}
	return bodies, nil
}
