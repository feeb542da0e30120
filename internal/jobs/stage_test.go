package jobs_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/internal/testdb"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// countArgs is the job of these tests; Note must never reach a log.
type countArgs struct {
	jobs.Owned
	Note string `json:"note"`
}

func (countArgs) Kind() string { return "test_count" }

type worker struct {
	river.WorkerDefaults[countArgs]
	work func(context.Context, *river.Job[countArgs]) error
}

func (w *worker) Work(ctx context.Context, job *river.Job[countArgs]) error { return w.work(ctx, job) }

// stage is a database, its queue and what the host logged.
type stage struct {
	*testdb.Database
	queue *jobs.Queue
	log   *logbook
}

func newStage(t *testing.T) *stage {
	t.Helper()
	t.Parallel()
	queue, err := jobs.NewQueue(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &stage{Database: testdb.New(t), queue: queue, log: newLogbook()}
}

// start runs a host until the test ends or stops it.
func (s *stage) start(t *testing.T, work func(context.Context, *river.Job[countArgs]) error, timeout time.Duration) *jobs.Host {
	t.Helper()
	host, err := jobs.New(jobs.Config{
		DB: s.DB, Log: slog.New(s.log), Timeout: timeout,
		Workers: []func(*river.Workers){func(w *river.Workers) { river.AddWorker(w, &worker{work: work}) }},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, host) })
	return host
}

// stop waits for running jobs; what the host noted is in the database afterwards.
func stop(t *testing.T, host *jobs.Host) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := host.Stop(ctx); err != nil {
		t.Errorf("stop: %v", err)
	}
}

// enqueue adds a job through the door of the body, or the platform's for body 0.
func (s *stage) enqueue(ctx context.Context, door int32, args river.JobArgs) error {
	add := func(tx tenants.Tx) error { return s.queue.Enqueue(ctx, tx, args) }
	if door == 0 {
		return s.DB.Platform(ctx, add)
	}
	return s.DB.InTx(ctx, tenants.Scope{Tenant: door}, add)
}

func (s *stage) mustEnqueue(t *testing.T, door int32, args river.JobArgs) {
	t.Helper()
	if err := s.enqueue(t.Context(), door, args); err != nil {
		t.Fatal(err)
	}
}

// ask reads one value behind the walls.
func ask[T any](t *testing.T, s *stage, sql string, args ...any) (value T) {
	t.Helper()
	if err := s.Owner.QueryRow(context.Background(), sql, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

// receive waits for one value, at most half a minute.
func receive[T any](t *testing.T, from <-chan T) (value T) {
	t.Helper()
	select {
	case value = <-from:
	case <-time.After(30 * time.Second):
		t.Fatal("nothing came in half a minute")
	}
	return value
}

// logbook keeps what is logged and tells of each record.
type logbook struct {
	slog.Handler
	mu   *sync.Mutex
	text *bytes.Buffer
	said chan string
}

func newLogbook() *logbook {
	l := &logbook{mu: &sync.Mutex{}, text: &bytes.Buffer{}, said: make(chan string, 100)}
	l.Handler = slog.NewJSONHandler(l.text, &slog.HandlerOptions{Level: slog.LevelDebug})
	return l
}

func (l *logbook) Handle(ctx context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	kind := ""
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "kind" {
			kind = a.Value.String()
		}
		return true
	})
	if strings.HasPrefix(r.Message, "job ") {
		l.said <- r.Message + " " + kind
	}
	return l.Handler.Handle(ctx, r)
}

// await waits for a record about a job.
func (l *logbook) await(t *testing.T, said string) {
	t.Helper()
	for receive(t, l.said) != said {
	}
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
