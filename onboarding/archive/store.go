package archive

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// relation is a table as the catalogue tells it.
type relation struct {
	Name    string      `json:"name"`
	Family  string      `json:"family"`
	Key     []string    `json:"key"`
	Columns []column    `json:"columns"`
	Refers  []reference `json:"refers"`
}

type column struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Derived  bool   `json:"derived"`  // made from others
	Counted  bool   `json:"counted"`  // by a sequence of the database
	Collated bool   `json:"collated"` // a text, whose order is the database's
	Empty    bool   `json:"empty"`    // may be null
}

type reference struct {
	Target   string   `json:"target"`
	Columns  []string `json:"columns"`
	Targets  []string `json:"targets"`
	Deferred bool     `json:"deferred"`
}

const relationsSQL = `
	select jsonb_build_object('name', n.nspname || '.' || c.relname,
		'family', case when n.nspname in ('audit', 'commons') then n.nspname
			when exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'party') then 'between' else 'own' end,
		'key', (select coalesce(jsonb_agg(a.attname order by k.n), '[]') from pg_index i cross join unnest(i.indkey) with ordinality k (attnum, n)
			join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where i.indrelid = c.oid and i.indisprimary and k.n <= i.indnkeyatts),
		'columns', (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, null), 'derived', a.attgenerated <> '',
				'counted', a.attidentity <> '', 'collated', a.attcollation <> 0, 'empty', not a.attnotnull) order by a.attnum)
			from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
		'refers', (select coalesce(jsonb_agg(jsonb_build_object('target', fn.nspname || '.' || f.relname, 'deferred', o.condeferrable,
				'columns', (select jsonb_agg(a.attname order by k.n) from unnest(o.conkey) with ordinality k (attnum, n)
					join pg_attribute a on a.attrelid = o.conrelid and a.attnum = k.attnum),
				'targets', (select jsonb_agg(a.attname order by k.n) from unnest(o.confkey) with ordinality k (attnum, n)
					join pg_attribute a on a.attrelid = o.confrelid and a.attnum = k.attnum)) order by o.conname), '[]')
			from pg_constraint o join pg_class f on f.oid = o.confrelid join pg_namespace fn on fn.oid = f.relnamespace
			where o.conrelid = c.oid and o.contype = 'f'))
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not like 'pg\_%' and n.nspname not in ('information_schema', 'public')
	order by n.nspname || '.' || c.relname collate "C"`

// findRelations reads the catalogue, each table after those that it refers to.
func findRelations(ctx context.Context, tx tenants.Tx) ([]relation, error) {
	rows, err := tx.Query(ctx, relationsSQL)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r relation, err error) {
		var raw []byte
		if err := row.Scan(&raw); err != nil {
			return r, err
		}
		return r, json.Unmarshal(raw, &r)
	})
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	return ordered(found)
}

// ordered puts each table after those that its rows must find.
func ordered(found []relation) ([]relation, error) {
	var list []relation
	placed := map[string]bool{}
	for len(list) < len(found) {
		before := len(list)
		for _, r := range found {
			waits := slices.ContainsFunc(r.Refers, func(f reference) bool { return !f.Deferred && f.Target != r.Name && !placed[f.Target] })
			if !placed[r.Name] && !waits {
				list, placed[r.Name] = append(list, r), true
			}
		}
		if len(list) == before {
			return nil, fmt.Errorf("tables refer to each other in a circle: %d of %d have a place", before, len(found))
		}
	}
	return list, nil
}

func (r relation) has(name string) bool {
	return slices.ContainsFunc(r.Columns, func(c column) bool { return c.Name == name })
}

// leftOut are the columns that are made anew: derived ones, and numbers that a sequence gives and only the key holds.
func (r relation) leftOut(declared []string) []string {
	left := slices.Clone(declared)
	for _, c := range r.Columns {
		if c.Derived || c.Counted && slices.Equal(r.Key, []string{c.Name}) && r.Name != bodiesTable {
			left = append(left, c.Name)
		}
	}
	slices.Sort(left)
	return slices.Compact(left)
}

// order is the order of the key, whatever the language of the database.
func (r relation) order() string {
	var parts []string
	for _, c := range r.Key {
		part := "x." + pgx.Identifier{c}.Sanitize()
		if slices.ContainsFunc(r.Columns, func(x column) bool { return x.Name == c && x.Collated }) {
			part += ` collate "C"`
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

// sqlName is the name of the table for a statement.
func (r relation) sqlName() string {
	schema, name, _ := strings.Cut(r.Name, ".")
	return pgx.Identifier{schema, name}.Sanitize()
}

// namesBody recognises columns with the number of a body that no reference tells.
var namesBody = regexp.MustCompile(`^(.*_)?tenant$|^(tenant_id|grantee|body|leader|giver)$`)

// bodyColumns are the columns that hold the number of a body.
func (r relation) bodyColumns() []string {
	var names []string
	for _, c := range r.Columns {
		if c.Type == "integer" && namesBody.MatchString(c.Name) {
			names = append(names, c.Name)
		}
	}
	for _, f := range r.Refers {
		if f.Target == bodiesTable {
			names = append(names, f.Columns...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// rows asks for the rows of a table as the body sees them.
func (r relation) rows(ctx context.Context, tx tenants.Tx, without []string) (pgx.Rows, error) {
	if r.way() == byParty {
		return tx.Query(ctx, fmt.Sprintf(`select to_jsonb(x) - $1::text[] from %s x order by %s`, r.sqlName(), r.order()), nonNil(without))
	}
	return tx.Query(ctx, `select e from onboarding.exported_rows($1, $2) e`, r.Name, nonNil(without))
}

func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// published asks for the published rows of a table whose column has one of the values, as text.
func (r relation) published(ctx context.Context, tx tenants.Tx, column string, values, without []string) (pgx.Rows, error) {
	return tx.Query(ctx, fmt.Sprintf(`select to_jsonb(x) - $2::text[] from %s x where x.%s::text = any ($1::text[]) order by %s`,
		r.sqlName(), pgx.Identifier{column}.Sanitize(), r.order()), values, nonNil(without))
}

// versions reads how far each line of migrations has come.
func versions(ctx context.Context, tx tenants.Tx) (map[string]int64, error) {
	rows, err := tx.Query(ctx, `select v.line, v.version from onboarding.exported_versions() v`)
	if err != nil {
		return nil, fmt.Errorf("read the versions of the schema: %w", err)
	}
	found := map[string]int64{}
	var line string
	var version int64
	_, err = pgx.ForEachRow(rows, []any{&line, &version}, func() error {
		found[line] = version
		return nil
	})
	return found, err
}
