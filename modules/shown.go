package modules

import (
	"staffetta/internal/language"
	"staffetta/policies"
)

// Shown is which sections of cases a configuration item shows to whom: to those who hold a role, or to another body for a
// purpose.
type Shown struct {
	Who      language.Text
	Role     string // that people hold; "" for a purpose
	Sections []string
	Writes   bool
}

// sights is the same as what somebody sees of so many: people who hold the role, or one purpose.
func (w Shown) sights(people map[string]int) []Sight {
	one := Sight{Who: w.Who.It, Cases: 1}
	if w.Role != "" {
		one.Bond, one.Cases = policies.Body, max(people[w.Role], 1)
	}
	var all []Sight
	for _, section := range w.Sections {
		one.Section, one.Action = section, policies.Read
		all = append(all, one)
		if w.Writes {
			one.Action = policies.Write
			all = append(all, one)
		}
	}
	return all
}

// CompareShown lists who gains and who loses between two contents of an item, with how many people hold the roles.
func CompareShown(before, after []Shown, people map[string]int) []SightChange {
	var was, is []Sight
	for _, one := range before {
		was = append(was, one.sights(people)...)
	}
	for _, one := range after {
		is = append(is, one.sights(people)...)
	}
	return CompareSights(was, is)
}
