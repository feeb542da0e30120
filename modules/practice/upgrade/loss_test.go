package upgrade

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/merge"
	"staffetta/modules/kit"
)

// judge holds what became of an item against what each side had made of it: told by places, not as merging does it.
func (w *world) judge(_ *giver, line Line, d Decision, before map[string]kit.Item) {
	place := line.Place()
	was, is := before[place], w.items[place]
	untouched := reflect.DeepEqual(was.Source(), is.Source()) && was.State == is.State
	if string(was.Draft) != string(is.Draft) || was.Draft != nil && was.Current.Content != nil && was.Title != is.Title {
		w.rt.Fatalf("the draft of %s is lost", place)
	}
	switch {
	case line.Outcome == Same, line.Outcome == Dropped && d.Answer != TakeKit, line.Outcome == Conflict && d.Answer == KeepOurs:
		if !untouched {
			w.rt.Fatalf("%s %s was changed:\n%s", line.Outcome, place, cmp.Diff(was, is))
		}
	case line.Gone:
		if is.State != kit.Retired || line.Outcome == Removed && (line.Uses > 0 || !reflect.DeepEqual(was.Source(), line.Base)) {
			w.rt.Fatalf("%s was given up, and is %+v", place, is)
		}
	case line.Outcome == Merged, line.Outcome == Conflict && d.Answer == Unite:
		w.nothingLost(line, merge.Theirs, d, is.Source())
		w.nothingLost(line, merge.Ours, d, is.Source())
	case line.Outcome == Changed && !reflect.DeepEqual(was.Source(), line.Base):
		w.rt.Fatalf("%s counts as the kit's change alone, and was changed here:\n%s", place, cmp.Diff(line.Base, was.Source()))
	case is.State != kit.Published || !reflect.DeepEqual(is.Source(), line.Theirs):
		w.rt.Fatalf("%s %s is not the kit's:\n%s", line.Outcome, place, cmp.Diff(line.Theirs, is.Source()))
	}
}

// nothingLost is the law: every place where a side differs from the base is in the result as that side has it, or was
// answered otherwise.
func (w *world) nothingLost(line Line, side merge.Side, d Decision, result kit.Source) {
	changed := line.Ours
	if side == merge.Theirs {
		changed = line.Theirs
	}
	kind, _, _ := w.kinds.Get(line.Kind)
	base, mine, merged := w.places(kind.Lists, line.Base), w.places(kind.Lists, changed), w.places(kind.Lists, result)
	if line.Base.Content == nil {
		base = map[string]any{}
	}
	all := maps.Clone(base)
	maps.Copy(all, mine)
	for _, at := range slices.Sorted(maps.Keys(all)) {
		if reflect.DeepEqual(base[at], mine[at]) || reflect.DeepEqual(mine[at], merged[at]) || answered(at, side, d) {
			continue
		}
		if strings.HasSuffix(at, "[]") && keptOrder(base[at], mine[at], merged[at]) {
			continue
		}
		w.rt.Fatalf("%s: the change at %q of %s is lost: base %v, changed %v, now %v", line.Place(), at, side, base[at], mine[at], merged[at])
	}
}

// answered tells whether somebody decided a place, or one that holds it, for the other side.
func answered(at string, side merge.Side, d Decision) bool {
	for path, answer := range d.Fields {
		if answer.Side != side && (path == "" || at == path || strings.HasPrefix(at, path+".") || strings.HasPrefix(at, path+"[")) {
			return true
		}
	}
	return false
}

// keptOrder tells whether the entries of a side that are left stand in that side's order, where it moved any.
func keptOrder(base, side, merged any) bool {
	b, _ := base.([]string)
	s, _ := side.([]string)
	m, _ := merged.([]string)
	known := inside(inside(s, b), m)
	return slices.Equal(inside(s, m), inside(m, s)) || slices.Equal(known, inside(inside(b, s), m))
}

func inside(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(id string) bool { return !slices.Contains(b, id) })
}

// places lists the leaves of an item by place, and the order of the entries of each list.
func (w *world) places(lists merge.Lists, source kit.Source) map[string]any {
	found := map[string]any{"title.it": source.Title.IT, "title.en": source.Title.EN, "owner": source.Owner, "licence": source.Licence}
	if source.Content == nil {
		return found
	}
	var content any
	w.must(json.Unmarshal(source.Content, &content))
	flatten(lists, "content", "", content, found)
	return found
}

func flatten(lists merge.Lists, at, pattern string, value any, into map[string]any) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			flatten(lists, at+"."+name, strings.TrimPrefix(pattern+"."+name, "."), member, into)
		}
	case []any:
		key, told := lists[pattern+"[]"]
		if !told {
			into[at] = v
			return
		}
		order := []string{}
		for _, entry := range v {
			id := entry
			if object, ok := entry.(map[string]any); ok && key != merge.Itself {
				id = object[key]
			}
			name, text := id.(string)
			if !text {
				raw, _ := json.Marshal(id)
				name = string(raw)
			}
			order = append(order, name)
			flatten(lists, at+"["+name+"]", pattern+"[]", entry, into)
		}
		into[at+"[]"] = order
	default:
		into[at] = v
	}
}
