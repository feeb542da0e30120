package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"staffetta/migrations"
	"staffetta/tenants"
)

const (
	// defaultTimeout is how long a job may run whose worker does not say otherwise.
	defaultTimeout = time.Minute
	// rescueGrace is how long after its time-out a job counts as lost with its
	// process; it is then tried again.
	rescueGrace = 4 * time.Minute
	// workersPerQueue keeps a body from more than two jobs at a time in one process.
	workersPerQueue = 2
	fetchEvery      = 2 * time.Second
)

// Config is what a host works with.
type Config struct {
	DB       *tenants.DB
	Bodies   *tenants.Directory // optional: gives jobs the slug of their body, and tells which modules it has
	Modules  []string           // those that a body can switch off; the kind of a job begins with its module and a dot
	Workers  []func(*river.Workers)
	Periodic []*river.PeriodicJob
	Log      *slog.Logger
	Timeout  time.Duration // a job's, unless its worker says otherwise; 0 means a minute
}

// Host works jobs (it: esecutore dei lavori).
type Host struct {
	client *river.Client[pgx.Tx]
}

// New makes a host with the workers of the modules and those of the platform.
// A kind of job with two workers is an error.
func New(c Config) (host *Host, err error) {
	defer func() { // AddWorker of a module panics on a kind that is taken
		if fault := recover(); fault != nil {
			err = fmt.Errorf("gather the workers: %v", fault)
		}
	}()
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &cleaner{db: c.DB})
	for _, add := range c.Workers {
		add(workers)
	}
	client, err := river.NewClient(riverpgxv5.New(c.DB.Worker()), &river.Config{
		Schema: migrations.RiverSchema, Logger: quiet(c.Log), Workers: workers, Queues: queues(),
		PeriodicJobs: append([]*river.PeriodicJob{cleaning()}, c.Periodic...),
		Middleware:   []rivertype.Middleware{&placement{}, &confinement{bodies: c.Bodies, modules: c.Modules, log: c.Log}},
		ErrorHandler: &reporter{log: c.Log},
		JobTimeout:   c.Timeout, RescueStuckJobsAfter: c.Timeout + rescueGrace,
		FetchPollInterval: fetchEvery,
		// Only an index's owner may rebuild it, and the owner role never serves.
		ReindexerSchedule: river.NeverSchedule(),
	})
	if err != nil {
		return nil, fmt.Errorf("make the host of jobs: %w", err)
	}
	return &Host{client: client}, nil
}

func queues() map[string]river.QueueConfig {
	all := map[string]river.QueueConfig{Bulk: {MaxWorkers: workersPerQueue}}
	for i := range int32(hashedQueues) {
		all[QueueOf(i)] = river.QueueConfig{MaxWorkers: workersPerQueue}
	}
	return all
}

// Start begins to work jobs and returns. The end of ctx does not stop the host:
// Stop does, so that running jobs can finish.
func (h *Host) Start(ctx context.Context) error {
	if err := h.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the jobs: %w", err)
	}
	return nil
}

// Stop takes no more jobs and waits for those that run. When ctx ends first they
// are cancelled and left in the queue for the next host; the error then is ctx's.
func (h *Host) Stop(ctx context.Context) error {
	err := h.client.Stop(ctx)
	if err == nil {
		return nil
	}
	cancelled, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return fmt.Errorf("wait for running jobs: %w", errors.Join(err, h.client.StopAndCancel(cancelled)))
}

// quiet lets River say only what somebody has to look at.
func quiet(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(warnings{log.Handler()})
}

type warnings struct{ slog.Handler }

// Enabled meets slog.Handler.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// WithAttrs meets slog.Handler.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup meets slog.Handler.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
