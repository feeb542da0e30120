package all_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// table is what the catalogue of the database says of a table.
type table struct {
	Name       string // schema.table
	Schema     string
	Kind       string // r table, p partitioned, v view, m materialised view, f foreign
	Child      bool   // a partition
	Secured    bool
	Forced     bool
	Invoker    bool // a view that looks with the rights of who asks
	PrimaryKey []string
	columns    []column
	policies   []policy
	keys       []foreignKey
	uniques    [][]string
	checks     []check
	rights     []right
}

type column struct {
	TableName, Name, Type, Default string
	NotNull, Generated             bool
}

type policy struct {
	TableName, Name, Command string
	Roles                    []string
	Permissive               bool
	Using, Check             string
}

type foreignKey struct {
	TableName, Target      string
	Columns, TargetColumns []string
}

type check struct {
	TableName, Expression string
	Columns               []string
}

// right is a privilege of a role on a table or on one of its columns.
type right struct {
	TableName, Role, Privilege, Column string
}

func (t *table) column(name string) (column, bool) {
	for _, c := range t.columns {
		if c.Name == name {
			return c, true
		}
	}
	return column{}, false
}

func (t *table) has(columns ...string) bool {
	for _, name := range columns {
		if _, ok := t.column(name); !ok {
			return false
		}
	}
	return true
}

func (t *table) policy(name string) (policy, bool) {
	for _, p := range t.policies {
		if p.Name == name {
			return p, true
		}
	}
	return policy{}, false
}

// families of tables; a table that meets none of the walls' four and is no declared exception is a fault.
const (
	own      = "own"
	between  = "between"
	commons  = "commons"
	platform = "platform"
	audited  = "audit" // the log: own rows, written once, sealed by the auditor
	river    = "river" // River's own tables; its jobs are secured by body
	versions = "goose" // which migrations ran; the owner's alone
	unknown  = "none"
)

// family tells by its policies and its schema what a table is meant to be.
func (t *table) family() string {
	switch _, isOwn := t.policy("own"); {
	case t.Schema == "audit":
		return audited
	case t.Schema == "river":
		return river
	case t.Schema == "migrations":
		return versions
	case t.Schema == "commons":
		return commons
	case isOwn:
		return own
	}
	if _, isParty := t.policy("party"); isParty {
		return between
	}
	if t.Schema == "platform" {
		return platform
	}
	return unknown
}

// sectioned tells whether the policy of the body also asks for a section.
func (t *table) sectioned() bool {
	p, ok := t.policy("own")
	return ok && strings.Contains(p.Using, "app.sections()")
}

// catalogue is every table of the database, by name.
type catalogue map[string]*table

// tables lists those of a family that hold rows, in the order of their names.
func (c catalogue) tables(families ...string) []*table {
	var list []*table
	for _, t := range c {
		if (t.Kind == "r" || t.Kind == "p") && !t.Child && slices.Contains(families, t.family()) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *table) int { return strings.Compare(a.Name, b.Name) })
	return list
}

const ofOurs = ` n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' `

const tablesSQL = `
	select n.nspname || '.' || c.relname as name, n.nspname as schema, c.relkind::text as kind, c.relispartition as child,
		c.relrowsecurity as secured, c.relforcerowsecurity as forced,
		coalesce('security_invoker=true' = any (c.reloptions), false) as invoker,
		coalesce((select array_agg(a.attname::text order by k.n) from pg_constraint p
			cross join unnest(p.conkey) with ordinality k (attnum, n)
			join pg_attribute a on a.attrelid = p.conrelid and a.attnum = k.attnum
			where p.conrelid = c.oid and p.contype = 'p'), '{}') as primary_key
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.relkind in ('r', 'p', 'v', 'm', 'f') and` + ofOurs + `order by 1`

const columnsSQL = `
	select n.nspname || '.' || c.relname as table_name, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
		coalesce(pg_get_expr(d.adbin, d.adrelid), '') as "default", a.attnotnull as not_null,
		a.attgenerated <> '' or a.attidentity <> '' as generated
	from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
	left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
	where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped and` + ofOurs + `order by 1, a.attnum`

const policiesSQL = `
	select n.nspname || '.' || c.relname as table_name, p.polname::text as name, p.polcmd::text as command, p.polpermissive as permissive,
		array(select coalesce(r.rolname::text, 'public') from unnest(p.polroles) o left join pg_roles r on r.oid = o order by 1) as roles,
		coalesce(pg_get_expr(p.polqual, p.polrelid), '') as "using", coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') as "check"
	from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace order by 1, 2`

const keysSQL = `
	select p.conrelid::regclass::text as table_name, p.confrelid::regclass::text as target,
		array(select a.attname::text from unnest(p.conkey) with ordinality k (attnum, n)
			join pg_attribute a on a.attrelid = p.conrelid and a.attnum = k.attnum order by k.n) as columns,
		array(select a.attname::text from unnest(p.confkey) with ordinality k (attnum, n)
			join pg_attribute a on a.attrelid = p.confrelid and a.attnum = k.attnum order by k.n) as target_columns
	from pg_constraint p join pg_namespace n on n.oid = p.connamespace where p.contype = 'f' and` + ofOurs + `order by 1, 2, 3::text`

const uniquesSQL = `
	select n.nspname || '.' || c.relname as name,
		array(select coalesce(a.attname::text, '(expression)') from unnest(i.indkey) with ordinality k (attnum, n)
			left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
			where k.n <= i.indnkeyatts order by k.n) as columns
	from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
	where i.indisunique and` + ofOurs + `order by 1, 2::text`

const checksSQL = `
	select n.nspname || '.' || c.relname as table_name, pg_get_expr(p.conbin, p.conrelid) as expression,
		array(select a.attname::text from unnest(p.conkey) with ordinality k (attnum, n)
			join pg_attribute a on a.attrelid = p.conrelid and a.attnum = k.attnum order by k.n) as columns
	from pg_constraint p join pg_class c on c.oid = p.conrelid join pg_namespace n on n.oid = c.relnamespace
	where p.contype = 'c' and` + ofOurs + `order by 1, 2`

const rightsSQL = `
	select n.nspname || '.' || c.relname as table_name, coalesce(r.rolname::text, 'public') as role, x.privilege_type as privilege, x.on_column as "column"
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	cross join lateral (
		select e.grantee, e.privilege_type, '' as on_column from aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) e
		union all
		select e.grantee, e.privilege_type, a.attname::text from pg_attribute a, aclexplode(a.attacl) e
		where a.attrelid = c.oid and a.attacl is not null) x
	left join pg_roles r on r.oid = x.grantee
	where c.relkind in ('r', 'p', 'v', 'm', 'f') and x.grantee <> c.relowner and` + ofOurs + `order by 1, 2, 3, 4`

// readCatalogue reads every table that is not PostgreSQL's own.
func readCatalogue(t *testing.T, owner *pgxpool.Pool) catalogue {
	t.Helper()
	c := catalogue{}
	for _, one := range collect[table](t, owner, tablesSQL) {
		c[one.Name] = &one
	}
	for _, x := range collect[column](t, owner, columnsSQL) {
		c[x.TableName].columns = append(c[x.TableName].columns, x)
	}
	for _, x := range collect[policy](t, owner, policiesSQL) {
		c[x.TableName].policies = append(c[x.TableName].policies, x)
	}
	for _, x := range collect[foreignKey](t, owner, keysSQL) {
		c[x.TableName].keys = append(c[x.TableName].keys, x)
	}
	for _, x := range collect[check](t, owner, checksSQL) {
		c[x.TableName].checks = append(c[x.TableName].checks, x)
	}
	for _, x := range collect[right](t, owner, rightsSQL) {
		c[x.TableName].rights = append(c[x.TableName].rights, x)
	}
	type unique struct {
		Name    string
		Columns []string
	}
	for _, x := range collect[unique](t, owner, uniquesSQL) {
		c[x.Name].uniques = append(c[x.Name].uniques, x.Columns)
	}
	if len(c) < 30 {
		t.Fatalf("the catalogue has only %d tables", len(c))
	}
	return c
}

func collect[T any](t *testing.T, owner *pgxpool.Pool, sql string, args ...any) []T {
	t.Helper()
	rows, err := owner.Query(context.WithoutCancel(t.Context()), sql, args...)
	if err != nil {
		t.Fatalf("read the catalogue: %v", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[T])
	if err != nil {
		t.Fatalf("read the catalogue: %v", err)
	}
	return list
}
