package abandoned

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/modules"
)

// every is how often entries are looked after.
const every = 6 * time.Hour

// args is the platform's job that looks after entries.
type args struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (args) Kind() string { return "onboarding.abandoned" }

// InsertOpts lets one wait at a time, in the queue for long work.
func (args) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Bulk, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: every}}
}

type worker struct {
	river.WorkerDefaults[args]
	deps modules.Deps
}

// Work meets river.Worker.
func (w *worker) Work(ctx context.Context, _ *river.Job[args]) error { return Run(ctx, w.deps) }

// Work adds what works the job.
func Work(deps modules.Deps, w *river.Workers) { river.AddWorker(w, &worker{deps: deps}) }

// Periodic is the work that the clock brings about.
func Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{jobs.Every(every, args{})}
}
