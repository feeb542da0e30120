package casefile

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/policies"
)

// FindViewings lists who read or changed an opened case, newest first. Only the
// owner's people see it.
func (s *Service) FindViewings(ctx context.Context, a *Access, after Cursor) ([]Viewing, Cursor, error) {
	at, id := after.orFuture()
	var batch pgx.Batch
	var viewings []Viewing
	var ids []uuid.UUID
	batch.Queue(fmt.Sprintf(`
		select e.id, e.at, e.action, e.actor_name, e.actor_tenant, e.relation, e.sections, coalesce(e.payload ->> 'reason', ''), e.share_id, e.purpose
		from audit.events e where e.tenant_id = $1 and e.case_id = $2 and (e.at, e.id) < ($3, $4)
		order by e.at desc, e.id desc limit %d`, pageSize+1), a.Tenant, a.ID, at, id).
		Query(func(rows pgx.Rows) (err error) {
			viewings, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Viewing, error) {
				var v Viewing
				var event uuid.UUID
				err := row.Scan(&event, &v.At, &v.Action, &v.Actor, &v.Body, &v.Relation, &v.Sections, &v.Reason, (*nullID)(&v.Share), &v.Purpose)
				ids = append(ids, event)
				return v, err
			})
			return err
		})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, Cursor{}, fmt.Errorf("find who opened the case: %w", err)
	}
	if len(viewings) <= pageSize {
		return viewings, Cursor{}, nil
	}
	return viewings[:pageSize], Cursor{At: viewings[pageSize-1].At, ID: ids[pageSize-1]}, nil
}

// FindSteps lists how the case moved along its path, newest first.
func (s *Service) FindSteps(ctx context.Context, a *Access) ([]Step, error) {
	var batch pgx.Batch
	var steps []Step
	queueSteps(&batch, a, &steps)
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find the steps of a case: %w", err)
	}
	return steps, nil
}

func queueSteps(b *pgx.Batch, a *Access, into *[]Step) {
	b.Queue(`select t.from_state, t.to_state, t.reason, t.account_name, t.at from casefile.steps t
		where t.tenant_id = $1 and t.case_id = $2 order by t.at desc limit 100`, a.Tenant, a.ID).
		Query(func(rows pgx.Rows) (err error) {
			*into, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Step, error) {
				var t Step
				return t, row.Scan(&t.From, &t.To, &t.Reason, &t.By, &t.At)
			})
			return err
		})
}

// visitSQL joins the last days with events to their events. An event of several sections counts in each of them.
const visitSQL = `
	with seen as (
		select (e.at at time zone 'Europe/Rome')::date as day, e.at, e.account_id, e.actor_name, e.actor_tenant,
			coalesce(s.section::text, '') as section, e.action like '%%.read' or e.action = 'case.open' as reads, e.relation, coalesce(e.payload ->> 'reason', '') as reason, e.share_id
		from audit.events e left join lateral unnest(e.sections) s (section) on true
		where e.tenant_id = $1 and e.case_id = $2 and e.at < $3),
	days as (select distinct day from seen order by day desc limit %d)
	select v.day, v.actor_name, v.actor_tenant, v.section,
		count(*) filter (where v.reads), count(*) filter (where not v.reads), min(v.at), max(v.at),
		coalesce(array_agg(distinct v.relation) filter (where v.relation <> ''), '{}'),
		coalesce(array_agg(distinct v.reason) filter (where v.reason <> ''), '{}'),
		(array_agg(v.share_id order by v.at desc) filter (where v.share_id is not null))[1]
	from seen v join days on days.day = v.day
	group by v.day, v.account_id, v.actor_name, v.actor_tenant, v.section
	order by v.day desc, v.actor_name, v.actor_tenant, v.account_id, array_position($4::text[], v.section) nulls first`

// findVisits reads one day more than a page shows.
func findVisits(ctx context.Context, a *Access, before time.Time) ([]Visit, error) {
	end := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	if !before.IsZero() {
		end = time.Date(before.Year(), before.Month(), before.Day(), 0, 0, 0, 0, rome)
	}
	var batch pgx.Batch
	var visits []Visit
	batch.Queue(fmt.Sprintf(visitSQL, visitDays+1), a.Tenant, a.ID, end, policies.SectionIDs()).Query(func(rows pgx.Rows) (err error) {
		visits, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Visit, error) {
			var v Visit
			return v, row.Scan(&v.Day, &v.Actor, &v.Body, &v.Section, &v.Readings, &v.Changes, &v.First, &v.Last, &v.Relations, &v.Reasons, (*nullID)(&v.Share))
		})
		return err
	})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find who visited the case: %w", err)
	}
	return visits, nil
}
