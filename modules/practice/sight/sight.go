// Package sight tells who gains and who loses sight of what when a configuration item changes, in the words of pages, files and
// the API. It must not decide whether that may be.
package sight

import (
	"slices"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// Sight is who gains and who loses by one item.
type Sight struct {
	Place   string // kit.Place of the item
	New     bool   // the body had no such item: nobody sees anything else than before
	Joint   bool   // of all items of its kind together, as they count
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
func Compare(kind modules.Kind, c Contents, people modules.People) (s Sight, changes bool, err error) {
	s.New = c.Before == nil
	s.Changes, err = kind.Compare(modules.Contents{Key: c.Key, Title: c.Title, Before: c.Before, After: c.After}, people)
	return s, len(s.Changes) > 0, err
}

// Find compares items one by one, or with the others in use where those of a kind count together, and keeps those by which somebody
// gains or loses of what there is.
func Find(kinds *modules.Kinds, used Used, contents []Contents, people modules.People) (sights []Sight, err error) {
	joint := NewJoint(used)
	for _, c := range contents {
		kind, _, _ := kinds.Get(c.Kind)
		if joint.Add(kind, c) {
			continue
		}
		found, changes, err := Compare(kind, c, people)
		if err != nil {
			return nil, err
		}
		if changes {
			found.Place, found.New = kit.Place(c.Kind, c.Key), false
			sights = append(sights, found)
		}
	}
	together, err := joint.Sights()
	return append(sights, together...), err
}

// Unread is the refusal of what changes sights, with what is to be read first and its digest.
func Unread(sights []Sight, digest string, refusal error) error {
	u := &modules.Unread{Digest: digest, Effects: []modules.EffectBody{}, Err: refusal}
	for _, one := range sights {
		for _, effect := range modules.EffectBodies(one.Changes) {
			effect.Item = one.Place
			u.Effects = append(u.Effects, effect)
		}
	}
	return u
}

// PeopleOf counts who holds each role, everybody once.
func PeopleOf(holders []tenants.Holder) modules.People {
	people := modules.People{}
	first := map[tenants.Holder]string{}
	for _, h := range holders {
		one := tenants.Holder{Account: h.Account, Role: h.Role}
		if from, known := first[one]; !known || h.From < from {
			first[one] = h.From
		}
	}
	for one, from := range first {
		if people[one.Role] == nil {
			people[one.Role] = map[string]int{}
		}
		people[one.Role][from]++
	}
	return people
}

// Workers counts who holds one of the roles today.
func Workers(holders []tenants.Holder, roles []string) int {
	all := map[uuid.UUID]bool{}
	for _, h := range holders {
		if h.From == "" && slices.Contains(roles, h.Role) {
			all[h.Account] = true
		}
	}
	return len(all)
}
