// Package queue shows who runs the platform how its jobs go, and steers them: a queue waits, a job is tried again or given up. It must
// not show what a job is about: neither its arguments nor what an error says, only of which class the error is.
package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river/rivertype"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/steward/body"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions of this package.
const (
	Read  = "job:read"
	Steer = "job:steer"
)

// Service shows and steers jobs.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// States that a job can be in, in the order of its life.
var States = []string{"available", "pending", "scheduled", "running", "retryable", "completed", "cancelled", "discarded"}

// Kind is how the jobs of one kind stand.
type Kind struct {
	Kind    string
	Counts  map[string]int // by state
	Retried int            // of those that are not done, after a first failure
}

// Queue is where jobs wait (it: coda dei lavori).
type Queue struct {
	Name     string
	PausedAt time.Time // zero while it is worked
	Waiting  int
}

// Job is a job as who runs the platform sees it (it: lavoro).
type Job struct {
	ID          int64
	Kind        string
	Queue       string
	State       string
	Attempt     int
	MaxAttempts int
	Body        int32 // 0 for the platform itself
	CreatedAt   time.Time
	ScheduledAt time.Time
	FinalizedAt time.Time // zero while it is not done
	FailedAt    time.Time // of the last failure; zero for none
	Class       string    // of the last failure: "database 23505", "timeout", …; "" for none
}

// Retries tells whether the job can be tried again now.
func (j Job) Retries() bool {
	return slices.Contains([]string{"retryable", "scheduled", "cancelled", "discarded"}, j.State)
}

// Cancels tells whether the job can be given up.
func (j Job) Cancels() bool {
	return slices.Contains([]string{"available", "pending", "scheduled", "running", "retryable"}, j.State)
}

// Overview is how all jobs stand.
type Overview struct {
	Kinds  []Kind
	Queues []Queue
}

// Get tells how all jobs stand.
func (v *Service) Get(ctx context.Context, s tenants.Scope) (Overview, error) {
	return v.getOverview(ctx, s)
}

// pageSize is how many jobs a page shows.
const pageSize = 50

// Find lists jobs in a state, or those that failed for the state "", the newest first, after the one with an id; next is 0 at the end.
func (v *Service) Find(ctx context.Context, s tenants.Scope, state string, before int64) (found []Job, next int64, err error) {
	if state != "" && !slices.Contains(States, state) {
		return nil, 0, problem.Missing()
	}
	found, err = v.findJobs(ctx, s, state, before)
	if err == nil && len(found) > pageSize {
		found, next = found[:pageSize], found[pageSize-1].ID
	}
	return found, next, err
}

// GetJob returns one job. Error: problem.NotFound.
func (v *Service) GetJob(ctx context.Context, s tenants.Scope, id int64) (Job, error) {
	return v.getJob(ctx, s, id)
}

// Retry has a job tried again now. Errors: problem.Invalid at "motivo"; problem.NotFound; problem.Conflict for one that runs or waits.
func (v *Service) Retry(ctx context.Context, s tenants.Scope, id int64, reason string) error {
	return v.steer(ctx, s, steering{action: "job.retry", job: id, reason: reason, allowed: Job.Retries}, func() error {
		_, err := v.deps.Platform.Work.JobRetry(ctx, id)
		return err
	})
}

// Cancel gives a job up; one that runs is asked to stop. Errors: as Retry, problem.Conflict for one that is over.
func (v *Service) Cancel(ctx context.Context, s tenants.Scope, id int64, reason string) error {
	return v.steer(ctx, s, steering{action: "job.cancel", job: id, reason: reason, allowed: Job.Cancels}, func() error {
		_, err := v.deps.Platform.Work.JobCancel(ctx, id)
		return err
	})
}

// Pause lets the jobs of a queue wait until Resume; those that run go on. Errors: problem.Invalid at "motivo"; problem.NotFound.
func (v *Service) Pause(ctx context.Context, s tenants.Scope, name, reason string) error {
	return v.steer(ctx, s, steering{action: "queue.pause", queue: name, reason: reason}, func() error {
		return v.deps.Platform.Work.QueuePause(ctx, name, nil)
	})
}

// Resume has the jobs of a queue worked again. Errors: as Pause.
func (v *Service) Resume(ctx context.Context, s tenants.Scope, name, reason string) error {
	return v.steer(ctx, s, steering{action: "queue.resume", queue: name, reason: reason}, func() error {
		return v.deps.Platform.Work.QueueResume(ctx, name, nil)
	})
}

// steering is what is done, and why.
type steering struct {
	action, reason string
	job            int64
	queue          string
	allowed        func(Job) bool
}

// steer does something to jobs and writes it down: the event is there before it is done, and gone if it could not be done.
func (v *Service) steer(ctx context.Context, s tenants.Scope, d steering, do func() error) error {
	reason, err := body.ReadReason(d.reason)
	if err != nil {
		return err
	}
	payload := map[string]any{"reason": reason}
	if d.queue != "" {
		o, err := v.getOverview(ctx, s)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(o.Queues, func(q Queue) bool { return q.Name == d.queue }) {
			return problem.Missing()
		}
		payload["queue"] = d.queue
	} else {
		job, err := v.getJob(ctx, s, d.job)
		switch {
		case err != nil:
			return err
		case !d.allowed(job):
			return problem.New(problem.Conflict, "steward.queue.late")
		}
		payload["job"], payload["kind"] = job.ID, job.Kind
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := audit.Write(ctx, tx, s, audit.Event{Action: d.action, Object: uuid.Must(uuid.NewV7()), Payload: payload}); err != nil {
			return err
		}
		err := do()
		if errors.Is(err, rivertype.ErrNotFound) {
			return problem.Missing()
		}
		if err != nil {
			return fmt.Errorf("steer jobs: %w", err)
		}
		return nil
	})
}
