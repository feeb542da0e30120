package policies

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// Shown is how many cases of a body another one sees under an agreement, in one section.
type Shown struct {
	From, To int32
	Section  string
	Writes   bool
	Cases    int
}

// FindShown counts what the shares under an agreement show now, or would if it were in force, from and to the actor's body.
func FindShown(ctx context.Context, tx tenants.Tx, agreement uuid.UUID) ([]Shown, error) {
	rows, err := tx.Query(ctx, `select u.from_tenant, u.to_tenant, u.section, u.can_write, u.cases from policies.count_under($1) u order by 1, 2, 3`, agreement)
	if err != nil {
		return nil, fmt.Errorf("count the cases under an agreement: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Shown, error) {
		var s Shown
		return s, row.Scan(&s.From, &s.To, &s.Section, &s.Writes, &s.Cases)
	})
}
