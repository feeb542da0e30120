package all_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"staffetta/internal/testdb"
	"staffetta/migrations"
)

var update = flag.Bool("update", false, "write migrations/schema.sql anew")

const schemaPath = "../../migrations/schema.sql"

// TestSchema compares the whole of the database (tables, keys, policies, rights, functions) with the file that reviewers read.
func TestSchema(t *testing.T) {
	t.Parallel()
	d := testdb.Plain(t, lines()...)
	got := describe(t, d.Owner)
	if *update {
		if err := os.WriteFile(schemaPath, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(schemaPath)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("migrations/schema.sql is not what the migrations make; read the difference and write it anew with\n"+
			"go test ./modules/all -run TestSchema -update\n%s", diff)
	}
}

// describe writes the database down in the order of names, without what another server or month would write differently.
func describe(t *testing.T, owner *pgxpool.Pool) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("-- What the migrations make, as the catalogue tells it. Written by go test ./modules/all -run TestSchema -update; it is read,\n" +
		"-- compared and never run. Left out: partitions, River's columns, the tables of versions.\n")
	c := readCatalogue(t, owner)
	indexes := grouped(t, owner, `
		select n.nspname || '.' || c.relname as name, pg_get_indexdef(i.indexrelid) as text
		from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace where`+ofOurs+`order by 1, 2`)
	constraints := grouped(t, owner, `
		select n.nspname || '.' || c.relname as name, pg_get_constraintdef(p.oid) as text
		from pg_constraint p join pg_class c on c.oid = p.conrelid join pg_namespace n on n.oid = c.relnamespace
		where p.contype in ('c', 'f', 'p', 'u', 'x') and`+ofOurs+`order by 1, 2`)
	triggers := grouped(t, owner, `
		select n.nspname || '.' || c.relname as name, pg_get_triggerdef(g.oid) as text
		from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
		where not g.tgisinternal and`+ofOurs+`order by 1, 2`)
	views := grouped(t, owner, `
		select n.nspname || '.' || c.relname as name, pg_get_viewdef(c.oid) as text
		from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'v' and`+ofOurs+`order by 1`)
	policies, err := migrations.Policies(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(c))
	for name := range c {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		one := c[name]
		if one.Child || one.family() == versions {
			continue
		}
		describeTable(&b, one, one.family() != river)
		if one.family() != river {
			for _, text := range slices.Concat(constraints[name], indexes[name], triggers[name], views[name]) {
				fmt.Fprintf(&b, "  %s\n", strings.Join(strings.Fields(text), " "))
			}
		}
		describeWalls(&b, one, policies[name])
	}
	describeRest(t, &b, owner)
	return b.String()
}

func grouped(t *testing.T, owner *pgxpool.Pool, sql string) map[string][]string {
	t.Helper()
	type part struct{ Name, Text string }
	parts := map[string][]string{}
	for _, x := range collect[part](t, owner, sql) {
		parts[x.Name] = append(parts[x.Name], x.Text)
	}
	return parts
}

func describeTable(b *strings.Builder, one *table, withColumns bool) {
	kind := map[string]string{"r": "table", "p": "partitioned table", "v": "view", "m": "materialized view", "f": "foreign table"}[one.Kind]
	fmt.Fprintf(b, "\n%s %s -- family %s%s\n", kind, one.Name, one.family(), map[bool]string{true: ", row security forced"}[one.Secured && one.Forced])
	if !withColumns {
		return
	}
	for _, x := range one.columns {
		fmt.Fprintf(b, "  column %s %s", x.Name, x.Type)
		if x.NotNull {
			b.WriteString(" not null")
		}
		if x.Default != "" {
			b.WriteString(" default " + x.Default)
		}
		if x.Generated {
			b.WriteString(" generated")
		}
		b.WriteString("\n")
	}
}

func describeWalls(b *strings.Builder, one *table, policies []string) {
	for _, policy := range policies {
		fmt.Fprintf(b, "  %s\n", policy)
	}
	rights := map[string][]string{}
	for _, r := range one.rights {
		text := strings.ToLower(r.Privilege)
		if r.Column != "" {
			text += " (" + r.Column + ")"
		}
		rights[r.Role] = append(rights[r.Role], text)
	}
	for _, role := range serving() {
		if len(rights[role]) > 0 {
			fmt.Fprintf(b, "  grant %s to %s\n", strings.Join(rights[role], ", "), role)
		}
	}
}

func describeRest(t *testing.T, b *strings.Builder, owner *pgxpool.Pool) {
	t.Helper()
	type text struct{ Text string }
	b.WriteString("\n")
	for _, f := range collect[function](t, owner, functionsSQL) {
		if f.Schema == "river" {
			continue
		}
		how := map[bool]string{true: " security definer"}[f.Definer] + map[bool]string{true: " set search_path = ''"}[f.Fixed]
		fmt.Fprintf(b, "function %s%s -- body %s, executed by %s\n", f.Name, how, f.Digest, strings.Join(append([]string{"owner"}, f.Roles...), ", "))
	}
	b.WriteString("\n")
	for _, x := range collect[text](t, owner, `
		select format('domain %s as %s %s', d.oid::regtype, format_type(d.typbasetype, d.typtypmod), string_agg(pg_get_constraintdef(p.oid), ' ')) as text
		from pg_type d join pg_namespace n on n.oid = d.typnamespace left join pg_constraint p on p.contypid = d.oid
		where d.typtype = 'd' and`+ofOurs+`group by d.oid, d.typbasetype, d.typtypmod order by 1`) {
		b.WriteString(x.Text + "\n")
	}
	for _, x := range collect[text](t, owner, `
		select format('grant %s on schema %s to %s', lower(string_agg(e.privilege_type, ', ' order by e.privilege_type)), n.nspname, r.rolname) as text
		from pg_namespace n, aclexplode(n.nspacl) e join pg_roles r on r.oid = e.grantee
		where e.grantee <> n.nspowner and r.rolname like 'staffetta\_%' and`+ofOurs+`group by n.nspname, r.rolname order by 1`) {
		b.WriteString(x.Text + "\n")
	}
}
