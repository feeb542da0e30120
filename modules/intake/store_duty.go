package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/modules"
	"staffetta/tenants"
)

const pileSQL = `select count(*), (array_agg(c.id order by c.at, c.id))[1], min(c.at)
	from intake.contacts c where c.tenant_id = $1 and c.state <> 'closed' and c.at >= $2 and c.at < $3`

// pileOpen counts the open contacts that arrived before the first instant, and from it to the second; each pile is due when the
// first of it arrived.
func (sv *Service) pileOpen(ctx context.Context, s tenants.Scope, first, second time.Time) (before, between modules.Pile, err error) {
	scan := func(p *modules.Pile) func(pgx.Row) error {
		return func(row pgx.Row) error {
			return row.Scan(&p.Count, (*zeronull.UUID)(&p.First), (*zeronull.Timestamptz)(&p.Due))
		}
	}
	var b pgx.Batch
	b.Queue(pileSQL, s.Tenant, time.Time{}, first).QueryRow(scan(&before))
	b.Queue(pileSQL, s.Tenant, first, second).QueryRow(scan(&between))
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return modules.Pile{}, modules.Pile{}, fmt.Errorf("count the contacts that have to be concluded: %w", err)
	}
	return before, between, nil
}
