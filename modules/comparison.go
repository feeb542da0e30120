package modules

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"staffetta/policies"
	"staffetta/tenants"
)

// Comparison is between the rules of a body and others, by the people who hold roles there and the cases that they come to.
type Comparison struct {
	Now, Then *policies.Rules
	Reaches   []Reach
	about     []policies.Rule // what else than cases is compared
}

// CompareRules prepares to compare the rules of the scope's body with others.
func (d Deps) CompareRules(ctx context.Context, s tenants.Scope, now, then *policies.Rules) (Comparison, error) {
	reaches, err := d.Platform.Sights.Find(ctx, s)
	return Comparison{Now: now, Then: then, Reaches: reaches}, err
}

// Find lists who of the body of the transaction gains and who loses: today, and for whom a role begins later from that day on.
func (c Comparison) Find(ctx context.Context, tx tenants.Tx, s tenants.Scope) ([]SightChange, error) {
	holders, err := tenants.FindHolders(ctx, tx)
	if err != nil {
		return nil, err
	}
	viewers := viewersOf(holders)
	var sights [2][]Sight
	for i, rules := range []*policies.Rules{c.Now, c.Then} {
		for _, one := range viewers {
			sights[i] = append(sights[i], SightsOf(rules, s.Tenant, one, c.Reaches)...)
		}
	}
	changes := CompareSights(sights[0], sights[1])
	for _, one := range viewers {
		changes = append(changes, c.compareMay(s, one)...)
	}
	return once(changes), nil
}

// compareMay lists what a viewer may do besides seeing sections, of what the rules are about, and did not, or no longer.
func (c Comparison) compareMay(s tenants.Scope, v Viewer) (changes []SightChange) {
	scope := tenants.Scope{Tenant: s.Tenant, Account: v.Account, Roles: v.Roles}
	var told []policies.Rule
	for _, r := range c.about {
		subject := policies.Rule{Relation: r.Relation, Object: r.Object, Action: r.Action}
		if slices.Contains(policies.SectionIDs(), r.Object) || slices.Contains(told, subject) {
			continue
		}
		told = append(told, subject)
		was, is := c.Now.Allows(scope, r.Relation, r.Object, r.Action), c.Then.Allows(scope, r.Relation, r.Object, r.Action)
		if was == is {
			continue
		}
		one := Sight{Account: v.Account, Who: v.Name, From: v.From, Action: r.Object + ":" + r.Action}
		if r.Object == "case" && slices.Contains(policies.CaseActions, r.Action) {
			one.Bond = r.Relation
		}
		changes = append(changes, SightChange{Sight: one, Gained: is})
	}
	return changes
}

// once keeps, of what somebody gains or loses today and on later days, the first.
func once(changes []SightChange) []SightChange {
	first := map[SightChange]string{}
	timeless := func(c SightChange) SightChange {
		c.From = ""
		return c
	}
	for _, c := range changes {
		if day, known := first[timeless(c)]; !known || c.From < day {
			first[timeless(c)] = c.From
		}
	}
	return slices.DeleteFunc(changes, func(c SightChange) bool { return first[timeless(c)] != c.From })
}

// viewersOf are the colleagues with their roles of today, and once more for each later day on which one of their roles begins,
// with those of that day.
func viewersOf(holders []tenants.Holder) (viewers []Viewer) {
	type moment struct {
		account uuid.UUID
		from    string
	}
	at := map[moment]bool{}
	for _, h := range holders {
		if at[moment{h.Account, h.From}] {
			continue
		}
		at[moment{h.Account, h.From}] = true
		v := Viewer{Account: h.Account, Name: h.Name, From: h.From}
		for _, other := range holders {
			if other.Account == h.Account && other.From <= h.From && (other.To == "" || other.To >= h.From) && !slices.Contains(v.Roles, other.Role) {
				v.Roles = append(v.Roles, other.Role)
			}
		}
		viewers = append(viewers, v)
	}
	slices.SortStableFunc(viewers, func(a, b Viewer) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Account.String(), b.Account.String()))
	})
	return viewers
}
