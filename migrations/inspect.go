package migrations

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Finding is something about a database that has to be mended before it serves.
type Finding struct {
	What   string
	Remedy string
}

// clockBody is the only body that app.now may have outside tests.
const clockBody = "select statement_timestamp()"

// Inspect looks at roles, migrations, the clock and the walls of a database and
// returns what is wrong with them.
func Inspect(ctx context.Context, ownerURL string, lines []Line) ([]Finding, error) {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return nil, fmt.Errorf("connect as the owner: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var findings []Finding
	for _, inspect := range []func(context.Context, *pgx.Conn) ([]Finding, error){inspectRoles, inspectClock, inspectWalls} {
		found, err := inspect(ctx, conn)
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
	}
	pending, err := inspectMigrations(ctx, ownerURL, lines)
	return append(findings, pending...), err
}

func inspectRoles(ctx context.Context, conn *pgx.Conn) ([]Finding, error) {
	rows, err := conn.Query(ctx, `select rolname, rolsuper or rolbypassrls from pg_roles where rolname like 'staffetta\_%'`)
	if err != nil {
		return nil, fmt.Errorf("read the roles: %w", err)
	}
	strong := map[string]bool{}
	var name string
	var above bool
	if _, err := pgx.ForEachRow(rows, []any{&name, &above}, func() error { strong[name] = above; return nil }); err != nil {
		return nil, fmt.Errorf("read the roles: %w", err)
	}
	var findings []Finding
	for _, role := range Roles {
		above, exists := strong[rolePrefix+role]
		switch {
		case !exists:
			findings = append(findings, Finding{"the role " + rolePrefix + role + " is missing", "run staffetta migrate, or as an administrator: " + AdministratorSQL()})
		case above:
			findings = append(findings, Finding{"the role " + rolePrefix + role + " passes row security", "alter role " + rolePrefix + role + " nosuperuser nobypassrls"})
		}
	}
	return findings, nil
}

func inspectClock(ctx context.Context, conn *pgx.Conn) ([]Finding, error) {
	var body string
	err := conn.QueryRow(ctx, `select coalesce((select prosrc from pg_proc where oid = to_regprocedure('app.now()')), '')`).Scan(&body)
	if err != nil {
		return nil, fmt.Errorf("read the clock of policies: %w", err)
	}
	if body != "" && strings.TrimSpace(body) != clockBody {
		return []Finding{{"app.now() has been replaced: grants and expiries follow another clock", "create app.now() again as migration core/1 does"}}, nil
	}
	return nil, nil
}

// inspectWalls finds tables with a body's rows whose row security is off or not forced.
func inspectWalls(ctx context.Context, conn *pgx.Conn) ([]Finding, error) {
	rows, err := conn.Query(ctx, `
		select c.oid::regclass::text from pg_class c
		where c.relkind in ('r', 'p') and not c.relispartition
			and exists (select 1 from pg_policy p where p.polrelid = c.oid) and not (c.relrowsecurity and c.relforcerowsecurity)
		order by 1`)
	if err != nil {
		return nil, fmt.Errorf("read the walls: %w", err)
	}
	open, err := pgx.CollectRows(rows, pgx.RowTo[string])
	var findings []Finding
	for _, table := range open {
		findings = append(findings, Finding{"row security of " + table + " is off or not forced", "alter table " + table + " enable row level security, force row level security"})
	}
	return findings, err
}

func inspectMigrations(ctx context.Context, ownerURL string, lines []Line) ([]Finding, error) {
	config, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return nil, fmt.Errorf("read the owner's address: %w", err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	pending, err := Pending(ctx, db, lines)
	if err != nil {
		return nil, err
	}
	if len(pending) == 0 {
		return nil, nil
	}
	return []Finding{{"migrations are missing: " + strings.Join(pending, ", "), "run staffetta migrate"}}, nil
}
