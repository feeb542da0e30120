package leaving

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
	"staffetta/modules"
	"staffetta/tenants"
)

// purgePeople removes the rows about people of the transaction's body. It returns how many went from which table, and the documents
// that nothing names any more.
func purgePeople(ctx context.Context, tx tenants.Tx, d declared) (gone map[string]int64, documents []string, err error) {
	err = tx.QueryRow(ctx, `select p.gone, p.documents from onboarding.purge_people($1, $2, $3) p`, d.people, d.tables, d.columns).Scan(&gone, &documents)
	if err != nil {
		return nil, nil, fmt.Errorf("remove what is about people: %w", err)
	}
	return gone, documents, nil
}

// countPeople counts the rows about people of the transaction's body, by table.
func countPeople(ctx context.Context, tx tenants.Tx, d declared) (map[string]int64, error) {
	rows, err := tx.Query(ctx, `select c.name, c.n from onboarding.count_people($1) c`, d.people)
	if err != nil {
		return nil, fmt.Errorf("count what is about people: %w", err)
	}
	return counted(rows)
}

// counted reads tables with how many rows they have.
func counted(rows pgx.Rows) (map[string]int64, error) {
	found := map[string]int64{}
	var table string
	var n int64
	_, err := pgx.ForEachRow(rows, []any{&table, &n}, func() error {
		found[table] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count rows: %w", err)
	}
	return found, nil
}

const columns = `l.id, l.state, l.reason, l.waiver, l.export_id, l.asked_by, l.asked_name, l.asked_at, l.decided_name, l.decided_at, l.words, l.due_at,
	l.stopped_name, l.stopped_at, l.stop_reason`

func scan(row pgx.CollectableRow) (l Leaving, err error) {
	return l, row.Scan(&l.ID, &l.State, &l.Reason, &l.Waiver, &l.Export, &l.AskedBy, &l.AskedName, &l.AskedAt, &l.DecidedName, &l.DecidedAt, &l.Words, &l.DueAt,
		&l.StoppedName, &l.StoppedAt, &l.StopReason)
}

// maxHistory bounds how much of the history is shown.
const maxHistory = 50

func findLeavings(ctx context.Context, tx tenants.Tx) ([]Leaving, error) {
	rows, err := tx.Query(ctx, fmt.Sprintf(`select %s from onboarding.leavings l order by l.asked_at desc, l.id desc limit %d`, columns, maxHistory))
	if err != nil {
		return nil, fmt.Errorf("find leavings: %w", err)
	}
	return pgx.CollectRows(rows, scan)
}

func lockLeaving(ctx context.Context, tx tenants.Tx, id uuid.UUID) (Leaving, error) {
	rows, err := tx.Query(ctx, `select `+columns+` from onboarding.leavings l where l.tenant_id = app.tenant() and l.id = $1 for update`, id)
	if err != nil {
		return Leaving{}, fmt.Errorf("lock a leaving: %w", err)
	}
	l, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return l, problem.Missing()
	}
	return l, err
}

// wasOpened tells whether the transaction's body ever went live, taken back or not.
func wasOpened(ctx context.Context, tx tenants.Tx) (opened bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select from onboarding.openings o where o.tenant_id = app.tenant() and o.opens)`).Scan(&opened)
	if err != nil {
		return false, fmt.Errorf("find whether the body was live: %w", err)
	}
	return opened, nil
}

// countHolds counts the holds of the transaction's body that are in force.
func countHolds(ctx context.Context, tx tenants.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*) from onboarding.holds h where h.tenant_id = app.tenant() and h.ended_at is null
		and (h.until is null or h.until >= (app.now() at time zone 'Europe/Rome')::date)`).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what is held: %w", err)
	}
	return n, nil
}

// lastFetched is the newest archive that somebody of the body fetched within thirty days, or nil.
func lastFetched(ctx context.Context, tx tenants.Tx) (*Fetched, error) {
	var f Fetched
	err := tx.QueryRow(ctx, `select e.id, e.fetched_name, e.fetched_at, e.manifest_sum from onboarding.exports e
		where e.fetched_at > app.now() - interval '30 days' order by e.fetched_at desc, e.id limit 1`).Scan(&f.ID, &f.Name, &f.At, &f.ManifestSum)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // no archive is an answer
	}
	if err != nil {
		return nil, fmt.Errorf("find the archive that was fetched: %w", err)
	}
	return &f, nil
}

// countBody counts the rows of the transaction's body, by table.
func countBody(ctx context.Context, tx tenants.Tx) (map[string]int64, error) {
	rows, err := tx.Query(ctx, `select c.name, c.n from onboarding.count_body() c`)
	if err != nil {
		return nil, fmt.Errorf("count what the body has: %w", err)
	}
	return counted(rows)
}

// createLeaving writes the question and tells whether it was new.
func createLeaving(ctx context.Context, tx tenants.Tx, s tenants.Scope, r Request, export *Fetched) (bool, error) {
	var taken *uuid.UUID
	if export != nil {
		taken = &export.ID
	}
	done, err := tx.Exec(ctx, `insert into onboarding.leavings (id, reason, waiver, export_id, asked_by, asked_name) values ($1, $2, $3, $4, $5, $6)
		on conflict (tenant_id, id) do nothing`, r.ID, r.Reason, r.Waiver, taken, s.Account, s.Name)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == "23505" { // another one was asked meanwhile
		return false, problem.New(problem.Conflict, "onboarding.leaving.error.open").Wrap(err)
	}
	if err != nil {
		return false, fmt.Errorf("ask that the body leaves: %w", err)
	}
	return done.RowsAffected() == 1, nil
}

func decideLeaving(ctx context.Context, tx tenants.Tx, s tenants.Scope, l Leaving) error {
	_, err := tx.Exec(ctx, `update onboarding.leavings set state = $2, decided_by = $3, decided_name = $4, decided_at = app.now(), words = $5, due_at = $6, version = version + 1
		where tenant_id = app.tenant() and id = $1`, l.ID, l.State, s.Account, s.Name, l.Words, l.DueAt)
	if err != nil {
		return fmt.Errorf("decide whether the body leaves: %w", err)
	}
	return nil
}

func stopLeaving(ctx context.Context, tx tenants.Tx, s tenants.Scope, l Leaving) error {
	_, err := tx.Exec(ctx, `update onboarding.leavings set state = $2, stopped_name = $3, stopped_at = app.now(), stop_reason = $4, version = version + 1
		where tenant_id = app.tenant() and id = $1`, l.ID, l.State, s.Name, l.StopReason)
	if err != nil {
		return fmt.Errorf("stop the body from leaving: %w", err)
	}
	return nil
}

// departure is that a body leaves on its day, or stays after all.
type departure struct {
	Body       int32
	At         time.Time
	Since      time.Time // when that was decided
	Agreements int       // with the transaction's body, that will end or go on
	Stays      bool
}

// findDepartures finds the bodies that leave, as the platform's body.
func findDepartures(ctx context.Context, tx tenants.Tx) ([]departure, error) {
	rows, err := tx.Query(ctx, `select b.body, b.due_at from onboarding.bodies_leaving() b`)
	if err != nil {
		return nil, fmt.Errorf("find the bodies that leave: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d departure, err error) { return d, row.Scan(&d.Body, &d.At) })
}

// findPartners finds the bodies that leave, or have just decided to stay, and have agreements with the transaction's body, by their day.
func findPartners(ctx context.Context, tx tenants.Tx) ([]departure, error) {
	rows, err := tx.Query(ctx, `select p.body, p.due_at, p.since, p.agreements, p.stays from onboarding.partners_leaving() p order by p.due_at, p.body`)
	if err != nil {
		return nil, fmt.Errorf("find the partners that leave: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d departure, err error) {
		return d, row.Scan(&d.Body, &d.At, &d.Since, &d.Agreements, &d.Stays)
	})
}

// manifestOf is the digest of the manifest of the archive that the body takes along; "" without one.
func manifestOf(ctx context.Context, tx tenants.Tx, l Leaving) (sum string, err error) {
	err = tx.QueryRow(ctx, `select coalesce((select e.manifest_sum from onboarding.exports e where e.tenant_id = app.tenant() and e.id = $1), '')`, l.Export).Scan(&sum)
	if err != nil {
		return "", fmt.Errorf("read the digest of the archive: %w", err)
	}
	return sum, nil
}

func shutBody(ctx context.Context, tx tenants.Tx) error {
	if _, err := tx.Exec(ctx, `select onboarding.shut_body()`); err != nil {
		return fmt.Errorf("shut the body: %w", err)
	}
	return nil
}

// removeBody removes what the transaction's body owns and returns how many rows went from which table.
func removeBody(ctx context.Context, tx tenants.Tx) (gone map[string]int64, err error) {
	if err := tx.QueryRow(ctx, `select onboarding.remove_body()`).Scan(&gone); err != nil {
		return nil, fmt.Errorf("remove the body: %w", err)
	}
	return gone, nil
}

// countAsked counts the leavings that wait for somebody else than who asked.
func countAsked(ctx context.Context, tx tenants.Tx, s tenants.Scope) (p modules.Pile, err error) {
	err = tx.QueryRow(ctx, `select count(*), (array_agg(x.id order by x.asked_at, x.id))[1], max(x.asked_at) from onboarding.leavings x
		where x.tenant_id = app.tenant() and x.state = 'asked' and x.asked_by <> $1`, s.Account).Scan(&p.Count, (*zeronull.UUID)(&p.First), (*zeronull.Timestamptz)(&p.Since))
	if err != nil {
		return p, fmt.Errorf("count the leavings that wait: %w", err)
	}
	return p, nil
}
