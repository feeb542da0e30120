package audit_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/testdb"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

func TestRootsOfADay(t *testing.T) {
	d := testdb.New(t)
	a, b := d.Body(t, "c_a001"), d.Body(t, "c_b001")
	agreed(t, d, a, b)
	s, quiet := d.Operator(t, a, "social_worker"), d.Operator(t, b, "social_worker")
	record(t, d, s, 5)
	record(t, d, quiet, 1)
	sealed(t, d)
	if n := ask[int](t, d, `select count(*) from audit.roots`); n != 0 {
		t.Fatalf("%d roots of a day that is not over", n)
	}
	later(t, d, "1 day")
	record(t, d, s, 2)
	sealed(t, d)
	sealed(t, d)
	later(t, d, "2 days")
	sealed(t, d)
	roots := ask[string](t, d, `select string_agg(concat_ws(' ', tenant_id = $1, day - (now() at time zone 'utc')::date, first_seq, last_seq, countersigners = array[$2::int]), ', ' order by day)
		from audit.roots where tenant_id = $1`, a.ID, b.ID)
	if diff := cmp.Diff("t 0 1 5 t, t 1 6 7 t", roots); diff != "" {
		t.Errorf("roots (-want +got):\n%s", diff)
	}
	if n := ask[int](t, d, `select count(*) from audit.roots where tenant_id = $1`, b.ID); n != 1 {
		t.Errorf("%d roots of a chain that grew on one day", n)
	}
	wantFaults(t, d) // two days of grace
	later(t, d, "5 days")
	wantFaults(t, d, fmt.Sprintf("missing countersignature of body %d", b.ID), fmt.Sprintf("missing countersignature of body %d", b.ID), fmt.Sprintf("missing countersignature of body %d", a.ID))
	if n := countersigned(t, d); n != 3 {
		t.Errorf("%d countersignatures, want 3", n)
	}
	if n := countersigned(t, d); n != 0 {
		t.Errorf("%d countersignatures a second time", n)
	}
	wantFaults(t, d)
}

func TestWhoCountersigns(t *testing.T) {
	d := testdb.New(t)
	a, b, c, alone := d.Body(t, "c_a001"), d.Body(t, "c_b001"), d.Body(t, "c_c001"), d.Body(t, "c_d001")
	agreed(t, d, a, b)
	suspended := agreed(t, d, a, c)
	exec(t, d, `update policies.agreements set state = 'suspended' where id = $1`, suspended)
	platform := ask[int32](t, d, `select id from platform.tenants where kind = 'platform'`)
	for _, body := range []tenants.Tenant{a, alone, {ID: platform}} {
		record(t, d, tenants.Scope{Tenant: body.ID, Name: "Prova"}, 1)
	}
	sealed(t, d)
	later(t, d, "1 day")
	sealed(t, d)
	for body, want := range map[int32][]int32{a.ID: {b.ID}, alone.ID: {platform}} {
		if got := ask[[]int32](t, d, `select countersigners from audit.roots where tenant_id = $1`, body); !slices.Equal(got, want) {
			t.Errorf("body %d is countersigned by %v, want %v", body, got, want)
		}
	}
	if got := ask[[]int32](t, d, `select countersigners from audit.roots where tenant_id = $1`, platform); len(got) != 3 || slices.Contains(got, platform) {
		t.Errorf("the platform is countersigned by %v, want three others", got)
	}
}

func TestTheChoiceIsTheSameForAllAndTurns(t *testing.T) {
	candidates := []int32{9, 4, 7, 2, 5}
	other := []int32{2, 4, 5, 7, 9}
	seen := map[int32]bool{}
	for n := range 30 {
		day := fmt.Sprintf("2026-11-%02d", n+1)
		chosen := audit.Choose(1, day, candidates)
		if len(chosen) != 3 || !slices.Equal(chosen, audit.Choose(1, day, other)) {
			t.Fatalf("%s: %v and %v", day, chosen, audit.Choose(1, day, other))
		}
		for _, one := range chosen {
			seen[one] = true
		}
	}
	if len(seen) != len(candidates) {
		t.Errorf("only %v are ever chosen", seen)
	}
}

// TestAForgedRootIsNotCountersigned changes a root before anybody has signed it.
func TestAForgedRootIsNotCountersigned(t *testing.T) {
	d := testdb.New(t)
	a, b := d.Body(t, "c_a001"), d.Body(t, "c_b001")
	agreed(t, d, a, b)
	record(t, d, d.Operator(t, a, "social_worker"), 3)
	sealed(t, d)
	later(t, d, "1 day")
	sealed(t, d)
	exec(t, d, `update audit.roots set head = sha256('forged')`)
	if n, err := audit.Countersign(t.Context(), d.DB, d.Key, tenants.Scope{Tenant: b.ID}); err == nil || n != 0 {
		t.Errorf("a forged root is countersigned %d times, %v", n, err)
	}
	wantFaults(t, d, "changed root", "the chain is not the one of the root")
}

// TestARewrittenDayIsFound does what somebody with the database, and without the master key, can do: write the chain of
// a body anew without an event, with fitting hashes and roots, and sign with a key of their own.
func TestARewrittenDayIsFound(t *testing.T) {
	d, scopes := proven(t)
	body, witness := scopes[0].Tenant, scopes[1].Tenant
	keys := exportKeys(t, d)
	exec(t, d, `delete from audit.events where id = (select event_id from audit.chain where tenant_id = $1 and seq = 3)`, body)
	exec(t, d, `delete from audit.chain where tenant_id = $1`, body)
	exec(t, d, `delete from audit.roots where tenant_id = $1`, body)
	exec(t, d, `update audit.sealed set upto = '0', rooted = null`)
	later(t, d, "2 days")
	sealed(t, d)
	later(t, d, "3 days")
	sealed(t, d)
	later(t, d, "6 days")
	if _, faults, err := audit.Verify(t.Context(), d.DB); err != nil || len(faults) == 0 {
		t.Errorf("beside the old countersignatures: %v, %v", faults, err)
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	exec(t, d, `delete from audit.countersignatures where body = $1`, body)
	sign := func(key ed25519.PrivateKey, number int32) {
		exec(t, d, `delete from audit.countersignatures where body = $1`, body)
		for _, r := range readRoots(t, d, body) {
			c := audit.Countersignature{By: witness, Body: body, Day: r.Day, Key: number, Root: r.Hash, At: r.MadeAt}
			exec(t, d, `insert into audit.countersignatures (tenant_id, body, day, key_number, root, signed_at, signature)
				values ($1, $2, $3::text::date, $4, $5, $6, $7)`, c.By, c.Body, c.Day, c.Key, c.Root, c.At, ed25519.Sign(key, audit.Message(c)))
		}
	}
	sign(private, 1)
	wantFaults(t, d, fmt.Sprintf("the countersignature of body %d is false", witness))
	sign(private, 2)
	wantFaults(t, d, fmt.Sprintf("the key 2 of body %d is unknown", witness))
	exec(t, d, `insert into audit.keys (tenant_id, number, public, sealed) values ($1, 2, $2, '')`, witness, []byte(public))
	// Now only the keys that were kept elsewhere tell.
	_, faults, err := audit.VerifyExport(bytes.NewReader(export(t, d, body)), keys)
	if err != nil || len(faults) == 0 || !strings.Contains(faults[0].What, "unknown") {
		t.Errorf("with the keys kept elsewhere: %v, %v", faults, err)
	}
}

func readRoots(t *testing.T, d *testdb.Database, body int32) []audit.Root {
	t.Helper()
	rows, err := d.Owner.Query(t.Context(), `select day::text, made_at, hash from audit.roots where tenant_id = $1`, body)
	if err != nil {
		t.Fatal(err)
	}
	var list []audit.Root
	for rows.Next() {
		var r audit.Root
		if err := rows.Scan(&r.Day, &r.MadeAt, &r.Hash); err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	if len(list) == 0 || rows.Err() != nil {
		t.Fatalf("no roots: %v", rows.Err())
	}
	return list
}

func export(t *testing.T, d *testdb.Database, body int32) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := audit.Export(t.Context(), d.DB, body, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func exportKeys(t *testing.T, d *testdb.Database) []audit.Key {
	t.Helper()
	var out bytes.Buffer
	if err := audit.ExportKeys(t.Context(), d.DB, &out); err != nil {
		t.Fatal(err)
	}
	keys, err := audit.ReadKeys(&out)
	if err != nil || len(keys) != 2 {
		t.Fatalf("keys: %v, %v", keys, err)
	}
	return keys
}

// TestAnExportVerifiesWithoutADatabase changes, cuts, repeats and exchanges each of its lines.
func TestAnExportVerifiesWithoutADatabase(t *testing.T) {
	d, scopes := proven(t)
	whole, keys := export(t, d, scopes[0].Tenant), exportKeys(t, d)
	checked, faults, err := audit.VerifyExport(bytes.NewReader(whole), keys)
	if err != nil || checked != 32 || len(faults) != 0 {
		t.Fatalf("VerifyExport = %d, %v, %v", checked, faults, err)
	}
	if _, faults, err := audit.VerifyExport(bytes.NewReader(whole), []audit.Key{{Body: scopes[1].Tenant, Number: 1, Public: keys[0].Public}}); err != nil || len(faults) != 3 {
		t.Errorf("with the key of another body: %v, %v", faults, err)
	}
	lines := bytes.SplitAfter(bytes.TrimSuffix(whole, []byte("\n")), []byte("\n"))
	refuse := func(what string, lines [][]byte) {
		t.Helper()
		if _, faults, err := audit.VerifyExport(bytes.NewReader(bytes.Join(lines, nil)), nil); err == nil && len(faults) == 0 {
			t.Errorf("%s is not found", what)
		}
	}
	for i := range lines {
		refuse(fmt.Sprintf("a file without line %d", i+1), slices.Concat(lines[:i], lines[i+1:]))
		refuse(fmt.Sprintf("a file that ends before line %d", i+1), lines[:i])
		if i > 0 && kind(lines[i]) == kind(lines[i-1]) && kind(lines[i]) != "countersignature" {
			exchanged := slices.Clone(lines)
			exchanged[i-1], exchanged[i] = exchanged[i], exchanged[i-1]
			refuse(fmt.Sprintf("line %d before the one before: %s", i+1, lines[i]), exchanged)
		}
	}
	for from, to := range map[string]string{`\"case.read\"`: `\"case.skip\"`, `"reason":"motivo `: `"reason":"pretesto `, `"reason": "motivo `: `"reason": "pretesto `, `"head":"`: `"head":"AAAA`} {
		if bytes.Contains(whole, []byte(from)) {
			refuse(from+" changed", [][]byte{bytes.Replace(whole, []byte(from), []byte(to), 1)})
		}
	}
}

// kind is what a line of an export holds.
func kind(line []byte) string { return strings.Split(string(line), `"`)[1] }

// TestWhoSeesRoots keeps roots and countersignatures to those whom they concern, and keys to their body.
func TestWhoSeesRoots(t *testing.T) {
	d, scopes := proven(t)
	stranger := d.Operator(t, d.Body(t, "c_z001"), "social_worker")
	see := func(s tenants.Scope, sql string) (n int) {
		err := d.DB.InTx(t.Context(), s, func(tx tenants.Tx) error { return tx.QueryRow(t.Context(), sql).Scan(&n) })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for table, want := range map[string]int{"roots": 6, "countersignatures": 6, "keys": 1} {
		if n := see(scopes[0], `select count(*)::int from audit.`+table); n != want {
			t.Errorf("a body of the agreement sees %d %s, want %d", n, table, want)
		}
		if n := see(stranger, `select count(*)::int from audit.`+table); n != 0 {
			t.Errorf("a stranger sees %d %s", n, table)
		}
	}
	err := d.DB.InTx(t.Context(), stranger, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into audit.countersignatures (tenant_id, body, day, key_number, root, signed_at, signature)
			values ($1, $2, current_date, 1, '', now(), '')`, scopes[1].Tenant, scopes[0].Tenant)
		return err
	})
	if err == nil {
		t.Error("a body countersigns in the name of another")
	}
	for _, sql := range []string{`select sealed from audit.keys`, `update audit.roots set head = ''`, `insert into audit.countersignatures (tenant_id, body, day, key_number, root, signed_at, signature) values (1, 1, current_date, 1, '', now(), '')`} {
		err := d.DB.Audit(t.Context(), func(tx tenants.Tx) error {
			_, err := tx.Exec(context.WithoutCancel(t.Context()), sql)
			return err
		})
		if err == nil {
			t.Errorf("the auditor may: %s", sql)
		}
	}
}
