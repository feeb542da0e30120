package domain

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/tenants"
)

// checkEvery is how often every address is looked at.
const checkEvery = 24 * time.Hour

// roundArgs is the platform's job that gives each body with an address a job of its own.
type roundArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (roundArgs) Kind() string { return "onboarding.domains" }

// InsertOpts lets one wait at a time.
func (roundArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: checkEvery}}
}

type roundWorker struct {
	river.WorkerDefaults[roundArgs]
	service *Service
}

// Work meets river.Worker.
func (w *roundWorker) Work(ctx context.Context, _ *river.Job[roundArgs]) error {
	return w.service.AskAll(ctx)
}

// AskAll has the address of each body that has one looked at. One that cannot be asked does not stop the others.
func (v *Service) AskAll(ctx context.Context) error {
	platform, _, err := v.deps.Bodies.BySlug(tenants.PlatformSlug)
	if err != nil {
		return fmt.Errorf("look at the addresses of bodies: %w", err)
	}
	bodies, err := v.findAsked(ctx, tenants.Scope{Tenant: platform.ID})
	if err != nil {
		return err
	}
	return v.deps.EnqueueEach(ctx, bodies, func(id int32) river.JobArgs { return checkArgs{jobs.Owned{Tenant: id}} })
}

// checkArgs is the job that looks at the address of a body.
type checkArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (checkArgs) Kind() string { return "onboarding.domain" }

// InsertOpts lets one a day be for each body, in the queue for long work.
func (checkArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Bulk, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: checkEvery}}
}

type checkWorker struct {
	river.WorkerDefaults[checkArgs]
	service *Service
}

// Work meets river.Worker.
func (w *checkWorker) Work(ctx context.Context, _ *river.Job[checkArgs]) error {
	return w.service.CheckDaily(ctx, tenants.ScopeFrom(ctx))
}

// Work adds what works the jobs.
func (v *Service) Work(w *river.Workers) {
	river.AddWorker(w, &roundWorker{service: v})
	river.AddWorker(w, &checkWorker{service: v})
}

// Periodic is the work that the clock brings about.
func (v *Service) Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{jobs.Every(checkEvery, roundArgs{})}
}
