package abandoned

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/tenants"
)

// sinceChange are the reminders that an entry has had since its last change.
const sinceChange = `case when e.reminded_at > e.updated_at then e.reminders else 0 end`

// findWaiting finds open entries that nobody has changed for a week; the next run takes what is too much for one.
func findWaiting(ctx context.Context, deps modules.Deps, s tenants.Scope) (found []entry, err error) {
	var b pgx.Batch
	b.Queue(`select e.id, p.account_id as starter, e.belfiore, e.name, e.contact_email as email, `+sinceChange+` as reminders,
			extract(day from app.now() - e.updated_at)::int as days
		from onboarding.entries e join onboarding.entry_people p on p.tenant_id = e.tenant_id and p.entry_id = e.id and p.starter
		where e.tenant_id = $1 and e.state = 'open' and e.review <> 'asked' and e.updated_at <= app.now() - make_interval(days => $2)
			and `+sinceChange+` < case when e.updated_at <= app.now() - make_interval(days => $3) then 2 else 1 end
		order by e.updated_at, e.id limit 500`, s.Tenant, firstDays, secondDays).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, pgx.RowToStructByName[entry])
		return err
	})
	if err := deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find entries to remind of: %w", err)
	}
	return found, nil
}

// countReminder tells whether nobody else has reminded of the entry or changed it meanwhile.
func countReminder(ctx context.Context, tx tenants.Tx, e entry) (bool, error) {
	tag, err := tx.Exec(ctx, `update onboarding.entries e set reminders = $2, reminded_at = app.now()
		where e.tenant_id = app.tenant() and e.id = $1 and e.state = 'open' and `+sinceChange+` = $3 and e.updated_at <= app.now() - make_interval(days => $4)`,
		e.ID, e.due(), e.Reminders, firstDays)
	if err != nil {
		return false, fmt.Errorf("count a reminder: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}

// closeAbandoned returns which entries closed, and the sums of their acts, "" for none.
func closeAbandoned(ctx context.Context, tx tenants.Tx) (closed []uuid.UUID, deeds []string, err error) {
	rows, err := tx.Query(ctx, `select c.entry, c.deed from onboarding.close_abandoned() c`)
	if err != nil {
		return nil, nil, fmt.Errorf("close abandoned entries: %w", err)
	}
	var entry uuid.UUID
	var sum string
	_, err = pgx.ForEachRow(rows, []any{&entry, &sum}, func() error {
		closed, deeds = append(closed, entry), append(deeds, sum)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("close abandoned entries: %w", err)
	}
	return closed, deeds, nil
}
