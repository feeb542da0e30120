package migrations

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// schema is what the migrations make, as a test writes it down from the catalogue.
//
//go:embed schema.sql
var schema string

// schemaMajor is the version of PostgreSQL that wrote schema.sql. Another one may print the same expression otherwise,
// so that expressions are compared on this one alone.
const schemaMajor = 15

// policiesSQL reads every policy of a table that is no partition. The owner's name is the deployment's.
const policiesSQL = `
	select n.nspname || '.' || c.relname,
		format('policy %s%s for %s to %s', p.polname, case when p.polpermissive then '' else ' as restrictive' end,
			case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end,
			array_to_string(array(select case when o = c.relowner then 'owner' else coalesce(r.rolname::text, 'public') end
				from unnest(p.polroles) o left join pg_roles r on r.oid = o order by r.rolname::text), ', ')),
		coalesce(pg_get_expr(p.polqual, p.polrelid), ''), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
	from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
	where not c.relispartition order by 1, p.polname::text`

// Querier asks a database.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Policies are the policies of each table, written as schema.sql has them.
func Policies(ctx context.Context, db Querier) (map[string][]string, error) {
	rows, err := db.Query(ctx, policiesSQL)
	if err != nil {
		return nil, fmt.Errorf("read the policies: %w", err)
	}
	found := map[string][]string{}
	var table, text, using, check string
	_, err = pgx.ForEachRow(rows, []any{&table, &text, &using, &check}, func() error {
		if using != "" {
			text += " using " + strings.Join(strings.Fields(using), " ")
		}
		if check != "" && check != using {
			text += " with check " + strings.Join(strings.Fields(check), " ")
		}
		found[table] = append(found[table], text)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the policies: %w", err)
	}
	return found, nil
}

// wanted are the policies that schema.sql names, by table.
func wanted() map[string][]string {
	found := map[string][]string{}
	table := ""
	for line := range strings.Lines(schema) {
		line = strings.TrimSuffix(line, "\n")
		if policy, ok := strings.CutPrefix(line, "  policy "); ok {
			found[table] = append(found[table], "policy "+policy)
		} else if head, _, ok := strings.Cut(line, " -- family "); ok {
			table = head[strings.LastIndex(head, " ")+1:]
		}
	}
	return found
}

// walls is how the policies of a database differ from those of schema.sql, each as "name for command to roles on table".
type walls struct{ missing, foreign, changed []string }

func compareWalls(ctx context.Context, db Querier) (walls, error) {
	found, err := Policies(ctx, db)
	if err != nil {
		return walls{}, err
	}
	var w walls
	is, should := byHead(found), byHead(wanted())
	for head, expressions := range should {
		switch there, ok := is[head]; {
		case !ok:
			w.missing = append(w.missing, head)
		case there != expressions:
			w.changed = append(w.changed, head)
		}
	}
	for head := range is {
		if _, ok := should[head]; !ok {
			w.foreign = append(w.foreign, head)
		}
	}
	return w, nil
}

// byHead parts the name, command and roles of policies from their expressions.
func byHead(policies map[string][]string) map[string]string {
	parted := map[string]string{}
	for table, list := range policies {
		for _, text := range list {
			at := len(text)
			for _, word := range []string{" using ", " with check "} {
				if i := strings.Index(text, word); i >= 0 {
					at = min(at, i)
				}
			}
			parted[strings.TrimPrefix(text[:at], "policy ")+" on "+table] = text[at:]
		}
	}
	return parted
}

const policyRemedy = "make the policy as migrations/schema.sql has it; after a restore, restore again into a database whose owner has the name it had (docs/RUNBOOK.md, Backup)"

// inspectPolicies compares every policy with what the migrations make.
func inspectPolicies(ctx context.Context, conn *pgx.Conn) ([]Finding, error) {
	w, err := compareWalls(ctx, conn)
	if err != nil {
		return nil, err
	}
	var major int
	if err := conn.QueryRow(ctx, `select current_setting('server_version_num')::int / 10000`).Scan(&major); err != nil {
		return nil, fmt.Errorf("read the version of the server: %w", err)
	}
	if major != schemaMajor {
		w.changed = nil
	}
	var findings []Finding
	for _, x := range []struct {
		list []string
		what string
	}{{w.missing, "missing"}, {w.foreign, "of nobody's making"}, {w.changed, "other than the migrations make them"}} {
		if len(x.list) > 0 {
			findings = append(findings, Finding{"policies are " + x.what + ": " + listed(x.list), policyRemedy})
		}
	}
	return findings, nil
}

// listed names the first of many.
func listed(names []string) string {
	const most = 5
	slices.Sort(names)
	if len(names) <= most {
		return strings.Join(names, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(names[:most], "; "), len(names)-most)
}

// Whole refuses a migrated database that lacks a policy: without upkeep its owner is blind, and a backup is empty.
func Whole(ctx context.Context, ownerURL string) error {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return fmt.Errorf("connect as the owner: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	w, err := compareWalls(ctx, conn)
	if err == nil && len(w.missing) > 0 {
		err = errors.New("the walls of the database are not whole; policies are missing: " + listed(w.missing) + ": " + policyRemedy)
	}
	return err
}
