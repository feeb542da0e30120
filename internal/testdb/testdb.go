// Package testdb gives each test a database of its own in a real PostgreSQL
// server, with the roles that serve in production. One throw-away server runs per
// test binary; a template holds the migrated schema, and each database is a copy.
// It must not be imported by anything but tests.
package testdb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"staffetta/internal/postgres"
	"staffetta/internal/seal"
	"staffetta/migrations"
	"staffetta/tenants"
)

// Database is a test's own database.
type Database struct {
	DB       *tenants.DB
	Owner    *pgxpool.Pool // for arranging and for looking behind the walls
	Key      *seal.Key
	OwnerURL string
	URL      func(role string) string
}

type cluster struct {
	alone     sync.Mutex
	dir       string
	server    *postgres.Server
	key       *seal.Key
	passwords map[string]string
	templates sync.Map // digest of lines → *sync.Once
	serial    atomic.Int64
	err       error
}

var start = sync.OnceValue(func() *cluster {
	c := &cluster{}
	dir, err := os.MkdirTemp("", "staffetta-test-")
	if err != nil {
		c.err = err
		return c
	}
	c.dir = dir
	if c.err = os.Chmod(dir, 0o755); c.err != nil {
		return c
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c.server, c.err = postgres.Start(ctx, postgres.Options{Dir: dir, Throwaway: true, Log: slog.New(slog.DiscardHandler)})
	if c.err != nil {
		return c
	}
	if c.key, _, c.err = seal.New(); c.err != nil {
		return c
	}
	c.passwords, c.err = migrations.Setup(ctx, c.server.OwnerURL(), c.key)
	return c
})

// Main runs the tests of a package and stops the server, if one was started.
func Main(m *testing.M) {
	code := m.Run()
	if started.Load() {
		c := start()
		if c.server != nil {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			_ = c.server.Stop(ctx)
			cancel()
			_ = os.RemoveAll(c.dir)
		}
	}
	os.Exit(code)
}

var started atomic.Bool

// New returns a database with the core schema and the lines, for this test alone. The test fails where
// something changes a row of a module and leaves no event in the audit (Watch).
func New(t testing.TB, lines ...migrations.Line) *Database {
	t.Helper()
	return create(t, lines, true)
}

// Plain is New with nothing in the schema that the migrations did not make.
func Plain(t testing.TB, lines ...migrations.Line) *Database {
	t.Helper()
	return create(t, lines, false)
}

func create(t testing.TB, lines []migrations.Line, watched bool) *Database {
	t.Helper()
	started.Store(true)
	c := start()
	if c.err != nil {
		t.Fatalf("start the test server: %v", c.err)
	}
	ctx := context.Background()
	template := c.template(t, lines, watched)
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), c.serial.Add(1))
	c.admin(t, `create database `+name+` template `+template)
	d := &Database{Key: c.key, OwnerURL: withDatabase(c.server.OwnerURL(), name)}
	d.URL = func(role string) string { return c.server.URL("staffetta_"+role, c.passwords[role], name) }
	pools := tenants.Pools{
		App: pool(t, d.URL("app")), Guest: pool(t, d.URL("guest")), Platform: pool(t, d.URL("platform")),
		Worker: pool(t, d.URL("worker")), Auditor: pool(t, d.URL("auditor")), Report: pool(t, d.URL("report")),
	}
	d.DB, d.Owner = tenants.NewDB(pools), pool(t, d.OwnerURL)
	t.Cleanup(func() {
		if watched {
			d.judge(t)
		}
		d.DB.Close()
		d.Owner.Close()
		admin, err := pgx.Connect(ctx, c.server.OwnerURL())
		if err == nil {
			_, _ = admin.Exec(ctx, `drop database if exists `+name+` with (force)`)
			_ = admin.Close(ctx)
		}
	})
	return d
}

// withDatabase is the address with another database.
func withDatabase(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err) // the launcher made the address
	}
	u.Path = "/" + name
	return u.String()
}

// pool opens a small pool that opens connections only as they are needed.
func pool(t testing.TB, address string) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns, config.MinConns = 4, 0
	tenants.Prepare(config)
	p, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// admin does one thing at a time: the database from which templates are made must have no other session.
func (c *cluster) admin(t testing.TB, sql string) {
	t.Helper()
	c.alone.Lock()
	defer c.alone.Unlock()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, c.server.OwnerURL())
	if err != nil {
		t.Fatalf("connect to the test server: %v", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

type template struct {
	once sync.Once
	name string
}

// template migrates the lines once per process and returns the database to copy.
func (c *cluster) template(t testing.TB, lines []migrations.Line, watched bool) string {
	t.Helper()
	value, _ := c.templates.LoadOrStore(fmt.Sprint(digest(t, lines), watched), &template{})
	tpl := value.(*template)
	tpl.once.Do(func() {
		name := fmt.Sprintf("template_%d_%d", os.Getpid(), c.serial.Add(1))
		c.admin(t, `create database `+name+` template staffetta`)
		if err := migrations.Up(context.Background(), withDatabase(c.server.OwnerURL(), name), lines); err != nil {
			t.Fatalf("migrate the template: %v", err)
		}
		if watched {
			if err := watch(withDatabase(c.server.OwnerURL(), name)); err != nil {
				t.Fatal(err)
			}
		}
		tpl.name = name
	})
	if tpl.name == "" {
		t.Fatal("the template could not be made; see the first test that failed")
	}
	return tpl.name
}

func digest(t testing.TB, lines []migrations.Line) string {
	h := sha256.New()
	for _, line := range lines {
		fmt.Fprintln(h, line.ID)
		err := fs.WalkDir(line.FS, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			raw, err := fs.ReadFile(line.FS, path)
			fmt.Fprintln(h, path)
			h.Write(raw)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Body makes an active body and returns it.
func (d *Database) Body(t testing.TB, slug string) tenants.Tenant {
	t.Helper()
	ctx := context.Background()
	body := tenants.Tenant{Slug: slug, Name: "Comune di " + slug, Kind: tenants.Municipality, State: tenants.Active}
	err := d.DB.Platform(ctx, func(tx tenants.Tx) (err error) {
		if body.ID, err = tenants.CreateTenant(ctx, tx, body); err != nil {
			return err
		}
		return tenants.ActivateTenant(ctx, tx, body.ID)
	})
	if err != nil {
		t.Fatalf("make body %s: %v", slug, err)
	}
	return body
}

// SwitchOn switches a module of a body on; directories that are loaded already do not know yet.
func (d *Database) SwitchOn(t testing.TB, body int32, module string) {
	t.Helper()
	ctx := context.Background()
	if err := d.DB.Platform(ctx, func(tx tenants.Tx) error { return tenants.SwitchModule(ctx, tx, body, module, true) }); err != nil {
		t.Fatalf("switch module %s on: %v", module, err)
	}
}

// Operator makes an account with roles in the body and returns its scope.
func (d *Database) Operator(t testing.TB, body tenants.Tenant, roles ...string) tenants.Scope {
	t.Helper()
	ctx := context.Background()
	s := tenants.Scope{
		Tenant: body.ID, Slug: body.Slug, Name: "Operatore " + uuid.NewString()[:8], Roles: roles,
		Purpose: tenants.Operator, Assurance: 2, Language: "it", RequestID: uuid.NewString(),
	}
	err := d.DB.Platform(ctx, func(tx tenants.Tx) (err error) {
		if s.Account, err = tenants.EnsureAccount(ctx, tx, d.Key, uuid.NewString()); err != nil {
			return err
		}
		for _, role := range roles {
			if err := tenants.CreateMembership(ctx, tx, body.ID, s.Account, tenants.Membership{Role: role, Name: s.Name}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("make an operator: %v", err)
	}
	return s
}
