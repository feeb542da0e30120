package finding

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/practice/personal"
	"staffetta/modules/registry"
)

// Clue is what could be the name or the address of a registered person.
type Clue struct {
	Rule string
	registry.NameKey
	Address string
}

// Search collects what in a kit could be names and addresses of persons, with the places where each stands.
type Search struct {
	kit    uuid.UUID
	places []Text
	clues  map[Clue][]int // to the places
}

// NewSearch collects the names and addresses in some texts; more than can be compared are problem.Invalid.
func NewSearch(kit uuid.UUID, places []Text) (*Search, error) {
	search := &Search{kit: kit, places: places, clues: map[Clue][]int{}}
	for at := range places {
		search.collect(at)
		if len(search.clues) > registry.MaxNames {
			var wrong problem.Fields
			wrong.Add("items", "practice.error.names_many")
			return nil, wrong.Err()
		}
	}
	return search, nil
}

// Clues are all of them, in a fixed order.
func (n *Search) Clues() []Clue { return slices.SortedFunc(maps.Keys(n.clues), compareClues) }

// Findings are those of what the registry knows: one for each place where it stands.
func (n *Search) Findings(known []Clue) []Finding {
	var found []Finding
	for _, key := range known {
		for _, at := range n.clues[key] {
			found = append(found, n.finding(key, at))
		}
	}
	return found
}

// Standing are those of earlier findings whose names stand where they stood.
func (n *Search) Standing(before []Finding) []Finding {
	named := map[string]Finding{}
	for _, f := range before {
		if f.OfRegistry() {
			named[f.ID] = f
		}
	}
	var found []Finding
	if len(named) == 0 {
		return nil
	}
	for key, places := range n.clues {
		for _, at := range places {
			if f, ok := named[n.finding(key, at).ID]; ok {
				found = append(found, f)
			}
		}
	}
	return found
}

// Without are the names that stand in any place where they may not.
func (n *Search) Without(allowed []Finding) []Clue {
	var names []Clue
	for key, places := range n.clues {
		if len(allowed) == 0 || slices.ContainsFunc(places, func(at int) bool { return !Has(allowed, n.finding(key, at).ID) }) {
			names = append(names, key)
		}
	}
	slices.SortFunc(names, compareClues)
	return names
}

// finding is that of a name in a place. It keeps where the name stands and not whose it is; its id is that of the name in the place.
func (n *Search) finding(key Clue, at int) Finding {
	f := n.places[at].Finding
	f.Rule = key.Rule
	parts := []string{f.Rule, n.kit.String(), f.Kind, f.Key, f.Path, key.Surname, key.Name}
	if key.Rule == personal.Address {
		parts = append(parts, registry.Key(key.Address))
	}
	f.ID = id(parts...)
	return f
}

// collect notes what a text has, names in both orders.
func (n *Search) collect(at int) {
	note := func(c Clue) {
		if there := n.clues[c]; len(there) == 0 || there[len(there)-1] != at {
			n.clues[c] = append(there, at)
		}
	}
	personal.Names(n.places[at].Text, func(one, two string) {
		one, two = registry.Key(one), registry.Key(two)
		note(Clue{Rule: personal.Name, NameKey: registry.NameKey{Surname: one, Name: two}})
		note(Clue{Rule: personal.Name, NameKey: registry.NameKey{Surname: two, Name: one}})
	})
	for _, address := range personal.Addresses(n.places[at].Text) {
		note(Clue{Rule: personal.Address, Address: address})
	}
}

func compareClues(a, b Clue) int {
	return cmp.Or(strings.Compare(a.Rule, b.Rule), strings.Compare(a.Surname, b.Surname), strings.Compare(a.Name, b.Name), strings.Compare(a.Address, b.Address))
}
