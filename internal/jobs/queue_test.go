package jobs_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/tenants"
)

func TestBodyEnqueuesItsOwnJobsOnly(t *testing.T) {
	s := newStage(t)
	a, b := s.Body(t, "c_a001").ID, s.Body(t, "c_b002").ID
	for _, c := range []struct {
		name      string
		door, job int32
		allowed   bool
	}{
		{"own", a, a, true},
		{"another body's", a, b, false},
		{"the platform's from a body", a, 0, false},
		{"the platform's", 0, 0, true},
		{"a body's from the platform", 0, a, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := s.enqueue(t.Context(), c.door, countArgs{Owned: jobs.Owned{Tenant: c.job}})
			if (err == nil) != c.allowed {
				t.Fatalf("enqueue through door %d for body %d: %v", c.door, c.job, err)
			}
		})
	}
	if n := ask[int](t, s, `select count(*) from river.river_job`); n != 2 {
		t.Fatalf("%d jobs, want 2", n)
	}
}

// River reads back what it inserts; a plain insert meets the policy alone.
func TestPlainInsertForAnotherBodyIsRefused(t *testing.T) {
	s := newStage(t)
	a, b := s.Body(t, "c_a001").ID, s.Body(t, "c_b002").ID
	for tenant, allowed := range map[int32]bool{a: true, b: false, 0: false} {
		err := s.DB.InTx(t.Context(), tenants.Scope{Tenant: a}, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into river.river_job (args, kind) values (jsonb_build_object('tenant_id', $1::int), 'x')`, tenant)
			return err
		})
		if (err == nil) != allowed {
			t.Errorf("body %d inserts for %d: %v", a, tenant, err)
		}
	}
}

func TestBodySeesAndChangesItsOwnJobsOnly(t *testing.T) {
	s := newStage(t)
	a, b := s.Body(t, "c_a001").ID, s.Body(t, "c_b002").ID
	s.mustEnqueue(t, a, countArgs{Owned: jobs.Owned{Tenant: a}})
	s.mustEnqueue(t, 0, countArgs{})
	touch := func(door int32) (seen, changed int) {
		ctx := t.Context()
		err := s.DB.InTx(ctx, tenants.Scope{Tenant: door}, func(tx tenants.Tx) error {
			tag, err := tx.Exec(ctx, `update river.river_job set priority = 4`)
			if err != nil {
				return err
			}
			changed = int(tag.RowsAffected())
			return tx.QueryRow(ctx, `select count(*) from river.river_job`).Scan(&seen)
		})
		if err != nil {
			t.Fatal(err)
		}
		return seen, changed
	}
	if seen, changed := touch(a); seen != 1 || changed != 1 {
		t.Errorf("the body sees %d and changes %d of its one job", seen, changed)
	}
	if seen, changed := touch(b); seen != 0 || changed != 0 {
		t.Errorf("another body sees %d and changes %d jobs", seen, changed)
	}
	if _, err := s.DB.Worker().Exec(t.Context(), `select 1 from platform.accounts`); err == nil {
		t.Error("the job runner's role reads accounts")
	}
}

func TestRolledBackChangeLeavesNoJob(t *testing.T) {
	s := newStage(t)
	a := s.Body(t, "c_a001").ID
	err := s.DB.InTx(t.Context(), tenants.Scope{Tenant: a}, func(tx tenants.Tx) error {
		if err := s.queue.Enqueue(t.Context(), tx, countArgs{Owned: jobs.Owned{Tenant: a}}); err != nil {
			t.Fatal(err)
		}
		return context.Canceled
	})
	if err == nil || ask[int](t, s, `select count(*) from river.river_job`) != 0 {
		t.Fatalf("the job outlived its change: %v", err)
	}
}

type namelessArgs struct{}

func (namelessArgs) Kind() string { return "test_nameless" }

// lyingArgs is stored for one body and says another.
type lyingArgs struct {
	jobs.Owned
	Said int32 `json:"-"`
}

func (lyingArgs) Kind() string      { return "test_lying" }
func (l lyingArgs) TenantID() int32 { return l.Said }

// queuedArgs asks for a queue.
type queuedArgs struct {
	jobs.Owned
	Queue string `json:"-"`
}

func (queuedArgs) Kind() string                   { return "test_queued" }
func (q queuedArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: q.Queue} }

// wrapped is a transaction that is not the driver's own.
type wrapped struct{ tenants.Tx }

func TestEnqueueRefusesWhatItCannotPlace(t *testing.T) {
	s := newStage(t)
	a := s.Body(t, "c_a001").ID
	for want, args := range map[string]river.JobArgs{
		"name no body":      namelessArgs{},
		"stored for body":   lyingArgs{Owned: jobs.Owned{Tenant: a}, Said: a + 1},
		"there is no queue": queuedArgs{jobs.Owned{Tenant: a}, "elsewhere"},
	} {
		if err := s.enqueue(t.Context(), a, args); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T: %v, want %q", args, err, want)
		}
	}
	err := s.DB.InTx(t.Context(), tenants.Scope{Tenant: a}, func(tx tenants.Tx) error {
		return s.queue.Enqueue(t.Context(), wrapped{tx}, countArgs{Owned: jobs.Owned{Tenant: a}})
	})
	if err == nil || !strings.Contains(err.Error(), "is not a transaction of tenants.DB") {
		t.Errorf("a foreign transaction: %v", err)
	}
}

func TestBodiesWaitInQueuesOfTheirOwn(t *testing.T) {
	s := newStage(t)
	a, b := s.Body(t, "c_a001").ID, s.Body(t, "c_b002").ID
	s.mustEnqueue(t, a, countArgs{Owned: jobs.Owned{Tenant: a}})
	s.mustEnqueue(t, b, countArgs{Owned: jobs.Owned{Tenant: b}})
	s.mustEnqueue(t, a, queuedArgs{jobs.Owned{Tenant: a}, jobs.Bulk})
	queue := `select queue from river.river_job where kind = $1 and (args ->> 'tenant_id')::int = $2`
	if of, other := ask[string](t, s, queue, "test_count", a), ask[string](t, s, queue, "test_count", b); of == other {
		t.Errorf("two bodies share the queue %s", of)
	}
	if of := ask[string](t, s, queue, "test_queued", a); of != jobs.Bulk {
		t.Errorf("long work waits in %s", of)
	}
	all := map[string]bool{}
	for tenant := range int32(64) {
		all[jobs.QueueOf(tenant)] = true
	}
	if len(all) != 16 {
		t.Errorf("%d hashed queues, want 16", len(all))
	}
}

// onceArgs is unique in its period, whatever its arguments.
type onceArgs struct{ jobs.Owned }

func (onceArgs) Kind() string { return "test_once" }
func (onceArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByPeriod: 24 * time.Hour}}
}

func TestUniqueJobsAreUniqueWithinTheirBody(t *testing.T) {
	s := newStage(t)
	a, b := s.Body(t, "c_a001").ID, s.Body(t, "c_b002").ID
	for _, tenant := range []int32{a, a, b} {
		s.mustEnqueue(t, tenant, onceArgs{jobs.Owned{Tenant: tenant}})
	}
	if n := ask[int](t, s, `select count(*) from river.river_job`); n != 2 {
		t.Fatalf("%d jobs, want one for each body", n)
	}
}
