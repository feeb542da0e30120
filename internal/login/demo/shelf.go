package demo

import (
	"sync"
	"time"
)

// shelfSize bounds the memory an impatient caller can take.
const shelfSize = 10_000

// shelf keeps values for a time under a secret key. It is safe for
// concurrent use.
type shelf[V any] struct {
	mu    sync.Mutex
	now   func() time.Time
	items map[string]shelved[V]
}

type shelved[V any] struct {
	value V
	until time.Time
}

func newShelf[V any](now func() time.Time) *shelf[V] {
	return &shelf[V]{now: now, items: map[string]shelved[V]{}}
}

// add stores a value under a key that is not in use; false if it is, or if
// there is no room.
func (s *shelf[V]) add(key string, value V, ttl time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if old, ok := s.items[key]; ok && now.Before(old.until) {
		return false
	}
	if len(s.items) >= shelfSize {
		s.sweep(now)
	}
	if len(s.items) >= shelfSize {
		return false
	}
	s.items[key] = shelved[V]{value: value, until: now.Add(ttl)}
	return true
}

func (s *shelf[V]) get(key string) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	item, ok := s.items[key]
	if !ok || !s.now().Before(item.until) {
		var none V
		return none, false
	}
	return item.value, true
}

// take removes and gives a value: of many callers, one gets it.
func (s *shelf[V]) take(key string) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	item, ok := s.items[key]
	delete(s.items, key)
	if !ok || !s.now().Before(item.until) {
		var none V
		return none, false
	}
	return item.value, true
}

func (s *shelf[V]) sweep(now time.Time) {
	for key, item := range s.items {
		if !now.Before(item.until) {
			delete(s.items, key)
		}
	}
}
