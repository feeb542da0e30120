package audit_test

import (
	"strings"
	"testing"

	"staffetta/internal/testdb"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

func drop(t *testing.T, d *testdb.Database) int64 {
	t.Helper()
	n, err := audit.DropPayloads(t.Context(), d.DB)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPayloadsAreDroppedAfterTheTermAndTheChainStillVerifies(t *testing.T) {
	d, scopes := proven(t)
	if n := drop(t, d); n != 0 {
		t.Fatalf("%d payloads are dropped after some days", n)
	}
	if err := audit.SetTerm(t.Context(), d.DB, scopes[1].Tenant, 12); err != nil {
		t.Fatal(err)
	}
	if err := audit.SetTerm(t.Context(), d.DB, scopes[1].Tenant, 0); err == nil {
		t.Error("a term of no years is taken")
	}
	sealed(t, d)
	countersigned(t, d)
	later(t, d, "9 years 360 days")
	if n := drop(t, d); n != 0 {
		t.Errorf("%d payloads are dropped before the term", n)
	}
	later(t, d, "10 years 10 days")
	if n := drop(t, d); n != 32 {
		t.Errorf("%d payloads are dropped after the usual term, want the 32 of one body", n)
	}
	if n := drop(t, d); n != 0 {
		t.Errorf("%d payloads are dropped twice", n)
	}
	left := ask[string](t, d, `select string_agg(distinct concat_ws(' ', tenant_id, action, payload is null), ', ') from audit.events where tenant_id = $1`, scopes[0].Tenant)
	if !strings.Contains(left, "audit.drop f") || !strings.Contains(left, "case.read t") || strings.Contains(left, "case.read f") {
		t.Errorf("the body keeps %s", left)
	}
	if n := ask[int](t, d, `select count(*) from audit.events where tenant_id = $1 and payload is null`, scopes[1].Tenant); n != 0 {
		t.Errorf("%d payloads of the body with the longer term are dropped", n)
	}
	sealed(t, d)
	countersigned(t, d)
	wantFaults(t, d)
	harm(t, d, "a changed event without its payload", `update audit.events set actor_name = 'altro' where payload is null`)
	later(t, d, "12 years 10 days")
	if n := drop(t, d); n != 33 {
		t.Errorf("%d payloads are dropped after the longer term, want the other 32 and that of audit.term", n)
	}
}

// TestTheAuditorDropsOldPayloadsOnly tries what the right to drop could be abused for.
func TestTheAuditorDropsOldPayloadsOnly(t *testing.T) {
	d := testdb.New(t)
	record(t, d, d.Operator(t, d.Body(t, "c_a001"), "social_worker"), 2)
	try := func(sql string) (n int64, err error) {
		err = d.DB.Audit(t.Context(), func(tx tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), sql)
			n = tag.RowsAffected()
			return err
		})
		return n, err
	}
	if n, err := try(`update audit.events set payload = null`); err != nil || n != 0 {
		t.Errorf("%d payloads of today are dropped, %v", n, err)
	}
	later(t, d, "11 years")
	if n, err := try(`update audit.events set payload = '{"reason": "altro"}'`); err == nil {
		t.Errorf("%d old payloads are rewritten", n)
	}
	if n, err := try(`update audit.events set payload = null`); err != nil || n != 2 {
		t.Errorf("%d old payloads are dropped, %v", n, err)
	}
	sealed(t, d)
	wantFaults(t, d, "missing payload", "missing payload") // nobody noted that they were dropped
}
