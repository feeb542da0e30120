package merge

import (
	"encoding/json"
	"strconv"
)

// Part is a place within a conflict in which not all sides are alike, with what is proposed there. A nil value is absent.
type Part struct {
	Path                         string
	Base, Ours, Theirs, Proposed json.RawMessage
}

// Parts takes a conflict apart for a person to read: lists without more or fewer entries by the places of these, counted from
// one, and objects by their members. What all sides have alike is left out. An order is one part.
func Parts(c Conflict) []Part {
	whole := Part{c.Path, c.Base, c.Ours, c.Theirs, Propose(c)}
	if c.Order {
		return []Part{whole}
	}
	var sides [4]optional
	for i, raw := range []json.RawMessage{whole.Base, whole.Ours, whole.Theirs, whole.Proposed} {
		side, err := read(raw)
		if err != nil {
			return []Part{whole}
		}
		sides[i] = side
	}
	return partsOf(c.Path, sides)
}

func partsOf(path string, sides [4]optional) (parts []Part) {
	base, ours, theirs := sides[0], sides[1], sides[2]
	if same(base, ours) && same(base, theirs) {
		return nil
	}
	if objects, all := allOf[map[string]any](sides); all {
		for _, name := range names(objects[:3]...) {
			var inner [4]optional
			for i, object := range objects {
				inner[i] = member(object, name)
			}
			parts = append(parts, partsOf(place{path: path}.member(name).path, inner)...)
		}
		return parts
	}
	if lists, all := allOf[[]any](sides); all && len(lists[0]) == len(lists[1]) && len(lists[0]) == len(lists[2]) {
		for at := range lists[0] {
			var inner [4]optional
			for i, list := range lists {
				if at < len(list) {
					inner[i] = optional{list[at], true}
				}
			}
			parts = append(parts, partsOf(path+"["+strconv.Itoa(at+1)+"]", inner)...)
		}
		return parts
	}
	return []Part{{path, base.raw(), ours.raw(), theirs.raw(), sides[3].raw()}}
}

// allOf tells whether base, ours and theirs are all of one type; a proposal may be missing.
func allOf[T any](sides [4]optional) (values [4]T, all bool) {
	for i, side := range sides {
		value, is := side.value.(T)
		if !is && i < 3 {
			return values, false
		}
		values[i] = value
	}
	return values, true
}
