package session

import (
	"sync"
	"time"
)

// cacheTime is how long a session is believed without asking the database;
// notifications make it shorter.
const cacheTime = 30 * time.Second

// maxCached bounds the memory of the cache.
const maxCached = 20_000

// cache keeps sessions by the hash of their token. It is bypassed while nobody
// listens for changes.
type cache struct {
	mu        sync.Mutex
	listening bool
	changes   uint64 // grows with every forgetting, so that a read that began before is not kept
	entries   map[secretHash]entry
}

type entry struct {
	session Session
	loaded  time.Time
}

func (c *cache) get(hash secretHash, now time.Time) (Session, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[hash]
	if !ok || !c.listening || now.Sub(e.loaded) >= cacheTime || now.Before(e.loaded) {
		return Session{}, false
	}
	return e.session, true
}

// begin tells the state that a read from the database starts from.
func (c *cache) begin() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changes
}

// put keeps what was read since begin, unless something was forgotten meanwhile.
func (c *cache) put(hash secretHash, s Session, now time.Time, began uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.listening || c.changes != began {
		return
	}
	if len(c.entries) >= maxCached {
		clear(c.entries)
	}
	c.entries[hash] = entry{session: s, loaded: now}
}

// extend notes a later end of a session, if it is still kept.
func (c *cache) extend(hash secretHash, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[hash]; ok {
		e.session.IdleUntil = until
		c.entries[hash] = e
	}
}

func (c *cache) forget(which func(Session) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	for hash, e := range c.entries {
		if which(e.session) {
			delete(c.entries, hash)
		}
	}
}

func (c *cache) setListening(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listening = on
	c.changes++
	clear(c.entries)
}
