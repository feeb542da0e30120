package jobs_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/tenants"
)

// dailyArgs is a job of the module "daily".
type dailyArgs struct{ jobs.Owned }

func (dailyArgs) Kind() string { return "daily.sweep" }

type dailyWorker struct {
	river.WorkerDefaults[dailyArgs]
	done chan int32
}

func (w *dailyWorker) Work(_ context.Context, job *river.Job[dailyArgs]) error {
	w.done <- job.Args.Tenant
	return nil
}

// TestJobsOfASwitchedOffModule has the clock bring about a job of a module for a body that has it and for one that has
// switched it off, beside one that a change of that body has left behind.
func TestJobsOfASwitchedOffModule(t *testing.T) {
	s := newStage(t)
	on, off := s.Body(t, "c_a001").ID, s.Body(t, "c_b002").ID
	for tenant, active := range map[int32]bool{on: true, off: false} {
		err := s.DB.Platform(t.Context(), func(tx tenants.Tx) error { return tenants.SwitchModule(t.Context(), tx, tenant, "daily", active) })
		if err != nil {
			t.Fatal(err)
		}
	}
	bodies, err := tenants.NewDirectory(t.Context(), s.DB)
	if err != nil {
		t.Fatal(err)
	}
	s.mustEnqueue(t, off, dailyArgs{jobs.Owned{Tenant: off}})
	worker := &dailyWorker{done: make(chan int32, 4)}
	periodic := func(tenant int32) *river.PeriodicJob {
		return river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
			func() (river.JobArgs, *river.InsertOpts) { return dailyArgs{jobs.Owned{Tenant: tenant}}, nil }, &river.PeriodicJobOpts{RunOnStart: true})
	}
	host, err := jobs.New(jobs.Config{
		DB: s.DB, Bodies: bodies, Modules: []string{"daily"}, Log: slog.New(s.log), Periodic: []*river.PeriodicJob{periodic(on), periodic(off)},
		Workers: []func(*river.Workers){func(w *river.Workers) { river.AddWorker(w, worker) }},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{"job waits daily.sweep": true, "job skipped daily.sweep": true, "job done daily.sweep": true}
	for len(missing) > 0 {
		delete(missing, receive(t, s.log.said))
	}
	stop(t, host)
	close(worker.done)
	var ran []int32
	for tenant := range worker.done {
		ran = append(ran, tenant)
	}
	if len(ran) != 1 || ran[0] != on {
		t.Errorf("jobs ran for the bodies %v, want only %d", ran, on)
	}
	if n := ask[int](t, s, `select count(*) from river.river_job where kind = 'daily.sweep' and state = 'scheduled' and scheduled_at > now() and metadata->>'periodic' is null`); n != 1 {
		t.Errorf("%d jobs wait for the module, want the one that a change left behind", n)
	}
}
