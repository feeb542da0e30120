package adoption

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/tenants"
)

func (v *Service) findUnderway(ctx context.Context, s tenants.Scope) (found []Underway, err error) {
	var b pgx.Batch
	b.Queue(`select `+adoptionColumns+`, coalesce(e.since, a.created_at), r.at`+adoptionTables+`
			left join lateral (select max(j.at) as since from practice.adoptions_journal j
				where j.adoption_id = a.id and j.event in ('started', 'moved', 'returned')) e on true
			left join lateral (select max(j.at) as at from practice.adoptions_journal j
				where j.adoption_id = a.id and j.event = 'reminded' and j.tenant_id <> $1 and j.at >= coalesce(e.since, a.created_at)) r on true
		where m.side in ('ceding', 'reusing') and a.state <> 'ended' and a.stage <= $2
		order by a.updated_at desc, a.id limit 100`, s.Tenant, StageGoLive).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Underway, error) {
			var u Underway
			err := row.Scan(append(u.columns(), &u.Since, (*zeronull.Timestamptz)(&u.Reminded))...)
			return u, err
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find adoptions underway: %w", err)
	}
	return found, nil
}
