package domain

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

func (v *Service) get(ctx context.Context, s tenants.Scope) (d Domain, err error) {
	var b pgx.Batch
	b.Queue(`select d.id, d.host, d.token, d.state, d.asked_at, d.changed_at, d.checked_at, d.record, d.lead, d.misses, d.blocked
		from platform.domains d where d.tenant_id = app.tenant() and d.state <> 'removed'`).QueryRow(func(row pgx.Row) error {
		return row.Scan(&d.ID, &d.Host, &d.Token, &d.State, &d.AskedAt, &d.ChangedAt, (*zeronull.Timestamptz)(&d.CheckedAt), &d.Record, &d.Lead, &d.Misses, &d.Blocked)
	})
	err = v.deps.DB.Read(ctx, s, &b)
	if errors.Is(err, pgx.ErrNoRows) {
		return Domain{}, problem.Missing()
	}
	if err != nil {
		return Domain{}, fmt.Errorf("get the address of a body: %w", err)
	}
	return d, nil
}

// findAsked finds the bodies whose addresses are to be looked at.
func (v *Service) findAsked(ctx context.Context, s tenants.Scope) (found []int32, err error) {
	var b pgx.Batch
	b.Queue(`select o from platform.bodies_with_domains() o`).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, pgx.RowTo[int32])
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find bodies with an address: %w", err)
	}
	return found, nil
}

func createDomain(ctx context.Context, tx tenants.Tx, s tenants.Scope, d Domain) error {
	_, err := tx.Exec(ctx, `insert into platform.domains (id, host, token, asked_by) values ($1, $2, $3, $4)`, d.ID, d.Host, d.Token, s.Account)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == "23505" {
		return problem.New(problem.Conflict, "onboarding.domain.error.has").Wrap(err)
	}
	if isBlocked(err) {
		var wrong problem.Fields
		wrong.Add("indirizzo", "onboarding.domain.error.blocked_host")
		return wrong.Err()
	}
	if err != nil {
		return fmt.Errorf("ask for an address: %w", err)
	}
	return nil
}

// isBlocked tells whether who runs the platform blocked the host.
func isBlocked(err error) bool {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && refused.Code == "SF425"
}

// saveDomain keeps what became of an address, by what the DNS showed; where its state is the same, since when stays. What was taken away
// or suspended meanwhile is a conflict, and so is a host that another body has shown to be its own.
func saveDomain(ctx context.Context, tx tenants.Tx, d Domain, shown Evidence) error {
	var kept bool
	err := tx.QueryRow(ctx, `select platform.judge_domain($1, $2, $3, $4, $5, $6, $7, nullif($8, '')::inet)`,
		d.ID, d.ChangedAt, d.State, d.Record, d.Lead, d.Misses, shown.Text, shown.address()).Scan(&kept)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == "23505" {
		return problem.New(problem.Conflict, "onboarding.domain.error.first").Wrap(err)
	}
	if isBlocked(err) {
		return problem.New(problem.Conflict, "onboarding.domain.error.blocked_host").Wrap(err)
	}
	if err != nil {
		return fmt.Errorf("keep what became of an address: %w", err)
	}
	if !kept {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	return nil
}
