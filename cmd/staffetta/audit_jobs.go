package main

import (
	"context"
	"fmt"
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
	db    *tenants.DB
	queue modules.Queue
}

// Work meets river.Worker.
func (w *countersignersWorker) Work(ctx context.Context, _ *river.Job[countersignersArgs]) error {
	bodies, err := audit.FindCountersigners(ctx, w.db)
	if err != nil {
		return err
	}
	for _, body := range bodies {
		err := w.db.InTx(ctx, tenants.Scope{Tenant: body}, func(tx tenants.Tx) error {
			return w.queue.Enqueue(ctx, tx, countersignArgs{jobs.Owned{Tenant: body}})
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

// auditRetentionArgs is the platform's job that drops payloads older than the term of their body.
type auditRetentionArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (auditRetentionArgs) Kind() string { return "audit_retention" }

// InsertOpts lets one wait at a time, in the queue for long work.
func (auditRetentionArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Bulk, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: retentionEvery}}
}

type auditRetentionWorker struct {
	river.WorkerDefaults[auditRetentionArgs]
	db *tenants.DB
}

// Timeout meets river.Worker: what is not dropped within it is dropped the next day.
func (*auditRetentionWorker) Timeout(*river.Job[auditRetentionArgs]) time.Duration { return time.Hour }

// Work meets river.Worker.
func (w *auditRetentionWorker) Work(ctx context.Context, _ *river.Job[auditRetentionArgs]) error {
	_, err := audit.DropPayloads(ctx, w.db)
	return err
}

// auditPartitionsArgs is the platform's job that makes the partitions of the months ahead.
type auditPartitionsArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (auditPartitionsArgs) Kind() string { return "audit_partitions" }

// InsertOpts lets one wait at a time.
func (auditPartitionsArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: partitionsEvery}}
}

type auditPartitionsWorker struct {
	river.WorkerDefaults[auditPartitionsArgs]
	db *tenants.DB
}

// Work meets river.Worker.
func (w *auditPartitionsWorker) Work(ctx context.Context, _ *river.Job[auditPartitionsArgs]) error {
	_, err := audit.MakePartitions(ctx, w.db)
	return err
}

// addAuditWorkers registers the workers of the audit.
func (p *Program) addAuditWorkers(w *river.Workers) {
	river.AddWorker(w, &countersignersWorker{db: p.deps.DB, queue: p.deps.Jobs})
	river.AddWorker(w, &countersignWorker{db: p.deps.DB, vault: p.key})
	river.AddWorker(w, &auditRetentionWorker{db: p.deps.DB})
	river.AddWorker(w, &auditPartitionsWorker{db: p.deps.DB})
}

// auditPeriodic is the work of the audit that the clock brings about.
func auditPeriodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{
		river.NewPeriodicJob(river.PeriodicInterval(countersignEvery),
			func() (river.JobArgs, *river.InsertOpts) { return countersignersArgs{}, nil },
			&river.PeriodicJobOpts{ID: countersignersArgs{}.Kind(), RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(retentionEvery),
			func() (river.JobArgs, *river.InsertOpts) { return auditRetentionArgs{}, nil },
			&river.PeriodicJobOpts{ID: auditRetentionArgs{}.Kind(), RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(partitionsEvery),
			func() (river.JobArgs, *river.InsertOpts) { return auditPartitionsArgs{}, nil },
			&river.PeriodicJobOpts{ID: auditPartitionsArgs{}.Kind(), RunOnStart: true}),
	}
}
