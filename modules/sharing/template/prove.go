package template

import (
	"encoding/json"
	"slices"
	"strconv"

	"staffetta/modules/kit"
	"staffetta/policies"
)

// Test is an example of a template: a share that somebody thinks of, and what it shows.
type Test struct {
	kit.Example
	Given    Given   `json:"given"`
	Expected Outcome `json:"expected"`
}

// Given is a purpose, and the kind of share by which it is served.
type Given struct {
	Purpose string `json:"purpose"`
	Kind    string `json:"kind"` // any when empty
}

// Outcome is what must come of it. What is left out is not looked at.
type Outcome struct {
	Served   *bool    `json:"served"`   // the purpose serves the kind
	Sections []string `json:"sections"` // all that are shown
	Never    []string `json:"never"`    // some that are not, whatever somebody's reason
	Writes   *bool    `json:"writes"`   // the other body writes too
	Days     int      `json:"days"`     // that it lasts at most
}

// Prove runs the tests that a template carries.
func Prove(content []byte) []kit.Proof {
	var carried struct {
		Tests []Test `json:"tests"`
	}
	purposes, err := Gather(content)
	if err != nil || json.Unmarshal(content, &carried) != nil {
		return nil // its own check tells what is wrong with the content
	}
	var results []kit.Proof
	for _, test := range carried.Tests {
		results = append(results, purposes.prove(test))
	}
	return results
}

// prove asks the purposes what an offer of a share asks them.
func (p Purposes) prove(test Test) kit.Proof {
	result := kit.Proof{Example: test.Example}
	if _, known := p.Get(test.Given.Purpose, ""); !known {
		result.Break(kit.Fault{Path: "given.purpose", Key: "kit.content.unknown_key", Params: map[string]string{"key": test.Given.Purpose}})
	}
	purpose, served := p.Get(test.Given.Purpose, test.Given.Kind)
	expected := test.Expected
	switch {
	case expected.Served != nil:
		result.Expect("served", kit.ProofTruth(*expected.Served), kit.ProofTruth(served))
	case !served:
		result.Expect("served", kit.ProofTruth(true), kit.ProofTruth(false))
	}
	result.Expect("sections", terms(expected.Sections), terms(p.Shows(purpose)))
	closed := slices.DeleteFunc(slices.Clone(expected.Never), func(id string) bool { return !slices.Contains(p.Never, id) })
	result.Expect("never", terms(expected.Never), terms(closed))
	if expected.Writes != nil {
		result.Expect("writes", kit.ProofTruth(*expected.Writes), kit.ProofTruth(purpose.Action == policies.Write))
	}
	if expected.Days > 0 {
		result.Expect("days", []kit.ProofTerm{{Code: strconv.Itoa(expected.Days)}}, []kit.ProofTerm{{Code: strconv.Itoa(purpose.MaxDays)}})
	}
	return result
}

// terms are sections by their names, in the order in which people read them.
func terms(sections []string) []kit.ProofTerm {
	var all []kit.ProofTerm
	for _, id := range policies.SectionIDs() {
		if slices.Contains(sections, id) {
			label := policies.SectionLabel(id)
			all = append(all, kit.ProofTerm{Code: id, Name: kit.Text{IT: label.It, EN: label.En}})
		}
	}
	return all
}
