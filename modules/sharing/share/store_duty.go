package share

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

const (
	receivedPileSQL = `select count(*), coalesce((array_agg(s.id order by s.valid_to, s.id))[1], ` + noID + `),
		coalesce((array_agg(s.owner_tenant order by s.valid_to, s.id))[1], 0), coalesce(min(s.valid_to), ` + noTime + `), ` + noTime + `
		from sharing.shares s where s.receiver_tenant = $1 and s.state = $2 and s.valid_to > app.now()`
	offeredPileSQL = `select count(*), coalesce((array_agg(s.id order by s.answer_by, s.id))[1], ` + noID + `),
		coalesce((array_agg(s.owner_tenant order by s.answer_by, s.id))[1], 0), coalesce(min(s.answer_by), ` + noTime + `), coalesce(max(s.offered_at), ` + noTime + `)
		from sharing.shares s where s.receiver_tenant = $1 and s.state = 'offered' and s.valid_to > app.now() and s.answer_by > app.now()`
	sentPileSQL = `select count(*), coalesce((array_agg(s.id order by s.valid_to, s.id))[1], ` + noID + `),
		coalesce((array_agg(s.receiver_tenant order by s.valid_to, s.id))[1], 0), coalesce(min(s.valid_to), ` + noTime + `), ` + noTime + `
		from sharing.shares s where s.owner_tenant = $1 and s.state = $2 and s.valid_to > app.now()
			and s.valid_to <= $3 and ($4 or s.offered_by = $5)`
	// What was opened in an emergency ends within hours, as it should.
	notInEmergency = ` and s.kind <> 'break_glass'`
	endingToActor  = notInEmergency + ` and s.valid_to <= $3 and ($4 or (s.receiver_account is null or s.receiver_account = $5)
		and (s.receiver_office is null or s.receiver_office = any (app.offices())))`
	ofWorker = `s.owner_tenant = $1 and ($3 and s.offered_by = $2 or exists (select 1 from sharing.shares_details d
		join casefile.assignments a on a.tenant_id = $1 and a.case_id = d.case_id and a.account_id = $2 and a.valid_to is null
		where d.share_id = s.id))`
	newsSQL = `select count(*), coalesce((array_agg(n.id order by n.at desc))[1], ` + noID + `),
		coalesce((array_agg(n.other order by n.at desc))[1], 0), ` + noTime + `, coalesce(max(n.at), ` + noTime + `)
		from (select s.id, %s as other, s.moved_at as at from sharing.shares s
			left join sharing.sights v on v.tenant_id = $1 and v.account_id = $2 and v.share_id = s.id
			where %s and s.moved_at > app.now() - interval '30 days' and s.moved_by <> $2 and coalesce(v.version, 0) < s.version) n`
)

func (p *pile) scan(row pgx.Row) error {
	return row.Scan(&p.Count, &p.First, &p.Other, &p.Until, &p.Since)
}

func (s *Shares) pileOffered(ctx context.Context, scope tenants.Scope) (waiting pile, err error) {
	var batch pgx.Batch
	batch.Queue(offeredPileSQL, scope.Tenant).QueryRow(waiting.scan)
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return pile{}, fmt.Errorf("find the offers that wait: %w", err)
	}
	return waiting, nil
}

func (s *Shares) pileEnding(ctx context.Context, scope tenants.Scope, bound time.Time, all bool) (received, sent pile, err error) {
	var batch pgx.Batch
	batch.Queue(receivedPileSQL+endingToActor, scope.Tenant, Active, bound, all, scope.Account).QueryRow(received.scan)
	batch.Queue(sentPileSQL+notInEmergency, scope.Tenant, Active, bound, all, scope.Account).QueryRow(sent.scan)
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return pile{}, pile{}, fmt.Errorf("find the shares that end: %w", err)
	}
	return received, sent, nil
}

// pileNews are the steps that somebody else took in the last thirty days, and that the actor has not seen: in a share of a
// case on which the actor works now, or that the actor accepted, is to act on, or had looked at before it ended.
func (s *Shares) pileNews(ctx context.Context, scope tenants.Scope) (received, sent pile, err error) {
	var batch pgx.Batch
	batch.Queue(fmt.Sprintf(newsSQL, "s.owner_tenant", "s.receiver_tenant = $1 and ($2 in (s.receiver_account, s.decided_by) or v.share_id is not null and s.state in ('revoked', 'closed'))"+notInEmergency),
		scope.Tenant, scope.Account).QueryRow(received.scan)
	batch.Queue(fmt.Sprintf(newsSQL, "s.receiver_tenant", ofWorker),
		scope.Tenant, scope.Account, s.oversees(scope)).QueryRow(sent.scan)
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return pile{}, pile{}, fmt.Errorf("find what is new in shares: %w", err)
	}
	return received, sent, nil
}

func (s *Shares) pileOverrides(ctx context.Context, scope tenants.Scope) (found pile, err error) {
	var batch pgx.Batch
	batch.Queue(`select count(*), coalesce((array_agg(s.id order by s.offered_at desc))[1], `+noID+`),
		coalesce((array_agg(s.receiver_tenant order by s.offered_at desc))[1], 0), `+noTime+`, coalesce(max(s.offered_at), `+noTime+`)
		from sharing.shares s where s.owner_tenant = $1 and s.legal_basis = 'override' and s.offered_by <> $2
			and not exists (select 1 from sharing.sights v where v.tenant_id = $1 and v.account_id = $2 and v.share_id = s.id)`,
		scope.Tenant, scope.Account).QueryRow(found.scan)
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return pile{}, fmt.Errorf("find the shares without a legal basis: %w", err)
	}
	return found, nil
}

// noteSeen remembers how far the actor has seen a share.
func (s *Shares) noteSeen(ctx context.Context, scope tenants.Scope, share Share) error {
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `insert into sharing.sights as v (account_id, share_id, version) values ($1, $2, $3)
			on conflict (tenant_id, account_id, share_id) do update set version = excluded.version where v.version < excluded.version`,
			scope.Account, share.ID, share.Version)
		if err != nil {
			return fmt.Errorf("note that a share was seen: %w", err)
		}
		return nil
	})
}
