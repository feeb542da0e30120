package notice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// forgetEvery is how often notices are forgotten: their terms are years, a day more or less is nothing.
const forgetEvery = 24 * time.Hour

// Forget deletes the notices of every active body that are older than their terms, which the database knows: one that was read
// after a year, any after two. A body in which it fails does not stop the others.
func Forget(ctx context.Context, deps modules.Deps) error {
	old, err := findOld(ctx, deps)
	if err != nil {
		return err
	}
	var faults []error
	for _, id := range old {
		body, err := deps.Bodies.ByID(id)
		if err != nil || body.State != tenants.Active {
			continue
		}
		scope := tenants.Scope{Tenant: body.ID, Name: "sistema"}
		err = deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
			forgotten, err := forget(ctx, tx)
			if err != nil || forgotten == 0 {
				return err
			}
			return audit.Write(ctx, tx, scope, audit.Event{Action: "notice.forget", Payload: map[string]any{"count": forgotten}})
		})
		if err != nil {
			faults = append(faults, fmt.Errorf("forget the notices of body %d: %w", body.ID, err))
		}
	}
	return errors.Join(faults...)
}

// forgetArgs is the platform's job that forgets old notices.
type forgetArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (forgetArgs) Kind() string { return "casefile.forget_notices" }

// InsertOpts lets one wait at a time, in the queue for long work.
func (forgetArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Bulk, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: forgetEvery}}
}

type forgetWorker struct {
	river.WorkerDefaults[forgetArgs]
	deps modules.Deps
}

// Work meets river.Worker.
func (w *forgetWorker) Work(ctx context.Context, _ *river.Job[forgetArgs]) error {
	return Forget(ctx, w.deps)
}

// Work adds what works the jobs of notices.
func Work(deps modules.Deps, w *river.Workers) { river.AddWorker(w, &forgetWorker{deps: deps}) }

// Periodic is the work that the clock brings about.
func Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{jobs.Every(forgetEvery, forgetArgs{})}
}
