package visit

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/modules/casefile/access"
	"staffetta/policies"
	"staffetta/policies/audit"
)

// eventSQL is the one way in which the events of a case are read: of the sections it names those that the actor reads,
// and whether there were others. Of what was done in others alone it says that it was a reading or a change, no more;
// what is done to a case or a share as a whole names no section.
const eventSQL = `
	select e.id, e.at, e.account_id, e.actor_name, e.actor_tenant, e.relation, coalesce(e.payload ->> 'reason', '') as reason, e.share_id,
		s.shown as sections, s.others, r.reads,
		case when not s.others or s.shown <> '{}' or split_part(e.action, '.', 1) in ('case', 'share') then e.action
			when r.reads then 'case.read' else 'case.change' end as action
	from audit.events e
	cross join lateral (select array(select id from unnest(e.sections) id where id = any ((select app.sections())::text[])) as shown,
		not e.sections <@ (select app.sections())::text[] as others) s
	cross join lateral (select ` + audit.ReadingSQL + ` as reads) r
	where e.tenant_id = $1 and e.case_id = $2`

const viewingSQL = `
	select e.id, e.at, e.action, e.actor_name, e.actor_tenant, e.relation, e.sections, e.others, e.reason, e.share_id
	from (` + eventSQL + `) e where (e.at, e.id) < ($3, $4) order by e.at desc, e.id desc limit %d`

// findViewings reads one row more than a page shows.
func findViewings(ctx context.Context, a *access.Own, after access.Cursor) ([]Viewing, error) {
	before, id := after.Bounds()
	var batch pgx.Batch
	var viewings []Viewing
	batch.Queue(fmt.Sprintf(viewingSQL, access.PageSize+1), a.Tenant, a.ID, before, id).Query(func(rows pgx.Rows) (err error) {
		viewings, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Viewing, error) {
			var v Viewing
			return v, row.Scan(&v.ID, &v.At, &v.Action, &v.Actor, &v.Body, &v.Relation, &v.Sections, &v.Others, &v.Reason, (*zeronull.UUID)(&v.Share))
		})
		return err
	})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find who opened the case: %w", err)
	}
	return viewings, nil
}

// visitSQL joins the last days with events to their events. An event of several sections counts in each of them, and
// once in those that the actor does not read. What is done with a share names the sections that it is about; none of them
// is read or changed by it.
const visitSQL = `
	with seen as (
		select (e.at at time zone 'Europe/Rome')::date as day, e.at, e.account_id, e.actor_name, e.actor_tenant,
			coalesce(s.section, '') as section, e.reads, e.relation, e.reason, e.share_id
		from (` + eventSQL + `) e
		left join lateral unnest(case when split_part(e.action, '.', 1) = 'share' then array['` + Sharing + `'::text]
			when e.others then e.sections || '` + Others + `'::text else e.sections end) s (section) on true
		where $3::date is null or e.at < $3::date::timestamp at time zone 'Europe/Rome'),
	days as (select distinct day from seen order by day desc limit %d)
	select v.day, v.actor_name, v.actor_tenant, v.section,
		count(*) filter (where v.reads), count(*) filter (where not v.reads and v.section <> '` + Sharing + `'),
		count(*) filter (where not v.reads and v.section = '` + Sharing + `'), min(v.at), max(v.at),
		coalesce(array_agg(distinct v.relation) filter (where v.relation <> ''), '{}'),
		coalesce(array_agg(distinct v.reason) filter (where v.reason <> ''), '{}'),
		(array_agg(v.share_id order by v.at desc) filter (where v.share_id is not null))[1]
	from seen v join days on days.day = v.day
	group by v.day, v.account_id, v.actor_name, v.actor_tenant, v.section
	order by v.day desc, v.actor_name, v.actor_tenant, v.account_id, v.section = '` + Others + `', array_position($4::text[], v.section) nulls first, v.section`

// findByDay reads one day more than are found at once.
func findByDay(ctx context.Context, a *access.Own, before time.Time) ([]Visit, error) {
	var end *time.Time
	if !before.IsZero() {
		end = &before
	}
	var batch pgx.Batch
	var visits []Visit
	batch.Queue(fmt.Sprintf(visitSQL, days+1), a.Tenant, a.ID, end, policies.SectionIDs()).Query(func(rows pgx.Rows) (err error) {
		visits, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Visit, error) {
			var v Visit
			return v, row.Scan(&v.Day, &v.Actor, &v.Body, &v.Section, &v.Readings, &v.Changes, &v.Steps, &v.First, &v.Last, &v.Relations, &v.Reasons, (*zeronull.UUID)(&v.Share))
		})
		return err
	})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find who visited the case: %w", err)
	}
	return visits, nil
}
