// Package merge brings two changes of one JSON content together (it: unione a tre vie): from what both began with (base),
// what the body made of it (ours) and what the kit makes of it now (theirs). What only one side changed is taken; what
// both changed differently is a conflict with a place, and is never decided here. It must not know about items, kits or
// databases.
//
// The law (see the properties in the tests): every difference between base and ours is in the result, or is covered by a
// conflict; and so is every difference between base and theirs.
package merge

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Side is whose value answers a conflict.
type Side string

// The sides; Value is neither's, but one that somebody wrote.
const (
	Ours   Side = "ours"
	Theirs Side = "theirs"
	Value  Side = "value"
)

// Conflict is a place that both sides changed, each in its own way (it: conflitto). A nil value is absent there. For the
// order of a list the place ends in "[]" and the values are the ids of its entries.
type Conflict struct {
	Path               string
	Base, Ours, Theirs json.RawMessage
	Order              bool
}

// Answer decides a conflict. Value is used with the side Value alone; a nil one takes the place away.
type Answer struct {
	Side  Side
	Value json.RawMessage
}

// Three merges contents. Answers are by the path of their conflict; conflicts without one are returned, and hold ours in
// what is merged. It fails on what is not JSON.
func Three(lists Lists, base, ours, theirs []byte, answers map[string]Answer) (merged []byte, open []Conflict, err error) {
	var values [3]optional
	for i, raw := range [][]byte{base, ours, theirs} {
		if values[i], err = read(raw); err != nil {
			return nil, nil, fmt.Errorf("read the %s side of a merge: %w", []string{"base", "own", "kit's"}[i], err)
		}
	}
	m := &merger{lists: lists, answers: answers}
	result := m.merge(place{}, values[0], values[1], values[2])
	if m.err != nil {
		return nil, nil, m.err
	}
	merged, err = json.Marshal(result.value)
	return merged, m.open, err
}

// merger is one merge under way.
type merger struct {
	lists   Lists
	answers map[string]Answer
	open    []Conflict
	err     error
}

// optional is a JSON value, or none.
type optional struct {
	value any
	there bool
}

func read(raw []byte) (o optional, err error) {
	if raw == nil {
		return optional{}, nil
	}
	o.there = true
	return o, json.Unmarshal(raw, &o.value)
}

func (o optional) raw() json.RawMessage {
	if !o.there {
		return nil
	}
	raw, err := json.Marshal(o.value)
	if err != nil {
		panic(fmt.Sprintf("write a value that was read: %v", err))
	}
	return raw
}

func same(a, b optional) bool { return a.there == b.there && reflect.DeepEqual(a.value, b.value) }

// merge takes what one side changed, and goes down where both did.
func (m *merger) merge(at place, base, ours, theirs optional) optional {
	switch {
	case same(ours, theirs), same(base, theirs):
		return ours
	case same(base, ours):
		return theirs
	}
	if o, t, both := pair[map[string]any](ours, theirs); both {
		b, _ := base.value.(map[string]any)
		return m.object(at, b, o, t)
	}
	if o, t, both := pair[[]any](ours, theirs); both {
		b, _ := base.value.([]any)
		if merged, told := m.list(at, b, o, t); told {
			return merged
		}
	}
	return m.conflict(Conflict{Path: at.path, Base: base.raw(), Ours: ours.raw(), Theirs: theirs.raw()}, ours, theirs)
}

func pair[T any](a, b optional) (x, y T, both bool) {
	x, first := a.value.(T)
	y, second := b.value.(T)
	return x, y, first && second
}

func (m *merger) object(at place, base, ours, theirs map[string]any) optional {
	merged := map[string]any{}
	for _, name := range names(base, ours, theirs) {
		if member := m.merge(at.member(name), member(base, name), member(ours, name), member(theirs, name)); member.there {
			merged[name] = member.value
		}
	}
	return optional{merged, true}
}

func member[K comparable](of map[K]any, name K) optional {
	value, there := of[name]
	return optional{value, there}
}

// list merges lists whose entries can be told apart; told is false for others, which are one value.
func (m *merger) list(at place, base, ours, theirs []any) (merged optional, told bool) {
	key, told := m.lists[at.pattern+"[]"]
	if !told {
		return optional{}, false
	}
	var sides [3]entries
	for i, list := range [][]any{base, ours, theirs} {
		if sides[i], told = entriesOf(list, key); !told {
			return optional{}, false
		}
	}
	b, o, t := sides[0], sides[1], sides[2]
	kept := map[string]any{}
	for _, id := range union(o.ids, t.ids) {
		if entry := m.merge(at.entry(id), member(b.byID, id), member(o.byID, id), member(t.byID, id)); entry.there {
			kept[id] = entry.value
		}
	}
	list := []any{}
	for _, id := range m.order(at, b.ids, o.ids, t.ids, kept) {
		list = append(list, kept[id])
	}
	return optional{list, true}, true
}

// conflict is answered, or stays open and keeps ours meanwhile.
func (m *merger) conflict(c Conflict, ours, theirs optional) optional {
	answer, answered := m.answers[c.Path]
	switch {
	case answered && answer.Side == Ours:
		return ours
	case answered && answer.Side == Theirs:
		return theirs
	case answered && answer.Side == Value && !c.Order:
		written, err := read(answer.Value)
		if err == nil {
			return written
		}
		m.err = fmt.Errorf("read the answer for %s: %w", c.Path, err)
	}
	m.open = append(m.open, c)
	return ours
}
