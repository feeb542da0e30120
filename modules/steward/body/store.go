package body

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/tenants"
)

func (v *Service) findLines(ctx context.Context, s tenants.Scope, words []string, search Search) (found []Line, err error) {
	if words == nil {
		words = []string{}
	}
	var batch pgx.Batch
	batch.Queue(`select b.id, b.created_at, b.activated_at, b.last_on from platform.find_bodies($1, $2, $3) b`, words, string(search.State), search.After).
		Query(func(rows pgx.Rows) error {
			found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Line, error) {
				var l Line
				return l, row.Scan(&l.ID, &l.CreatedAt, (*zeronull.Timestamptz)(&l.ActivatedAt), (*zeronull.Timestamp)(&l.LastOn))
			})
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find bodies: %w", err)
	}
	return found, nil
}

// fill reads what the database knows of a body: its months, its suspensions and its entry.
func (v *Service) fill(ctx context.Context, s tenants.Scope, sheet *Sheet) error {
	var batch pgx.Batch
	batch.Queue(`select u.month, coalesce(u.people, -1), coalesce(u.events, -1) from platform.body_usage($1) u`, sheet.ID).Query(func(rows pgx.Rows) (err error) {
		sheet.Months, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Month, err error) {
			return m, row.Scan(&m.First, &m.People, &m.Events)
		})
		return err
	})
	batch.Queue(`select x.at, x.reason, x.name, x.ended_at, x.ended_reason, x.ended_name from platform.find_suspensions($1) x`, sheet.ID).Query(func(rows pgx.Rows) (err error) {
		sheet.Suspensions, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (x Suspension, err error) {
			return x, row.Scan(&x.At, &x.Reason, &x.Name, (*zeronull.Timestamptz)(&x.EndedAt), &x.EndedReason, &x.EndedName)
		})
		return err
	})
	batch.Queue(`select d.host, d.state, d.blocked, d.changed_at from platform.find_domain($1) d`, sheet.ID).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Domain])
		if len(found) > 0 {
			sheet.Domain = &found[0]
		}
		return err
	})
	batch.Queue(`select e.contact_name, e.contact_position, e.contact_email, e.confirmed_name, e.reviewed_name, e.created_at
		from onboarding.entries e where e.tenant_id = $1 and e.body_id = $2`, s.Tenant, sheet.ID).QueryRow(func(row pgx.Row) error {
		var e Entry
		err := row.Scan(&e.Contact, &e.Position, &e.Email, &e.Confirmed, &e.Reviewed, &e.At)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // made by whoever runs the platform
		}
		sheet.Entry = &e
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return fmt.Errorf("look at a body: %w", err)
	}
	return nil
}

// moves are the functions by which who runs the platform decides about a body, by what that is called in the audit.
var moves = map[string]string{
	"body.suspend":   `select platform.suspend_body($1, $2, $3, $4)`,
	"body.resume":    `select platform.resume_body($1, $2, $3, $4)`,
	"domain.block":   `select platform.block_domain($1, $2, $3, $4)`,
	"domain.unblock": `select platform.unblock_domain($1, $2, $3, $4)`,
}

func moveBody(ctx context.Context, tx tenants.Tx, d step) error {
	if _, err := tx.Exec(ctx, moves[d.action], d.body, d.reason, d.event, d.payload); err != nil {
		return fmt.Errorf("decide about a body: %w", err)
	}
	return nil
}
