package merge_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"staffetta/internal/merge"
)

var lists = merge.Lists{"items[]": "key", "items[].options[]": "value", "items[].tags[]": merge.Itself, "laws[]": merge.Itself}

func TestThree(t *testing.T) {
	t.Parallel()
	const base = `{"title":{"it":"A"},"items":[{"key":"a","label":"uno"},{"key":"b","label":"due"}],"steps":["x","y"],"laws":["1","2"]}`
	for name, c := range map[string]struct {
		ours, theirs string
		answers      map[string]merge.Answer
		want         string
		open         []string
	}{
		"different fields": {
			ours:   `{"title":{"it":"B"},"items":[{"key":"a","label":"uno"},{"key":"b","label":"due"}],"steps":["x","y"],"laws":["1","2"]}`,
			theirs: `{"title":{"it":"A","en":"A"},"items":[{"key":"a","label":"uno"},{"key":"b","label":"due"}],"steps":["x"],"laws":["1","2"]}`,
			want:   `{"title":{"it":"B","en":"A"},"items":[{"key":"a","label":"uno"},{"key":"b","label":"due"}],"steps":["x"],"laws":["1","2"]}`,
		},
		"entries by their key": {
			ours:   `{"items":[{"key":"a","label":"uno"},{"key":"c","label":"nostro"},{"key":"b","label":"due"}],"title":{"it":"A"},"steps":["x","y"],"laws":["2","3"]}`,
			theirs: `{"items":[{"key":"b","label":"due!"},{"key":"a","label":"uno"}],"title":{"it":"A"},"steps":["x","y"],"laws":["1","2","4"]}`,
			want:   `{"items":[{"key":"b","label":"due!"},{"key":"a","label":"uno"},{"key":"c","label":"nostro"}],"title":{"it":"A"},"steps":["x","y"],"laws":["2","3","4"]}`,
		},
		"one field twice": {
			ours:   `{"items":[{"key":"a","label":"nostro"},{"key":"b","label":"due"}],"title":{"it":"A"},"steps":["x","y","z"],"laws":["1","2"]}`,
			theirs: `{"items":[{"key":"a","label":"kit"},{"key":"b","label":"due"}],"title":{"it":"A"},"steps":["y"],"laws":["1","2"]}`,
			want:   `{"items":[{"key":"a","label":"nostro"},{"key":"b","label":"due"}],"title":{"it":"A"},"steps":["x","y","z"],"laws":["1","2"]}`,
			open:   []string{"items[a].label", "steps"},
		},
		"answered": {
			ours:   `{"items":[{"key":"a","label":"nostro"},{"key":"b","label":"due"}],"title":{"it":"C"},"steps":["x","y","z"],"laws":["1","2"]}`,
			theirs: `{"items":[{"key":"a","label":"kit"},{"key":"b","label":"due"}],"title":{"it":"D"},"steps":["y"],"laws":["1","2"]}`,
			answers: map[string]merge.Answer{
				"items[a].label": {Side: merge.Theirs}, "steps": {Side: merge.Value, Value: json.RawMessage(`["y","z"]`)}, "title.it": {Side: merge.Ours},
			},
			want: `{"items":[{"key":"a","label":"kit"},{"key":"b","label":"due"}],"title":{"it":"C"},"steps":["y","z"],"laws":["1","2"]}`,
		},
		"removed here and changed there": {
			ours:   `{"items":[{"key":"b","label":"due"}],"title":{"it":"A"},"steps":["x","y"],"laws":["1","2"]}`,
			theirs: `{"items":[{"key":"a","label":"kit"},{"key":"b","label":"due"}],"title":{"it":"A"},"steps":["x","y"],"laws":["1","2"]}`,
			want:   `{"items":[{"key":"b","label":"due"}],"title":{"it":"A"},"steps":["x","y"],"laws":["1","2"]}`,
			open:   []string{"items[a]"},
		},
		"two entries of one key are one value": {
			ours:   `{"items":[{"key":"a","label":"uno"},{"key":"a","label":"due"}],"title":{"it":"A"},"steps":["x","y"],"laws":["1","2"]}`,
			theirs: `{"items":[],"title":{"it":"A"},"steps":["x","y"],"laws":["1","2"]}`,
			want:   `{"items":[{"key":"a","label":"uno"},{"key":"a","label":"due"}],"title":{"it":"A"},"steps":["x","y"],"laws":["1","2"]}`,
			open:   []string{"items"},
		},
		"moved by both": {
			ours:   `{"laws":["3","1","2"],"items":[],"title":{"it":"A"},"steps":["x","y"]}`,
			theirs: `{"laws":["2","1"],"items":[{"key":"b","label":"due"},{"key":"a","label":"uno"}],"title":{"it":"A"},"steps":["x","y"]}`,
			want:   `{"laws":["3","2","1"],"items":[],"title":{"it":"A"},"steps":["x","y"]}`,
		},
		"brought by both, and moved by one": {
			ours:   `{"laws":["3","2","1"],"items":[],"title":{"it":"A"},"steps":["x","y"]}`,
			theirs: `{"laws":["1","2","3"],"items":[],"title":{"it":"A"},"steps":["x","y"]}`,
			want:   `{"laws":["3","2","1"],"items":[],"title":{"it":"A"},"steps":["x","y"]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, open, err := merge.Three(lists, []byte(base), []byte(c.ours), []byte(c.theirs), c.answers)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(decode(t, []byte(c.want)), decode(t, got)); d != "" {
				t.Errorf("merged (-want +got):\n%s", d)
			}
			if places := paths(open); !slices.Equal(places, c.open) {
				t.Errorf("conflicts at %v, want %v", places, c.open)
			}
		})
	}
}

func TestWhatIsNoJSONIsToldBySide(t *testing.T) {
	t.Parallel()
	_, _, err := merge.Three(lists, []byte(`{}`), []byte(`{}`), []byte(`{`), nil)
	if err == nil || !strings.Contains(err.Error(), "kit's side") {
		t.Errorf("error %v", err)
	}
	answers := map[string]merge.Answer{"a": {Side: merge.Value, Value: json.RawMessage(`{`)}}
	if _, _, err = merge.Three(lists, nil, []byte(`{"a":1}`), []byte(`{"a":2}`), answers); err == nil || !strings.Contains(err.Error(), "answer for a") {
		t.Errorf("error %v", err)
	}
}

// The laws of merging, for random contents and random edits of them.
func TestLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		base := drawContent(rt, "base")
		ours, theirs := edited(rt, "ours", base), edited(rt, "theirs", base)
		merged, open := three(rt, base, ours, theirs)
		equal(rt, "unchanged ours yields theirs", theirs, first(three(rt, base, base, theirs)))
		equal(rt, "unchanged theirs yields ours", ours, first(three(rt, base, ours, base)))
		equal(rt, "the same change twice is that change", ours, first(three(rt, base, ours, ours)))
		swapped, others := three(rt, base, theirs, ours)
		if got, want := slices.Sorted(slices.Values(paths(others))), slices.Sorted(slices.Values(paths(open))); !slices.Equal(got, want) {
			rt.Fatalf("the other way round the conflicts are %v, not %v", got, want)
		}
		if len(open) == 0 {
			equal(rt, "it does not matter who is who", merged, swapped)
			again, _ := three(rt, base, merged, theirs)
			equal(rt, "merging again changes nothing", merged, again)
		}
		nothingLost(rt, "ours", change{base, ours, merged}, open)
		nothingLost(rt, "theirs", change{base, theirs, merged}, open)
		answered := map[string]merge.Answer{}
		for _, c := range open {
			answered[c.Path] = merge.Answer{Side: merge.Theirs}
		}
		raw, left, err := merge.Three(lists, encode(base), encode(ours), encode(theirs), answered)
		if err != nil || len(left) > 0 {
			rt.Fatalf("answered conflicts are left: %v, %v", left, err)
		}
		nothingLost(rt, "answers", change{base, theirs, decode(rt, raw)}, nil)
	})
}

type change struct{ base, side, merged any }

// nothingLost is the law of the module, told in another way than the merge works: by the flat list of places.
func nothingLost(rt *rapid.T, who string, c change, open []merge.Conflict) {
	base, side, merged := map[string]any{}, map[string]any{}, map[string]any{}
	flatten("", "", c.base, base)
	flatten("", "", c.side, side)
	flatten("", "", c.merged, merged)
	for _, at := range slices.Sorted(maps.Keys(both(base, side))) {
		if reflect.DeepEqual(base[at], side[at]) || reflect.DeepEqual(side[at], merged[at]) || covered(at, open) {
			continue
		}
		if strings.HasSuffix(at, "[]") && keptOrder(base[at], side[at], merged[at]) {
			continue
		}
		rt.Fatalf("%s: the change at %q is lost\nbase   %s\n%-6s %s\nmerged %s", who, at, encode(c.base), who, encode(c.side), encode(c.merged))
	}
}

// keptOrder tells whether the entries of a side that are left stand in that side's order, where it moved any.
func keptOrder(base, side, merged any) bool {
	b, s, m := ids(base), ids(side), ids(merged)
	left := inside(s, m)
	known := inside(inside(s, b), m)
	return slices.Equal(left, inside(m, s)) || slices.Equal(known, inside(inside(b, s), m))
}

func ids(v any) []string { list, _ := v.([]string); return list }

func inside(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(id string) bool { return !slices.Contains(b, id) })
}

func covered(at string, open []merge.Conflict) bool {
	return slices.ContainsFunc(open, func(c merge.Conflict) bool { return strings.HasPrefix(at, c.Path) || c.Path == "" })
}

// flatten lists the leaves of a content by place, and the order of the entries of each list.
func flatten(at, pattern string, value any, into map[string]any) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			flatten(strings.TrimPrefix(at+"."+name, "."), strings.TrimPrefix(pattern+"."+name, "."), member, into)
		}
	case []any:
		key, told := lists[pattern+"[]"]
		if !told {
			into[at] = v
			return
		}
		order := []string{}
		for _, entry := range v {
			id, text := entry.(string)
			if !text {
				id, _ = entry.(map[string]any)[key].(string)
			}
			order = append(order, id)
			flatten(at+"["+id+"]", pattern+"[]", entry, into)
		}
		into[at+"[]"] = order
	default:
		into[at] = v
	}
}

func both(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

var word = rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"})

func drawContent(rt *rapid.T, label string) any {
	return rapid.Custom(func(rt *rapid.T) any {
		return map[string]any{
			"title": map[string]any{"it": word.Draw(rt, "it"), "en": word.Draw(rt, "en")}, "days": float64(rapid.IntRange(0, 3).Draw(rt, "days")),
			"items": drawList(rt, func(key string) any { return drawEntry(rt, key) }), "laws": drawList(rt, func(key string) any { return key }),
			"steps": rapid.SliceOfN(rapid.Map(word, func(s string) any { return s }), 0, 3).Draw(rt, "steps"),
		}
	}).Draw(rt, label)
}

func drawList(rt *rapid.T, entry func(string) any) []any {
	list := []any{}
	for _, key := range rapid.SliceOfNDistinct(word, 0, 5, rapid.ID).Draw(rt, "keys") {
		list = append(list, entry(key))
	}
	return list
}

func drawEntry(rt *rapid.T, key string) any {
	return map[string]any{
		"key": key, "label": word.Draw(rt, "label"), "tags": drawList(rt, func(key string) any { return key }),
		"options": drawList(rt, func(value string) any { return map[string]any{"value": value, "label": word.Draw(rt, "label")} }),
	}
}

// edited is a content after some edits of random places: values, members that come and go, entries that come, go and move.
func edited(rt *rapid.T, label string, content any) any {
	return rapid.Custom(func(rt *rapid.T) any {
		copied := decode(rt, encode(content))
		for range rapid.IntRange(0, 4).Draw(rt, "edits") {
			copied = edit(rt, copied)
		}
		return copied
	}).Draw(rt, label)
}

func edit(rt *rapid.T, value any) any {
	switch v := value.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		name := rapid.SampledFrom(append(names, "note")).Draw(rt, "member")
		switch {
		case name == "note":
			v[name] = word.Draw(rt, "note")
		case name == "days" && rapid.Bool().Draw(rt, "taken away"):
			delete(v, name)
		case name != "key" && name != "value":
			v[name] = edit(rt, v[name])
		}
		return v
	case []any:
		return editList(rt, v)
	case float64:
		return float64(rapid.IntRange(0, 3).Draw(rt, "number"))
	default:
		return word.Draw(rt, "text")
	}
}

func editList(rt *rapid.T, list []any) any {
	switch what := rapid.IntRange(0, 3).Draw(rt, "what"); {
	case what == 0 && len(list) > 0: // an entry goes
		at := rapid.IntRange(0, len(list)-1).Draw(rt, "at")
		return slices.Delete(list, at, at+1)
	case what == 1: // entries move
		return append([]any{}, rapid.Permutation(list).Draw(rt, "order")...)
	case what == 2 && len(list) > 0: // an entry changes
		at := rapid.IntRange(0, len(list)-1).Draw(rt, "at")
		if _, object := list[at].(map[string]any); object {
			list[at] = edit(rt, list[at])
		}
		return list
	default: // an entry comes
		key := word.Draw(rt, "new")
		at := rapid.IntRange(0, len(list)).Draw(rt, "at")
		for _, entry := range list {
			if entry == any(key) || fieldOf(entry, "key") == key || fieldOf(entry, "value") == key {
				return list
			}
		}
		var entry any = key
		if len(list) > 0 {
			switch {
			case fieldOf(list[0], "key") != "":
				entry = drawEntry(rt, key)
			case fieldOf(list[0], "value") != "":
				entry = map[string]any{"value": key, "label": word.Draw(rt, "label")}
			}
		} else {
			return list
		}
		return slices.Insert(list, at, entry)
	}
}

func fieldOf(entry any, name string) string {
	object, _ := entry.(map[string]any)
	text, _ := object[name].(string)
	return text
}

func three(rt *rapid.T, base, ours, theirs any) (any, []merge.Conflict) {
	raw, open, err := merge.Three(lists, encode(base), encode(ours), encode(theirs), nil)
	if err != nil {
		rt.Fatal(err)
	}
	return decode(rt, raw), open
}

func first(v any, _ []merge.Conflict) any { return v }

func equal(rt *rapid.T, law string, want, got any) {
	if d := cmp.Diff(want, got); d != "" {
		rt.Fatalf("%s (-want +got):\n%s", law, d)
	}
}

func paths(open []merge.Conflict) (all []string) {
	for _, c := range open {
		all = append(all, c.Path)
	}
	return all
}

func encode(value any) []byte {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return raw
}

type failing interface{ Fatal(args ...any) }

func decode(t failing, raw []byte) (value any) {
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatal(err)
	}
	return value
}
