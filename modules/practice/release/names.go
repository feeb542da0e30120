package release

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// readPersons is the permission of the registry without which nobody learns which name is registered.
const readPersons = "person:read"

// namedPlace is a text in which names of persons may stand.
type namedPlace struct {
	Finding
	text string
}

// nameSearch collects what in a kit could be names of persons, with the places where each stands.
type nameSearch struct {
	kit    uuid.UUID
	places []namedPlace
	names  map[registry.NameKey][]int // to the places
}

// seesPersons tells whether the actor may learn which name is one of a registered person.
func (v *Service) seesPersons(s tenants.Scope) bool {
	allowed, _ := v.deps.Policies.Permits(s, readPersons)
	return allowed
}

// findNames compares the names in the texts of a kit with the registry and writes down that it did. Who may see persons gets
// a finding for each name and place; for anybody else one stands for all that nobody has justified. Its error is
// problem.Invalid where the texts have too many words that could be names, problem.TooMany for who has asked too often.
func (v *Service) findNames(ctx context.Context, s tenants.Scope, report Report, places []namedPlace) ([]Finding, error) {
	search, err := searchNames(report.Kit.ID, places)
	if err != nil {
		return nil, err
	}
	before := search.standing(report.Kit.Findings)
	found := justified(before)
	some, err := v.someRegistered(ctx, s, search.without(found), audit.Event{
		Action: "kit.names", Relation: string(policies.Body), Object: report.Kit.ID, Sections: []string{"identity"},
		Payload: map[string]any{"practice": report.Practice.ID, "names": len(search.names), "texts": len(places)},
	})
	if err != nil {
		return nil, err
	}
	if v.seesPersons(s) {
		known, err := v.persons.KnownNames(ctx, s, slices.SortedFunc(maps.Keys(search.names), compareKeys))
		if err != nil {
			return nil, err
		}
		before = search.findings(known)
	}
	if !some {
		return found, nil
	}
	was := len(found)
	for _, f := range before {
		if !has(found, f.ID) {
			found = append(found, f)
		}
	}
	if len(found) == was { // nobody has seen where
		found = append(found, somewhere())
	}
	return found, nil
}

// somewhere is the finding of a name without its place.
func somewhere() Finding { return Finding{ID: RuleNames, Rule: RuleNames} }

// shown is a report as the actor may know it.
func (v *Service) shown(s tenants.Scope, r Report) Report {
	r.Kit.Findings = v.shownFindings(s, r.Kit.Findings)
	return r
}

// shownFindings keeps from who may not see persons where names stand, and where names stand that may.
func (v *Service) shownFindings(s tenants.Scope, findings []Finding) []Finding {
	if v.seesPersons(s) {
		return findings
	}
	var shown []Finding
	open := false
	for _, f := range findings {
		if f.Rule != RuleName && f.Rule != RuleNames {
			shown = append(shown, f)
		} else if f.Justified == nil {
			open = true
		}
	}
	if open {
		shown = append([]Finding{somewhere()}, shown...)
	}
	return shown
}

func has(findings []Finding, id string) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.ID == id })
}

func justified(findings []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return f.Justified == nil })
}

// searchNames collects the names in some texts; more than can be compared are problem.Invalid.
func searchNames(kit uuid.UUID, places []namedPlace) (*nameSearch, error) {
	search := &nameSearch{kit: kit, places: places, names: map[registry.NameKey][]int{}}
	for at := range places {
		search.collect(at)
		if len(search.names) > registry.MaxNames {
			var wrong problem.Fields
			wrong.Add("items", "practice.error.names_many")
			return nil, wrong.Err()
		}
	}
	return search, nil
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

// findings are those of known names: one for each place where a name stands.
func (n *nameSearch) findings(known []registry.NameKey) []Finding {
	var found []Finding
	for _, key := range known {
		for _, at := range n.names[key] {
			found = append(found, n.finding(key, at))
		}
	}
	return found
}

// finding is that of a name in a place. It keeps where the name stands and not whose it is; its id is that of the name in the
// place, so that a justification holds for it whatever else is written there.
func (n *nameSearch) finding(key registry.NameKey, at int) Finding {
	f := n.places[at].Finding
	f.Rule = RuleName
	f.ID = Digest([]byte(strings.Join([]string{f.Rule, n.kit.String(), f.Kind, f.Key, f.Path, key.Surname, key.Name}, "\n")))[:16]
	return f
}

// standing are those of earlier findings whose names stand where they stood.
func (n *nameSearch) standing(before []Finding) []Finding {
	named := map[string]Finding{}
	for _, f := range before {
		if f.Rule == RuleName {
			named[f.ID] = f
		}
	}
	var found []Finding
	if len(named) == 0 {
		return nil
	}
	for key, places := range n.names {
		for _, at := range places {
			if f, ok := named[n.finding(key, at).ID]; ok {
				found = append(found, f)
			}
		}
	}
	return found
}

// without are the names that stand in any place where they may not.
func (n *nameSearch) without(allowed []Finding) []registry.NameKey {
	var names []registry.NameKey
	for key, places := range n.names {
		if len(allowed) == 0 || slices.ContainsFunc(places, func(at int) bool { return !has(allowed, n.finding(key, at).ID) }) {
			names = append(names, key)
		}
	}
	slices.SortFunc(names, compareKeys)
	return names
}
