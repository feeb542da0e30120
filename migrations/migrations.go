// Package migrations brings a database to the running version: roles, the core
// schema, River's own schema and one line of migrations per module. It works as
// the owner role, which never serves requests, and must not know any module.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed core/*.sql jobs/*.sql
var own embed.FS

// RiverSchema is where River keeps its tables.
const RiverSchema = "river"

// Line is a sequence of migrations with a version table of its own.
type Line struct {
	ID string // the module's id
	FS fs.FS  // NNNN_name.sql at its root
}

// lock is the advisory lock that lets one instance migrate at a time.
const lock = 0x57AFFE77A

// patience is how long a migration waits for what another transaction holds. All others wait behind it meanwhile, so that one long
// transaction would stop the platform; an address that says lock_timeout has its own.
const patience = "10s"

// ErrHeld says that another transaction held what a migration changes for too long: nothing of that migration was done.
var ErrHeld = errors.New("another transaction holds what a migration changes; nothing of it was done: end that transaction, or wait for it, and run `staffetta migrate` again")

// Up applies what is missing of the core lines and then of each line, in order.
// ownerURL connects as the owner of the database. Error: ErrHeld.
func Up(ctx context.Context, ownerURL string, lines []Line) error {
	config, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return fmt.Errorf("read the owner's address: %w", err)
	}
	if config.RuntimeParams["lock_timeout"] == "" {
		config.RuntimeParams["lock_timeout"] = patience
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	err = upAll(ctx, db, config, lines)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == "55P03" { // lock_not_available
		return fmt.Errorf("%w (%w)", ErrHeld, err)
	}
	return err
}

func upAll(ctx context.Context, db *sql.DB, config *pgx.ConnConfig, lines []Line) error {
	held, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect as the owner: %w", err)
	}
	defer held.Close()
	if _, err := held.ExecContext(ctx, `set lock_timeout = 0`); err != nil { // another instance's migrations may take long
		return fmt.Errorf("wait for other migrations: %w", err)
	}
	if _, err := held.ExecContext(ctx, `select pg_advisory_lock($1)`, int64(lock)); err != nil {
		return fmt.Errorf("wait for other migrations: %w", err)
	}
	defer func() {
		_, _ = held.ExecContext(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, int64(lock)) // closing unlocks too
	}()
	if _, err := held.ExecContext(ctx, `create schema if not exists migrations; create schema if not exists `+RiverSchema); err != nil {
		return fmt.Errorf("make the schema of versions: %w", err)
	}
	if err := upLine(ctx, db, Line{ID: "core", FS: sub("core")}); err != nil {
		return err
	}
	if err := upRiver(ctx, config); err != nil {
		return err
	}
	for _, line := range append([]Line{{ID: "jobs", FS: sub("jobs")}}, lines...) {
		if err := upLine(ctx, db, line); err != nil {
			return err
		}
	}
	return nil
}

// Pending lists, as line/version, what Up would apply: everything to a new database.
func Pending(ctx context.Context, db *sql.DB, lines []Line) ([]string, error) {
	var begun bool
	if err := db.QueryRowContext(ctx, `select to_regnamespace('migrations') is not null`).Scan(&begun); err != nil {
		return nil, fmt.Errorf("look for migrations: %w", err)
	}
	all := append([]Line{{ID: "core", FS: sub("core")}, {ID: "jobs", FS: sub("jobs")}}, lines...)
	var pending []string
	for _, line := range all {
		provider, err := newProvider(db, line)
		if err != nil {
			return nil, err
		}
		if !begun {
			for _, source := range provider.ListSources() {
				pending = append(pending, fmt.Sprintf("%s/%d", line.ID, source.Version))
			}
			continue
		}
		states, err := provider.Status(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the state of line %s: %w", line.ID, err)
		}
		for _, state := range states {
			if state.State == goose.StatePending {
				pending = append(pending, fmt.Sprintf("%s/%d", line.ID, state.Source.Version))
			}
		}
	}
	return pending, nil
}

func sub(dir string) fs.FS {
	part, err := fs.Sub(own, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}

func newProvider(db *sql.DB, line Line) (*goose.Provider, error) {
	store, err := database.NewStore(database.DialectPostgres, "migrations."+line.ID)
	if err != nil {
		return nil, fmt.Errorf("open the versions of line %s: %w", line.ID, err)
	}
	provider, err := goose.NewProvider("", db, line.FS, goose.WithStore(store))
	if err != nil {
		return nil, fmt.Errorf("read the migrations of line %s: %w", line.ID, err)
	}
	return provider, nil
}

func upLine(ctx context.Context, db *sql.DB, line Line) error {
	provider, err := newProvider(db, line)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate line %s: %w", line.ID, err)
	}
	return nil
}

func upRiver(ctx context.Context, config *pgx.ConnConfig) error {
	settings, err := pgxpool.ParseConfig(config.ConnString())
	if err != nil {
		return fmt.Errorf("read the owner's address: %w", err)
	}
	settings.ConnConfig = config.Copy()
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		return fmt.Errorf("connect for the jobs' schema: %w", err)
	}
	defer pool.Close()
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: RiverSchema})
	if err != nil {
		return fmt.Errorf("prepare the jobs' schema: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the jobs' schema: %w", err)
	}
	return nil
}

// Applied tells how far each line has come in the database.
func Applied(ctx context.Context, ownerURL string) (map[string]int64, error) {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return nil, fmt.Errorf("connect as the owner: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var lines []string
	err = conn.QueryRow(ctx, `select array_agg(c.relname::text order by c.relname) from pg_class c where c.relnamespace = 'migrations'::regnamespace and c.relkind = 'r'`).Scan(&lines)
	if err != nil {
		return nil, fmt.Errorf("find the lines of migrations: %w", err)
	}
	applied := map[string]int64{}
	for _, line := range lines {
		var version int64
		sql := `select max(v.version_id) from ` + pgx.Identifier{"migrations", line}.Sanitize() + ` v where v.is_applied`
		if err := conn.QueryRow(ctx, sql).Scan(&version); err != nil {
			return nil, fmt.Errorf("read how far line %s has come: %w", line, err)
		}
		applied[line] = version
	}
	return applied, nil
}
