package rights

import "staffetta/policies"

// Wanted is what the entry answers once the draft is applied.
func (e Entry) Wanted() bool {
	switch e.Draft {
	case policies.Allow:
		return true
	case policies.Deny:
		return false
	}
	return e.Base
}

// wish is the effect of the own rule that makes the entry answer so: none where the program answers so itself, and the one of the
// draft where that does already.
func (e Entry) wish(given bool) string {
	switch {
	case given == e.Wanted():
		return e.Draft
	case given == e.Base:
		return ""
	case given:
		return policies.Allow
	}
	return policies.Deny
}

// MayTurn tells whether a body may decide about the entry: whether the other answer is one that its rules can give.
func (v *Service) MayTurn(e Entry) bool {
	rule := e.Rule.About()
	rule.Effect = e.wish(!e.Wanted())
	return v.deps.Policies.CheckFloor(rule) == nil
}

// Group are the entries of a role that stand together: sections, what is done with a case, or the permissions of a module.
type Group struct {
	Module  string // id; "" for sections and cases
	Entries []Entry
}

// Given counts what the role may do.
func (g Group) Given() (n int) {
	for _, e := range g.Entries {
		if e.Wanted() {
			n++
		}
	}
	return n
}

// Groups puts the entries of a role together, without what it neither has nor can be given.
func (v *Service) Groups(entries []Entry) []Group {
	var groups []Group
	for _, e := range entries {
		if !e.Wanted() && !v.MayTurn(e) {
			continue
		}
		if last := len(groups) - 1; last < 0 || !groups[last].takes(v, e) {
			groups = append(groups, Group{Module: v.moduleOf(e)})
		}
		groups[len(groups)-1].Entries = append(groups[len(groups)-1].Entries, e)
	}
	return groups
}

// takes tells whether an entry stands with those before it.
func (g Group) takes(v *Service, e Entry) bool {
	first := g.Entries[0]
	return g.Module == v.moduleOf(e) && (e.Permission || (first.Object == "case") == (e.Object == "case"))
}

// moduleOf is the module that declares what the entry is about; "" for sections and cases, which are all modules'.
func (v *Service) moduleOf(e Entry) string {
	if !e.Permission {
		return ""
	}
	for _, m := range v.deps.Platform.Modules {
		for _, p := range m.Permissions {
			if p.Object == e.Object && p.Verb == e.Action {
				return string(m.ID)
			}
		}
	}
	return ""
}
