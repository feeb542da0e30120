package shape

import "strings"

// Say is the place of a content in words, from the whole to the part: members by what name calls them, entries of lists by
// their ids; the order of a list, which a place ends with [] for, is called order.
func Say(path string, name func(member string) string, order string) string {
	path, isOrder := strings.CutSuffix(path, "[]")
	var words []string
	for _, part := range partsOf(strings.TrimPrefix(path, "content.")) {
		if part.entry {
			words = append(words, "«"+part.name+"»")
		} else {
			words = append(words, name(part.name))
		}
	}
	if isOrder {
		words = append(words, order)
	}
	return strings.Join(words, ", ")
}

// part is a member of an object, or an entry of a list by its id.
type part struct {
	name  string
	entry bool
}

// partsOf takes a path apart: "fields[phone].label" is fields, the entry phone and label.
func partsOf(path string) (parts []part) {
	add := func(name string, entry bool) {
		if name = strings.Trim(name, `"`); name != "" {
			parts = append(parts, part{name, entry})
		}
	}
	for path != "" {
		at := strings.IndexAny(path, ".[")
		if at < 0 {
			add(path, false)
			break
		}
		add(path[:at], false)
		rest := path[at+1:]
		if path[at] == '[' {
			id, after, _ := strings.Cut(rest, "]")
			add(id, true)
			rest = after
		}
		path = rest
	}
	return parts
}
