package policies

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/tenants"
)

// Past is what the rules of a body were, and who held which roles in it, from an instant to another.
type Past struct {
	tenant   int32
	from, to time.Time
	bases    []base
	periods  []period
	members  []tenants.PastMembership
	made     map[string]*Rules
}

// Past reads how the rules of a body were from an instant to another, and the memberships of an account in it.
func (e *Engine) Past(ctx context.Context, tenant int32, account uuid.UUID, from, to time.Time) (*Past, error) {
	p := &Past{tenant: tenant, from: from, to: to}
	return p, e.read(ctx, p, func(tx tenants.Tx) ([]tenants.PastMembership, error) {
		return tenants.FindPastMemberships(ctx, tx, tenant, account)
	})
}

// PastOffice reads the same with the memberships of everybody who was ever in an office of the body; of everybody who was
// ever in the body for the office 0.
func (e *Engine) PastOffice(ctx context.Context, tenant, office int32, from, to time.Time) (*Past, error) {
	p := &Past{tenant: tenant, from: from, to: to}
	return p, e.read(ctx, p, func(tx tenants.Tx) ([]tenants.PastMembership, error) {
		return tenants.FindPastColleagues(ctx, tx, tenant, office)
	})
}

func (e *Engine) read(ctx context.Context, p *Past, members func(tenants.Tx) ([]tenants.PastMembership, error)) error {
	p.made = map[string]*Rules{}
	return e.db.Platform(ctx, func(tx tenants.Tx) (err error) {
		if err := findPast(ctx, tx, p); err != nil {
			return err
		}
		p.members, err = members(tx)
		return err
	})
}

// Accounts are those whose memberships were read, in the order in which they came to the body.
func (p *Past) Accounts() []uuid.UUID {
	var accounts []uuid.UUID
	for _, m := range p.members {
		if !slices.Contains(accounts, m.Account) {
			accounts = append(accounts, m.Account)
		}
	}
	return accounts
}

// Turns are the instants at which the rules or the memberships changed, in no order.
func (p *Past) Turns() []time.Time {
	var turns []time.Time
	for _, b := range p.bases {
		turns = append(turns, b.since)
	}
	for _, one := range p.periods {
		turns = append(turns, one.from, one.to)
	}
	for _, m := range p.members {
		turns = append(turns, m.KnownFrom, m.KnownTo)
	}
	y, m, d := p.from.In(language.Rome).Date()
	for day := time.Date(y, m, d, 0, 0, 0, 0, language.Rome); day.Before(p.to); day = day.AddDate(0, 0, 1) { // memberships go by days
		turns = append(turns, day)
	}
	return slices.DeleteFunc(turns, func(at time.Time) bool { return !at.After(p.from) || !at.Before(p.to) })
}

// Rules are those that held at the instant. What is older than the memory of the program's own rules is judged by the
// first that it remembers.
func (p *Past) Rules(at time.Time) *Rules {
	current := 0
	for i, b := range p.bases {
		if !b.since.After(at) {
			current = i
		}
	}
	key := strconv.Itoa(current)
	lines := slices.Clone(p.bases[current].rules)
	for i, one := range p.periods {
		if !one.from.After(at) && (one.to.IsZero() || one.to.After(at)) {
			lines, key = append(lines, one.rule), key+" "+strconv.Itoa(i)
		}
	}
	if p.made[key] == nil {
		p.made[key] = newRules(lines)
	}
	return p.made[key]
}

// Scope is the account as it stood in the body at the instant: its roles and offices, and no name.
func (p *Past) Scope(account uuid.UUID, at time.Time) tenants.Scope {
	s := tenants.Scope{Tenant: p.tenant, Account: account, Purpose: tenants.Operator}
	for _, m := range p.members {
		if m.Account != account || !m.Held(at) {
			continue
		}
		if !slices.Contains(s.Roles, m.Role) {
			s.Roles = append(s.Roles, m.Role)
		}
		for _, office := range m.Offices() {
			if !slices.Contains(s.Offices, office) {
				s.Offices = append(s.Offices, office)
			}
		}
	}
	return s
}

// Name is how an account was called at the instant, or last before it; "" for who never belonged to the body.
func (p *Past) Name(account uuid.UUID, at time.Time) string {
	name := ""
	for _, m := range p.members {
		if m.Account == account && (name == "" || !m.KnownFrom.After(at)) {
			name = m.Name
		}
	}
	return name
}

// With are the present rules, with other ones for a body in the place of its own.
func (e *Engine) With(tenant int32, rules []Rule) *Rules {
	lines := slices.Clone(e.templates)
	id := strconv.Itoa(int(tenant))
	for _, r := range rules {
		lines = append(lines, []string{id, r.Role, string(r.Relation), r.Object, r.Action, r.Effect})
	}
	return newRules(lines)
}

// Own are the rules of a body beyond those of the program, in an order that is the same every time: what is read of them carries a
// mark, and who acknowledges it must find the same mark.
func (r *Rules) Own(tenant int32) []Rule {
	id := strconv.Itoa(int(tenant))
	var own []Rule
	for _, lines := range r.lines {
		for _, line := range lines {
			if line[0] == id {
				own = append(own, Rule{Role: line[1], Relation: Relation(line[2]), Object: line[3], Action: line[4], Effect: line[5]})
			}
		}
	}
	slices.SortFunc(own, Rule.compare)
	return own
}
