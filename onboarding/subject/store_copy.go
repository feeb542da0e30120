package subject

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

const copyColumns = `c.id, c.request_id, c.state, c.choices, c.asked_name, c.asked_at, c.size, c.sha256, c.made_at, c.expires_at, c.fetched_name, c.fetched_at`

func scanCopy(row pgx.CollectableRow) (c Copy, err error) {
	return c, row.Scan(&c.ID, &c.Request, &c.State, &c.Choices, &c.AskedName, &c.AskedAt, &c.Size, &c.SHA256, &c.MadeAt, &c.ExpiresAt, &c.FetchedName, &c.FetchedAt)
}

func findCopies(ctx context.Context, tx tenants.Tx, request uuid.UUID) ([]Copy, error) {
	rows, err := tx.Query(ctx, `select `+copyColumns+` from onboarding.subject_copies c where c.tenant_id = app.tenant() and c.request_id = $1 order by c.asked_at desc, c.id desc limit 50`, request)
	if err != nil {
		return nil, fmt.Errorf("find the copies of a request: %w", err)
	}
	return pgx.CollectRows(rows, scanCopy)
}

func getCopy(ctx context.Context, tx tenants.Tx, id uuid.UUID) (Copy, error) {
	rows, err := tx.Query(ctx, `select `+copyColumns+` from onboarding.subject_copies c where c.tenant_id = app.tenant() and c.id = $1`, id)
	if err != nil {
		return Copy{}, fmt.Errorf("get a copy of data: %w", err)
	}
	c, err := pgx.CollectExactlyOneRow(rows, scanCopy)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, problem.Missing()
	}
	return c, err
}

// insertCopy writes what is to be made and tells whether it was new and nothing else is being made.
func insertCopy(ctx context.Context, tx tenants.Tx, s tenants.Scope, c Copy) (bool, error) {
	done, err := tx.Exec(ctx, `insert into onboarding.subject_copies (id, request_id, choices, asked_by, asked_name) values ($1, $2, $3, $4, $5) on conflict do nothing`,
		c.ID, c.Request, c.Choices, s.Account, s.Name)
	if err != nil {
		return false, fmt.Errorf("have a copy of data made: %w", err)
	}
	return done.RowsAffected() == 1, nil
}

func noteMade(ctx context.Context, tx tenants.Tx, c Copy) error {
	_, err := tx.Exec(ctx, `update onboarding.subject_copies set state = 'ready', size = $2, sha256 = $3, made_at = app.now(), expires_at = $4
		where tenant_id = app.tenant() and id = $1 and state = 'making'`, c.ID, c.Size, c.SHA256, c.ExpiresAt)
	if err != nil {
		return fmt.Errorf("note that a copy of data is made: %w", err)
	}
	return nil
}

func noteFetched(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) error {
	_, err := tx.Exec(ctx, `update onboarding.subject_copies set fetched_name = $2, fetched_at = app.now() where tenant_id = app.tenant() and id = $1`, id, s.Name)
	if err != nil {
		return fmt.Errorf("note who fetched a copy of data: %w", err)
	}
	return nil
}

// endCopy takes a copy from a state to another; one that is elsewhere by now stays.
func endCopy(ctx context.Context, tx tenants.Tx, id uuid.UUID, from, to CopyState) error {
	_, err := tx.Exec(ctx, `update onboarding.subject_copies set state = $3 where tenant_id = app.tenant() and id = $1 and state = $2`, id, from, to)
	if err != nil {
		return fmt.Errorf("end a copy of data: %w", err)
	}
	return nil
}

// countWaiting counts the copies that are ready and that nobody fetched.
func countWaiting(ctx context.Context, tx tenants.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*) from onboarding.subject_copies c where c.tenant_id = app.tenant() and c.state = 'ready' and c.fetched_at is null and c.expires_at > app.now()`).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the copies of data: %w", err)
	}
	return n, nil
}
