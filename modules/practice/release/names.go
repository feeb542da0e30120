package release

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/practice/personal"
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

// clue is what could be the name or the address of a registered person.
type clue struct {
	rule string
	registry.NameKey
	address string
}

// nameSearch collects what in a kit could be names and addresses of persons, with the places where each stands.
type nameSearch struct {
	kit    uuid.UUID
	places []namedPlace
	clues  map[clue][]int // to the places
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
		Payload: map[string]any{"practice": report.Practice.ID, "names": len(search.clues), "texts": len(places)},
	})
	if err != nil {
		return nil, err
	}
	if v.seesPersons(s) {
		known, err := v.knownClues(ctx, s, slices.SortedFunc(maps.Keys(search.clues), compareClues))
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
		if !f.ofRegistry() && f.Rule != RuleNames {
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

// searchNames collects the names and addresses in some texts; more than can be compared are problem.Invalid.
func searchNames(kit uuid.UUID, places []namedPlace) (*nameSearch, error) {
	search := &nameSearch{kit: kit, places: places, clues: map[clue][]int{}}
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

func compareClues(a, b clue) int {
	return cmp.Or(strings.Compare(a.rule, b.rule), strings.Compare(a.Surname, b.Surname), strings.Compare(a.Name, b.Name), strings.Compare(a.address, b.address))
}

// collect notes what a text has, names in both orders.
func (n *nameSearch) collect(at int) {
	note := func(c clue) {
		if there := n.clues[c]; len(there) == 0 || there[len(there)-1] != at {
			n.clues[c] = append(there, at)
		}
	}
	personal.Names(n.places[at].text, func(one, two string) {
		one, two = registry.Key(one), registry.Key(two)
		note(clue{rule: RuleName, NameKey: registry.NameKey{Surname: one, Name: two}})
		note(clue{rule: RuleName, NameKey: registry.NameKey{Surname: two, Name: one}})
	})
	for _, address := range personal.Addresses(n.places[at].text) {
		note(clue{rule: RuleAddress, address: address})
	}
}

// findings are those of what the registry knows: one for each place where it stands.
func (n *nameSearch) findings(known []clue) []Finding {
	var found []Finding
	for _, key := range known {
		for _, at := range n.clues[key] {
			found = append(found, n.finding(key, at))
		}
	}
	return found
}

// finding is that of a name in a place. It keeps where the name stands and not whose it is; its id is that of the name in the
// place, so that a justification holds for it whatever else is written there.
func (n *nameSearch) finding(key clue, at int) Finding {
	f := n.places[at].Finding
	f.Rule = key.rule
	parts := []string{f.Rule, n.kit.String(), f.Kind, f.Key, f.Path, key.Surname, key.Name}
	if key.rule == RuleAddress {
		parts = append(parts, registry.Key(key.address))
	}
	f.ID = Digest([]byte(strings.Join(parts, "\n")))[:16]
	return f
}

// standing are those of earlier findings whose names stand where they stood.
func (n *nameSearch) standing(before []Finding) []Finding {
	named := map[string]Finding{}
	for _, f := range before {
		if f.ofRegistry() {
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

// without are the names that stand in any place where they may not.
func (n *nameSearch) without(allowed []Finding) []clue {
	var names []clue
	for key, places := range n.clues {
		if len(allowed) == 0 || slices.ContainsFunc(places, func(at int) bool { return !has(allowed, n.finding(key, at).ID) }) {
			names = append(names, key)
		}
	}
	slices.SortFunc(names, compareClues)
	return names
}
