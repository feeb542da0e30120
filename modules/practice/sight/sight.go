// Package sight tells who gains and who loses sight of what when a configuration item changes, in the words of pages, files and
// the API. It must not decide whether that may be.
package sight

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// Sight is who gains and who loses by one item.
type Sight struct {
	Place   string // kit.Place of the item
	New     bool   // the body had no such item: nobody sees anything else than before
	Unasked bool   // only if the item, which the body does not use, is taken from the kit after all
	Changes []modules.SightChange
}

// Contents are those of an item before and after a change, either of which may be missing.
type Contents struct {
	Kind, Key     string
	Title         string // how the item is called: who holds its role is known by it
	Before, After []byte
}

// Compare holds what an item shows against what it would show; people counts who holds each
// role. It reports false where nobody gains or loses.
func Compare(kind modules.Kind, c Contents, people map[string]int) (s Sight, changes bool, err error) {
	s.New = c.Before == nil
	s.Changes, err = kind.Compare(modules.Contents{Key: c.Key, Title: c.Title, Before: c.Before, After: c.After}, people)
	return s, len(s.Changes) > 0, err
}

// Find compares items one by one and keeps those by which somebody gains or loses of what there is.
func Find(kinds *modules.Kinds, contents []Contents, people map[string]int) (sights []Sight, err error) {
	for _, c := range contents {
		kind, _, _ := kinds.Get(c.Kind)
		found, changes, err := Compare(kind, c, people)
		if err != nil {
			return nil, err
		}
		if changes {
			found.Place, found.New = kit.Place(c.Kind, c.Key), false
			sights = append(sights, found)
		}
	}
	return sights, nil
}

// Consent refuses what changes sights until somebody has read who gains and who loses: problem.Invalid.
func Consent(sights []Sight, acknowledged bool) error {
	if len(sights) == 0 {
		return nil
	}
	var wrong problem.Fields
	modules.Consent{Acknowledged: acknowledged}.Require(&wrong)
	return wrong.Err()
}

// CountPeople counts who holds each role in the body of the transaction.
func CountPeople(ctx context.Context, tx tenants.Tx) (map[string]int, error) {
	colleagues, err := tenants.FindColleagues(ctx, tx)
	return PeopleOf(colleagues), err
}

// PeopleOf counts who holds each role.
func PeopleOf(colleagues []tenants.Colleague) map[string]int {
	counted, people := map[tenants.Colleague]bool{}, map[string]int{}
	for _, c := range colleagues {
		one := tenants.Colleague{Account: c.Account, Role: c.Role}
		if !counted[one] {
			counted[one] = true
			people[c.Role]++
		}
	}
	return people
}

// Workers counts who holds one of the roles.
func Workers(colleagues []tenants.Colleague, roles []string) int {
	all := map[uuid.UUID]bool{}
	for _, c := range colleagues {
		if slices.Contains(roles, c.Role) {
			all[c.Account] = true
		}
	}
	return len(all)
}
