package sharing

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// countReach counts the cases of other bodies that each colleague sees under live shares, by section.
func countReach(deps modules.Deps) modules.ReachSource {
	return func(ctx context.Context, s tenants.Scope) (reaches []modules.Reach, err error) {
		var batch pgx.Batch
		batch.Queue(`select account_id, section, cases from policies.count_received()`).Query(func(rows pgx.Rows) error {
			reaches, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (modules.Reach, error) {
				r := modules.Reach{Relations: []policies.Relation{policies.Guest}}
				return r, row.Scan((*zeronull.UUID)(&r.Account), &r.Section, &r.Cases)
			})
			return err
		})
		if err := deps.DB.Read(ctx, s, &batch); err != nil {
			return nil, fmt.Errorf("count the cases that others share: %w", err)
		}
		return reaches, nil
	}
}
