package practice

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"staffetta/internal/problem"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// readPersons is the permission of the registry without which nobody learns that a name is registered.
const readPersons = "person:read"

// namedPlace is a text in which names of persons may stand.
type namedPlace struct {
	Finding
	text string
}

// nameSearch collects what in a kit could be names of persons, with the places where each stands.
type nameSearch struct {
	places []namedPlace
	names  map[registry.NameKey][]int // to the places
}

// mayCompare tells whether the actor may learn that a name is one of a registered person.
func (v *Service) mayCompare(s tenants.Scope) bool {
	allowed, _ := v.deps.Policies.Permits(s, readPersons)
	return allowed
}

// compareNames looks for names of registered persons in the texts of a kit, writes down that it did, and gives one finding
// for each text. Its error is problem.Invalid where the texts have too many words that could be names.
func (v *Service) compareNames(ctx context.Context, s tenants.Scope, report Report, places []namedPlace) ([]Finding, error) {
	search := nameSearch{places: places, names: map[registry.NameKey][]int{}}
	for at := range places {
		search.collect(at)
		if len(search.names) > registry.MaxNames {
			var wrong problem.Fields
			wrong.Add("items", "practice.error.names_many")
			return nil, wrong.Err()
		}
	}
	known, err := v.persons.KnownNames(ctx, s, slices.SortedFunc(maps.Keys(search.names), compareKeys))
	if err != nil {
		return nil, err
	}
	found := search.findings(known)
	event := audit.Event{Action: "kit.names", Relation: string(policies.Body), Object: report.Kit.ID, Sections: []string{"identity"}, Payload: map[string]any{
		"practice": report.Practice.ID, "names": len(search.names), "places": len(found),
	}}
	return found, v.deps.Audit.Record(ctx, s, event)
}

func compareKeys(a, b registry.NameKey) int {
	return cmp.Or(strings.Compare(a.Surname, b.Surname), strings.Compare(a.Name, b.Name))
}

// collect notes every run of words in a text that could be a surname and a name, in both orders.
func (n *nameSearch) collect(at int) {
	text := n.places[at].text
	words := nameWord.FindAllStringIndex(text, -1)
	for first := range words {
		for last := first + 1; last < len(words) && last < first+maxNameWords; last++ {
			if strings.TrimSpace(text[words[last-1][1]:words[last][0]]) != "" {
				break // something other than a space stands between
			}
			for cut := first; cut < last; cut++ {
				one := registry.Key(text[words[first][0]:words[cut][1]])
				two := registry.Key(text[words[cut+1][0]:words[last][1]])
				for _, key := range []registry.NameKey{{Surname: one, Name: two}, {Surname: two, Name: one}} {
					if there := n.names[key]; len(there) == 0 || there[len(there)-1] != at {
						n.names[key] = append(there, at)
					}
				}
			}
		}
	}
}

// findings are those of the places where known names stand: one for each, whose id and match tell no name.
func (n *nameSearch) findings(known []registry.NameKey) []Finding {
	var found []Finding
	seen := map[int]bool{}
	for _, key := range known {
		for _, at := range n.names[key] {
			if !seen[at] {
				seen[at] = true
				found = append(found, n.places[at].named())
			}
		}
	}
	return found
}

// named is the finding of a place in which the name of a registered person stands. It says where and not who, since others
// than who compared the names read it; it is another one when the text changes.
func (p namedPlace) named() Finding {
	p.Rule = RuleName
	p.ID = digest([]byte(strings.Join([]string{p.Rule, p.Kind, p.Key, p.Path, p.text}, "\n")))[:16]
	return p.Finding
}

// keepNamed are those of the earlier findings of names whose texts are as they were: who may not compare the names does
// not make them go away by checking again.
func keepNamed(places []namedPlace, before []Finding) []Finding {
	var kept []Finding
	for _, place := range places {
		now := place.named()
		if slices.ContainsFunc(before, func(f Finding) bool { return f.ID == now.ID }) {
			kept = append(kept, now)
		}
	}
	return kept
}
