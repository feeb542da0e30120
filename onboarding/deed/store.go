package deed

import (
	"context"
	"fmt"

	"staffetta/tenants"
)

// hold tells which files nothing names, and lets nobody else keep or drop any of them until the end of the transaction.
func hold(ctx context.Context, tx tenants.Tx, sums []string) (unnamed []string, err error) {
	if err := tx.QueryRow(ctx, `select onboarding.hold_deeds($1)`, sums).Scan(&unnamed); err != nil {
		return nil, fmt.Errorf("hold acts: %w", err)
	}
	return unnamed, nil
}
