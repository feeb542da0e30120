package share

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

func (s *Shares) findAmendments(ctx context.Context, scope tenants.Scope, share uuid.UUID) (found []Amended, err error) {
	var batch pgx.Batch
	batch.Queue(`
		select added, removed, writes_added, writes_removed, valid_before, valid_after, reason, amended_by, amended_name, amended_at
		from sharing.shares_amendments where share_id = $1 order by amended_at desc limit 100`, share).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Amended, error) {
				var a Amended
				return a, row.Scan(&a.Added, &a.Removed, &a.Allowed, &a.Stopped, &a.Before, &a.After, &a.Reason, &a.Mark.Account, &a.Mark.Name, &a.Mark.At)
			})
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find the amendments of a share: %w", err)
	}
	return found, nil
}
