package modules

import (
	"fmt"
	"sort"
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

// Get returns a kind and the module that owns it.
func (k *Kinds) Get(id string) (Kind, ID, bool) {
	kind, ok := k.byID[id]
	return kind, k.of[id], ok
}

// IDs lists the kinds in order.
func (k *Kinds) IDs() []string {
	ids := make([]string, 0, len(k.byID))
	for id := range k.byID {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}
