package access

import (
	"slices"

	"staffetta/policies"
	"staffetta/tenants"
)

// holdings are the ways to hold a case of the own body: by a part in it, or by being of the body.
var holdings = []struct {
	relation policies.Relation
	part     string // as assignments call it
}{{policies.Assigned, "manager"}, {policies.Team, "team"}, {policies.Body, "body"}}

// Parts lists the parts of an assignment by which the actor opens a case, and those by which it also reads whose case it is:
// by the part itself, or because it may open every case of the body.
func (c *Cases) Parts(scope tenants.Scope) (open, named []string) {
	rules := c.deps.Policies
	open, named = []string{}, []string{}
	for _, h := range holdings {
		relations := slices.DeleteFunc([]policies.Relation{h.relation, policies.Body}, func(r policies.Relation) bool { return !rules.Allows(scope, r, "case", "open") })
		if h.relation == policies.Body || len(relations) == 0 {
			continue
		}
		open = append(open, h.part)
		if slices.ContainsFunc(relations, func(r policies.Relation) bool { return rules.Allows(scope, r, "identity", policies.Read) }) {
			named = append(named, h.part)
		}
	}
	return open, named
}

// Held lists the sections that the actor writes by each part of an assignment, as "manager diary", and in every case of the
// body, as "body diary". The scope is confined to what these relations show.
func (c *Cases) Held(scope tenants.Scope) (tenants.Scope, []string) {
	rules := c.deps.Policies
	var relations []policies.Relation
	var held []string
	for _, h := range holdings {
		if !rules.Allows(scope, h.relation, "case", "open") {
			continue
		}
		relations = append(relations, h.relation)
		confined := rules.Confine(scope, h.relation)
		for _, section := range policies.Sections {
			if confined.Writes(section.ID) {
				held = append(held, h.part+" "+section.ID)
			}
		}
	}
	return rules.Confine(scope, relations...), held
}
