package intake

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/modules"
	"staffetta/tenants"
)

// proposedSQL holds for contacts that were proposed for taking in charge, while the person has no open case, got none since and
// nobody has set the proposal aside.
const proposedSQL = `c.state = 'closed' and c.outcome = 'taking_in_charge' and c.set_aside = '' and c.case_id is null and c.person_id is not null
	and not exists (select from casefile.cases k where k.tenant_id = c.tenant_id and k.person_id = c.person_id
		and (k.closed_at is null or k.opened_at >= c.closed_at))`

// pileProposed counts the proposals that wait for an answer.
func (sv *Service) pileProposed(ctx context.Context, s tenants.Scope) (p modules.Pile, err error) {
	var b pgx.Batch
	b.Queue(`select count(*), (array_agg(c.id order by c.at, c.id))[1], max(c.closed_at) from intake.contacts c where c.tenant_id = $1 and `+proposedSQL, s.Tenant).
		QueryRow(func(row pgx.Row) error {
			return row.Scan(&p.Count, (*zeronull.UUID)(&p.First), (*zeronull.Timestamptz)(&p.Since))
		})
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return modules.Pile{}, fmt.Errorf("count the proposals of taking in charge: %w", err)
	}
	return p, nil
}

func setAside(ctx context.Context, tx tenants.Tx, tenant int32, c Contact, reason string) error {
	_, err := tx.Exec(ctx, `update intake.contacts set set_aside = $3, version = version + 1 where tenant_id = $1 and id = $2`, tenant, c.ID, reason)
	if err != nil {
		return fmt.Errorf("set a proposal aside: %w", err)
	}
	return nil
}
