package merge

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Lists says how the entries of lists are told apart, by the place of the list: "sections[].items[]" → the member "key",
// or Itself for lists of plain values. A list that is not here is one value: it merges whole or is a conflict.
type Lists map[string]string

// Itself tells the entries of a list apart by their whole value.
const Itself = "."

// place is where a value stands: path names entries by their id, pattern does not.
type place struct{ path, pattern string }

func (p place) member(name string) place {
	if strings.ContainsAny(name, `.[]"`) || name == "" {
		name = strconv.Quote(name)
	}
	return place{strings.TrimPrefix(p.path+"."+name, "."), strings.TrimPrefix(p.pattern+"."+name, ".")}
}

func (p place) entry(id string) place { return place{p.path + "[" + id + "]", p.pattern + "[]"} }

// entries are those of a list by id, and the ids in their order.
type entries struct {
	ids  []string
	byID map[string]any
}

// entriesOf tells the entries of a list apart; told is false where two have one id, or one has none.
func entriesOf(list []any, key string) (e entries, told bool) {
	e.byID = map[string]any{}
	for _, entry := range list {
		id := idOf(entry, key)
		if _, twice := e.byID[id]; twice || id == "" {
			return entries{}, false
		}
		e.ids, e.byID[id] = append(e.ids, id), entry
	}
	return e, true
}

// idOf is the id of an entry: text as it is where it can be read as a part of a place, anything else as JSON.
func idOf(entry any, key string) string {
	if key != Itself {
		object, ok := entry.(map[string]any)
		if entry = object[key]; !ok || entry == nil {
			return ""
		}
	}
	if text, ok := entry.(string); ok && text != "" && !strings.ContainsAny(text, `[]"`) {
		return text
	}
	raw, err := json.Marshal(entry)
	if err != nil {
		panic(fmt.Sprintf("write a value that was read: %v", err))
	}
	return string(raw)
}
