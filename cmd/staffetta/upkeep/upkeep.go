// Package upkeep is the work on the audit that the clock brings about: countersigning, dropping what is over, checking, and the partitions of
// the months ahead. It must not decide anything: package audit does.
package upkeep

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

const (
	// countersignEvery is how often bodies are asked for the countersignatures that are missing.
	countersignEvery = time.Hour
	retentionEvery   = 24 * time.Hour
	checkEvery       = 24 * time.Hour
	partitionsEvery  = 24 * time.Hour
)

// countersignersArgs is the platform's job that gives each body that roots wait for a job of its own.
type countersignersArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (countersignersArgs) Kind() string { return "audit_countersigners" }

// InsertOpts lets one wait at a time.
func (countersignersArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: countersignEvery}}
}

type countersignersWorker struct {
	river.WorkerDefaults[countersignersArgs]
	care Upkeep
}

// Work meets river.Worker.
func (w *countersignersWorker) Work(ctx context.Context, _ *river.Job[countersignersArgs]) error {
	return w.care.AskCountersigners(ctx)
}

// AskCountersigners gives each body that roots wait for a job that countersigns them.
func (u Upkeep) AskCountersigners(ctx context.Context) error {
	bodies, err := audit.FindCountersigners(ctx, u.DB)
	if err != nil {
		return err
	}
	for _, body := range bodies {
		err := u.DB.InTx(ctx, tenants.Scope{Tenant: body}, func(tx tenants.Tx) error {
			return u.Queue.Enqueue(ctx, tx, countersignArgs{jobs.Owned{Tenant: body}})
		})
		if err != nil {
			return fmt.Errorf("ask body %d for its countersignatures: %w", body, err)
		}
	}
	return nil
}

// countersignArgs is the job by which a body countersigns the roots that wait for it.
type countersignArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (countersignArgs) Kind() string { return "audit_countersign" }

// InsertOpts lets one wait at a time for each body.
func (countersignArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: countersignEvery}}
}

type countersignWorker struct {
	river.WorkerDefaults[countersignArgs]
	db    *tenants.DB
	vault audit.Vault
}

// Work meets river.Worker.
func (w *countersignWorker) Work(ctx context.Context, _ *river.Job[countersignArgs]) error {
	_, err := audit.Countersign(ctx, w.db, w.vault, tenants.ScopeFrom(ctx))
	return err
}

// retentionArgs is the platform's job that drops payloads older than the term of their body.
type retentionArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (retentionArgs) Kind() string { return "audit_retention" }

// InsertOpts lets one wait at a time, in the queue for long work.
func (retentionArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Bulk, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: retentionEvery}}
}

type retentionWorker struct {
	river.WorkerDefaults[retentionArgs]
	db *tenants.DB
}

// Timeout meets river.Worker: what is not dropped within it is dropped the next day.
func (*retentionWorker) Timeout(*river.Job[retentionArgs]) time.Duration { return time.Hour }

// Work meets river.Worker.
func (w *retentionWorker) Work(ctx context.Context, _ *river.Job[retentionArgs]) error {
	_, err := audit.DropPayloads(ctx, w.db)
	return err
}

// checkArgs is the platform's job that verifies the whole audit.
type checkArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (checkArgs) Kind() string { return "audit_check" }

// InsertOpts lets one wait at a time, in the queue for long work.
func (checkArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Bulk, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: checkEvery}}
}

type checkWorker struct {
	river.WorkerDefaults[checkArgs]
	db  *tenants.DB
	log *slog.Logger
}

// Timeout meets river.Worker.
func (*checkWorker) Timeout(*river.Job[checkArgs]) time.Duration { return 6 * time.Hour }

// Work meets river.Worker. What does not hold is told to whoever runs the platform, and is no fault of the job.
func (w *checkWorker) Work(ctx context.Context, _ *river.Job[checkArgs]) error {
	faults, err := audit.Check(ctx, w.db)
	if len(faults) > 0 {
		w.log.ErrorContext(ctx, "the audit does not hold", "faults", len(faults), "first", faults[0].String())
	}
	return err
}

// partitionsArgs is the platform's job that makes the partitions of the months ahead.
type partitionsArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (partitionsArgs) Kind() string { return "audit_partitions" }

// InsertOpts lets one wait at a time.
func (partitionsArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: partitionsEvery}}
}

type partitionsWorker struct {
	river.WorkerDefaults[partitionsArgs]
	db *tenants.DB
}

// Work meets river.Worker.
func (w *partitionsWorker) Work(ctx context.Context, _ *river.Job[partitionsArgs]) error {
	_, err := audit.MakePartitions(ctx, w.db)
	return err
}

// Upkeep is what the work needs.
type Upkeep struct {
	DB    *tenants.DB
	Queue modules.Queue
	Vault audit.Vault
	Log   *slog.Logger
}

// Work adds the workers.
func (u Upkeep) Work(w *river.Workers) {
	river.AddWorker(w, &countersignersWorker{care: u})
	river.AddWorker(w, &countersignWorker{db: u.DB, vault: u.Vault})
	river.AddWorker(w, &retentionWorker{db: u.DB})
	river.AddWorker(w, &checkWorker{db: u.DB, log: u.Log})
	river.AddWorker(w, &partitionsWorker{db: u.DB})
}

// Periodic is when it is done.
func Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{
		jobs.Every(countersignEvery, countersignersArgs{}),
		jobs.Every(retentionEvery, retentionArgs{}),
		jobs.Every(checkEvery, checkArgs{}),
		jobs.Every(partitionsEvery, partitionsArgs{}),
	}
}
