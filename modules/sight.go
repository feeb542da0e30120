package modules

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/policies"
	"staffetta/tenants"
)

// Reach is to how many cases somebody of a body stands in some relations: a count, for who sees no case.
type Reach struct {
	Account   uuid.UUID           // uuid.Nil for everybody of the body
	Relations []policies.Relation // from the closest on; the first that opens a case decides
	Section   string              // the one that the cases show, whatever the rules open; "" for those that the rules open
	Cases     int
	Writable  int // of the cases that show one section, those in which it may be written too
}

// ReachSource counts the cases that the people of the actor's body come to.
type ReachSource func(ctx context.Context, s tenants.Scope) ([]Reach, error)

// ShareFact is what a share stands for, in words that both bodies know.
type ShareFact struct {
	ID      uuid.UUID
	Kind    string
	Purpose string // in the words of the body that offered
	Basis   string
	Amended []time.Time
}

// ShareSource tells of shares of the actor's body, by id.
type ShareSource func(ctx context.Context, s tenants.Scope, shares []uuid.UUID) ([]ShareFact, error)

// Sights counts who sees how many cases, over all modules. The wiring fills it with the parts as it makes them.
type Sights struct {
	bodies  *tenants.Directory
	sources []reaching
	shares  ShareSource // of the one module that has shares; nil without it
}

// reaching is a source with the module that it belongs to.
type reaching struct {
	find   ReachSource
	module Module
}

// NewSights makes an empty registry.
func NewSights(bodies *tenants.Directory) *Sights { return &Sights{bodies: bodies} }

// Add takes what a module counts, and what it tells of shares.
func (g *Sights) Add(m Module, parts Parts) {
	if parts.Reach != nil {
		g.sources = append(g.sources, reaching{parts.Reach, m})
	}
	if parts.Shares != nil {
		g.shares = parts.Shares
	}
}

// Shares tells of shares of the actor's body; without a registry, or a module that has shares, of none.
func (g *Sights) Shares(ctx context.Context, s tenants.Scope, shares []uuid.UUID) ([]ShareFact, error) {
	if g == nil || g.shares == nil {
		return nil, nil
	}
	return g.shares(ctx, s, shares)
}

// Find counts, in the modules that are on for the body. Without a registry nobody comes to a case.
func (g *Sights) Find(ctx context.Context, s tenants.Scope) ([]Reach, error) {
	if g == nil {
		return nil, nil
	}
	body, err := g.bodies.ByID(s.Tenant)
	if err != nil {
		return nil, err
	}
	var all []Reach
	for _, one := range g.sources {
		if !one.module.Essential && !body.Has(string(one.module.ID)) {
			continue
		}
		found, err := one.find(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("count the cases of module %s: %w", one.module.ID, err)
		}
		all = append(all, found...)
	}
	return all, nil
}

// Viewer is somebody of a body with the roles by which cases open.
type Viewer struct {
	Account uuid.UUID
	Name    string
	From    string // a later day on which they hold these roles, as 2026-12-31; "" for today
	Roles   []string
}

// Sight is that somebody reads, or writes, a section of so many cases (it: vista sulle cartelle).
type Sight struct {
	Account    uuid.UUID         `json:"account"` // uuid.Nil for another body
	Who        string            `json:"who"`
	From       string            `json:"from,omitempty"` // a later day on which their role begins, as 2026-12-31; "" for today
	Bond       policies.Relation `json:"bond"`           // the closest relation to these cases
	WithReason bool              `json:"with_reason"`
	Purpose    string            `json:"purpose,omitempty"` // key of what other bodies see it for; "" for people of the body
	Section    string            `json:"section"`           // "" for a permission, which is the action
	Action     string            `json:"action"`
	Cases      int               `json:"cases"`
}

// SightsOf lists what a viewer sees by the rules.
func SightsOf(rules *policies.Rules, tenant int32, v Viewer, reaches []Reach) []Sight {
	scope := tenants.Scope{Tenant: tenant, Account: v.Account, Roles: v.Roles}
	closer := 0 // own cases to which the viewer stands closer than everybody
	for _, r := range reaches {
		if r.Account == v.Account && r.Section == "" {
			closer += r.Cases
		}
	}
	var sights []Sight
	for _, r := range reaches {
		if r.Account != v.Account && r.Account != uuid.Nil {
			continue
		}
		if r.Account == uuid.Nil && r.Section == "" {
			r.Cases -= closer
		}
		relation, opens := rules.Through(scope, r.Relations...)
		if !opens || r.Cases <= 0 {
			continue
		}
		one := Sight{Account: v.Account, Who: v.Name, From: v.From, Bond: r.Relations[0], WithReason: relation == policies.Emergency, Cases: r.Cases}
		sights = append(sights, one.through(rules.Confine(scope, relation), r)...)
	}
	return sights
}

// through is the sight of the cases for each section and action that the scope has.
func (one Sight) through(scope tenants.Scope, r Reach) []Sight {
	var sights []Sight
	only, writable := r.Section, r.Writable
	if only == "" {
		writable = r.Cases // the rules alone say what is written
	}
	for _, section := range policies.SectionIDs() {
		if only != "" && only != section {
			continue
		}
		one.Section = section
		if scope.Reads(section) {
			one.Action = policies.Read
			sights = append(sights, one)
		}
		if scope.Writes(section) && writable > 0 {
			written := one
			written.Action, written.Cases = policies.Write, writable
			sights = append(sights, written)
		}
	}
	return sights
}

// SightChange is that somebody gains or loses sight of a section of so many cases (it: chi guadagna e chi perde).
type SightChange struct {
	Sight
	Gained bool `json:"gained"`
}

// CompareSights lists who gains and who loses, from what is seen before to what is seen after, by name.
func CompareSights(before, after []Sight) []SightChange {
	difference := map[Sight]int{}
	count := func(sights []Sight, sign int) {
		for _, one := range sights {
			cases := one.Cases
			one.Cases = 0
			difference[one] += sign * cases
		}
	}
	count(before, -1)
	count(after, 1)
	var changes []SightChange
	for one, cases := range difference {
		if cases != 0 {
			one.Cases = max(cases, -cases)
			changes = append(changes, SightChange{Sight: one, Gained: cases > 0})
		}
	}
	slices.SortFunc(changes, func(a, b SightChange) int {
		return cmp.Or(cmp.Compare(a.Who, b.Who), cmp.Compare(a.Account.String(), b.Account.String()), cmp.Compare(a.From, b.From), bySight(a, b))
	})
	return changes
}

func bySight(a, b SightChange) int {
	reason := map[bool]int{true: 1}
	section := func(id string) int { return slices.Index(policies.SectionIDs(), id) }
	return cmp.Or(
		cmp.Compare(slices.Index(policies.Relations, a.Bond), slices.Index(policies.Relations, b.Bond)), cmp.Compare(reason[a.WithReason], reason[b.WithReason]),
		cmp.Compare(reason[b.Gained], reason[a.Gained]), cmp.Compare(b.Cases, a.Cases), cmp.Compare(section(a.Section), section(b.Section)), cmp.Compare(a.Action, b.Action))
}

// SightGroup is what somebody gains or loses of as many cases, in one line.
type SightGroup struct {
	Sight
	Gained bool
	Reads  []string // sections
	Writes []string
	May    []string // permissions
}

// GroupSights puts changes together that differ by section and action alone.
func GroupSights(changes []SightChange) []SightGroup {
	var groups []SightGroup
	for _, c := range changes {
		plain := c.Sight
		plain.Section, plain.Action = "", ""
		last := len(groups) - 1
		if last < 0 || groups[last].Sight != plain || groups[last].Gained != c.Gained {
			groups = append(groups, SightGroup{Sight: plain, Gained: c.Gained})
			last++
		}
		switch {
		case c.Section == "":
			groups[last].May = append(groups[last].May, c.Action)
		case c.Action == policies.Write:
			groups[last].Writes = append(groups[last].Writes, c.Section)
		default:
			groups[last].Reads = append(groups[last].Reads, c.Section)
		}
	}
	return groups
}
