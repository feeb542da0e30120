// Package fit tells which parts of a kit have no place in a body as it stands: kinds that no module of the program owns,
// modules that are switched off, roles that nobody holds, services that the kit only names. It must not weigh them, and it
// must not read what a body has in confidence: its callers say what is there.
package fit

import (
	"context"
	"slices"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// Body is what the body has that a kit is held against.
type Body struct {
	tenants.Tenant
	Held     map[string]bool // roles that somebody holds
	Services map[string]bool // keys of its published services
}

// Missing is what a kit needs and the body has not.
type Missing struct {
	Kinds    []string     // that no module of this program owns
	Modules  []modules.ID // switched off, and needed by live items
	Roles    []string     // that items need, and held by nobody
	Services []string     // named by items, and neither in the kit nor in the body
}

// Refuses tells whether the kit cannot be applied at all.
func (m Missing) Refuses() bool { return len(m.Kinds) > 0 || len(m.Modules) > 0 }

// Nothing tells whether all parts fit.
func (m Missing) Nothing() bool {
	return !m.Refuses() && len(m.Roles) == 0 && len(m.Services) == 0
}

// Find holds the items of a kit against what a body has.
func Find(platform modules.Platform, body Body, items []kit.Source) Missing {
	var missing Missing
	for _, item := range items {
		kind, owner, known := platform.Kinds.Get(item.Kind)
		switch {
		case !known:
			missing.Kinds = once(missing.Kinds, item.Kind)
		case kind.Live && !body.Has(string(owner)) && !essential(platform, owner):
			missing.Modules = once(missing.Modules, owner)
		}
	}
	for _, role := range Roles(platform.Kinds, items) {
		if !body.Held[role] {
			missing.Roles = append(missing.Roles, role)
		}
	}
	for _, key := range services(platform.Kinds, items) {
		if !body.Services[key] {
			missing.Services = append(missing.Services, key)
		}
	}
	return missing
}

// Held reads which roles somebody holds in the body of the transaction.
func Held(ctx context.Context, tx tenants.Tx) (map[string]bool, error) {
	colleagues, err := tenants.FindColleagues(ctx, tx)
	if err != nil {
		return nil, err
	}
	held := map[string]bool{}
	for _, colleague := range colleagues {
		held[colleague.Role] = true
	}
	return held, nil
}

// Roles lists the roles that somebody must hold for the items of a kit to work, in the order of the alphabet.
func Roles(kinds *modules.Kinds, items []kit.Source) []string {
	var roles []string
	for _, item := range items {
		declared, _, _ := kinds.Get(item.Kind)
		if declared.Roles == nil {
			continue
		}
		for _, role := range declared.Roles(item.Content) {
			roles = once(roles, role)
		}
	}
	slices.Sort(roles)
	return roles
}

// services lists the services that items name and the kit does not hold, in the order of the alphabet.
func services(kinds *modules.Kinds, items []kit.Source) []string {
	inside := map[string]bool{}
	for _, item := range items {
		if item.Kind == kit.KindService {
			inside[item.Key] = true
		}
	}
	var outside []string
	for _, item := range items {
		for _, ref := range kit.References(kinds, item.Kind, item.Content) {
			if ref.Kind == kit.KindService && !inside[ref.Key] {
				outside = once(outside, ref.Key)
			}
		}
	}
	slices.Sort(outside)
	return outside
}

func essential(platform modules.Platform, id modules.ID) bool {
	return slices.ContainsFunc(platform.Modules, func(m modules.Module) bool { return m.ID == id && m.Essential })
}

func once[T comparable](list []T, one T) []T {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}
