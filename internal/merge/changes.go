package merge

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Change is a place in which one content is not as another. A nil value is absent there. For the order of a list the place
// ends in "[]" and the values are the ids of its entries. Places are named as those of conflicts.
type Change struct {
	Path    string
	Was, Is json.RawMessage
	Order   bool
}

// Changes lists what was changed from one content to another, in the order of the contents. It fails on what is not JSON.
func Changes(lists Lists, was, is []byte) ([]Change, error) {
	_, changes, err := Take(lists, was, is, func(string) bool { return true })
	return changes, err
}

// Take brings some changes of a content into what it was: those whose place takes accepts. All changes are returned.
func Take(lists Lists, was, is []byte, takes func(path string) bool) (taken []byte, changes []Change, err error) {
	before, err := read(was)
	if err != nil {
		return nil, nil, fmt.Errorf("read what a content was: %w", err)
	}
	after, err := read(is)
	if err != nil {
		return nil, nil, fmt.Errorf("read what a content is: %w", err)
	}
	t := &taker{lists: lists, takes: takes}
	result := t.walk(place{}, before, after)
	taken, err = json.Marshal(result.value)
	return taken, t.changes, err
}

// taker walks down two contents and notes where they part.
type taker struct {
	lists   Lists
	takes   func(path string) bool
	changes []Change
}

func (t *taker) walk(at place, was, is optional) optional {
	if same(was, is) {
		return is
	}
	if b, a, both := pair[map[string]any](was, is); both {
		return t.object(at, b, a)
	}
	if b, a, both := pair[[]any](was, is); both {
		if taken, told := t.list(at, b, a); told {
			return taken
		}
	}
	if t.change(Change{Path: at.path, Was: was.raw(), Is: is.raw()}) {
		return is
	}
	return was
}

// change notes a change and tells whether it is taken.
func (t *taker) change(c Change) bool {
	t.changes = append(t.changes, c)
	return t.takes(c.Path)
}

func (t *taker) object(at place, was, is map[string]any) optional {
	names := maps.Clone(was)
	maps.Copy(names, is)
	taken := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if one := t.walk(at.member(name), member(was, name), member(is, name)); one.there {
			taken[name] = one.value
		}
	}
	return optional{taken, true}
}

// list compares lists whose entries can be told apart; told is false for others, which are one value.
func (t *taker) list(at place, was, is []any) (taken optional, told bool) {
	key, told := t.lists[at.pattern+"[]"]
	if !told {
		return optional{}, false
	}
	before, told := entriesOf(was, key)
	if !told {
		return optional{}, false
	}
	after, told := entriesOf(is, key)
	if !told {
		return optional{}, false
	}
	kept := map[string]any{}
	for _, id := range union(after.ids, before.ids) {
		if entry := t.walk(at.entry(id), member(before.byID, id), member(after.byID, id)); entry.there {
			kept[id] = entry.value
		}
	}
	first, second := after.ids, before.ids
	moved := !slices.Equal(only(before.ids, after.ids), only(after.ids, before.ids))
	if moved && !t.change(Change{Path: at.path + "[]", Was: list(before.ids), Is: list(after.ids), Order: true}) {
		first, second = second, first
	}
	entries := []any{}
	for _, id := range insert(keep(first, kept), keep(second, kept)) {
		entries = append(entries, kept[id])
	}
	return optional{entries, true}, true
}
