package modules

import (
	"slices"

	"staffetta/internal/language"
	"staffetta/policies"
)

// Shown is what a configuration item shows to whom, in one relation to cases: to those who hold a role, or to another body for
// a purpose.
type Shown struct {
	Who      language.Text
	Role     string            // that people hold; "" for a purpose
	Purpose  string            // key of a purpose, by which it is known whatever it is called
	Bond     policies.Relation // of a role
	Sections []string
	Written  []string // of the sections
	May      []string // permissions, as object:verb; of a purpose how it is used, as in UseOf
}

// People counts who holds each role, by the day from which they do: "" for today, a later one as 2026-12-31.
type People map[string]map[string]int

// sights is the same as what somebody sees of so many: people who hold the role, or one purpose.
func (w Shown) sights(people People) (all []Sight) {
	one := Sight{Who: w.Who.It, Purpose: w.Purpose}
	if w.Role != "" {
		one.Bond = w.Bond
	}
	if w.Role == "" || people == nil {
		one.Cases = 1
		return w.of(one)
	}
	for from, n := range people[w.Role] { // none where nobody holds the role
		one.From, one.Cases = from, n
		all = append(all, w.of(one)...)
	}
	return all
}

// of is what so many see.
func (w Shown) of(one Sight) []Sight {
	var all []Sight
	add := func(section, action string) {
		one.Section, one.Action = section, action
		all = append(all, one)
	}
	for _, section := range w.Sections {
		add(section, policies.Read)
	}
	for _, section := range w.Written {
		add(section, policies.Write)
	}
	for _, name := range w.May {
		add("", name)
	}
	return all
}

// CompareShown lists who gains and who loses between two contents of an item, with how many people hold the roles; without people, who would.
func CompareShown(before, after []Shown, people People) []SightChange {
	nameApart(before, after)
	var was, is []Sight
	for _, one := range before {
		was = append(was, one.sights(people)...)
	}
	for _, one := range after {
		is = append(is, one.sights(people)...)
	}
	return CompareSights(was, is)
}

// nameApart gives a purpose that is called otherwise afterwards its new name on both sides, and two of one name their keys besides.
func nameApart(before, after []Shown) {
	names, called := map[string]string{}, map[string]int{}
	for _, one := range slices.Concat(before, after) {
		if one.Purpose != "" {
			names[one.Purpose] = one.Who.It
		}
	}
	for _, name := range names {
		called[name]++
	}
	for _, side := range [][]Shown{before, after} {
		for i, one := range side {
			if name, known := names[one.Purpose]; known {
				if called[name] > 1 {
					name += " (" + one.Purpose + ")"
				}
				side[i].Who = language.Text{It: name, En: name}
			}
		}
	}
}
