package leaving

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/tenants"
)

func owned(tenant int32) jobs.Owned { return jobs.Owned{Tenant: tenant} }

// leaveArgs is the job that closes a body on its day.
type leaveArgs struct {
	jobs.Owned
	Leaving uuid.UUID `json:"leaving"`
	At      time.Time `json:"at"`
}

// Kind meets river.JobArgs.
func (leaveArgs) Kind() string { return "onboarding.leave" }

// InsertOpts lets it wait for its day.
func (a leaveArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Bulk, ScheduledAt: a.At}
}

type worker struct {
	river.WorkerDefaults[leaveArgs]
	service *Service
}

// Timeout meets river.Worker.
func (*worker) Timeout(*river.Job[leaveArgs]) time.Duration { return 4 * time.Hour }

// Work meets river.Worker. Who has it tried before the day makes it wait for the day again; while something is held it looks again every
// day.
func (w *worker) Work(ctx context.Context, job *river.Job[leaveArgs]) error {
	err := w.service.Close(ctx, tenants.ScopeFrom(ctx), job.Args.Leaving)
	if early, ok := errors.AsType[earlyError](err); ok {
		return river.JobSnooze(early.due.Sub(w.service.now()))
	}
	if errors.Is(err, errHeld) {
		return river.JobSnooze(24 * time.Hour)
	}
	return err
}

// Work adds what works the jobs of leavings.
func (v *Service) Work(workers *river.Workers) { river.AddWorker(workers, &worker{service: v}) }
