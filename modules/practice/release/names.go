package release

import (
	"context"
	"slices"

	"staffetta/modules/practice/finding"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// readPersons is the permission of the registry without which nobody learns which name is registered.
const readPersons = "person:read"

// seesPersons tells whether the actor may learn which name is one of a registered person.
func (v *Service) seesPersons(s tenants.Scope) bool {
	return v.deps.Permits(s, readPersons)
}

// findNames compares the names in the texts of a kit with the registry and writes down that it did. Who may see persons gets
// a finding for each name and place; for anybody else one stands for all that nobody has justified. Its error is
// problem.Invalid where the texts have too many words that could be names, problem.TooMany for who has asked too often.
func (v *Service) findNames(ctx context.Context, s tenants.Scope, report Report, texts []finding.Text) ([]finding.Finding, error) {
	search, err := finding.NewSearch(report.Kit.ID, texts)
	if err != nil {
		return nil, err
	}
	before := search.Standing(report.Kit.Findings)
	found := justified(before)
	some, err := v.someRegistered(ctx, s, search.Without(found), audit.Event{
		Action: "kit.names", Relation: string(policies.Body), Object: report.Kit.ID, Sections: []string{"identity"},
		Payload: map[string]any{"practice": report.Practice.ID, "names": len(search.Clues()), "texts": len(texts)},
	})
	if err != nil {
		return nil, err
	}
	if v.seesPersons(s) {
		known, err := v.knownClues(ctx, s, search.Clues())
		if err != nil {
			return nil, err
		}
		before = search.Findings(known)
	}
	if !some {
		return found, nil
	}
	was := len(found)
	for _, f := range before {
		if !finding.Has(found, f.ID) {
			found = append(found, f)
		}
	}
	if len(found) == was { // nobody has seen where
		found = append(found, finding.Somewhere())
	}
	return found, nil
}

// shown is a report as the actor may know it.
func (v *Service) shown(s tenants.Scope, r Report) Report {
	r.Kit.Findings = v.shownFindings(s, r.Kit.Findings)
	return r
}

// shownFindings keeps from who may not see persons where names stand, and where names stand that may.
func (v *Service) shownFindings(s tenants.Scope, findings []finding.Finding) []finding.Finding {
	if v.seesPersons(s) {
		return findings
	}
	var shown []finding.Finding
	open := false
	for _, f := range findings {
		if !f.OfRegistry() && f.Rule != finding.Names {
			shown = append(shown, f)
		} else if !f.Cleared() {
			open = true
		}
	}
	if open {
		shown = append([]finding.Finding{finding.Somewhere()}, shown...)
	}
	return shown
}

func justified(findings []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f finding.Finding) bool { return f.Justified == nil })
}
