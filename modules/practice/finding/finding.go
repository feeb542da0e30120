// Package finding holds what the personal-data check of a kit found, and who let it stand: one person says why, a second one
// confirms it. It must not know databases or pages; whose name is registered it is told by package release.
package finding

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/personal"
)

// Names is the rule of a finding that stands for all names and addresses of a kit, for who may not learn where they are.
const Names = "names"

// Finding is something in a kit that may tell who a person is, with its place (it: rilievo).
type Finding struct {
	ID        string         `json:"id"`
	Rule      string         `json:"rule"` // of package personal, or Names
	Kind      string         `json:"kind"` // of the item; empty for the sheet
	Key       string         `json:"key"`
	Path      string         `json:"path"`  // inside the content
	Match     string         `json:"match"` // empty for a name and an address
	Justified *Justification `json:"justified,omitempty"`
	Confirmed *Justification `json:"confirmed,omitempty"` // by a second person
}

// Justification is why a finding may stand, in the words of who says so (it: motivazione). The one of the second person repeats
// the reason that they confirmed.
type Justification struct {
	Account uuid.UUID `json:"account"`
	Name    string    `json:"name"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
	Of      string    `json:"of"` // digest of the item as it was then: another text needs another reason
}

// Place says where the finding is, for people.
func (f Finding) Place() string {
	return strings.TrimSpace(f.Key + " " + f.Path)
}

// OfRegistry tells whether the finding compares a text with the registry.
func (f Finding) OfRegistry() bool { return f.Rule == personal.Name || f.Rule == personal.Address }

// Cleared tells whether two people let the finding stand.
func (f Finding) Cleared() bool {
	return f.Justified != nil && f.Confirmed != nil && f.Confirmed.Account != f.Justified.Account
}

// AwaitsSecond tells whether the finding waits for somebody else than the account to confirm why it may stand.
func (f Finding) AwaitsSecond(account uuid.UUID) bool {
	return f.Justified != nil && !f.Cleared() && f.Justified.Account != account
}

// Justify notes the reason of the first person. A reason after another one has to be confirmed anew.
func (f *Finding) Justify(why Justification) {
	f.Justified, f.Confirmed = &why, nil
}

// Confirm notes that a second person agrees with the reason that they read. Its error is problem.Conflict where the reason is
// another one by now or there is none, problem.Forbidden for who gave it.
func (f *Finding) Confirm(second Justification) error {
	if f.Justified == nil || f.Justified.Reason != second.Reason {
		return problem.New(problem.Conflict, "practice.finding.changed")
	}
	if f.Justified.Account == second.Account {
		return problem.New(problem.Forbidden, "practice.finding.second")
	}
	if !f.Cleared() {
		f.Confirmed = &second
	}
	return nil
}

// Open counts the findings that are not cleared.
func Open(list []Finding) int {
	open := 0
	for _, f := range list {
		if !f.Cleared() {
			open++
		}
	}
	return open
}

// Has tells whether a finding is in a list.
func Has(list []Finding, id string) bool {
	return slices.ContainsFunc(list, func(f Finding) bool { return f.ID == id })
}

// Somewhere is the finding of a name without its place.
func Somewhere() Finding { return Finding{ID: Names, Rule: Names} }

// Text is a text of a kit, at its place.
type Text struct {
	Finding
	Text string
}

// Digests are those of the items of a kit, by all their texts; of its sheet too.
func Digests(texts []Text) map[[2]string]string {
	whole := map[[2]string][]string{}
	for _, t := range texts {
		at := [2]string{t.Kind, t.Key}
		whole[at] = append(whole[at], t.Path+"\n"+t.Text)
	}
	digests := map[[2]string]string{}
	for at, parts := range whole {
		slices.Sort(parts)
		digests[at] = archive.Digest([]byte(strings.Join(parts, "\x00")))
	}
	return digests
}

// Of is the digest of the item that a finding is in.
func (f Finding) Of(digests map[[2]string]string) string { return digests[[2]string{f.Kind, f.Key}] }

// Standing are earlier findings with the justifications that still hold: those of items that nobody changed since.
func Standing(before []Finding, digests map[[2]string]string) []Finding {
	standing := slices.Clone(before)
	for i, f := range standing {
		if f.Justified == nil || f.Justified.Of != f.Of(digests) {
			standing[i].Justified, standing[i].Confirmed = nil, nil
		} else if f.Confirmed != nil && f.Confirmed.Of != f.Of(digests) {
			standing[i].Confirmed = nil
		}
	}
	return standing
}

// Patterns are what needs no registry to be found in the texts, with the justifications of earlier findings.
func Patterns(texts []Text, before []Finding) []Finding {
	var found []Finding
	for _, t := range texts {
		for _, match := range personal.Find(t.Text) {
			f := t.Finding
			f.Rule, f.Match = match.Rule, match.Text
			f.ID = id(f.Rule, f.Kind, f.Key, f.Path, f.Match)
			if at := slices.IndexFunc(before, func(b Finding) bool { return b.ID == f.ID }); at >= 0 {
				f.Justified, f.Confirmed = before[at].Justified, before[at].Confirmed
			}
			found = append(found, f)
		}
	}
	return found
}

func id(parts ...string) string { return archive.Digest([]byte(strings.Join(parts, "\n")))[:16] }
