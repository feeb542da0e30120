package elsewhere

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// findShown lists the cases that live shares show to the actor as the answer to an ask for a person; row security hides the case of
// any other share. Whoever must not be found any more is not among them.
func (s *Service) findShown(ctx context.Context, scope tenants.Scope, code string) (found []shown, err error) {
	var batch pgx.Batch
	batch.Queue(`with shown as materialized (select s.id, s.owner_tenant, d.case_id, s.valid_to from sharing.asks_persons n join sharing.asks a on a.id = n.ask_id
		join sharing.shares s on s.id = a.share_id join sharing.shares_details d on d.share_id = s.id
		where n.tax_code = $2 and a.asker_tenant = $1 and a.state = 'answered' and s.state = 'active' and s.valid_to > app.now()
			and d.case_id is not null and s.agreement_id = any ((select policies.live_agreement_ids())::uuid[])
			order by s.valid_to desc, s.id limit 20)
		select h.owner_tenant, h.case_id from shown h where h.id in (select sharing.findable_shares(array(select x.id from shown x)))
		order by h.valid_to desc, h.id`, scope.Tenant, code).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (shown, error) {
			var one shown
			return one, row.Scan(&one.owner, &one.id)
		})
		return err
	})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find what is shown of a person: %w", err)
	}
	return found, nil
}
