// Package daily counts what somebody does in a day, so that nobody fills a disk or the audit. It must not know what is counted.
package daily

import (
	"sync"
	"time"
)

// Count counts by key and day, in this instance of the program alone. The zero Count is ready.
type Count[K comparable] struct {
	mu    sync.Mutex
	day   time.Time
	count map[K]int
}

// Within counts one more of a day and tells whether it is within the bound.
func (c *Count[K]) Within(key K, day time.Time, bound int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == nil || !c.day.Equal(day) {
		c.day, c.count = day, map[K]int{}
	}
	c.count[key]++
	return c.count[key] <= bound
}
