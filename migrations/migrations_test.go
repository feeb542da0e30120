package migrations_test

import (
	"errors"
	"net/url"
	"testing"
	"testing/fstest"

	"staffetta/internal/testdb"
	"staffetta/migrations"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// TestAMigrationDoesNotWaitForALongTransaction holds a table that a migration changes, and lets it go.
func TestAMigrationDoesNotWaitForALongTransaction(t *testing.T) {
	t.Parallel()
	d := testdb.Plain(t)
	line := migrations.Line{ID: "held", FS: fstest.MapFS{
		"0001_made.sql": {Data: []byte("-- +goose Up\ncreate table public.held (id int);\n")}, "0002_more.sql": {Data: []byte("-- +goose Up\nalter table public.slow add column more int;\n")},
	}}
	if _, err := d.Owner.Exec(t.Context(), `create table public.slow (id int)`); err != nil {
		t.Fatal(err)
	}
	tx, err := d.Owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	if _, err := tx.Exec(t.Context(), `select from public.slow`); err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(d.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("lock_timeout", "50ms")
	address.RawQuery = query.Encode()
	if err := migrations.Up(t.Context(), address.String(), []migrations.Line{line}); !errors.Is(err, migrations.ErrHeld) {
		t.Fatalf("while the table is held: %v", err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(t.Context(), d.OwnerURL, []migrations.Line{line}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if _, err := d.Owner.Exec(t.Context(), `select more from public.slow, public.held`); err != nil {
		t.Error(err)
	}
}
