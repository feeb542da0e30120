package subject

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/tenants"
)

func owned(tenant int32) jobs.Owned { return jobs.Owned{Tenant: tenant} }

// copyArgs is the job that makes a copy.
type copyArgs struct {
	jobs.Owned
	Copy uuid.UUID `json:"copy"`
}

// Kind meets river.JobArgs.
func (copyArgs) Kind() string { return "onboarding.subject_copy" }

// InsertOpts puts it behind the body's other work.
func (copyArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Bulk, MaxAttempts: 3}
}

type copyWorker struct {
	river.WorkerDefaults[copyArgs]
	service *Service
}

// Timeout meets river.Worker.
func (*copyWorker) Timeout(*river.Job[copyArgs]) time.Duration { return time.Hour }

// Work meets river.Worker.
func (w *copyWorker) Work(ctx context.Context, job *river.Job[copyArgs]) error {
	s := tenants.ScopeFrom(ctx)
	err := w.service.Write(ctx, s, job.Args.Copy)
	if err == nil || job.Attempt < job.MaxAttempts {
		return err
	}
	if failed := w.service.Fail(context.WithoutCancel(ctx), s, job.Args.Copy); failed != nil {
		return failed
	}
	return err
}

// forgetArgs is the job that removes a copy when its days are over.
type forgetArgs struct {
	jobs.Owned
	Copy uuid.UUID `json:"copy"`
	At   time.Time `json:"at"`
}

// Kind meets river.JobArgs.
func (forgetArgs) Kind() string { return "onboarding.subject_copy_end" }

// InsertOpts lets it wait for its day.
func (a forgetArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{ScheduledAt: a.At} }

type forgetWorker struct {
	river.WorkerDefaults[forgetArgs]
	service *Service
}

// Work meets river.Worker.
func (w *forgetWorker) Work(ctx context.Context, job *river.Job[forgetArgs]) error {
	return w.service.Forget(ctx, tenants.ScopeFrom(ctx), job.Args.Copy)
}

// Work adds what works the jobs of copies.
func (v *Service) Work(workers *river.Workers) {
	river.AddWorker(workers, &copyWorker{service: v})
	river.AddWorker(workers, &forgetWorker{service: v})
}
