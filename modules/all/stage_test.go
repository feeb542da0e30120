package all_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"staffetta/internal/testdb"
	"staffetta/migrations"
	"staffetta/modules/all"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// lines are the migrations of every module, as the program runs them.
func lines() []migrations.Line {
	var list []migrations.Line
	for _, m := range all.Modules() {
		if m.Migrations != nil {
			list = append(list, migrations.Line{ID: string(m.ID), FS: m.Migrations})
		}
	}
	return list
}

// connect opens one connection as a serving role.
func connect(t *testing.T, d *testdb.Database, role string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), d.URL(role))
	if err != nil {
		t.Fatalf("connect as %s: %v", role, err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}
