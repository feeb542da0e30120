package audit_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/testdb"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// later moves the one clock of the database.
func later(t *testing.T, d *testdb.Database, offset string) {
	t.Helper()
	exec(t, d, `create or replace function app.now() returns timestamptz language sql stable parallel safe as
		$$ select statement_timestamp() + interval '`+offset+`' $$`)
}

func exec(t *testing.T, d *testdb.Database, sql string, args ...any) {
	t.Helper()
	if _, err := d.Owner.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func ask[T any](t *testing.T, d *testdb.Database, sql string, args ...any) (value T) {
	t.Helper()
	if err := d.Owner.QueryRow(t.Context(), sql, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

// countersigned has every body sign the roots that wait for it.
func countersigned(t *testing.T, d *testdb.Database) int {
	t.Helper()
	bodies, err := audit.FindCountersigners(t.Context(), d.DB)
	if err != nil {
		t.Fatal(err)
	}
	signed := 0
	for _, body := range bodies {
		n, err := audit.Countersign(t.Context(), d.DB, d.Key, tenants.Scope{Tenant: body})
		if err != nil {
			t.Fatal(err)
		}
		signed += n
	}
	return signed
}

// agreed makes an active agreement between bodies.
func agreed(t *testing.T, d *testdb.Database, bodies ...tenants.Tenant) uuid.UUID {
	t.Helper()
	id := uuid.New()
	exec(t, d, `insert into policies.agreements (id, title, state, purposes, sections, valid)
		values ($1, 'Ambito', 'active', '{continuity}', '{identity}', tstzrange(now() - interval '1 day', now() + interval '1 year'))`, id)
	for _, b := range bodies {
		exec(t, d, `insert into policies.agreements_parties (agreement_id, tenant_id, side) values ($1, $2, 'party')`, id, b.ID)
	}
	return id
}

// proven is a database in which two bodies under an agreement have three days of events, each with a countersigned root,
// and one day that is not over.
func proven(t *testing.T) (*testdb.Database, []tenants.Scope) {
	t.Helper()
	d := testdb.New(t)
	a, b := d.Body(t, "c_a001"), d.Body(t, "c_b001")
	agreed(t, d, a, b)
	scopes := []tenants.Scope{d.Operator(t, a, "social_worker"), d.Operator(t, b, "social_worker")}
	for i := range 4 {
		later(t, d, fmt.Sprint(i, " days"))
		for _, s := range scopes {
			record(t, d, s, 8)
		}
		sealed(t, d)
		countersigned(t, d)
	}
	later(t, d, "6 days") // no countersignature may be missing any more
	return d, scopes
}

// wantFaults verifies and compares how many faults there are.
func wantFaults(t *testing.T, d *testdb.Database, want ...string) {
	t.Helper()
	_, faults, err := audit.Verify(t.Context(), d.DB)
	if err != nil {
		t.Fatal(err)
	}
	for i, what := range want {
		if i >= len(faults) || !strings.Contains(faults[i].String(), what) {
			t.Errorf("fault %d is not %q: %v", i, what, faults)
		}
	}
	if len(want) == 0 && len(faults) > 0 {
		t.Errorf("faults where nothing was touched: %v", faults)
	}
}

// harm does something as the owner, verifies, and undoes it. It fails if verifying finds nothing.
func harm(t *testing.T, d *testdb.Database, what, sql string) []audit.Fault {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	tx, err := d.Owner.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(ctx)
	// What the owner can break, the owner can drop first.
	if _, err := tx.Exec(ctx, `drop index audit.chain_tenant_id_event_id_idx`); err != nil {
		t.Fatal(err)
	}
	tag, err := tx.Exec(ctx, sql)
	if err != nil || tag.RowsAffected() == 0 {
		t.Fatalf("%s: no harm is done by %s: %v", what, sql, err)
	}
	_, faults, err := audit.VerifyIn(ctx, tx)
	if err != nil || len(faults) == 0 {
		t.Errorf("%s: verify finds nothing (%v) after %s", what, err, sql)
	}
	return faults
}

// uncovered are columns that no proof covers.
var uncovered = map[string]string{
	"events.txid":     "only says in which order events are sealed; the chain keeps the order afterwards",
	"keys.sealed":     "the private half: with another one, signing fails and nothing that is signed changes",
	"keys.created_at": "for people; a countersignature has its own instant",
}

// otherwise is another value of a column, by type.
var otherwise = map[string]string{
	"integer": "%s + 1000", "bigint": "%s + 1000", "smallint": "3 - %s", "uuid": "gen_random_uuid()", "text": "%s || 'x'",
	"timestamp with time zone": "coalesce(%s, now()) + interval '1 microsecond'", "date": "%s + 1000", "bytea": "sha256(%s)",
	"jsonb": "coalesce(%s, '{}') || '{\"n\": 7}'", "text[]": "%s || 'x'::text", "uuid[]": "coalesce(%s, '{}') || gen_random_uuid()",
	"integer[]": "%s || 1000", "xid8": "'1'::xid8",
}

// tables are those that prove something, with what tells their rows apart.
var tables = []string{"events", "chain", "roots", "countersignatures", "keys"}

// TestEveryColumnIsCovered changes, in rows taken at random, each column that the catalogue knows, takes its value away
// where it may be missing, and removes the row.
func TestEveryColumnIsCovered(t *testing.T) {
	d, _ := proven(t)
	wantFaults(t, d)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	tried := map[string]bool{}
	for _, table := range tables {
		for range 3 {
			// What the first three days hold is under a root; the last day's events are in the chain alone.
			row := ask[string](t, d, fmt.Sprintf(`select ctid::text || ' ' || tableoid from audit.%s order by tableoid, ctid limit 1 offset %d`,
				table, random.IntN(ask[int](t, d, `select count(*)::int from audit.`+table))))
			at, of, _ := strings.Cut(row, " ")
			where := fmt.Sprintf(` where ctid = '%s' and tableoid = %s`, at, of)
			harm(t, d, table+" without a row", `delete from audit.`+table+where)
			for _, c := range columns(t, d, table) {
				tried[table+"."+c.Name] = true
				if uncovered[table+"."+c.Name] != "" {
					continue
				}
				change, ok := otherwise[c.Type]
				if !ok {
					t.Fatalf("%s.%s: how is a %s changed?", table, c.Name, c.Type)
				}
				harm(t, d, table+"."+c.Name, fmt.Sprintf(`update audit.%s set %s = %s %s`, table, c.Name, strings.ReplaceAll(change, "%s", c.Name), where))
			}
		}
	}
	for column := range uncovered {
		if !tried[column] {
			t.Errorf("%s is excepted and does not exist", column)
		}
	}
}

type column struct {
	Name, Type string
}

func columns(t *testing.T, d *testdb.Database, table string) []column {
	t.Helper()
	rows, err := d.Owner.Query(t.Context(), `select attname::text as name, format_type(atttypid, null) as type from pg_attribute
		where attrelid = ('audit.' || $1)::regclass and attnum > 0 and not attisdropped order by attnum`, table)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[column])
	if err != nil || len(list) < 4 {
		t.Fatalf("columns of %s: %v, %v", table, list, err)
	}
	return list
}

// TestWhatCanBeDoneToTheAudit names what a test over single columns does not reach.
func TestWhatCanBeDoneToTheAudit(t *testing.T) {
	d, scopes := proven(t)
	body := scopes[0].Tenant
	third := `select event_id from audit.chain where seq = 3 and tenant_id = ` + fmt.Sprint(body)
	for what, sql := range map[string]string{
		"an id moved to the column beside it": `update audit.events set object_id = case_id, case_id = null where id in (` + third + `)`,
		"a payload taken away":                `update audit.events set payload = null where id in (` + third + `)`,
		"a payload with the hash that fits":   `update audit.events set payload = '{"n": 7}', payload_hash = sha256('{"n":7}') where id in (` + third + `)`,
		"an exchange of places": `update audit.chain c set event_id = o.event_id, event_at = o.event_at from audit.chain o
			where (c.seq, o.seq) in ((3, 4), (4, 3)) and o.tenant_id = c.tenant_id`,
		"an event and its place": `with e as (delete from audit.events where id in (` + third + `) returning id) delete from audit.chain where event_id in (select id from e)`,
		"re-dated on both sides": `with e as (update audit.events set at = at - interval '1 hour' where id in (` + third + `) returning id, at)
			update audit.chain c set event_at = e.at from e where e.id = c.event_id`,
		"the end of the chain that is under a root": `with c as (delete from audit.chain where seq > 20 returning event_id) delete from audit.events where id in (select event_id from c)`,
		"the last root and who countersigned it": `with r as (delete from audit.roots where (tenant_id, day) = (select x.tenant_id, max(x.day) from audit.roots x group by 1 limit 1) returning tenant_id, day)
			delete from audit.countersignatures c using r where c.body = r.tenant_id and c.day = r.day`,
		"an event that nobody wrote": `insert into audit.events (tenant_id, id, at, txid, actor_tenant, action, payload_hash)
			select tenant_id, gen_random_uuid(), at, txid, actor_tenant, action, payload_hash from audit.events limit 1`,
		"an event twice": `insert into audit.events (tenant_id, id, at, txid, actor_tenant, action, payload_hash)
			select tenant_id, id, at + interval '1 second', txid, actor_tenant, action, payload_hash from audit.events limit 1`,
		"an event that would never be sealed": `insert into audit.events (tenant_id, id, at, txid, actor_tenant, action, payload_hash)
			select tenant_id, gen_random_uuid(), at, '9000000000', actor_tenant, action, payload_hash from audit.events limit 1`,
	} {
		harm(t, d, what, sql)
	}
	wantFaults(t, d)
	faults := harm(t, d, "a place", fmt.Sprintf(`delete from audit.chain where seq = 5 and tenant_id = %d`, body))
	if want := fmt.Sprintf("body %d, sequence 6, event %s: missing sequence", body, faults[0].Event); faults[0].String() != want {
		t.Errorf("verify says %q, want %q", faults[0], want)
	}
}

// TestARehashedEventBreaksTheNextLink changes an event and makes the hash of its link anew, as docs/ARCHITECTURE.md says it
// is made, here in SQL: the link holds then, and the one after it does not.
func TestARehashedEventBreaksTheNextLink(t *testing.T) {
	d, scopes := proven(t)
	ctx := context.WithoutCancel(t.Context())
	tx, err := d.Owner.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(ctx)
	tag, err := tx.Exec(ctx, `
		with changed as (
			update audit.events e set actor_name = 'altro' from audit.chain c
			where c.tenant_id = $1 and c.seq = 30 and e.tenant_id = c.tenant_id and e.id = c.event_id
			returning e.payload_hash, `+audit.NamedSQL+` as text)
		update audit.chain c set hash = sha256(convert_to(E'staffetta audit link 2\n', 'UTF8')
			|| int8send((extract(epoch from c.sealed_at) * 1000000)::bigint) || int8send(c.seq) || p.hash || x.payload_hash || convert_to(x.text, 'UTF8'))
		from changed x, audit.chain p
		where c.tenant_id = $1 and c.seq = 30 and p.tenant_id = c.tenant_id and p.seq = 29`, scopes[0].Tenant)
	if err != nil || tag.RowsAffected() != 1 {
		t.Fatalf("%v: %v", tag, err)
	}
	_, faults, err := audit.VerifyIn(ctx, tx)
	if err != nil || len(faults) != 1 || faults[0].Seq != 31 || faults[0].What != "changed event" {
		t.Errorf("faults are %v, %v, want that of sequence 31 alone", faults, err)
	}
}
