package audit

import (
	"context"
	"fmt"

	"staffetta/tenants"
)

// MakePartitions makes the partitions of the months that lie ahead and returns how many were missing. What was written while one was
// missing lies in the default partition, stays there, and is read as any other.
func MakePartitions(ctx context.Context, db *tenants.DB) (made int, err error) {
	err = db.Audit(ctx, func(tx tenants.Tx) error { return tx.QueryRow(ctx, `select audit.make_partitions()`).Scan(&made) })
	if err != nil {
		return 0, fmt.Errorf("make the partitions of the audit: %w", err)
	}
	return made, nil
}
