// Package practicetest gives the tests of practices small items of every live kind, and changes them at random as their
// kinds allow. Only tests import it.
package practicetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"staffetta/internal/merge"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/cid"
)

// role stands for the roles, of which the kit of the CID has none.
const role = `{"description": {"it": "Chi segue le persone"}, "permissions": {"registry": ["person:read"], "casefile": ["case:read"]},
	"assigned": {"may": ["open"], "reads": ["identity", "intake"], "writes": ["intake"]}, "duties": [{"it": "Ascoltare"}, {"it": "Orientare"}]}`

// Items are items of each live kind that a program declares, cut down to a few entries and the texts that they need, without
// references to others: two of a kind at most. Settings are as they are by default. It fails for a kind of which there is none.
func Items(kinds *modules.Kinds) (map[string][]kit.Source, error) {
	examples, err := cid.Items()
	if err != nil {
		return nil, err
	}
	examples = append(examples, kit.Source{Kind: kit.KindRole, Title: kit.Text{IT: "Chi segue le persone"}, Owner: "Comune", Licence: "CC-BY-4.0", Content: []byte(role)})
	slices.SortStableFunc(examples, func(a, b kit.Source) int { return len(a.Content) - len(b.Content) })
	items := map[string][]kit.Source{}
	for _, id := range kinds.IDs() {
		kind, _, _ := kinds.Get(id)
		if kind.Defaults != nil {
			items[id] = []kit.Source{{Kind: id, Key: kit.SettingsKey, Title: kit.Text{IT: kind.Label.It}, Owner: "Comune", Licence: "CC-BY-4.0", Content: kind.Defaults}}
			continue
		}
		for _, example := range examples {
			if !kind.Live || example.Kind != id || len(items[id]) == 2 {
				continue
			}
			if example.Content, err = reduced(kinds, kind, example.Content); err != nil {
				return nil, fmt.Errorf("cut %s down: %w", kit.Place(id, example.Key), err)
			}
			items[id] = append(items[id], example)
		}
		if kind.Live && len(items[id]) == 0 {
			return nil, fmt.Errorf("there is no item of kind %s", id)
		}
	}
	return items, nil
}

// reducer takes out of a content what its kind does not need.
type reducer struct {
	kinds *modules.Kinds
	kind  modules.Kind
	root  any
	refs  int
}

func reduced(kinds *modules.Kinds, kind modules.Kind, content []byte) ([]byte, error) {
	r := &reducer{kinds: kinds, kind: kind}
	if err := json.Unmarshal(content, &r.root); err != nil {
		return nil, err
	}
	r.refs, _ = r.look()
	r.walk(r.root, func(any) {})
	raw, err := json.Marshal(r.root)
	if err != nil {
		return nil, err
	}
	if refs, valid := r.look(); refs > 0 || !valid {
		return nil, fmt.Errorf("it still names %d others, or is not valid: %t", refs, valid)
	}
	return kit.Canonical(raw)
}

// look counts the references of the content, and tells whether its kind accepts it.
func (r *reducer) look() (refs int, valid bool) {
	raw, err := json.Marshal(r.root)
	if err != nil {
		return 0, false
	}
	return len(kit.References(r.kinds, r.kind.ID, raw)), r.kind.Validate(raw) == nil
}

func (r *reducer) walk(value any, put func(any)) {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			r.walk(v[name], func(member any) { v[name] = member })
			member := v[name]
			_, text := member.(string)
			delete(v, name)
			if refs, valid := r.look(); valid && (refs < r.refs || text) {
				r.refs = refs
				continue
			}
			v[name] = member
		}
	case []any:
		for at := len(v) - 1; at > 1; at-- {
			shorter := slices.Delete(slices.Clone(v), at, at+1)
			put(shorter)
			if refs, valid := r.look(); valid {
				v, r.refs = shorter, refs
			}
			put(v)
		}
		for at := range v {
			r.walk(v[at], func(entry any) { v[at] = entry })
		}
	}
}

// Edited is an item after a random change that its kind accepts: of a text, a number or an answer, of a member that goes, or
// of an entry that comes, goes or moves. It reports false where none was found.
func Edited(rt *rapid.T, kind modules.Kind, item kit.Source) (kit.Source, bool) {
	if rapid.IntRange(0, 5).Draw(rt, "title") == 0 {
		item.Title.IT = "Titolo " + item.Key + " " + word.Draw(rt, "words")
		return item, true
	}
	for range 4 {
		var content any
		if json.Unmarshal(item.Content, &content) != nil {
			return item, false
		}
		canonical, err := written(edit(rt, kind.Lists, "", content))
		if err == nil && string(canonical) != string(item.Content) && kind.Validate(canonical) == nil {
			item.Content = canonical
			return item, true
		}
	}
	return item, false
}

// written is a content in canonical form. What stands in it as it is meant needs no second writing: see kit.Canonical.
func written(content any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(content); err != nil {
		return nil, err
	}
	return kit.Canonical(bytes.TrimSuffix(out.Bytes(), []byte("\n")))
}

var word = rapid.SampledFrom([]string{"uno", "due", "tre"})

func edit(rt *rapid.T, lists merge.Lists, at string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 {
			return v
		}
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(v))).Draw(rt, "member")
		if rapid.IntRange(0, 9).Draw(rt, "taken away") == 0 {
			delete(v, name)
			return v
		}
		v[name] = edit(rt, lists, strings.TrimPrefix(at+"."+name, "."), v[name])
		return v
	case []any:
		return editList(rt, lists, at+"[]", v)
	case string:
		return word.Draw(rt, "text")
	case float64:
		return v + float64(rapid.IntRange(-1, 1).Draw(rt, "number"))
	case bool:
		return !v
	}
	return value
}

func editList(rt *rapid.T, lists merge.Lists, at string, list []any) any {
	if len(list) == 0 {
		return list
	}
	n := rapid.IntRange(0, len(list)-1).Draw(rt, "entry")
	switch rapid.IntRange(0, 5).Draw(rt, "what") {
	case 0:
		return slices.Delete(list, n, n+1)
	case 1:
		to := rapid.IntRange(0, len(list)-1).Draw(rt, "to")
		list[n], list[to] = list[to], list[n]
		return list
	case 2:
		return slices.Insert(list, n, another(rt, lists[at], list[n]))
	}
	list[n] = edit(rt, lists, at, list[n])
	return list
}

// another is an entry like one that is there, with a key of its own.
func another(rt *rapid.T, key string, entry any) any {
	object, ok := entry.(map[string]any)
	if !ok || key == "" {
		return word.Draw(rt, "new")
	}
	object = maps.Clone(object)
	if key != merge.Itself {
		object[key] = word.Draw(rt, "new key")
	}
	return object
}
