package elsewhere

import (
	"context"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// publishEvery is how often each body looks for cases that have no token yet. A case that ends or is protected loses its
// tokens at once, in the transaction of that change.
const publishEvery = time.Minute

// publishersArgs is the platform's job that gives each body that has cases to publish a job of its own.
type publishersArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (publishersArgs) Kind() string { return "sharing.publishers" }

// InsertOpts lets one wait at a time.
func (publishersArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: publishEvery}}
}

type publishersWorker struct {
	river.WorkerDefaults[publishersArgs]
	service *Service
}

// Work meets river.Worker.
func (w *publishersWorker) Work(ctx context.Context, _ *river.Job[publishersArgs]) error {
	deps := w.service.deps
	bodies, err := policies.FindTokenPublishers(ctx, deps.DB)
	if err != nil {
		return err
	}
	bodies = slices.DeleteFunc(bodies, func(id int32) bool {
		body, err := deps.Bodies.ByID(id)
		return err != nil || !body.Has(string(share.ModuleID))
	})
	return deps.EnqueueEach(ctx, bodies, func(id int32) river.JobArgs { return publishArgs{jobs.Owned{Tenant: id}} })
}

// publishArgs is the job by which a body writes its tokens.
type publishArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (publishArgs) Kind() string { return "sharing.publish" }

// InsertOpts lets one wait at a time for each body.
func (publishArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: publishEvery}}
}

type publishWorker struct {
	river.WorkerDefaults[publishArgs]
	service *Service
}

// Work meets river.Worker.
func (w *publishWorker) Work(ctx context.Context, _ *river.Job[publishArgs]) error {
	_, err := w.service.Publish(ctx, tenants.ScopeFrom(ctx))
	return err
}

// Work adds what works the jobs of tokens.
func (s *Service) Work(w *river.Workers) {
	river.AddWorker(w, &publishersWorker{service: s})
	river.AddWorker(w, &publishWorker{service: s})
}

// Periodic is the work that the clock brings about.
func (s *Service) Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{jobs.Every(publishEvery, publishersArgs{})}
}
