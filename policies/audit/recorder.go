package audit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// maxGroup bounds how many events one commit carries.
const maxGroup = 512

// Recorder writes the events of reads by group commit: all that arrives while one
// commit is under way goes into the next one, and each reader waits for its own.
type Recorder struct {
	db      *tenants.DB
	waiting chan entry
	stopped chan struct{}
}

type entry struct {
	rows []row
	done chan error
}

// NewRecorder starts the recorder; it stops, after the last group, when ctx ends.
func NewRecorder(ctx context.Context, db *tenants.DB) *Recorder {
	r := &Recorder{db: db, waiting: make(chan entry, maxGroup), stopped: make(chan struct{})}
	go r.run(ctx)
	return r
}

// Stopped is closed when the recorder has written its last group.
func (r *Recorder) Stopped() <-chan struct{} { return r.stopped }

// Record writes events and returns when they are committed. Content must not be
// served when it fails: the error is problem.Unavailable.
func (r *Recorder) Record(ctx context.Context, s tenants.Scope, events ...Event) error {
	return r.Start(ctx, s, events...)()
}

// Start hands the events over and returns a function that waits for their commit,
// so that a page can query meanwhile. The function may be called again.
func (r *Recorder) Start(ctx context.Context, s tenants.Scope, events ...Event) func() error {
	e := entry{done: make(chan error, 1)}
	now := time.Now()
	for _, event := range events {
		row, err := newRow(s, event, now)
		if err != nil {
			return func() error { return unavailable(err) }
		}
		e.rows = append(e.rows, row)
	}
	select {
	case r.waiting <- e:
	case <-r.stopped:
		return func() error { return unavailable(errStopped) }
	case <-ctx.Done():
		return func() error { return unavailable(ctx.Err()) }
	}
	return sync.OnceValue(func() error { return r.await(ctx, e.done) })
}

func (r *Recorder) await(ctx context.Context, done chan error) error {
	select {
	case err := <-done:
		return unavailable(err)
	case <-ctx.Done():
		return unavailable(ctx.Err())
	case <-r.stopped:
	}
	select { // the last group may have held the event
	case err := <-done:
		return unavailable(err)
	default:
		return unavailable(errStopped)
	}
}

var errStopped = errors.New("the recorder has stopped")

func unavailable(err error) error {
	if err == nil {
		return nil
	}
	return problem.New(problem.Unavailable, "web.error.audit").Wrap(err)
}

func (r *Recorder) run(ctx context.Context) {
	defer close(r.stopped)
	for {
		select {
		case first := <-r.waiting:
			r.commit(context.WithoutCancel(ctx), r.gather(first))
		case <-ctx.Done():
			r.drain(context.WithoutCancel(ctx))
			return
		}
	}
}

// drain answers whoever is still waiting at the end.
func (r *Recorder) drain(ctx context.Context) {
	for {
		select {
		case first := <-r.waiting:
			r.commit(ctx, r.gather(first))
		default:
			return
		}
	}
}

func (r *Recorder) gather(first entry) []entry {
	group := []entry{first}
	for len(group) < maxGroup {
		select {
		case next := <-r.waiting:
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

func (r *Recorder) commit(ctx context.Context, group []entry) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err := r.db.Audit(ctx, func(tx tenants.Tx) error { return insertGroup(ctx, tx, group) })
	for _, e := range group {
		e.done <- err
	}
}

// insertGroup writes a group as one statement, whatever its size.
func insertGroup(ctx context.Context, tx tenants.Tx, group []entry) error {
	var events eventColumns
	for _, e := range group {
		for _, r := range e.rows {
			events.add(r)
		}
	}
	if _, err := tx.Exec(ctx, insertEventsSQL, events.args()...); err != nil {
		return fmt.Errorf("write a group of audit events: %w", err)
	}
	return nil
}
