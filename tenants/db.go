package tenants

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"staffetta/internal/problem"
)

// Tx is a transaction that already carries who acts. Domain files pass it on to
// their store and need no driver for that.
type Tx interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// ErrNoTenant says that a door was asked to open without a body.
var ErrNoTenant = errors.New("no tenant in scope")

// Pools are the connections of each serving role.
type Pools struct {
	App, Guest, Platform, Worker, Auditor, Report *pgxpool.Pool
}

// DB holds the only doors to data. Each door sets who acts for the length of one
// transaction; PostgreSQL's row-level security does the rest.
type DB struct {
	pools  Pools
	report func(error)
}

// NewDB makes the doors over open pools.
func NewDB(pools Pools) *DB {
	return &DB{pools: pools, report: func(err error) { slog.Error("something was written, and what follows failed", "error", err) }}
}

// ReportFaults has a function told of what failed after a commit, in place of the standard log. It is called before a door opens.
func (db *DB) ReportFaults(report func(error)) { db.report = report }

// Read runs a batch of queries over the body's own rows, in one round trip and
// read-only. Queries take their results with QueuedQuery's Query and QueryRow.
func (db *DB) Read(ctx context.Context, s Scope, b *pgx.Batch) error {
	return door{db, db.pools.App, confineSQL}.read(ctx, s, b)
}

// Guest runs a batch of queries over rows of other bodies that a live grant shows.
func (db *DB) Guest(ctx context.Context, s Scope, b *pgx.Batch) error {
	return door{db, db.pools.Guest, confineGuestSQL}.read(ctx, s, b)
}

// InTx runs fn in a transaction over the body's own rows and commits when fn
// returns nil.
func (db *DB) InTx(ctx context.Context, s Scope, fn func(tx Tx) error) error {
	return door{db, db.pools.App, confineSQL}.inTx(ctx, s, fn)
}

// GuestTx runs fn in a transaction over rows of other bodies that a live grant shows. Each statement finds the agreements that
// are live then: one may be suspended while fn runs.
func (db *DB) GuestTx(ctx context.Context, s Scope, fn func(tx Tx) error) error {
	return door{db, db.pools.Guest, confineSQL}.inTx(ctx, s, fn)
}

// Platform runs fn over the platform's tables. It carries no body.
func (db *DB) Platform(ctx context.Context, fn func(tx Tx) error) error {
	return db.plainTx(ctx, db.pools.Platform, fn)
}

// Audit runs fn over the audit tables of all bodies; only the audit's recorder,
// sealer and verifier may call it.
func (db *DB) Audit(ctx context.Context, fn func(tx Tx) error) error {
	return db.plainTx(ctx, db.pools.Auditor, fn)
}

// Report runs fn over everything that the body may see, as it is at one instant and read-only; instants come in UTC. Only what
// hands the body its own data may call it.
func (db *DB) Report(ctx context.Context, s Scope, fn func(tx Tx) error) error {
	if s.Tenant == 0 {
		return ErrNoTenant
	}
	return db.plainTx(ctx, db.pools.Report, func(tx Tx) error {
		if _, err := tx.Exec(ctx, `set transaction isolation level repeatable read, read only`); err != nil {
			return fmt.Errorf("hold the data still: %w", err)
		}
		if _, err := tx.Exec(ctx, confineSQL+`, set_config('timezone', 'UTC', true)`, s.settings("on")...); err != nil {
			return fmt.Errorf("confine to the tenant: %w", err)
		}
		return fn(tx)
	})
}

// Worker is the pool of the job runner, which carries no body either: the body
// of a job goes through the other doors.
func (db *DB) Worker() *pgxpool.Pool { return db.pools.Worker }

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.pools.App.Ping(ctx) }

// Listen calls heard for each notification on the channels until ctx ends or the
// connection fails; ready is called once listening has begun.
func (db *DB) Listen(ctx context.Context, channels []string, ready func(), heard func(channel, payload string)) error {
	conn, err := db.pools.Platform.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("acquire a listening connection: %w", err)
	}
	defer func() { _ = conn.Hijack().Close(context.WithoutCancel(ctx)) }()
	for _, channel := range channels {
		if _, err := conn.Exec(ctx, "listen "+pgx.Identifier{channel}.Sanitize()); err != nil {
			return fmt.Errorf("listen on %s: %w", channel, err)
		}
	}
	ready()
	for {
		n, err := conn.Conn().WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("wait for notifications: %w", err)
		}
		heard(n.Channel, n.Payload)
	}
}

// Close closes every pool.
func (db *DB) Close() {
	for _, pool := range []*pgxpool.Pool{db.pools.App, db.pools.Guest, db.pools.Platform, db.pools.Worker, db.pools.Auditor, db.pools.Report} {
		if pool != nil {
			pool.Close()
		}
	}
}

// door is a serving role with what sets who acts through it.
type door struct {
	db      *DB
	pool    *pgxpool.Pool
	confine string
}

// confineSQL makes the settings local to the transaction: outside it they are
// empty, and an empty tenant matches no row.
const confineSQL = `select set_config('app.tenant', $1, true), set_config('app.account', $2, true),
	set_config('app.offices', $3, true), set_config('app.sections', $4, true),
	set_config('app.writable', $5, true), set_config('app.purpose', $6, true),
	set_config('transaction_read_only', $7, true)`

// confineGuestSQL finds the agreements that are live for the body once, for the policies of all tables that are read. The
// list follows the settings, by which its own policy knows the body.
const confineGuestSQL = confineSQL + `, set_config('app.agreements', array(select l.agreement_id from policies.live_agreements l
	where l.tenant_id = $1::int and l.valid @> app.now())::text, true)`

func (s Scope) settings(readOnly string) []any {
	account := ""
	if s.Account != ([16]byte{}) {
		account = s.Account.String()
	}
	offices := make([]string, len(s.Offices))
	for i, id := range s.Offices {
		offices[i] = strconv.Itoa(int(id))
	}
	return []any{
		strconv.Itoa(int(s.Tenant)), account, strings.Join(offices, ","),
		strings.Join(s.readable, ","), strings.Join(s.writable, ","), string(s.Purpose), readOnly,
	}
}

// read sends the settings and the queries together. A batch is one implicit
// transaction, so that the settings end with it.
func (d door) read(ctx context.Context, s Scope, b *pgx.Batch) error {
	if s.Tenant == 0 {
		return ErrNoTenant
	}
	confine := &pgx.QueuedQuery{SQL: d.confine, Arguments: s.settings("on")}
	confined := &pgx.Batch{QueuedQueries: append([]*pgx.QueuedQuery{confine}, b.QueuedQueries...)}
	if err := d.pool.SendBatch(ctx, confined).Close(); err != nil {
		return fmt.Errorf("read confined to the tenant: %w", err)
	}
	return nil
}

func (d door) inTx(ctx context.Context, s Scope, fn func(tx Tx) error) error {
	if s.Tenant == 0 {
		return ErrNoTenant
	}
	return late(d.db.plainTx(ctx, d.pool, func(tx Tx) error {
		if _, err := tx.Exec(ctx, d.confine, s.settings("off")...); err != nil {
			return fmt.Errorf("confine to the tenant: %w", err)
		}
		return fn(tx)
	}))
}

// refusals are the SQLSTATEs by which the database refuses what a caller can tell of, with the message: what comes too late, since
// what is written has moved on meanwhile, what a body on trial may not do yet, what is not written while the data of somebody is
// restricted, and roles of two people that one would hold, which is found as the transaction ends.
var refusals = map[string]string{"SF409": "web.error.conflict", "SF418": "web.error.restricted", "SF423": "web.error.trial", "SF424": "web.error.apart"}

// late turns such a refusal into a conflict, unless who met it has said already what it means.
func late(err error) error {
	if _, said := errors.AsType[*problem.Error](err); said {
		return err
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refusals[refused.Code] != "" {
		return problem.New(problem.Conflict, refusals[refused.Code]).Wrap(err)
	}
	return err
}

// kept is a transaction that remembers what to do once it has been committed.
type kept struct {
	pgx.Tx
	after []func(ctx context.Context) error
}

// AfterCommit does something once the transaction has been committed, and nothing where it is not: what is kept in memory is
// read again. What is committed is committed: where do fails, that is reported (DB.ReportFaults) and the door's caller is told
// of success; so do must be something that another way does too, such as what is heard of by notification. It is not cut short
// by the end of the request. A transaction that no door opened does not remember it.
func AfterCommit(tx Tx, do func(ctx context.Context) error) {
	if own, ok := tx.(*kept); ok {
		own.after = append(own.after, do)
	}
}

func (db *DB) plainTx(ctx context.Context, pool *pgxpool.Pool, fn func(tx Tx) error) error {
	begun, err := pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &kept{Tx: begun}
	defer tx.Rollback(context.WithoutCancel(ctx)) // no effect after the commit
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, do := range tx.after {
		if err := do(context.WithoutCancel(ctx)); err != nil {
			db.report(fmt.Errorf("after the commit: %w", err))
		}
	}
	return nil
}
