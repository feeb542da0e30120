package member

import (
	"context"
	"slices"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Vacancy is a role that the work needs and that nobody holds today, or from a day of the next weeks on (it: ruolo scoperto).
type Vacancy struct {
	Role string
	From time.Time // zero for today
}

// foresight is how many days ahead a role without anybody is told.
const foresight = 30

// needed are the roles without which the work of a body stands still, where one of its modules grants them anything.
var needed = []string{"tenant_admin", "dpo", "social_worker", "coordinator", "access_desk", "practice_owner"}

// Uncovered lists the roles that the work of the body needs and that nobody holds, today or within thirty days: those of the
// program that its modules use, and the body's own that are in force.
func (v *Service) Uncovered(ctx context.Context, s tenants.Scope) ([]Vacancy, error) {
	held, err := v.findHoldings(ctx, s)
	if err != nil {
		return nil, err
	}
	roles := slices.DeleteFunc(slices.Clone(needed), func(role string) bool { return !v.grants(s.Tenant, role) })
	for _, own := range v.deps.Policies.RolesOf(s.Tenant) {
		roles = append(roles, own.ID)
	}
	var gaps []Vacancy
	today := language.Day(time.Now())
	for _, role := range roles {
		if from, open := uncovered(role, held, today); open {
			gaps = append(gaps, Vacancy{role, from})
		}
	}
	return gaps, nil
}

// uncovered finds the first day on which nobody holds a role; zero for today.
func uncovered(role string, held []Holding, today time.Time) (from time.Time, open bool) {
	for ahead := range foresight + 1 {
		day := today.AddDate(0, 0, ahead)
		if !slices.ContainsFunc(held, func(h Holding) bool { return h.Role == role && h.holds(day) }) {
			if ahead == 0 {
				day = time.Time{}
			}
			return day, true
		}
	}
	return time.Time{}, false
}

// holds tells whether the role is held on a day.
func (h Holding) holds(day time.Time) bool {
	return tenants.Membership{From: h.From, To: h.To}.Holds(day)
}

// Meets tells whether the role is held on any day of a term.
func (h Holding) Meets(t Term) bool {
	return (t.To.IsZero() || !h.From.After(t.To)) && (h.To.IsZero() || !h.To.Before(t.From))
}

// grants tells whether a module that the body uses gives a role anything to do.
func (v *Service) grants(tenant int32, role string) bool {
	body, err := v.deps.Bodies.ByID(tenant)
	return err == nil && slices.ContainsFunc(v.deps.Platform.Modules, func(m modules.Module) bool {
		return (m.Essential || body.Has(string(m.ID))) && slices.ContainsFunc(m.Grants, func(g policies.RoleGrant) bool { return g.Role == role })
	})
}

// LastDay is the last day on which somebody holds any of some roles, without a gap from today on; zero for no end.
func LastDay(held []Holding, today time.Time) time.Time {
	last := today.AddDate(0, 0, -1)
	for grown := true; grown; {
		grown = false
		for _, h := range held {
			if h.From.After(last.AddDate(0, 0, 1)) {
				continue
			}
			if h.To.IsZero() {
				return time.Time{}
			}
			if h.To.After(last) {
				last, grown = h.To, true
			}
		}
	}
	return last
}
