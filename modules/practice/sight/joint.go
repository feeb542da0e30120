package sight

import (
	"maps"

	"staffetta/modules"
	"staffetta/modules/kit"
)

// Used are the contents that a body uses, by kind and key, of kinds whose items count together.
type Used map[string]map[string][]byte

// Joint are changes of items that count together: what they show is compared once, by all of them.
type Joint struct {
	used  Used
	kinds []*jointKind
}

type jointKind struct {
	kind          modules.Kind
	place         string // of the first item that changes
	before, after map[string][]byte
}

// NewJoint begins from what a body uses.
func NewJoint(used Used) *Joint { return &Joint{used: used} }

// Add takes a change of an item, and tells whether items of its kind count together.
func (j *Joint) Add(kind modules.Kind, c Contents) bool {
	if kind.ShowsTogether == nil {
		return false
	}
	of := j.of(kind, c)
	put(of.before, c.Key, c.Before)
	put(of.after, c.Key, c.After)
	return true
}

func (j *Joint) of(kind modules.Kind, c Contents) *jointKind {
	for _, one := range j.kinds {
		if one.kind.ID == c.Kind {
			return one
		}
	}
	one := &jointKind{kind: kind, place: kit.Place(c.Kind, c.Key), before: map[string][]byte{}, after: map[string][]byte{}}
	maps.Copy(one.before, j.used[c.Kind])
	maps.Copy(one.after, j.used[c.Kind])
	j.kinds = append(j.kinds, one)
	return one
}

func put(contents map[string][]byte, key string, content []byte) {
	delete(contents, key)
	if content != nil {
		contents[key] = content
	}
}

// Sights are who gains and who loses by all changes of a kind together, where somebody does.
func (j *Joint) Sights() (sights []Sight, err error) {
	for _, one := range j.kinds {
		changes, err := one.kind.CompareUse(one.before, one.after)
		if err != nil {
			return nil, err
		}
		if len(changes) > 0 {
			sights = append(sights, Sight{Place: one.place, Joint: true, Changes: changes})
		}
	}
	return sights, nil
}
