package jobs_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/tenants"
)

type seen struct {
	Tenant   int32
	Name     string
	Purpose  tenants.Purpose
	Sections []string
	Jobs     int // visible through the body's door
	Err      error
}

func TestJobActsForItsBody(t *testing.T) {
	s := newStage(t)
	a, b := s.Body(t, "c_a001").ID, s.Body(t, "c_b002").ID
	worked := make(chan seen, 3)
	s.mustEnqueue(t, a, countArgs{Owned: jobs.Owned{Tenant: a}})
	s.start(t, func(ctx context.Context, _ *river.Job[countArgs]) error {
		scope := tenants.ScopeFrom(ctx)
		found := seen{Tenant: scope.Tenant, Name: scope.Name, Purpose: scope.Purpose, Sections: scope.Sections()}
		found.Err = s.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
			return tx.QueryRow(ctx, `select count(*) from river.river_job`).Scan(&found.Jobs)
		})
		worked <- found
		return nil
	}, 0)
	if diff := cmp.Diff(seen{Tenant: a, Name: "sistema", Jobs: 1}, receive(t, worked)); diff != "" {
		t.Error(diff)
	}
	s.mustEnqueue(t, b, countArgs{Owned: jobs.Owned{Tenant: b}})
	if found := receive(t, worked); found.Tenant != b || found.Jobs != 1 {
		t.Errorf("the other body's job: %+v", found)
	}
	s.mustEnqueue(t, 0, countArgs{})
	if found := receive(t, worked); found.Tenant != 0 || !errors.Is(found.Err, tenants.ErrNoTenant) {
		t.Errorf("the platform's job reaches a body: %+v", found)
	}
}

func TestJobWithoutBodyIsCancelled(t *testing.T) {
	s := newStage(t)
	for _, args := range []string{`{}`, `{"tenant_id": null}`, `{"tenant_id": "2"}`} {
		_, err := s.Owner.Exec(t.Context(), `insert into river.river_job (args, kind, max_attempts, queue) values ($1, 'test_count', 3, 'body00')`, args)
		if err != nil {
			t.Fatal(err)
		}
	}
	host := s.start(t, func(context.Context, *river.Job[countArgs]) error {
		t.Error("a job without a body was worked")
		return nil
	}, 0)
	for range 3 {
		s.log.await(t, "job cancelled test_count")
	}
	stop(t, host)
	if n := ask[int](t, s, `select count(*) from river.river_job where state = 'cancelled'`); n != 3 {
		t.Errorf("%d of 3 jobs are cancelled", n)
	}
}

func TestFailureIsLoggedWithoutArguments(t *testing.T) {
	s := newStage(t)
	a := s.Body(t, "c_a001").ID
	s.mustEnqueue(t, a, countArgs{Owned: jobs.Owned{Tenant: a}, Note: "segreto"})
	s.mustEnqueue(t, a, countArgs{Owned: jobs.Owned{Tenant: a}, Note: "segreto2"})
	s.start(t, func(ctx context.Context, job *river.Job[countArgs]) error {
		if job.Args.Note == "segreto2" {
			panic("a broken worker")
		}
		<-ctx.Done() // the time-out of the host
		return ctx.Err()
	}, 50*time.Millisecond)
	for range 2 {
		for !strings.HasSuffix(receive(t, s.log.said), " test_count") {
		}
	}
	text := s.log.String()
	for _, want := range []string{`"msg":"job failed"`, "deadline exceeded", `"msg":"job panicked"`, "a broken worker", `"kind":"test_count"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the log misses %s:\n%s", want, text)
		}
	}
	if strings.Contains(text, "segreto") {
		t.Errorf("the log holds arguments:\n%s", text)
	}
}

func TestStopWaitsForRunningJobs(t *testing.T) {
	s := newStage(t)
	a := s.Body(t, "c_a001").ID
	running, finish := make(chan bool, 1), make(chan bool)
	s.mustEnqueue(t, a, countArgs{Owned: jobs.Owned{Tenant: a}})
	host := s.start(t, func(context.Context, *river.Job[countArgs]) error {
		running <- true
		<-finish
		return nil
	}, 0)
	receive(t, running)
	stopped := make(chan error, 1)
	go func() { stopped <- host.Stop(context.WithoutCancel(t.Context())) }()
	select {
	case err := <-stopped:
		t.Fatalf("stopped while a job ran: %v", err)
	case finish <- true:
	}
	if err := receive(t, stopped); err != nil {
		t.Fatal(err)
	}
	if state := ask[string](t, s, `select state::text from river.river_job where kind = 'test_count'`); state != "completed" {
		t.Errorf("the job is %s", state)
	}
}

func TestUnfinishedJobIsWorkedByTheNextHost(t *testing.T) {
	s := newStage(t)
	a := s.Body(t, "c_a001").ID
	running := make(chan bool, 1)
	s.mustEnqueue(t, a, countArgs{Owned: jobs.Owned{Tenant: a}})
	host := s.start(t, func(ctx context.Context, _ *river.Job[countArgs]) error {
		running <- true
		<-ctx.Done()
		return ctx.Err()
	}, 0)
	receive(t, running)
	hurry, cancel := context.WithCancel(t.Context())
	cancel()
	if err := host.Stop(hurry); !errors.Is(err, context.Canceled) {
		t.Errorf("a hurried stop: %v", err)
	}
	if state := ask[string](t, s, `select state::text from river.river_job where kind = 'test_count'`); state == "completed" || state == "running" {
		t.Errorf("the unfinished job is %s", state)
	}
	done := make(chan bool, 1)
	s.start(t, func(context.Context, *river.Job[countArgs]) error { done <- true; return nil }, 0)
	receive(t, done)
}

func TestJobOfKilledProcessIsWorkedAgain(t *testing.T) {
	s := newStage(t)
	a := s.Body(t, "c_a001").ID
	s.mustEnqueue(t, a, countArgs{Owned: jobs.Owned{Tenant: a}})
	// What a process that was killed leaves behind.
	_, err := s.Owner.Exec(t.Context(), `update river.river_job set state = 'running', attempt = 1,
		attempted_at = now() - interval '1 hour', attempted_by = '{gone}'`)
	if err != nil {
		t.Fatal(err)
	}
	attempts := make(chan int, 1)
	s.start(t, func(_ context.Context, job *river.Job[countArgs]) error { attempts <- job.Attempt; return nil }, 0)
	if attempt := receive(t, attempts); attempt != 2 {
		t.Errorf("attempt %d, want the second", attempt)
	}
}

func TestKindHasOneWorker(t *testing.T) {
	s := newStage(t)
	add := func(w *river.Workers) { river.AddWorker(w, &worker{}) }
	if _, err := jobs.New(jobs.Config{DB: s.DB, Workers: []func(*river.Workers){add, add}}); err == nil {
		t.Fatal("two workers of one kind were taken")
	}
}

func TestCleaning(t *testing.T) {
	s := newStage(t)
	body := s.Body(t, "c_a001")
	account := s.Operator(t, body, "social_worker").Account
	put := func(sql string, args ...any) {
		t.Helper()
		if _, err := s.Owner.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	session := `insert into platform.sessions (id_hash, id, tenant_id, account_id, purpose, assurance, provider, display_name,
		created_at, idle_until, absolute_until, ended_at) values (sha256(convert_to($1, 'utf8')), gen_random_uuid(), $2, $3, 'operator', 2, $1, 'x',
		now() - interval '90 days', now() + $4::interval, now() + $5::interval, now() + $6::interval)`
	put(session, "keep open", body.ID, account, "1 hour", "1 hour", nil)
	put(session, "keep recent", body.ID, account, "-29 days", "-29 days", nil)
	put(session, "drop idle", body.ID, account, "-31 days", "1 hour", nil)
	put(session, "drop over", body.ID, account, "-31 days", "-31 days", nil)
	put(session, "drop ended", body.ID, account, "1 hour", "1 hour", "-31 days")
	for name, until := range map[string]string{"keep": "1 hour", "drop": "-1 minute"} {
		put(`insert into platform.login_flows values ($1::bytea, $2, $1::bytea, now() + $3::interval)`, name, body.ID, until)
		put(`insert into platform.seen_tokens values ($1::text, $1::bytea, now() + $2::interval)`, name, until)
		put(`insert into platform.parked_forms values ($1, $2, $3, $4::bytea, now() + $5::interval)`, uuid.New(), body.ID, account, name, until)
	}
	host := s.start(t, nil, 0)
	s.log.await(t, "job done platform_cleaning")
	stop(t, host)
	left := ask[[]string](t, s, `select array_agg(what order by what) from (
		select 'session ' || provider as what from platform.sessions
		union all select 'flow ' || convert_from(state_hash, 'utf8') from platform.login_flows
		union all select 'token ' || provider from platform.seen_tokens
		union all select 'form ' || convert_from(body_sealed, 'utf8') from platform.parked_forms) x`)
	want := []string{"flow keep", "form keep", "session keep open", "session keep recent", "token keep"}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Error(diff)
	}
}
