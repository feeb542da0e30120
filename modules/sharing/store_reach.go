package sharing

import (
	"context"
	"fmt"

	"github.com/google/uuid"
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
		batch.Queue(`select account_id, section, cases, writable from policies.count_received()`).Query(func(rows pgx.Rows) error {
			reaches, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (modules.Reach, error) {
				r := modules.Reach{Relations: []policies.Relation{policies.Guest}}
				return r, row.Scan((*zeronull.UUID)(&r.Account), &r.Section, &r.Cases, &r.Writable)
			})
			return err
		})
		if err := deps.DB.Read(ctx, s, &batch); err != nil {
			return nil, fmt.Errorf("count the cases that others share: %w", err)
		}
		return reaches, nil
	}
}

// tellShares tells what shares of the body stand for, to explain an access by them.
func tellShares(deps modules.Deps) modules.ShareSource {
	return func(ctx context.Context, s tenants.Scope, ids []uuid.UUID) (facts []modules.ShareFact, err error) {
		var batch pgx.Batch
		batch.Queue(`select x.id, x.kind, x.purpose_label, x.legal_basis,
				array(select a.amended_at from sharing.shares_amendments a where a.share_id = x.id order by a.amended_at)
			from sharing.shares x where x.id = any ($1) and $2 in (x.owner_tenant, x.receiver_tenant) order by x.offered_at, x.id`, ids, s.Tenant).
			Query(func(rows pgx.Rows) error {
				facts, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (modules.ShareFact, error) {
					var f modules.ShareFact
					return f, row.Scan(&f.ID, &f.Kind, &f.Purpose, &f.Basis, &f.Amended)
				})
				return err
			})
		if err := deps.DB.Read(ctx, s, &batch); err != nil {
			return nil, fmt.Errorf("tell of shares: %w", err)
		}
		return facts, nil
	}
}
