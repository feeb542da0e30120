package migrations

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// Inspect looks at roles, the key, migrations, the clock and the walls of a database
// and returns what is wrong with them.
func Inspect(ctx context.Context, ownerURL string, sealer Sealer, lines []Line) ([]Finding, error) {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return nil, fmt.Errorf("connect as the owner: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var findings []Finding
	pending, err := inspectMigrations(ctx, ownerURL, lines)
	if err != nil {
		return nil, err
	}
	inspections := []func(context.Context, *pgx.Conn) ([]Finding, error){inspectRoles, inspectKey(sealer), inspectClock, inspectWalls}
	if len(pending) == 0 {
		inspections = append(inspections, inspectPolicies)
	}
	for _, inspect := range inspections {
		found, err := inspect(ctx, conn)
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
	}
	return append(findings, pending...), nil
}

// inspectKey opens what the database keeps sealed.
func inspectKey(sealer Sealer) func(context.Context, *pgx.Conn) ([]Finding, error) {
	return func(ctx context.Context, conn *pgx.Conn) ([]Finding, error) {
		sealed, err := proveKey(ctx, conn, sealer)
		if errors.Is(err, errOtherKey) {
			return []Finding{{err.Error(), "set STAFFETTA_KEY or STAFFETTA_KEY_FILE to the key that the database was sealed with; it is kept apart from the backup"}}, nil
		}
		if err != nil || sealed == nil {
			return nil, err
		}
		var missing []string
		for _, role := range Roles {
			if !slices.Contains(sealed, role) {
				missing = append(missing, rolePrefix+role)
			}
		}
		if len(missing) == 0 {
			return nil, nil
		}
		return []Finding{{"no password is kept for " + strings.Join(missing, ", "), "run staffetta migrate"}}, nil
	}
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
	var missing []string
	for _, role := range Roles {
		above, exists := strong[rolePrefix+role]
		switch {
		case !exists:
			missing = append(missing, rolePrefix+role)
		case above:
			findings = append(findings, Finding{"the role " + rolePrefix + role + " passes row security", "alter role " + rolePrefix + role + " nosuperuser nobypassrls"})
		}
	}
	if len(missing) > 0 {
		remedy, err := administratorSQL(ctx, conn)
		if err != nil {
			return nil, err
		}
		findings = append(findings, Finding{"roles are missing: " + strings.Join(missing, ", "), "run staffetta migrate as an owner with CREATEROLE; where it may not have that, an administrator runs: " + remedy})
	}
	if shared, err := sharedWith(ctx, conn); err != nil {
		return nil, err
	} else if len(shared) > 0 {
		findings = append(findings, Finding{errShared(shared).Error(), "give each deployment a cluster of its own"})
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
