package audit_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// record writes n reads of a body through the group commit, all at once.
func record(t *testing.T, d *testdb.Database, s tenants.Scope, n int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := audit.NewRecorder(ctx, d.DB)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			e := audit.Event{Action: "case.read", Case: uuid.New(), Sections: []string{"diary"}, Cases: []uuid.UUID{uuid.New()}, Payload: map[string]any{"reason": fmt.Sprint("motivo ", i), "n": 1.5}}
			if err := r.Record(ctx, s, e); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	stop()
	<-r.Stopped()
}

func sealed(t *testing.T, d *testdb.Database) int {
	t.Helper()
	n, err := audit.Seal(t.Context(), d.DB)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEventsAreSealedOnceAndVerify(t *testing.T) {
	d := testdb.New(t)
	a, b := d.Operator(t, d.Body(t, "c_a001"), "social_worker"), d.Operator(t, d.Body(t, "c_b001"), "social_worker")
	record(t, d, a, 30)
	record(t, d, b, 20)
	if n := sealed(t, d); n != 50 {
		t.Fatalf("sealed %d events, want 50", n)
	}
	if n := sealed(t, d); n != 0 {
		t.Errorf("sealed %d events twice", n)
	}
	record(t, d, a, 5)
	if n := sealed(t, d); n != 5 {
		t.Errorf("sealed %d later events, want 5", n)
	}
	checked, faults, err := audit.Verify(t.Context(), d.DB)
	if err != nil || checked != 55 || len(faults) != 0 {
		t.Errorf("Verify = %d, %v, %v", checked, faults, err)
	}
}

func TestAnOpenTransactionIsSealedAfterItsEnd(t *testing.T) {
	d := testdb.New(t)
	s := d.Operator(t, d.Body(t, "c_a001"), "social_worker")
	err := d.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
		if err := audit.Write(t.Context(), tx, s, audit.Event{Action: "case.create"}); err != nil {
			return err
		}
		record(t, d, s, 3)
		if n := sealed(t, d); n != 0 {
			t.Errorf("sealed %d events beside an open transaction", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := sealed(t, d); n != 4 {
		t.Errorf("sealed %d events, want 4", n)
	}
}

func TestServingRolesCannotRewriteTheAudit(t *testing.T) {
	d := testdb.New(t)
	s := d.Operator(t, d.Body(t, "c_a001"), "social_worker")
	record(t, d, s, 1)
	for _, statement := range []string{
		`update audit.events set actor_name = 'altro'`, `delete from audit.events`, `update audit.events set cases = null`,
		`insert into audit.chain values (1, 99, gen_random_uuid(), now(), 'x')`,
	} {
		err := d.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), statement)
			return err
		})
		if err == nil {
			t.Errorf("the app role may run: %s", statement)
		}
	}
	err := d.DB.Audit(t.Context(), func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update audit.events set actor_name = 'altro'`)
		return err
	})
	if err == nil {
		t.Error("the auditor may rewrite events")
	}
}

func TestAnotherBodysEventsCannotBeWritten(t *testing.T) {
	d := testdb.New(t)
	a, b := d.Operator(t, d.Body(t, "c_a001"), "social_worker"), d.Body(t, "c_b001")
	err := d.DB.InTx(t.Context(), a, func(tx tenants.Tx) error {
		return audit.Write(t.Context(), tx, a, audit.Event{Action: "case.read", Tenant: b.ID})
	})
	if err == nil {
		t.Error("an event entered the chain of another body")
	}
}

func TestStoppedRecorderRefuses(t *testing.T) {
	d := testdb.New(t)
	s := d.Operator(t, d.Body(t, "c_a001"), "social_worker")
	ctx, stop := context.WithCancel(t.Context())
	r := audit.NewRecorder(ctx, d.DB)
	stop()
	<-r.Stopped()
	for range 1000 { // more than it could hold
		if err := r.Record(t.Context(), s, audit.Event{Action: "case.read"}); !problem.Is(err, problem.Unavailable) {
			t.Fatalf("Record after the end = %v, want unavailable", err)
		}
	}
}

func TestARecordingCanBeAwaitedTwice(t *testing.T) {
	d := testdb.New(t)
	s := d.Operator(t, d.Body(t, "c_a001"), "social_worker")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	wait := audit.NewRecorder(ctx, d.DB).Start(t.Context(), s, audit.Event{Action: "case.read"})
	for range 2 {
		if err := wait(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAGroupWritesEveryPartOfItsEvents(t *testing.T) {
	d := testdb.New(t)
	s := d.Operator(t, d.Body(t, "c_a001"), "social_worker")
	ctx, stop := context.WithCancel(t.Context())
	r := audit.NewRecorder(ctx, d.DB)
	twice, once, share := uuid.New(), uuid.New(), uuid.New()
	events := []audit.Event{
		{Action: "case.list", Relation: "assigned", Sections: []string{"identity", "diary"}, Cases: []uuid.UUID{twice, twice, once}},
		{Action: "case.read", Case: once, Object: once, Share: share, Payload: map[string]any{"reason": "perché «sì», \"no\"; {a,b}"}},
		{Action: "desk.read"},
	}
	if err := r.Record(ctx, s, events...); err != nil {
		t.Fatal(err)
	}
	stop()
	<-r.Stopped()
	rows, err := d.Owner.Query(t.Context(), `
		select concat_ws(' ', e.action, e.relation, e.sections::text, e.payload::text, e.case_id = $1 and e.object_id = $1 and e.share_id = $2,
			e.actor_name = $3 and e.account_id = $4 and e.purpose = 'operator' and e.assurance = 2 and e.request_id = $5,
			cardinality(coalesce(e.cases, '{}')))
		from audit.events e order by e.action`, once, share, s.Name, s.Account, s.RequestID)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`case.list assigned {identity,diary} {} t 2`,
		`case.read  {} {"reason": "perché «sì», \"no\"; {a,b}"} t t 0`,
		`desk.read  {} {} t 0`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored events (-want +got):\n%s", diff)
	}
}
