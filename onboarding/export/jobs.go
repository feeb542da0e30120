package export

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/tenants"
)

func owned(tenant int32) jobs.Owned { return jobs.Owned{Tenant: tenant} }

// makeArgs is the job that writes an archive.
type makeArgs struct {
	jobs.Owned
	Export uuid.UUID `json:"export"`
}

// Kind meets river.JobArgs.
func (makeArgs) Kind() string { return "onboarding.export" }

// InsertOpts puts it behind the body's other work.
func (makeArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Bulk, MaxAttempts: 3}
}

type makeWorker struct {
	river.WorkerDefaults[makeArgs]
	service *Service
}

// Timeout meets river.Worker.
func (*makeWorker) Timeout(*river.Job[makeArgs]) time.Duration { return 4 * time.Hour }

// Work meets river.Worker.
func (w *makeWorker) Work(ctx context.Context, job *river.Job[makeArgs]) error {
	s := tenants.ScopeFrom(ctx)
	err := w.service.Make(ctx, s, job.Args.Export)
	if err == nil || job.Attempt < job.MaxAttempts {
		return err
	}
	if failed := w.service.fail(context.WithoutCancel(ctx), s, job.Args.Export); failed != nil {
		return failed
	}
	return err
}

// forgetArgs is the job that removes an archive when its days are over.
type forgetArgs struct {
	jobs.Owned
	Export uuid.UUID `json:"export"`
	At     time.Time `json:"at"`
}

// Kind meets river.JobArgs.
func (forgetArgs) Kind() string { return "onboarding.export_end" }

// InsertOpts lets it wait for its day.
func (a forgetArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{ScheduledAt: a.At} }

type forgetWorker struct {
	river.WorkerDefaults[forgetArgs]
	service *Service
}

// Work meets river.Worker.
func (w *forgetWorker) Work(ctx context.Context, job *river.Job[forgetArgs]) error {
	return w.service.Forget(ctx, tenants.ScopeFrom(ctx), job.Args.Export)
}

// Work adds what works the jobs of exports.
func (v *Service) Work(workers *river.Workers) {
	river.AddWorker(workers, &makeWorker{service: v})
	river.AddWorker(workers, &forgetWorker{service: v})
}
