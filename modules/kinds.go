package modules

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"staffetta/internal/language"
)

// Kinds is every kind that the modules of the program declare.
type Kinds struct {
	byID map[string]Kind
	of   map[string]ID
}

// NewKinds gathers the kinds of modules; two modules cannot own one kind.
func NewKinds(list []Module) (*Kinds, error) {
	k := &Kinds{byID: map[string]Kind{}, of: map[string]ID{}}
	for _, m := range list {
		for _, kind := range m.Kinds {
			if owner, taken := k.of[kind.ID]; taken {
				return nil, fmt.Errorf("kind %s is declared by %s and by %s", kind.ID, owner, m.ID)
			}
			k.byID[kind.ID], k.of[kind.ID] = kind, m.ID
		}
	}
	return k, nil
}

// All lists the kinds in the order in which people read a kit.
func (k *Kinds) All() []Kind {
	if k == nil {
		return nil
	}
	return slices.SortedFunc(maps.Values(k.byID), func(a, b Kind) int { return k.Compare(a.ID, b.ID) })
}

// Drawn are the ids of the kinds that are read with a drawing.
func (k *Kinds) Drawn() (ids []string) {
	for _, kind := range k.All() {
		if kind.Drawn {
			ids = append(ids, kind.ID)
		}
	}
	return ids
}

// Compare orders kinds as people read a kit; unknown ones come last.
func (k *Kinds) Compare(a, b string) int {
	return cmp.Or(cmp.Compare(k.place(a), k.place(b)), strings.Compare(a, b))
}

func (k *Kinds) place(id string) int {
	kind, _, known := k.Get(id)
	switch {
	case !known:
		return math.MaxInt
	case kind.Order == 0:
		return math.MaxInt - 1
	}
	return kind.Order
}

// Follow lets the kinds of items that were written do what follows from it. Items are by kind.
func (k *Kinds) Follow(ctx context.Context, deps Deps, change Following, items map[string][]Followed) error {
	for _, id := range slices.Sorted(maps.Keys(items)) {
		kind, _, _ := k.Get(id)
		if kind.Follow == nil {
			continue
		}
		change.Items = items[id]
		if err := kind.Follow(ctx, deps, change); err != nil {
			return fmt.Errorf("follow items of kind %s: %w", id, err)
		}
	}
	return nil
}

// Label is the name of a kind for people, or its id if no module owns it.
func (k *Kinds) Label(id string) language.Text {
	if kind, _, known := k.Get(id); known {
		return kind.Label
	}
	return language.Text{It: id, En: id}
}

// Get returns a kind and the module that owns it.
func (k *Kinds) Get(id string) (Kind, ID, bool) {
	if k == nil {
		return Kind{}, "", false
	}
	kind, ok := k.byID[id]
	return kind, k.of[id], ok
}

// IDs lists the kinds in the order of the alphabet.
func (k *Kinds) IDs() []string {
	if k == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(k.byID))
}
