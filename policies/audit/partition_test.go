package audit_test

import (
	"testing"

	"staffetta/internal/testdb"
	"staffetta/policies/audit"
)

func partitions(t *testing.T, d *testdb.Database) int {
	t.Helper()
	made, err := audit.MakePartitions(t.Context(), d.DB)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// Years after the first months the job makes those ahead, once; the month of which something lies in the default partition stays there,
// and is read and verified as before.
func TestPartitionsAreMadeForTheMonthsAhead(t *testing.T) {
	d, scopes := proven(t)
	lying := func(months string) string {
		return ask[string](t, d, `select coalesce(string_agg(distinct tableoid::regclass::text, ',' order by tableoid::regclass::text), '')
			from audit.events where tenant_id = $1 and date_trunc('month', at) = date_trunc('month', app.now() + $2::interval)`, scopes[0].Tenant, months)
	}
	write := func() { // at the instant of the database's clock
		t.Helper()
		if err := audit.SetTerm(t.Context(), d.DB, scopes[0].Tenant, 20); err != nil {
			t.Fatal(err)
		}
	}
	later(t, d, "3 years")
	write()
	if got := lying("0"); got != "audit.events_default" {
		t.Fatalf("what nobody made a month for lies in %q", got)
	}
	before := ask[int](t, d, `select count(*) from audit.events`)
	if made := partitions(t, d); made != 14 {
		t.Errorf("%d months are made, want the 14 ahead", made)
	}
	if made := partitions(t, d); made != 0 {
		t.Errorf("%d months are made twice", made)
	}
	if got := ask[int](t, d, `select count(*) from audit.events`); got != before || lying("0") != "audit.events_default" {
		t.Errorf("%d of %d events are read, this month from %s", got, before, lying("0"))
	}
	later(t, d, "3 years 1 month")
	write()
	if got := lying("0"); got == "audit.events_default" || got == "" {
		t.Errorf("the next month lies in %q", got)
	}
	if made := partitions(t, d); made != 1 {
		t.Errorf("a month later %d are made, want the one that comes after them", made)
	}
	sealed(t, d)
	countersigned(t, d)
	wantFaults(t, d)
}
