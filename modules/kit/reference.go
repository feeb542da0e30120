package kit

import (
	"encoding/json"
	"slices"

	"staffetta/modules"
	"staffetta/modules/kit/shape"
)

// Ref is a place in a content that names another item.
type Ref struct {
	Path string // readable place
	Kind string // kind that the other item must have; empty when any will do
	Key  string
}

// References lists the items that a content names, in the order of the places that its kind declares. A content that is
// not valid JSON, or of a kind that no module owns, names nothing.
func References(kinds *modules.Kinds, kind string, content []byte) []Ref {
	declared, _, _ := kinds.Get(kind)
	return referencesAt(declared.References, content)
}

func referencesAt(places []modules.Reference, content []byte) []Ref {
	var value any
	if err := json.Unmarshal(content, &value); err != nil {
		return nil
	}
	var refs []Ref
	for _, place := range places {
		shape.Texts(value, place.Path, func(path, key string) {
			refs = append(refs, Ref{Path: path, Kind: place.Kind, Key: key})
		})
	}
	return refs
}

// Loose is a reference that no item answers.
type Loose struct {
	Kind, Key string // of the item that refers
	Ref       Ref
}

// Unanswered lists the references of items that lead to none of them.
func Unanswered(kinds *modules.Kinds, items []Source) []Loose {
	held := map[string]bool{}
	for _, item := range items {
		held[Place(item.Kind, item.Key)], held[Place("", item.Key)] = true, true
	}
	var out []Loose
	for _, item := range items {
		for _, ref := range References(kinds, item.Kind, item.Content) {
			if !held[Place(ref.Kind, ref.Key)] {
				out = append(out, Loose{Kind: item.Kind, Key: item.Key, Ref: ref})
			}
		}
	}
	return out
}

// Ring returns the places of items of which each takes the next one into itself and the last one the first; nil where
// there are none.
func Ring(kinds *modules.Kinds, items []Source) []string {
	byKey := map[string][]string{}
	for _, item := range items {
		place := Place(item.Kind, item.Key)
		byKey[place], byKey[Place("", item.Key)] = append(byKey[place], place), append(byKey[Place("", item.Key)], place)
	}
	inside := map[string][]string{}
	for _, item := range items {
		place := Place(item.Kind, item.Key)
		for _, ref := range referencesAt(takenIn(kinds, item.Kind), item.Content) {
			inside[place] = append(inside[place], byKey[Place(ref.Kind, ref.Key)]...)
		}
	}
	return shape.Ring(inside)
}

// takenIn are the places by which items of a kind take others into themselves.
func takenIn(kinds *modules.Kinds, kind string) []modules.Reference {
	declared, _, _ := kinds.Get(kind)
	return slices.DeleteFunc(slices.Clone(declared.References), func(r modules.Reference) bool { return !r.Inside })
}
