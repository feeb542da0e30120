package campaign

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"staffetta/internal/jobs"
	"staffetta/tenants"
)

const (
	// look is how often a campaign that goes on is looked after.
	look = time.Minute
	// lost is after how long an upgrade that was asked for and has not begun is asked for again: its job may have ended
	// with the process that worked it.
	lost = 10 * time.Minute
)

func owned(tenant int32) jobs.Owned { return jobs.Owned{Tenant: tenant} }

// leadArgs is the job of the body that leads a campaign: it gives each body whose upgrade waits a job of its own, and looks
// again until nothing waits.
type leadArgs struct {
	jobs.Owned
	Campaign uuid.UUID `json:"campaign"`
}

// Kind meets river.JobArgs.
func (leadArgs) Kind() string { return "practice.lead" }

type leadWorker struct {
	river.WorkerDefaults[leadArgs]
	service *Service
}

// Timeout meets river.Worker.
func (*leadWorker) Timeout(*river.Job[leadArgs]) time.Duration { return 4 * time.Minute }

// Work meets river.Worker.
func (w *leadWorker) Work(ctx context.Context, job *river.Job[leadArgs]) error {
	waits, err := w.service.Lead(ctx, tenants.ScopeFrom(ctx), job.Args.Campaign)
	if err == nil && waits {
		return river.JobSnooze(look)
	}
	return err
}

// prepareArgs is the job of a body whose upgrade is prepared.
type prepareArgs struct {
	jobs.Owned
	Campaign uuid.UUID `json:"campaign"`
	Adoption uuid.UUID `json:"adoption"`
}

// Kind meets river.JobArgs.
func (prepareArgs) Kind() string { return "practice.prepare" }

// InsertOpts lets one wait at a time, behind the body's other work. What failed is asked for again by the campaign.
func (prepareArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Bulk, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

type prepareWorker struct {
	river.WorkerDefaults[prepareArgs]
	service *Service
}

// Work meets river.Worker.
func (w *prepareWorker) Work(ctx context.Context, job *river.Job[prepareArgs]) error {
	return w.service.Prepare(ctx, tenants.ScopeFrom(ctx), Preparation{Campaign: job.Args.Campaign, Adoption: job.Args.Adoption})
}

// Work adds what works the jobs of campaigns.
func (v *Service) Work(w *river.Workers) {
	river.AddWorker(w, &leadWorker{service: v})
	river.AddWorker(w, &prepareWorker{service: v})
}

// Lead asks for the upgrades that wait, each as a job of its own body, and tells whether some are still to end. A body for
// which that fails keeps no other waiting.
func (v *Service) Lead(ctx context.Context, s tenants.Scope, id uuid.UUID) (waits bool, err error) {
	c, err := v.Get(ctx, s, id)
	if err != nil || c.State != Running {
		return false, err
	}
	waiting, err := v.findWaiting(ctx, s, id)
	if err != nil {
		return false, err
	}
	for _, e := range waiting {
		if failed := v.ask(ctx, e); failed != nil && err == nil {
			err = fmt.Errorf("ask body %d for its upgrade: %w", e.tenant, failed)
		}
	}
	return c.Count(Waiting) > 0, err
}

// waiting is an upgrade without a job.
type waiting struct {
	tenant   int32
	adoption uuid.UUID
	campaign uuid.UUID
}

// ask gives an upgrade its job and notes when, as its own body.
func (v *Service) ask(ctx context.Context, e waiting) error {
	return v.deps.DB.InTx(ctx, tenants.Scope{Tenant: e.tenant, Name: "sistema"}, func(tx tenants.Tx) error {
		if err := askEntry(ctx, tx, e); err != nil {
			return err
		}
		return v.deps.Jobs.Enqueue(ctx, tx, prepareArgs{Owned: owned(e.tenant), Campaign: e.campaign, Adoption: e.adoption})
	})
}
