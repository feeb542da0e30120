package kit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"staffetta/internal/merge"
	"staffetta/modules"
	"staffetta/modules/kit/shape"
)

// Differences lists in which places an item is not as it was (see package merge).
func Differences(lists merge.Lists, was, is Source) ([]merge.Change, error) {
	_, changes, err := Take(lists, was, is, func(string) bool { return true })
	return changes, err
}

// Take brings into an item as it was only those changes whose place takes accepts, and returns all changes.
func Take(lists merge.Lists, was, is Source, takes func(path string) bool) (Source, []merge.Change, error) {
	before, err := was.Document()
	if err != nil {
		return Source{}, nil, err
	}
	after, err := is.Document()
	if err != nil {
		return Source{}, nil, err
	}
	raw, changes, err := merge.Take(inContent(lists), before, after, takes)
	if err != nil {
		return Source{}, nil, fmt.Errorf("compare item %s: %w", Place(is.Kind, is.Key), err)
	}
	var taken document
	if err := json.Unmarshal(raw, &taken); err != nil {
		return Source{}, nil, fmt.Errorf("read item %s: %w", Place(is.Kind, is.Key), err)
	}
	content, err := Canonical(taken.Content)
	return Source{Kind: is.Kind, Key: is.Key, Title: taken.Title, Owner: taken.Owner, Licence: taken.Licence, Content: content}, changes, err
}

// Teller says places and values of items of one kind in words, in the language of a context.
type Teller struct{ reader }

// NewTeller makes a teller for items of a kind.
func NewTeller(ctx context.Context, kinds *modules.Kinds, kind string) Teller {
	declared, _, _ := kinds.Get(kind)
	r := newReader(ctx)
	r.words = shape.Words(declared.Schema, commonFile)
	return Teller{r}
}

// Place is the place of a change or conflict, from the whole to the part: "Domande, «telefono», Nome".
func (r Teller) Place(path string) string { return shape.Say(path, r.part, r.say("kit.part.order")) }

// part names a member as people know it; one that has no name for them stays as it is.
func (r reader) part(name string) string {
	if label := r.label(name); !strings.Contains(label, "kit.part.") {
		return label
	}
	return name
}

// Whole tells a content that was not there before as changes, member by member in the order in which it is read.
func (r Teller) Whole(content json.RawMessage) (changes []merge.Change) {
	var value map[string]any
	var raw map[string]json.RawMessage
	if json.Unmarshal(content, &value) != nil || json.Unmarshal(content, &raw) != nil {
		return nil
	}
	for _, name := range r.memberNames(value) {
		changes = append(changes, merge.Change{Path: name, Is: raw[name]})
	}
	return changes
}

// Value is a value of a content; "" for none.
func (r Teller) Value(raw json.RawMessage) string {
	var value any
	if raw == nil || json.Unmarshal(raw, &value) != nil {
		return ""
	}
	return r.value("", value)
}

func (r reader) value(name string, value any) string {
	switch v := value.(type) {
	case map[string]any:
		if wording, ok := asText(v); ok {
			return wording.In(r.lang)
		}
		var lines []string
		for _, member := range r.memberNames(v) {
			lines = append(lines, r.part(member)+": "+r.value(member, v[member]))
		}
		return strings.Join(lines, "; ")
	case []any:
		var entries []string
		for _, entry := range v {
			entries = append(entries, r.value(name, entry))
		}
		return strings.Join(entries, ", ")
	case string:
		if wording := r.plain(name, v); !strings.Contains(wording, "kit.value.") {
			return wording
		}
		return v
	}
	return r.plain(name, value)
}
