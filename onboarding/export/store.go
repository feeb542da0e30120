package export

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const columns = `e.id, e.state, e.receiver, e.recipient, e.reason, e.asked_by, e.asked_name, e.asked_at, e.decided_name, e.decided_at, e.words,
	e.done, e.steps, e.size, e.manifest_sum, e.made_at, e.expires_at, e.fetched_name, e.fetched_at, e.version`

func scan(row pgx.CollectableRow) (e Export, err error) {
	return e, row.Scan(&e.ID, &e.State, &e.Receiver, &e.Recipient, &e.Reason, &e.AskedBy, &e.AskedName, &e.AskedAt, &e.DecidedName, &e.DecidedAt, &e.Words,
		&e.Done, &e.Steps, &e.Size, &e.ManifestSum, &e.MadeAt, &e.ExpiresAt, &e.FetchedName, &e.FetchedAt, &e.Version)
}

func findExports(ctx context.Context, tx tenants.Tx) ([]Export, error) {
	rows, err := tx.Query(ctx, fmt.Sprintf(`select %s from onboarding.exports e order by e.asked_at desc, e.id desc limit %d`, columns, maxExports))
	if err != nil {
		return nil, fmt.Errorf("find exports: %w", err)
	}
	return pgx.CollectRows(rows, scan)
}

func lockExport(ctx context.Context, tx tenants.Tx, id uuid.UUID) (Export, error) {
	rows, err := tx.Query(ctx, `select `+columns+` from onboarding.exports e where e.tenant_id = app.tenant() and e.id = $1 for update`, id)
	if err != nil {
		return Export{}, fmt.Errorf("lock an export: %w", err)
	}
	e, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return e, problem.Missing()
	}
	return e, err
}

// oneAtATime is the index that keeps a body to one open export.
const oneAtATime = "exports_tenant_id_idx"

// createExport writes the question and tells whether it was new.
func createExport(ctx context.Context, tx tenants.Tx, s tenants.Scope, r Request) (bool, error) {
	done, err := tx.Exec(ctx, `insert into onboarding.exports (id, receiver, recipient, reason, asked_by, asked_name) values ($1, $2, $3, $4, $5, $6)
		on conflict (tenant_id, id) do nothing`, r.ID, r.Receiver, r.Recipient, r.Reason, s.Account, s.Name)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.ConstraintName == oneAtATime {
		return false, problem.New(problem.Conflict, "onboarding.export.error.open").Wrap(err)
	}
	if err != nil {
		return false, fmt.Errorf("ask for an export: %w", err)
	}
	return done.RowsAffected() == 1, nil
}

func withdrawExport(ctx context.Context, tx tenants.Tx, e Export) error {
	return endExport(ctx, tx, e.ID, Asked, Withdrawn)
}

// decideExport writes what was decided about an export, and why.
func decideExport(ctx context.Context, tx tenants.Tx, s tenants.Scope, e Export) error {
	_, err := tx.Exec(ctx, `update onboarding.exports set state = $2, decided_by = $3, decided_name = $4, decided_at = app.now(), words = $5, version = version + 1
		where tenant_id = app.tenant() and id = $1`, e.ID, e.State, s.Account, s.Name, e.Words)
	if err != nil {
		return fmt.Errorf("decide about an export: %w", err)
	}
	return nil
}

// endExport takes an export from a state to another; one that is elsewhere by now stays.
func endExport(ctx context.Context, tx tenants.Tx, id uuid.UUID, from, to State) error {
	_, err := tx.Exec(ctx, `update onboarding.exports set state = $3, version = version + 1 where tenant_id = app.tenant() and id = $1 and state = $2`, id, from, to)
	if err != nil {
		return fmt.Errorf("end an export: %w", err)
	}
	return nil
}

func noteProgress(ctx context.Context, tx tenants.Tx, id uuid.UUID, done, steps int) error {
	if _, err := tx.Exec(ctx, `update onboarding.exports set done = $2, steps = $3 where tenant_id = app.tenant() and id = $1`, id, done, steps); err != nil {
		return fmt.Errorf("note how far an export is: %w", err)
	}
	return nil
}

func noteMade(ctx context.Context, tx tenants.Tx, e Export) error {
	_, err := tx.Exec(ctx, `update onboarding.exports set state = 'ready', size = $2, manifest_sum = $3, made_at = app.now(), expires_at = $4, done = steps, version = version + 1
		where tenant_id = app.tenant() and id = $1 and state = 'agreed'`, e.ID, e.Size, e.ManifestSum, e.ExpiresAt)
	if err != nil {
		return fmt.Errorf("note that an export is made: %w", err)
	}
	return nil
}

func noteFetched(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) error {
	_, err := tx.Exec(ctx, `update onboarding.exports set fetched_by = $2, fetched_name = $3, fetched_at = app.now() where tenant_id = app.tenant() and id = $1`,
		id, s.Account, s.Name)
	if err != nil {
		return fmt.Errorf("note who fetched an export: %w", err)
	}
	return nil
}

// createByCommand writes down, as the owner, that who runs the deployment makes an export; one that was cut short is over.
func createByCommand(ctx context.Context, owner tenants.Tx, body int32, id uuid.UUID, key string) error {
	if _, err := owner.Exec(ctx, `update onboarding.exports set state = 'failed' where tenant_id = $1 and asked_by is null and state = 'agreed'`, body); err != nil {
		return fmt.Errorf("end an earlier export: %w", err)
	}
	_, err := owner.Exec(ctx, `insert into onboarding.exports (tenant_id, id, state, receiver, recipient, reason, asked_name) values ($1, $2, 'agreed', $3, $4, $3, $3)`,
		body, id, command, key)
	if err != nil {
		return fmt.Errorf("begin the export (is another one under way?): %w", err)
	}
	return nil
}

// countAsked counts the exports that wait for somebody else than who asked.
func countAsked(ctx context.Context, tx tenants.Tx, s tenants.Scope) (p modules.Pile, err error) {
	err = tx.QueryRow(ctx, `select count(*), (array_agg(x.id order by x.asked_at, x.id))[1], max(x.asked_at) from onboarding.exports x
		where x.tenant_id = app.tenant() and x.state = 'asked' and x.asked_by is distinct from $1`, s.Account).Scan(&p.Count, (*zeronull.UUID)(&p.First), (*zeronull.Timestamptz)(&p.Since))
	if err != nil {
		return p, fmt.Errorf("count the exports that wait: %w", err)
	}
	return p, nil
}
