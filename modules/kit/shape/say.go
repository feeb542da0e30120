package shape

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Step is a part of the way to a place of contents: a member of an object, or an entry of a list.
type Step struct {
	Name   string // of the member, or what tells the entry apart
	Node   *Node  // nil where the schema has no such member
	Entry  bool
	Number int   // of an entry, from 1; 0 where no content has it
	Values []any // what the contents have there; those that have nothing are left out
}

// Find is the way to a place, from the whole to the part: "fields[phone].label" is fields, the entry phone, and label. Contents
// are decoded. An entry is found by its key or value, by itself where it is plain, or by its number; first is that of the
// first one.
func Find(root *Node, contents []any, path string, first int) []Step {
	var steps []Step
	here := Step{Node: root, Values: contents}
	for _, part := range partsOf(path) {
		if part.entry {
			here = here.enter(part.name, first)
		} else {
			here = here.member(part.name)
		}
		steps = append(steps, here)
	}
	return steps
}

func (s Step) member(name string) Step {
	next := Step{Name: name}
	if s.Node != nil {
		next.Node = s.Node.Member(name)
	}
	for _, value := range s.Values {
		object, _ := value.(map[string]any)
		if inner, there := object[name]; there {
			next.Values = append(next.Values, inner)
		}
	}
	return next
}

func (s Step) enter(id string, first int) Step {
	next := Step{Name: id, Entry: true}
	if s.Node != nil {
		next.Node = s.Node.Entry
	}
	for _, value := range s.Values {
		list, _ := value.([]any)
		at := slices.IndexFunc(list, func(one any) bool { return idOf(one) == id })
		if number, err := strconv.Atoi(id); at < 0 && err == nil && number >= first && number-first < len(list) {
			at = number - first
		}
		if at >= 0 {
			next.Values = append(next.Values, list[at])
			next.Number = at + 1
		}
	}
	return next
}

// idOf is what tells an entry of a list apart: its key or value, or itself.
func idOf(entry any) string {
	switch v := entry.(type) {
	case map[string]any:
		for _, name := range listKeys {
			if text, ok := v[name].(string); ok && text != "" {
				return text
			}
		}
	case string:
		return v
	case json.Number, float64:
		return fmt.Sprint(v)
	}
	return ""
}

// part is a member of an object, or an entry of a list by its id.
type part struct {
	name  string
	entry bool
}

// partsOf takes a path apart: "fields[phone].label" is fields, the entry phone and label.
func partsOf(path string) (parts []part) {
	for path != "" {
		name, rest := path, ""
		entry := path[0] == '['
		if entry {
			name, rest = idIn(path[1:])
		} else if at := strings.IndexAny(path, ".["); at >= 0 {
			name, rest = path[:at], path[at:]
		}
		path = strings.TrimPrefix(rest, ".")
		if name = strings.Trim(name, `"`); name != "" {
			parts = append(parts, part{name, entry})
		}
	}
	return parts
}

// idIn is the id with which a text begins, before its bracket, and what follows. One with brackets in it stands in quotes.
func idIn(text string) (id, rest string) {
	if quoted, err := strconv.QuotedPrefix(text); err == nil && strings.HasPrefix(text[len(quoted):], "]") {
		if id, err = strconv.Unquote(quoted); err == nil {
			return id, text[len(quoted)+1:]
		}
	}
	id, rest, _ = strings.Cut(text, "]")
	return id, rest
}

// Title is what an object is called in a language, "" for none.
func Title(object map[string]any, lang string) string {
	for _, name := range titles {
		switch v := object[name].(type) {
		case map[string]any:
			for _, one := range []string{lang, "it"} {
				if text, _ := v[one].(string); text != "" {
					return text
				}
			}
		case string:
			return v
		}
	}
	return ""
}

// titles are the parts by which an object is called; the first one present does.
var titles = append(slices.Clone(Titles), "name")

// Keyed gathers the entries of all lists of contents that have a key and a title, by their keys: what is asked, told or counted
// before what only holds such entries, as a section its questions.
func Keyed(contents []any) map[string][]map[string]any {
	found := map[string][]map[string]any{}
	for _, content := range contents {
		gather(content, found)
	}
	for _, entries := range found {
		slices.SortStableFunc(entries, func(a, b map[string]any) int { return holds(a) - holds(b) })
	}
	return found
}

// holds is 1 for what holds other entries, else 0.
func holds(entry map[string]any) int {
	if _, held := entry["items"].([]any); held {
		return 1
	}
	return 0
}

func gather(value any, found map[string][]map[string]any) {
	switch v := value.(type) {
	case []any:
		for _, entry := range v {
			object, _ := entry.(map[string]any)
			if key, _ := object["key"].(string); key != "" && Title(object, "it") != "" {
				found[key] = append(found[key], object)
			}
			gather(entry, found)
		}
	case map[string]any:
		for _, name := range readingFirst(v) {
			gather(v[name], found)
		}
	}
}

// readingFirst are the members of an object, those that others refer to before the examples that do.
func readingFirst(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if late := rank(a) - rank(b); late != 0 {
			return late
		}
		return strings.Compare(a, b)
	})
	return names
}

func rank(name string) int {
	if name == "tests" || name == "changes" {
		return 1
	}
	return 0
}
