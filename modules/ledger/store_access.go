package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/language"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// ownSQL gathers the events of a day by who acted and by what right. It gives one day more than are shown.
const ownSQL = `
	with seen as (select (e.at at time zone 'Europe/Rome')::date as day, ` + audit.ReadingSQL + ` as reads, e.id, e.at, e.account_id, e.actor_name,
			e.actor_tenant, e.offices, e.relation, e.share_id, e.number, e.part
		from ledger.own_events($1, $2) e),
	days as (select distinct day from seen order by day desc limit %d)
	select (array_agg(v.id order by v.at, v.id))[1], min(v.at), v.day, v.actor_name, v.actor_tenant, v.offices, v.part, v.number, v.relation,
		count(*) filter (where v.reads), count(*) filter (where not v.reads), v.share_id, coalesce(min(h.purpose_label), ''),
		(select a.title from policies.agreements a where a.id = h.agreement_id)
	from seen v join days on days.day = v.day left join sharing.shares h on h.id = v.share_id
	group by v.day, v.account_id, v.actor_name, v.actor_tenant, v.offices, v.part, v.number, v.relation, v.share_id, h.agreement_id
	order by v.day desc, v.actor_name, v.actor_tenant, v.account_id, v.part, v.number, v.relation, v.share_id, v.offices`

func (s *Service) findOwn(ctx context.Context, scope tenants.Scope, before time.Time) ([]OwnAccess, error) {
	code, err := s.readOwnCode(ctx, scope)
	if err != nil {
		return nil, err
	}
	var batch pgx.Batch
	var found []OwnAccess
	contests, acts := map[uuid.UUID]uuid.UUID{}, map[uuid.UUID][]Act{}
	batch.Queue(fmt.Sprintf(ownSQL, ownDays+1), code, before).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanOwn)
		return err
	})
	batch.Queue(`select c.event_id, c.id from ledger.contests c where c.tenant_id = $1 and c.account_id = $2`, scope.Tenant, scope.Account).Query(func(rows pgx.Rows) error {
		var event, contest uuid.UUID
		_, err := pgx.ForEachRow(rows, []any{&event, &contest}, func() error { contests[event] = contest; return nil })
		return err
	})
	batch.Queue(`select h.id, p.tenant_id, p.act_number, p.act_date from sharing.shares h
		join policies.agreements_parties p on p.agreement_id = h.agreement_id and p.accepted_at is not null and p.act_date is not null
		where h.owner_tenant = $1 and p.tenant_id in (h.owner_tenant, h.receiver_tenant)
			and h.id in (select e.share_id from ledger.own_events($2, $3) e) order by p.tenant_id`, scope.Tenant, code, before).Query(func(rows pgx.Rows) error {
		var share uuid.UUID
		var a Act
		_, err := pgx.ForEachRow(rows, []any{&share, &a.Body, &a.Number, &a.Day}, func() error { acts[share] = append(acts[share], a); return nil })
		return err
	})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find who opened the citizen's file: %w", err)
	}
	for i := range found {
		found[i].Contest, found[i].Acts = contests[found[i].ID], acts[found[i].Share]
	}
	return found, nil
}

func scanOwn(row pgx.CollectableRow) (OwnAccess, error) {
	var a OwnAccess
	return a, row.Scan(&a.ID, &a.At, &a.Day, &a.Actor, &a.Body, &a.Offices, &a.Part, &a.Number, &a.Relation, &a.Readings, &a.Changes, (*zeronull.UUID)(&a.Share),
		&a.Purpose, (*zeronull.Text)(&a.Agreement))
}

// findListings gathers the lists of a day by the body of who saw them.
func (s *Service) findListings(ctx context.Context, scope tenants.Scope, since, before time.Time) (found []OwnListing, err error) {
	code, err := s.readOwnCode(ctx, scope)
	if err != nil {
		return nil, err
	}
	var batch pgx.Batch
	batch.Queue(`select (l.at at time zone 'Europe/Rome')::date, l.actor_tenant, array_agg(distinct l.actor_name order by l.actor_name), count(*)
		from ledger.own_lists($1, $2, $3) l group by 1, 2 order by 1 desc, 2`, code, since, before).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (OwnListing, error) {
			var l OwnListing
			return l, row.Scan(&l.Day, &l.Body, &l.Names, &l.Lists)
		})
		return err
	})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find in which lists the citizen's file stood: %w", err)
	}
	return found, nil
}

// readOwnCode is the fiscal code of the citizen who asks: by it, and inside this body alone, the account meets a person.
func (s *Service) readOwnCode(ctx context.Context, scope tenants.Scope) (string, error) {
	var batch pgx.Batch
	var sealed []byte
	batch.Queue(`select ledger.own_code()`).QueryRow(func(row pgx.Row) error { return row.Scan(&sealed) })
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return "", fmt.Errorf("read the citizen's own code: %w", err)
	}
	return s.taxCode(sealed)
}

// sees tells whether an event is one that the citizen sees, as the first of what somebody did on a day.
func (s *Service) sees(ctx context.Context, scope tenants.Scope, event uuid.UUID) (OwnAccess, bool, error) {
	code, err := s.readOwnCode(ctx, scope)
	if err != nil {
		return OwnAccess{}, false, err
	}
	var batch pgx.Batch
	var at *time.Time
	batch.Queue(`select min(e.at) from ledger.own_events($1, $2) e where e.id = $3`, code, endOfTime, event).
		QueryRow(func(row pgx.Row) error { return row.Scan(&at) })
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return OwnAccess{}, false, fmt.Errorf("look for an event of the citizen's file: %w", err)
	}
	if at == nil {
		return OwnAccess{}, false, nil
	}
	return s.lineOf(ctx, scope, *at, event)
}

// lineOf is the line that begins with an event.
func (s *Service) lineOf(ctx context.Context, scope tenants.Scope, at time.Time, event uuid.UUID) (OwnAccess, bool, error) {
	found, err := s.findOwn(ctx, scope, dayOf(at.In(language.Rome)).AddDate(0, 0, 1))
	if err != nil {
		return OwnAccess{}, false, err
	}
	for _, a := range found {
		if a.ID == event {
			return a, true, nil
		}
	}
	return OwnAccess{}, false, nil
}
