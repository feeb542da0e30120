package merge

import (
	"encoding/json"
	"fmt"
	"slices"
)

// order puts the kept entries of a list in order. One side's order is taken where only that one moved entries that base
// knows, and entries that both have brought stand where they stand there; the other side's new entries follow the entry
// that they followed there.
func (m *merger) order(at place, base, ours, theirs []string, kept map[string]any) []string {
	first, second := theirs, ours
	if both := only(ours, theirs); !slices.Equal(only(ours, both), only(theirs, both)) {
		known := only(both, base)
		movedOurs := !slices.Equal(only(ours, known), only(base, known))
		movedTheirs := !slices.Equal(only(theirs, known), only(base, known))
		switch {
		case movedOurs == movedTheirs:
			first, second = m.chooseOrder(at, base, ours, theirs)
		case movedOurs:
			first, second = ours, theirs
		}
	}
	return insert(keep(first, kept), keep(second, kept))
}

// chooseOrder asks which of two orders holds, and keeps ours meanwhile.
func (m *merger) chooseOrder(at place, base, ours, theirs []string) (first, second []string) {
	c := Conflict{Path: at.path + "[]", Base: list(base), Ours: list(ours), Theirs: list(theirs), Order: true}
	chosen := m.conflict(c, optional{value: false, there: true}, optional{value: true, there: true})
	if chosen.value == true {
		return theirs, ours
	}
	return ours, theirs
}

// insert adds to a list what only the other one has, each after the entry that it follows there. Where both have new
// entries at one place the ids decide, so that it does not matter which list is which.
func insert(into, from []string) []string {
	result, known, other := slices.Clone(into), setOf(into), setOf(from)
	at := 0
	for _, id := range from {
		if known[id] {
			at = slices.Index(result, id) + 1
			continue
		}
		for at < len(result) && !other[result[at]] && result[at] < id {
			at++
		}
		result = slices.Insert(result, at, id)
		at++
	}
	return result
}

func union(lists ...[]string) (all []string) {
	seen := map[string]bool{}
	for _, id := range slices.Concat(lists...) {
		if !seen[id] {
			seen[id], all = true, append(all, id)
		}
	}
	return all
}

// only lists, in the order of a, what is in b too.
func only(a, b []string) []string {
	inside := setOf(b)
	return slices.DeleteFunc(slices.Clone(a), func(id string) bool { return !inside[id] })
}

func setOf(ids []string) map[string]bool {
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

func keep(ids []string, kept map[string]any) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, there := kept[id]; return !there })
}

func list(ids []string) json.RawMessage {
	raw, err := json.Marshal(ids)
	if err != nil {
		panic(fmt.Sprintf("write ids: %v", err))
	}
	return raw
}
