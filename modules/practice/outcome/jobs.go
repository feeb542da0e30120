package outcome

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/tenants"
)

// measureEvery is how often every body is measured: alarms and the other parties think in days.
const measureEvery = 24 * time.Hour

// roundArgs is the platform's job that gives each body that has something to measure a job of its own.
type roundArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (roundArgs) Kind() string { return "practice.measure_all" }

// InsertOpts lets one wait at a time.
func (roundArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: measureEvery}}
}

type roundWorker struct {
	river.WorkerDefaults[roundArgs]
	service *Service
}

// Work meets river.Worker.
func (w *roundWorker) Work(ctx context.Context, _ *river.Job[roundArgs]) error {
	return w.service.AskAll(ctx)
}

// AskAll asks each live body that has something to measure to do so. One that cannot be asked does not stop the others.
func (v *Service) AskAll(ctx context.Context) error {
	measurers, err := v.findMeasurers(ctx)
	if err != nil {
		return err
	}
	live := slices.DeleteFunc(measurers, func(id int32) bool {
		body, err := v.deps.Bodies.ByID(id)
		return err != nil || body.State != tenants.Active || !body.Has("practice")
	})
	return v.deps.EnqueueEach(ctx, live, func(id int32) river.JobArgs { return measureArgs{jobs.Owned{Tenant: id}} })
}

// measureArgs is the job by which a body measures all that it adopted.
type measureArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (measureArgs) Kind() string { return "practice.measure" }

// InsertOpts lets one wait at a time for each body, in the queue for long work.
func (measureArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Bulk, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: measureEvery}}
}

type measureWorker struct {
	river.WorkerDefaults[measureArgs]
	service *Service
}

// Work meets river.Worker.
func (w *measureWorker) Work(ctx context.Context, _ *river.Job[measureArgs]) error {
	return w.service.MeasureAll(ctx, tenants.ScopeFrom(ctx))
}

// MeasureAll measures and publishes every adoption of the scope's body. One that fails does not stop the others.
func (v *Service) MeasureAll(ctx context.Context, s tenants.Scope) error {
	adoptions, err := v.findMeasurable(ctx, s)
	if err != nil {
		return err
	}
	var faults []error
	for _, id := range adoptions {
		if _, err := v.Publish(ctx, s, id); err != nil {
			faults = append(faults, fmt.Errorf("measure adoption %s: %w", id, err))
		}
	}
	return errors.Join(faults...)
}

// Work adds what works the jobs of outcomes.
func (v *Service) Work(w *river.Workers) {
	river.AddWorker(w, &roundWorker{service: v})
	river.AddWorker(w, &measureWorker{service: v})
}

// Periodic is the work that the clock brings about.
func (v *Service) Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{jobs.Every(measureEvery, roundArgs{})}
}
