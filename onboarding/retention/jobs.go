package retention

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

// removeArgs is the job that removes what two people agreed to.
type removeArgs struct {
	jobs.Owned
	Disposal uuid.UUID `json:"disposal"`
}

// Kind meets river.JobArgs.
func (removeArgs) Kind() string { return "onboarding.disposal" }

// InsertOpts puts it behind the body's other work.
func (removeArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: jobs.Bulk} }

// sealing is how long the audit needs as a rule to seal what was written.
const sealing = 5 * time.Second

type removeWorker struct {
	river.WorkerDefaults[removeArgs]
	service *Service
}

// Timeout meets river.Worker.
func (*removeWorker) Timeout(*river.Job[removeArgs]) time.Duration { return time.Hour }

// Work meets river.Worker.
func (w *removeWorker) Work(ctx context.Context, job *river.Job[removeArgs]) error {
	err := w.service.Remove(ctx, tenants.ScopeFrom(ctx), job.Args.Disposal)
	if errors.Is(err, errUntold) {
		return river.JobSnooze(sealing)
	}
	return err
}

// Work adds what works the jobs of disposals.
func (v *Service) Work(workers *river.Workers) {
	river.AddWorker(workers, &removeWorker{service: v})
}
