package audit_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/testdb"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// TestWritersAndSealersAtOnce writes changes and readings of one body from many sides while two sealers work.
func TestWritersAndSealersAtOnce(t *testing.T) {
	d := testdb.New(t)
	s := d.Operator(t, d.Body(t, "c_a001"), "social_worker")
	other := d.Operator(t, d.Body(t, "c_b001"), "social_worker")
	ctx, stop := context.WithCancel(t.Context())
	r := audit.NewRecorder(ctx, d.DB)
	var writers, sealers sync.WaitGroup
	var found atomic.Int64
	var over atomic.Bool
	for range 2 {
		sealers.Go(func() {
			for !over.Load() {
				n, err := audit.Seal(t.Context(), d.DB)
				if err != nil {
					t.Error(err)
					return
				}
				found.Add(int64(n))
			}
		})
	}
	const sides, times = 6, 60
	for side := range sides {
		writers.Go(func() {
			for n := range times {
				who := s
				if n%5 == 0 {
					who = other
				}
				e := audit.Event{Action: "case.update", Case: uuid.New()}
				var err error
				if side%2 == 0 {
					err = r.Record(ctx, who, e, audit.Event{Action: "case.read", Tenant: s.Tenant})
				} else {
					err = d.DB.InTx(ctx, who, func(tx tenants.Tx) error { return audit.Write(ctx, tx, who, e) })
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	stop()
	<-r.Stopped()
	over.Store(true)
	sealers.Wait()
	found.Add(int64(sealed(t, d)))
	const want = sides*times + sides/2*times
	links := ask[int64](t, d, `select count(*) from audit.chain c join audit.events e on e.tenant_id = c.tenant_id and e.id = c.event_id and e.at = c.event_at`)
	if found.Load() != want || links != want {
		t.Errorf("%d events are said to be sealed and %d stand in the chains, want %d", found.Load(), links, want)
	}
	wantFaults(t, d)
}

// TestASealerKeepsNobodyWaiting holds a sealer in the middle of its transaction while others write and read.
func TestASealerKeepsNobodyWaiting(t *testing.T) {
	d := testdb.New(t)
	s := d.Operator(t, d.Body(t, "c_a001"), "social_worker")
	record(t, d, s, 3)
	ctx := context.WithoutCancel(t.Context())
	gate, err := d.Owner.Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer gate.Release()
	exec(t, d, `create function public.hold() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(42); return null; end $$`)
	exec(t, d, `create trigger hold after insert on audit.chain for each statement execute function public.hold()`)
	if _, err := gate.Exec(ctx, `select pg_advisory_lock(42)`); err != nil {
		t.Fatal(err)
	}
	sealing := make(chan int, 1)
	go func() {
		n, err := audit.Seal(ctx, d.DB)
		if err != nil {
			t.Error(err)
		}
		sealing <- n
	}()
	for waiting := 0; waiting == 0; {
		waiting = ask[int](t, d, `select count(*) from pg_locks where locktype = 'advisory' and objid = 42 and not granted`)
	}
	within, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err = d.DB.InTx(within, s, func(tx tenants.Tx) error {
		return audit.Write(within, tx, s, audit.Event{Action: "case.update"})
	})
	if err != nil {
		t.Errorf("a writer waits for the sealer: %v", err)
	}
	record(t, d, s, 2)
	if n := sealed(t, d); n != 0 {
		t.Errorf("a second sealer sealed %d events beside the first", n)
	}
	select {
	case n := <-sealing:
		t.Errorf("the sealer was not held: it sealed %d", n)
	default:
	}
	if _, err := gate.Exec(ctx, `select pg_advisory_unlock(42)`); err != nil {
		t.Fatal(err)
	}
	if n := <-sealing; n != 3 {
		t.Errorf("the held sealer sealed %d events, want 3", n)
	}
	if n := sealed(t, d); n != 3 {
		t.Errorf("the next one sealed %d, want the 3 written meanwhile", n)
	}
	wantFaults(t, d)
}

func TestAHeldSealerLeavesTheTablesAlone(t *testing.T) {
	d := testdb.New(t)
	record(t, d, d.Operator(t, d.Body(t, "c_a001"), "social_worker"), 3)
	err := d.DB.Audit(t.Context(), func(tx tenants.Tx) error {
		if err := audit.HoldSealer(t.Context(), tx); err != nil {
			return err
		}
		if n := sealed(t, d); n != 0 {
			t.Errorf("sealed %d events while the sealer was held", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := sealed(t, d); n != 3 {
		t.Errorf("sealed %d events afterwards, want 3", n)
	}
}

// TestARestoredDatabaseIsSealedOn gives the events transactions of a server that had counted further than this one.
func TestARestoredDatabaseIsSealedOn(t *testing.T) {
	d := testdb.New(t)
	s := d.Operator(t, d.Body(t, "c_a001"), "social_worker")
	record(t, d, s, 3)
	sealed(t, d)
	record(t, d, s, 2)
	exec(t, d, `update audit.events set txid = (txid::text::bigint + 1000000000)::text::xid8`)
	exec(t, d, `update audit.sealed set upto = (upto::text::bigint + 1000000000)::text::xid8`)
	record(t, d, s, 4)
	if n := sealed(t, d); n != 6 {
		t.Errorf("sealed %d events after the restore, want the 2 that had waited and the 4 new ones", n)
	}
	record(t, d, s, 1)
	if n := sealed(t, d); n != 1 {
		t.Errorf("sealed %d later events, want 1", n)
	}
	wantFaults(t, d)
}

// BenchmarkSeal seals events of one body; a body of the largest size writes 2,000 in a second.
func BenchmarkSeal(b *testing.B) {
	d := testdb.New(b)
	body := d.Body(b, "c_a001")
	for b.Loop() {
		b.StopTimer()
		_, err := d.Owner.Exec(b.Context(), `insert into audit.events (tenant_id, id, at, actor_tenant, actor_name, action, sections, payload, payload_hash)
			select $1, gen_random_uuid(), clock_timestamp(), $1, 'Prova', 'case.read', '{diary,identity}', '{}', sha256('{}') from generate_series(1, 2000)`, body.ID)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if n, err := audit.Seal(b.Context(), d.DB); err != nil || n != 2000 {
			b.Fatalf("sealed %d, %v", n, err)
		}
	}
	b.ReportMetric(2000*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
