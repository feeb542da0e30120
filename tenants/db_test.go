package tenants_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"staffetta/internal/testdb"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// doors are two bodies with one office each, seen through pools of a single connection: whatever a transaction leaves behind
// meets the next one.
type doors struct {
	*testdb.Database
	db         *tenants.DB
	app        *pgxpool.Pool
	alfa, beta tenants.Scope
}

func newDoors(t *testing.T) *doors {
	t.Helper()
	d := testdb.New(t)
	st := &doors{Database: d, app: single(t, d.URL("app"))}
	st.db = tenants.NewDB(tenants.Pools{App: st.app, Guest: single(t, d.URL("guest"))})
	st.alfa, st.beta = d.Operator(t, d.Body(t, "alfa"), "coordinator"), d.Operator(t, d.Body(t, "beta"), "coordinator")
	for _, s := range []tenants.Scope{st.alfa, st.beta} {
		if err := st.db.InTx(t.Context(), s, insertOffice(t.Context(), 1, s.Slug)); err != nil {
			t.Fatalf("make an office: %v", err)
		}
	}
	return st
}

func single(t *testing.T, address string) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func insertOffice(ctx context.Context, id int, name string) func(tenants.Tx) error {
	return func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `insert into platform.offices (id, name) values ($1, $2)`, id, name)
		return err
	}
}

// offices are the names that a scope reads.
func (st *doors) offices(t *testing.T, s tenants.Scope) []string {
	t.Helper()
	var names []string
	b := &pgx.Batch{}
	b.Queue(`select name from platform.offices order by name`).Query(func(rows pgx.Rows) (err error) {
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err := st.db.Read(context.WithoutCancel(t.Context()), s, b); err != nil {
		t.Errorf("read the offices: %v", err)
	}
	return names
}

// checkClean makes sure that the one connection carries nobody and that each body still reads its own office alone.
func (st *doors) checkClean(t *testing.T) {
	t.Helper()
	for _, s := range []tenants.Scope{st.alfa, st.beta} {
		if got := fmt.Sprint(st.offices(t, s)); got != "["+s.Slug+"]" {
			t.Errorf("%s reads the offices %s", s.Slug, got)
		}
	}
}

func code(err error) string {
	if refusal, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refusal.Code
	}
	return fmt.Sprint(err)
}

func TestDoorsNeedABody(t *testing.T) {
	t.Parallel()
	db := tenants.NewDB(tenants.Pools{}) // no pool: a door that went on would panic
	called := func(tenants.Tx) error { t.Error("a door without a body called its function"); return nil }
	nobody := tenants.Scope{Slug: "alfa", Roles: []string{"coordinator"}}
	for name, err := range map[string]error{
		"Read": db.Read(t.Context(), nobody, &pgx.Batch{}), "Guest": db.Guest(t.Context(), nobody, &pgx.Batch{}),
		"InTx": db.InTx(t.Context(), nobody, called), "GuestTx": db.GuestTx(t.Context(), nobody, called),
	} {
		if !errors.Is(err, tenants.ErrNoTenant) {
			t.Errorf("%s without a body: %v", name, err)
		}
	}
}

// TestConnectionWithoutBody goes round the doors: a query that nobody confined, and one with the empty setting that a
// transaction leaves behind on its connection.
func TestConnectionWithoutBody(t *testing.T) {
	t.Parallel()
	st := newDoors(t)
	pool := single(t, st.URL("app"))
	for _, setting := range []string{"", "set app.tenant = ''"} {
		if _, err := pool.Exec(t.Context(), setting); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := pool.QueryRow(t.Context(), `select count(*) from platform.offices`).Scan(&n); err != nil || n != 0 {
			t.Errorf("%q: %d rows, %v", setting, n, err)
		}
		tag, err := pool.Exec(t.Context(), `update platform.offices set name = 'gamma'`)
		if err != nil || tag.RowsAffected() != 0 {
			t.Errorf("%q: an update touches %d rows, %v", setting, tag.RowsAffected(), err)
		}
		for sql, want := range map[string]string{
			`insert into platform.offices (id, name) values (2, 'gamma')`:                                             "23502",
			fmt.Sprintf(`insert into platform.offices (tenant_id, id, name) values (%d, 2, 'gamma')`, st.alfa.Tenant): "42501",
		} {
			if _, err := pool.Exec(t.Context(), sql); code(err) != want && code(err) != "42501" {
				t.Errorf("%q: %s: %v", setting, sql, err)
			}
		}
	}
	st.checkClean(t)
}

func TestNothingStaysOnTheConnection(t *testing.T) {
	t.Parallel()
	st := newDoors(t)
	st.alfa, st.beta = st.alfa.WithSections([]string{"diary"}, nil), st.beta.WithSections([]string{"identity"}, nil)
	broken := errors.New("broken")
	cancelled, cancel := context.WithCancel(t.Context())
	for name, act := range map[string]func() error{
		"a batch that fails in the middle": func() error {
			b := &pgx.Batch{}
			b.Queue(`select name from platform.offices`)
			b.Queue(`select 1 / 0`)
			b.Queue(`select name from platform.offices`)
			return st.db.Read(t.Context(), st.alfa, b)
		},
		"a batch of a guest that fails": func() error {
			b := &pgx.Batch{}
			b.Queue(`select from platform.offices`)
			return st.db.Guest(t.Context(), st.alfa, b)
		},
		"a transaction that returns an error": func() error {
			return st.db.InTx(t.Context(), st.alfa, func(tx tenants.Tx) error {
				if err := insertOffice(t.Context(), 2, "left")(tx); err != nil {
					t.Errorf("insert: %v", err)
				}
				return broken
			})
		},
		"a statement that fails after a write": func() error {
			return st.db.InTx(t.Context(), st.alfa, func(tx tenants.Tx) error {
				if err := insertOffice(t.Context(), 3, "left")(tx); err != nil {
					t.Errorf("insert: %v", err)
				}
				return insertOffice(t.Context(), 3, "twice")(tx)
			})
		},
		"a request that ends in the middle": func() error {
			return st.db.InTx(cancelled, st.alfa, func(tx tenants.Tx) error {
				if err := insertOffice(cancelled, 4, "left")(tx); err != nil {
					t.Errorf("insert: %v", err)
				}
				cancel()
				return insertOffice(cancelled, 5, "left")(tx)
			})
		},
		"a function that panics": func() (err error) {
			defer func() { err = fmt.Errorf("%v", recover()) }()
			return st.db.InTx(t.Context(), st.alfa, func(tx tenants.Tx) error {
				_ = insertOffice(t.Context(), 6, "left")(tx)
				panic("broken")
			})
		},
	} {
		if err := act(); err == nil {
			t.Errorf("%s: no error", name)
		}
		var left string
		err := st.app.QueryRow(context.WithoutCancel(t.Context()), `
			select concat(current_setting('app.tenant', true), current_setting('app.account', true), current_setting('app.sections', true))`).Scan(&left)
		if err != nil || left != "" {
			t.Errorf("%s leaves %q on the connection, %v", name, left, err)
		}
		st.checkClean(t)
	}
}

func TestReadDoesNotWrite(t *testing.T) {
	t.Parallel()
	st := newDoors(t)
	for name, door := range map[string]func(context.Context, tenants.Scope, *pgx.Batch) error{"Read": st.db.Read, "Guest": st.db.Guest} {
		b := &pgx.Batch{}
		b.Queue(`insert into platform.offices (id, name) values (2, 'alfa two')`)
		if err := door(t.Context(), st.alfa, b); code(err) != "25006" && code(err) != "42501" {
			t.Errorf("%s writes: %v", name, err)
		}
	}
	st.checkClean(t)
}

func TestDoorsCarryTheScope(t *testing.T) {
	t.Parallel()
	st := newDoors(t)
	wide := st.alfa.WithSections([]string{"identity", "diary"}, []string{"diary"})
	wide.Offices = []int32{3, 4}
	const settings = `select concat_ws(' ', app.tenant(), app.account(), app.offices(), app.sections(), app.writable(), app.purpose())`
	for _, s := range []tenants.Scope{wide, st.beta, wide.Within([]string{"identity", "diary"}, nil), wide.Within([]string{"identity"}, []string{"diary"}), st.alfa} {
		want := fmt.Sprintf("%d %s %s %s %s operator", s.Tenant, s.Account, set(s.Offices), set(s.Sections()), set(filter(s, s.Writes)))
		var got string
		err := st.db.InTx(t.Context(), s, func(tx tenants.Tx) error { return tx.QueryRow(t.Context(), settings).Scan(&got) })
		if err != nil || got != want {
			t.Errorf("the transaction carries %q, the scope is %q, %v", got, want, err)
		}
		b := &pgx.Batch{}
		b.Queue(settings).QueryRow(func(row pgx.Row) error { return row.Scan(&got) })
		if err := st.db.Guest(t.Context(), s, b); err != nil || got != want {
			t.Errorf("the batch carries %q, the scope is %q, %v", got, want, err)
		}
	}
}

func filter(s tenants.Scope, keep func(string) bool) []string {
	var kept []string
	for _, section := range s.Sections() {
		if keep(section) {
			kept = append(kept, section)
		}
	}
	return kept
}

// set is how PostgreSQL writes an array.
func set[T any](list []T) string {
	texts := make([]string, len(list))
	for i, x := range list {
		texts[i] = fmt.Sprint(x)
	}
	return "{" + strings.Join(texts, ",") + "}"
}

// TestWhatFollowsTheCommit fails after a commit: what is written stays, its caller is told so, and the failure is reported once.
func TestWhatFollowsTheCommit(t *testing.T) {
	t.Parallel()
	st := newDoors(t)
	var reported []error
	st.db.ReportFaults(func(err error) { reported = append(reported, err) })
	ctx, cancel := context.WithCancel(t.Context())
	broken, done := errors.New("broken"), 0
	write := func(id int, refusal error) error {
		return st.db.InTx(ctx, st.alfa, func(tx tenants.Tx) error {
			tenants.AfterCommit(tx, func(context.Context) error { return broken })
			tenants.AfterCommit(tx, func(ctx context.Context) error {
				done++
				cancel()
				return ctx.Err()
			})
			return cmp.Or(insertOffice(ctx, id, "alfa two")(tx), refusal)
		})
	}
	if err := write(2, broken); !errors.Is(err, broken) || done != 0 || len(reported) != 0 {
		t.Errorf("a transaction that is not committed: %v, %d hooks ran, reported %v", err, done, reported)
	}
	if err := write(3, nil); err != nil || done != 1 {
		t.Errorf("a transaction that is committed: %v, %d hooks ran", err, done)
	}
	if len(reported) != 1 || !errors.Is(reported[0], broken) {
		t.Errorf("reported %v, not the failure once", reported)
	}
	if got := fmt.Sprint(st.offices(t, st.alfa)); got != "[alfa alfa two]" {
		t.Errorf("the offices are %s", got)
	}
}

// TestBodiesTakeTurnsOnConnections mixes two bodies over a few connections, with transactions that fail among them.
func TestBodiesTakeTurnsOnConnections(t *testing.T) {
	t.Parallel()
	st := newDoors(t)
	st.db = st.Database.DB
	var wait sync.WaitGroup
	for i := range 200 {
		s := []tenants.Scope{st.alfa, st.beta}[i%2]
		wait.Go(func() {
			if i%5 == 0 {
				err := st.db.InTx(t.Context(), s, insertOffice(t.Context(), 1, "taken"))
				if code(err) != "23505" {
					t.Errorf("%s takes a number twice: %v", s.Slug, err)
				}
			}
			if got := fmt.Sprint(st.offices(t, s)); got != "["+s.Slug+"]" {
				t.Errorf("%s reads the offices %s", s.Slug, got)
			}
		})
	}
	wait.Wait()
}
