package support

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

func (v *Service) findAll(ctx context.Context, s tenants.Scope) (found []Access, err error) {
	var batch pgx.Batch
	batch.Queue(`select a.id, a.body, a.state, a.reason, a.hours, coalesce(a.mine, false), a.name, a.asked_at, a.until, a.ended_at from platform.find_support() a`).
		Query(func(rows pgx.Rows) error {
			found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Access, err error) {
				return a, row.Scan(&a.ID, &a.Body, &a.State, &a.Reason, &a.Hours, &a.Mine, &a.Name, &a.AskedAt, (*zeronull.Timestamptz)(&a.Until), (*zeronull.Timestamptz)(&a.EndedAt))
			})
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find support: %w", err)
	}
	return found, nil
}

func (v *Service) findOwn(ctx context.Context, s tenants.Scope) (found []Access, err error) {
	var batch pgx.Batch
	batch.Queue(`select a.id, a.state, a.reason, a.hours, a.account_id, a.name, a.asked_at, a.answered_name, a.answered_at, a.until, a.ended_at from platform.body_support() a`).
		Query(func(rows pgx.Rows) error {
			found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Access, error) {
				a := Access{Body: s.Tenant}
				err := row.Scan(&a.ID, &a.State, &a.Reason, &a.Hours, (*zeronull.UUID)(&a.Account), &a.Name, &a.AskedAt, &a.Granter, (*zeronull.Timestamptz)(&a.Answered),
					(*zeronull.Timestamptz)(&a.Until), (*zeronull.Timestamptz)(&a.EndedAt))
				a.Mine = a.Account == s.Account
				return a, err
			})
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find the support of the body: %w", err)
	}
	return found, nil
}

// findDoings reads from the audit of the body what was done by each access, the newest first.
func (v *Service) findDoings(ctx context.Context, s tenants.Scope, all []Access) error {
	var ids, accounts []uuid.UUID
	var from, to []time.Time
	place := map[uuid.UUID]*Access{}
	for i := range all {
		a := &all[i]
		if a.Account == uuid.Nil || a.Until.IsZero() {
			continue
		}
		end := a.Until
		if !a.EndedAt.IsZero() {
			end = a.EndedAt
		}
		place[a.ID] = a
		ids, accounts, from, to = append(ids, a.ID), append(accounts, a.Account), append(from, a.Answered), append(to, end)
	}
	if len(ids) == 0 {
		return nil
	}
	var batch pgx.Batch
	batch.Queue(`select x.id, e.at, e.action, coalesce(e.payload ->> 'page', '')
		from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[]) x (id, account_id, since, upto)
		cross join lateral (select e.at, e.action, e.payload from audit.events e
			where e.tenant_id = $1 and e.at >= x.since and e.at <= x.upto + interval '1 minute' and e.account_id = x.account_id and e.actor_tenant = $1 order by e.at desc limit 200) e
		order by e.at desc`, s.Tenant, ids, accounts, from, to).Query(func(rows pgx.Rows) error {
		var id uuid.UUID
		var d Doing
		_, err := pgx.ForEachRow(rows, []any{&id, &d.At, &d.Action, &d.Page}, func() error {
			place[id].Doings = append(place[id].Doings, d)
			return nil
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return fmt.Errorf("find what support did: %w", err)
	}
	return nil
}

// ask writes what is asked of a body; told is the event for its chain, and its payload.
func ask(ctx context.Context, tx tenants.Tx, body int32, w Wish, told [2]string) error {
	if _, err := tx.Exec(ctx, `select platform.ask_support($1, $2, $3, $4, $5)`, body, w.Hours, w.Reason, told[0], told[1]); err != nil {
		return fmt.Errorf("ask for support: %w", err)
	}
	return nil
}

// The steps of an access, from the platform's side and from the body's.
const (
	takeSQL   = `select platform.take_support($1, $2, $3)`
	leaveSQL  = `select platform.leave_support($1, $2, $3)`
	answerSQL = `select platform.answer_support($1, $2, $3)`
	grantSQL  = `select platform.grant_support($1, $2, $3, $4)`
	endSQL    = `select platform.end_support($1)`
)

func step(ctx context.Context, tx tenants.Tx, sql string, args ...any) error {
	_, err := tx.Exec(ctx, sql, args...)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == missing {
		return problem.Missing().Wrap(err)
	}
	if err != nil {
		return fmt.Errorf("change support: %w", err)
	}
	return nil
}

// missing is the SQLSTATE of an access that is not there, or another body's.
const missing = "P0002"
