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
}

// CompareRules prepares to compare the rules of the scope's body with others.
func (d Deps) CompareRules(ctx context.Context, s tenants.Scope, now, then *policies.Rules) (Comparison, error) {
	reaches, err := d.Platform.Sights.Find(ctx, s)
	return Comparison{Now: now, Then: then, Reaches: reaches}, err
}

// Find lists who of the body of the transaction gains and who loses, today, and for whom a role begins later from that day on: by
// cases, with how many, by the persons and contacts that a desk reads without a case, and by what else they may do.
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
	about := unlike(c.Now.Own(s.Tenant), c.Then.Own(s.Tenant))
	for _, one := range viewers {
		changes = append(changes, c.compareMay(s, one, about)...)
	}
	return once(changes), nil
}

// unlike lists the rules that stand on one side alone.
func unlike(was, is []policies.Rule) []policies.Rule {
	without := func(all, others []policies.Rule) []policies.Rule {
		return slices.DeleteFunc(slices.Clone(all), func(r policies.Rule) bool { return slices.Contains(others, r) })
	}
	return append(without(was, is), without(is, was)...)
}

// deskSections are read in the whole body by the registry and at the access desk, where no case is opened.
var deskSections = []string{"identity", "household", "contacts", "intake"}

// compareMay lists what a viewer may do besides opening cases, of what rules are about, and did not, or no longer: permissions,
// and sections of all persons and contacts of the body.
func (c Comparison) compareMay(s tenants.Scope, v Viewer, about []policies.Rule) (changes []SightChange) {
	scope := tenants.Scope{Tenant: s.Tenant, Account: v.Account, Roles: v.Roles}
	var told []policies.Rule
	for _, r := range about {
		subject := policies.Rule{Relation: r.Relation, Object: r.Object, Action: r.Action}
		section := slices.Contains(policies.SectionIDs(), r.Object)
		if slices.Contains(told, subject) || section && (r.Relation != policies.Body || !slices.Contains(deskSections, r.Object)) {
			continue
		}
		told = append(told, subject)
		was, is := c.Now.Allows(scope, r.Relation, r.Object, r.Action), c.Then.Allows(scope, r.Relation, r.Object, r.Action)
		if was == is {
			continue
		}
		one := Sight{Account: v.Account, Who: v.Name, From: v.From, Action: r.Object + ":" + r.Action}
		if section {
			one.Section, one.Action = r.Object, r.Action
		}
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
