package shape

import (
	"maps"
	"slices"
)

// Ring returns the places of which each takes the next one into itself and the last one the first, of those that are found
// first in order; nil where there are none.
func Ring(inside map[string][]string) []string {
	w := descent{inside: inside, done: map[string]bool{}}
	for _, place := range slices.Sorted(maps.Keys(inside)) {
		if ring := w.from(place); ring != nil {
			return ring
		}
	}
	return nil
}

// descent goes down from places to what they take in.
type descent struct {
	inside map[string][]string
	done   map[string]bool
	path   []string
}

func (w *descent) from(place string) []string {
	if at := slices.Index(w.path, place); at >= 0 {
		return w.path[at:]
	}
	if w.done[place] {
		return nil
	}
	w.path = append(w.path, place)
	for _, next := range w.inside[place] {
		if ring := w.from(next); ring != nil {
			return ring
		}
	}
	w.path, w.done[place] = w.path[:len(w.path)-1], true
	return nil
}
