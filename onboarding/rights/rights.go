// Package rights is where a body looks at who may do what and changes it: the matrix of its rules, a draft with who gains
// and who loses, the history and the way back, and what the rules must answer whatever is changed. It must not read a
// case, nor import a module: how many cases somebody sees is what the modules count.
package rights

import (
	"context"
	"slices"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Service holds what a body does with its rules.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Entry is one question of the matrix with what answers it: the program's rule, the body's own, and the result.
type Entry struct {
	policies.Rule        // Effect is the body's own rule, "" for none
	Base          bool   // what the program's rules answer
	Result        bool   // what holds now
	Draft         string // what the draft wants of the own rule; Effect where it says nothing
	Permission    bool   // the object and action are a permission
}

// Differs tells whether the draft changes the entry.
func (e Entry) Differs() bool { return e.Draft != e.Effect }

// objects lists what the rules of a relation are about: sections, cases and, for the body as a whole, permissions.
func (v *Service) objects(relation policies.Relation) []Entry {
	var all []Entry
	add := func(object, action string, permission bool) {
		all = append(all, Entry{Rule: policies.Rule{Relation: relation, Object: object, Action: action}, Permission: permission})
	}
	for _, section := range policies.SectionIDs() {
		add(section, policies.Read, false)
		add(section, policies.Write, false)
	}
	for _, action := range policies.CaseActions {
		add("case", action, false)
	}
	if relation != policies.Body {
		return all
	}
	for _, m := range v.deps.Platform.Modules {
		for _, p := range m.Permissions {
			if !v.deps.Policies.OfPlatform(p.Name()) {
				add(p.Object, p.Verb, true)
			}
		}
	}
	return all
}

// Source is from where a role of the body's own comes.
type Source struct {
	Item    string // key
	Kit     string // title in Italian; "" for an item of the body's own
	Release string
}

// FindSources tells from where the roles of the body's own come, by their id.
func (v *Service) FindSources(ctx context.Context, s tenants.Scope) (map[string]Source, error) {
	roles := v.deps.Policies.RolesOf(s.Tenant)
	kits, err := v.findKits(ctx, s, roles)
	if err != nil {
		return nil, err
	}
	sources := make(map[string]Source, len(roles))
	for _, own := range roles {
		sources[own.ID] = Source{Item: own.Item, Release: own.Release, Kit: kits[own.ID]}
	}
	return sources, nil
}

// FindEntries is the matrix of a relation: for every role of a body, what it may do. Errors: problem.NotFound for a
// relation that does not exist.
func (v *Service) FindEntries(ctx context.Context, s tenants.Scope, relation policies.Relation) ([]Entry, error) {
	if !slices.Contains(policies.Relations, relation) {
		return nil, problem.Missing()
	}
	draft, err := v.findDraft(ctx, s)
	if err != nil {
		return nil, err
	}
	rules, base := v.deps.Policies.Now(), v.deps.Policies.With(s.Tenant, nil)
	own, objects := effects(rules.Own(s.Tenant)), v.objects(relation)
	wanted := effects(draft.Lines)
	var all []Entry
	for _, role := range v.deps.Policies.GivenRoles(s.Tenant) {
		who := tenants.Scope{Tenant: s.Tenant, Roles: []string{role.ID}}
		for _, e := range objects {
			e.Role = role.ID
			e.Effect = own[e.Rule.About()]
			e.Base, e.Result = base.Allows(who, relation, e.Object, e.Action), rules.Allows(who, relation, e.Object, e.Action)
			e.Draft = e.Effect
			if effect, changed := wanted[e.Rule.About()]; changed {
				e.Draft = effect
			}
			all = append(all, e)
		}
	}
	return all, nil
}

// effects are rules by what they are about.
func effects(rules []policies.Rule) map[policies.Rule]string {
	by := make(map[policies.Rule]string, len(rules))
	for _, r := range rules {
		by[r.About()] = r.Effect
	}
	return by
}

// changed are the own rules of a body with the lines of a draft in them.
func changed(own, lines []policies.Rule) []policies.Rule {
	wanted := effects(lines)
	var all []policies.Rule
	for _, r := range own {
		if _, replaced := wanted[r.About()]; !replaced {
			all = append(all, r)
		}
	}
	for _, r := range lines {
		if r.Effect != "" {
			all = append(all, r)
		}
	}
	return all
}
