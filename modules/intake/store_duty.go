package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

const pileSQL = `select count(*), coalesce((array_agg(c.id order by c.at, c.id))[1], '00000000-0000-0000-0000-000000000000'),
		coalesce(min(c.at), timestamptz '0001-01-01 00:00:00Z')
	from intake.contacts c where c.tenant_id = $1 and c.state <> 'closed' and c.at >= $2 and c.at < $3`

// pileOpen counts the open contacts that arrived before the first instant, and from it to the second.
func (sv *Service) pileOpen(ctx context.Context, s tenants.Scope, first, second time.Time) (before, between pile, err error) {
	scan := func(p *pile) func(pgx.Row) error {
		return func(row pgx.Row) error { return row.Scan(&p.Count, &p.First, &p.At) }
	}
	var b pgx.Batch
	b.Queue(pileSQL, s.Tenant, time.Time{}, first).QueryRow(scan(&before))
	b.Queue(pileSQL, s.Tenant, first, second).QueryRow(scan(&between))
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return pile{}, pile{}, fmt.Errorf("count the contacts that have to be concluded: %w", err)
	}
	return before, between, nil
}
