package adoption

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// remindersSQL finds in one go what the two working sides of adoptions have to do: within fourteen days, values of indicators and
// yearly statements within thirty. $1 is the body.
const remindersSQL = `with today as (select (app.now() at time zone 'Europe/Rome')::date as day),
	mine as (select a.id, a.stage, a.kit_id, k.title_it, k.title_en, p.side,
			(select s.day from practice.adoptions_statements s where s.adoption_id = a.id and s.kind = 'first_case' and s.replaced_at is null) as served
		from practice.adoptions a join commons.kits k on k.id = a.kit_id
			join practice.adoptions_parties p on p.adoption_id = a.id and p.tenant_id = $1 and p.side in ('ceding', 'reusing')
		where a.state <> 'ended')
	select 'stage', m.id, m.title_it, m.title_en, m.stage, 0, o.due::timestamptz, null::timestamptz
		from mine m join practice.adoptions_owners o on o.adoption_id = m.id and o.stage = m.stage and o.tenant_id = $1, today t
		where o.due <= t.day + 14
	union all
	select 'gaps', m.id, m.title_it, m.title_en, count(*)::int, 0, min(s.day)::timestamptz, null
		from mine m join practice.adoptions_statements s on s.adoption_id = m.id and s.kind = 'answer' and s.replaced_at is null and s.value in ('no', 'partly'), today t
		where m.stage <= 7 and s.day <= t.day + 14 group by m.id, m.title_it, m.title_en
	union all
	select 'measure', m.id, m.title_it, m.title_en, count(*)::int, w.months, min(m.served + make_interval(months => w.months))::timestamptz, null
		from mine m cross join (values (6), (12), (24)) w (months) join commons.kit_items i on i.kit_id = m.kit_id and i.kind = 'indicator'
			and i.content::jsonb -> 'months' @> to_jsonb(w.months), today t
		where m.side = 'reusing' and m.served + make_interval(months => w.months) <= t.day + 30
			and not exists (select from practice.adoptions_statements s where s.adoption_id = m.id and s.kind = 'measure' and s.key = i.key
				and s.value = w.months::text and s.replaced_at is null)
			and not exists (select from practice.became d where d.tenant_id = $1 and d.adoption_id = m.id and d.kind = i.kind and d.key = i.key and d.decision = 'dropped')
		group by m.id, m.title_it, m.title_en, w.months
	union all
	select 'review', m.id, m.title_it, m.title_en, 1, 0, (l.day + interval '1 year')::timestamptz, null
		from mine m cross join lateral (select greatest(m.served, (select max(s.day) from practice.adoptions_statements s
			where s.adoption_id = m.id and s.kind = 'review' and s.replaced_at is null)) as day) l, today t
		where m.side = 'reusing' and l.day + interval '1 year' <= t.day + 30
	union all
	select 'naming', m.id, m.title_it, m.title_en, 1, 0, null, a.lead_proposed_at
		from mine m join practice.adoptions a on a.id = m.id and a.lead_proposed_by <> $1
	union all
	select x.cause, m.id, m.title_it, m.title_en, x.count, 0, null, x.since
		from mine m join practice.adoptions_alarms x on x.adoption_id = m.id and x.settled_at is null
		where m.side = 'reusing' and x.cause <> 'unmeasured'
	order by 7 nulls last, 2, 1 limit 200`

// leadAlarmsSQL finds the adoptions that a body leads and that something has threatened for the term.
const leadAlarmsSQL = `select 'lead', a.id, k.title_it, k.title_en, sum(x.count)::int, 0, null::timestamptz, max(x.lead_since)
	from practice.adoptions a join commons.kits k on k.id = a.kit_id
		join practice.adoptions_parties p on p.adoption_id = a.id and p.tenant_id = $1 and p.side = 'lead'
		join practice.adoptions_alarms x on x.adoption_id = a.id and x.settled_at is null and x.lead_since is not null
	where a.state <> 'ended' group by a.id, k.title_it, k.title_en order by 8, 2 limit 200`

func (v *Service) findReminders(ctx context.Context, s tenants.Scope) ([]reminder, error) {
	return v.remind(ctx, s, remindersSQL)
}

func (v *Service) findLeadAlarms(ctx context.Context, s tenants.Scope) ([]reminder, error) {
	return v.remind(ctx, s, leadAlarmsSQL)
}

func (v *Service) remind(ctx context.Context, s tenants.Scope, sql string) (found []reminder, err error) {
	var b pgx.Batch
	b.Queue(sql, s.Tenant).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (reminder, error) {
			var r reminder
			return r, row.Scan(&r.What, &r.ID, &r.Title.It, &r.Title.En, &r.N, &r.Months, &r.Due, &r.Since)
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find what adoptions ask: %w", err)
	}
	return found, nil
}
