package queue

import (
	"context"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

func (v *Service) getOverview(ctx context.Context, s tenants.Scope) (o Overview, err error) {
	var batch pgx.Batch
	batch.Queue(`select c.kind, c.state, c.jobs, c.retried from platform.job_counts() c`).Query(func(rows pgx.Rows) error {
		var kind, state string
		var jobs, retried int
		_, err := pgx.ForEachRow(rows, []any{&kind, &state, &jobs, &retried}, func() error {
			if n := len(o.Kinds); n == 0 || o.Kinds[n-1].Kind != kind {
				o.Kinds = append(o.Kinds, Kind{Kind: kind, Counts: map[string]int{}})
			}
			last := &o.Kinds[len(o.Kinds)-1]
			last.Counts[state] = jobs
			last.Retried += retried
			return nil
		})
		return err
	})
	batch.Queue(`select q.name, q.paused_at, q.waiting from platform.find_queues() q`).Query(func(rows pgx.Rows) (err error) {
		o.Queues, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (q Queue, err error) {
			return q, row.Scan(&q.Name, (*zeronull.Timestamptz)(&q.PausedAt), &q.Waiting)
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return Overview{}, fmt.Errorf("look at the jobs: %w", err)
	}
	return o, nil
}

func (v *Service) findJobs(ctx context.Context, s tenants.Scope, state string, before int64) ([]Job, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	return v.readJobs(ctx, s, `platform.find_jobs($1, $2)`, state, before)
}

func (v *Service) getJob(ctx context.Context, s tenants.Scope, id int64) (Job, error) {
	found, err := v.readJobs(ctx, s, `platform.get_job($1)`, id)
	if err == nil && len(found) == 0 {
		return Job{}, problem.Missing()
	}
	if err != nil {
		return Job{}, err
	}
	return found[0], nil
}

func (v *Service) readJobs(ctx context.Context, s tenants.Scope, from string, args ...any) (found []Job, err error) {
	var batch pgx.Batch
	batch.Queue(`select j.id, j.kind, j.queue, j.state, j.attempt, j.max_attempts, coalesce(j.body, 0), j.created_at, j.scheduled_at, j.finalized_at, j.failed_at, j.class
		from `+from+` j`, args...).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (j Job, err error) {
			return j, row.Scan(&j.ID, &j.Kind, &j.Queue, &j.State, &j.Attempt, &j.MaxAttempts, &j.Body, &j.CreatedAt, &j.ScheduledAt,
				(*zeronull.Timestamptz)(&j.FinalizedAt), (*zeronull.Timestamptz)(&j.FailedAt), &j.Class)
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find jobs: %w", err)
	}
	return found, nil
}
