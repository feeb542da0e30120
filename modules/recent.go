package modules

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// recentFor is how long what was read is believed: it is asked for with every page.
const recentFor = 15 * time.Second

// Recent is what every page shows and no page waits for: one of them reads it again where it is old, the others show what was known.
type Recent[T any] struct {
	find    func(context.Context) (T, error)
	log     *slog.Logger
	reading sync.Mutex
	known   atomic.Pointer[recalled[T]]
}

// recalled is what was read, and when that was tried last.
type recalled[T any] struct {
	value T
	at    time.Time
}

// NewRecent makes one over what finds the value.
func NewRecent[T any](log *slog.Logger, find func(context.Context) (T, error)) *Recent[T] {
	return &Recent[T]{find: find, log: log}
}

// Get returns what is known, read again where that is old. A fault is logged, and what was known stays.
func (r *Recent[T]) Get(ctx context.Context) T {
	last := r.known.Load()
	if last == nil {
		last = &recalled[T]{}
	}
	if time.Since(last.at) < recentFor || !r.reading.TryLock() {
		return last.value
	}
	defer r.reading.Unlock()
	value, err := r.find(ctx)
	if err != nil {
		r.log.ErrorContext(ctx, "what every page shows cannot be read", "error", err)
		value = last.value
	}
	r.known.Store(&recalled[T]{value: value, at: time.Now()})
	return value
}

// Forget has the next page read again.
func (r *Recent[T]) Forget() { r.known.Store(nil) }
