package sharing

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

const (
	receivedPileSQL = `select count(*), coalesce((array_agg(s.id order by s.valid_to, s.id))[1], ` + noID + `),
		coalesce((array_agg(s.owner_tenant order by s.valid_to, s.id))[1], 0), coalesce(min(s.valid_to), ` + noTime + `)
		from sharing.shares s where s.receiver_tenant = $1 and s.state = $2 and s.valid_to > app.now()`
	sentPileSQL = `select count(*), coalesce((array_agg(s.id order by s.valid_to, s.id))[1], ` + noID + `),
		coalesce((array_agg(s.receiver_tenant order by s.valid_to, s.id))[1], 0), coalesce(min(s.valid_to), ` + noTime + `)
		from sharing.shares s where s.owner_tenant = $1 and s.state = $2 and s.valid_to > app.now()
			and s.valid_to <= $3 and ($4 or s.offered_by = $5)`
	endingToActor = ` and s.valid_to <= $3 and ($4 or (s.receiver_account is null or s.receiver_account = $5)
		and (s.receiver_office is null or s.receiver_office = any (app.offices())))`
)

func (p *pile) scan(row pgx.Row) error { return row.Scan(&p.Count, &p.First, &p.Other, &p.Until) }

func (s *Service) pileOffered(ctx context.Context, scope tenants.Scope) (waiting pile, err error) {
	var batch pgx.Batch
	batch.Queue(receivedPileSQL, scope.Tenant, Offered).QueryRow(waiting.scan)
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return pile{}, fmt.Errorf("find the offers that wait: %w", err)
	}
	return waiting, nil
}

func (s *Service) pileEnding(ctx context.Context, scope tenants.Scope, bound time.Time, all bool) (received, sent pile, err error) {
	var batch pgx.Batch
	batch.Queue(receivedPileSQL+endingToActor, scope.Tenant, Active, bound, all, scope.Account).QueryRow(received.scan)
	batch.Queue(sentPileSQL, scope.Tenant, Active, bound, all, scope.Account).QueryRow(sent.scan)
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return pile{}, pile{}, fmt.Errorf("find the shares that end: %w", err)
	}
	return received, sent, nil
}
