package share

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/tenants"
)

const (
	receivedPileSQL = `select count(*), (array_agg(s.id order by s.valid_to, s.id))[1],
		(array_agg(s.owner_tenant order by s.valid_to, s.id))[1], min(s.valid_to), null::timestamptz
		from sharing.shares s where s.receiver_tenant = $1 and s.state = $2 and s.valid_to > app.now()`
	offeredPileSQL = `select count(*), (array_agg(s.id order by s.answer_by, s.id))[1],
		(array_agg(s.owner_tenant order by s.answer_by, s.id))[1], min(s.answer_by), max(s.offered_at)
		from sharing.shares s where s.receiver_tenant = $1 and s.state = 'offered' and s.valid_to > app.now() and s.answer_by > app.now()`
	sentPileSQL = `select count(*), (array_agg(s.id order by s.valid_to, s.id))[1],
		(array_agg(s.receiver_tenant order by s.valid_to, s.id))[1], min(s.valid_to), null::timestamptz
		from sharing.shares s where s.owner_tenant = $1 and s.state = $2 and s.valid_to > app.now()
			and s.valid_to <= $3 and ($4 or s.offered_by = $5)`
	// What was opened in an emergency ends within hours, as it should.
	notInEmergency = ` and s.kind <> 'break_glass'`
	endingToActor  = notInEmergency + ` and s.valid_to <= $3 and ($4 or (s.receiver_account is null or s.receiver_account = $5)
		and (s.receiver_office is null or s.receiver_office = any (app.offices())))`
	// From the cases of the worker to their shares: a body has thousands of shares, a worker dozens of cases.
	ofWorker = `s.owner_tenant = $1 and ($3 and s.offered_by = $2 or s.id in (select d.share_id from casefile.assignments a
		join sharing.shares_details d on d.owner_tenant = $1 and d.case_id = a.case_id
		where a.tenant_id = $1 and a.account_id = $2 and a.valid_to is null))`
	movedSQL = ` from sharing.shares s
			left join sharing.sights v on v.tenant_id = $1 and v.account_id = $2 and v.share_id = s.id
			where %s and s.moved_at > app.now() - interval '30 days' and s.moved_by <> $2 and coalesce(v.version, 0) < s.version`
	newsSQL = `select count(*), (array_agg(n.id order by n.at desc))[1],
		(array_agg(n.other order by n.at desc))[1], null::timestamptz, max(n.at)
		from (select s.id, %s as other, s.moved_at as at` + movedSQL + `) n`
	newsToActor = "s.receiver_tenant = $1 and ($2 in (s.receiver_account, s.decided_by) or v.share_id is not null and s.state in ('revoked', 'closed'))" + notInEmergency
)

// ScanPile reads a pile of shares: how many, the first and the body on its other side, when that is due, when the newest began.
func (s *Shares) ScanPile(p *modules.Pile) func(pgx.Row) error {
	return func(row pgx.Row) error {
		var other int32
		err := row.Scan(&p.Count, (*zeronull.UUID)(&p.First), (*zeronull.Int4)(&other), (*zeronull.Timestamptz)(&p.Due), (*zeronull.Timestamptz)(&p.Since))
		if p.Title = s.deps.Bodies.Name(other); !p.Due.IsZero() {
			p.Due = form.LastDay(p.Due)
		}
		return err
	}
}

func (s *Shares) pileOffered(ctx context.Context, scope tenants.Scope) (waiting modules.Pile, err error) {
	var batch pgx.Batch
	batch.Queue(offeredPileSQL, scope.Tenant).QueryRow(s.ScanPile(&waiting))
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return modules.Pile{}, fmt.Errorf("find the offers that wait: %w", err)
	}
	return waiting, nil
}

func (s *Shares) pileEnding(ctx context.Context, scope tenants.Scope, bound time.Time, all bool) (received, sent modules.Pile, err error) {
	var batch pgx.Batch
	batch.Queue(receivedPileSQL+endingToActor, scope.Tenant, Active, bound, all, scope.Account).QueryRow(s.ScanPile(&received))
	batch.Queue(sentPileSQL+notInEmergency, scope.Tenant, Active, bound, all, scope.Account).QueryRow(s.ScanPile(&sent))
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return modules.Pile{}, modules.Pile{}, fmt.Errorf("find the shares that end: %w", err)
	}
	return received, sent, nil
}

// pileNews are the steps that somebody else took in the last thirty days, and that the actor has not seen: in a share of a
// case on which the actor works now, or that the actor accepted, is to act on, or had looked at before it ended.
func (s *Shares) pileNews(ctx context.Context, scope tenants.Scope) (received, sent modules.Pile, err error) {
	var batch pgx.Batch
	batch.Queue(fmt.Sprintf(newsSQL, "s.owner_tenant", newsToActor),
		scope.Tenant, scope.Account).QueryRow(s.ScanPile(&received))
	batch.Queue(fmt.Sprintf(newsSQL, "s.receiver_tenant", ofWorker),
		scope.Tenant, scope.Account, s.oversees(scope)).QueryRow(s.ScanPile(&sent))
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return modules.Pile{}, modules.Pile{}, fmt.Errorf("find what is new in shares: %w", err)
	}
	return received, sent, nil
}

// markNews marks those of a list that the actor's duty about news counts.
func (s *Shares) markNews(ctx context.Context, scope tenants.Scope, list []Seen) error {
	ids := make([]uuid.UUID, len(list))
	for i, one := range list {
		ids[i] = one.ID
	}
	var batch pgx.Batch
	var news []uuid.UUID
	where := "s.id = any ($4) and (" + newsToActor + " or " + ofWorker + ")"
	batch.Queue("select s.id"+fmt.Sprintf(movedSQL, where), scope.Tenant, scope.Account, s.oversees(scope), ids).Query(func(rows pgx.Rows) (err error) {
		news, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		return err
	})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return fmt.Errorf("find what is new in a list of shares: %w", err)
	}
	for i := range list {
		list[i].News = slices.Contains(news, list[i].ID)
	}
	return nil
}

func (s *Shares) pileOverrides(ctx context.Context, scope tenants.Scope) (found modules.Pile, err error) {
	var batch pgx.Batch
	batch.Queue(`select count(*), (array_agg(s.id order by s.offered_at desc))[1],
		(array_agg(s.receiver_tenant order by s.offered_at desc))[1], null::timestamptz, max(s.offered_at)
		from sharing.shares s where s.owner_tenant = $1 and s.legal_basis = 'override' and s.offered_by <> $2
			and not exists (select 1 from sharing.sights v where v.tenant_id = $1 and v.account_id = $2 and v.share_id = s.id)`,
		scope.Tenant, scope.Account).QueryRow(s.ScanPile(&found))
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return modules.Pile{}, fmt.Errorf("find the shares without a legal basis: %w", err)
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
