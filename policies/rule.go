package policies

import (
	"cmp"
	"slices"

	"staffetta/internal/problem"
)

// The object and the action by which a case is opened at all.
const (
	caseObject = "case"
	openAction = "open"
)

// The effects of a rule.
const (
	Allow = "allow"
	Deny  = "deny"
)

// CaseActions are what a role may do with a case as a whole, besides its sections.
var CaseActions = []string{openAction, "work", "team", "assign"}

// Relations is the one list of relations, from the closest to a case to the farthest.
var Relations = []Relation{Assigned, Team, Office, Body, Guest, Emergency}

// Rule says that a role, in a relation, may or may not take an action on an object: a section, a case, or what a
// permission is about (it: regola).
type Rule struct {
	Role     string   `json:"role"`
	Relation Relation `json:"relation"`
	Object   string   `json:"object"`
	Action   string   `json:"action"`
	Effect   string   `json:"effect,omitempty"` // Allow, Deny, or "" for none
}

func (r Rule) compare(other Rule) int {
	return cmp.Or(
		cmp.Compare(r.Role, other.Role), cmp.Compare(r.Relation, other.Relation), cmp.Compare(r.Object, other.Object),
		cmp.Compare(r.Action, other.Action), cmp.Compare(r.Effect, other.Effect),
	)
}

// About is the rule without its effect.
func (r Rule) About() Rule {
	r.Effect = ""
	return r
}

// Ruled lists the roles that the rules of a body are about: not those of the platform, nor of newcomers.
func Ruled() []Role {
	return slices.DeleteFunc(slices.Clone(Roles), func(r Role) bool {
		return r.ID == "newcomer" || r.ID == "citizen" || r.ID == "platform_operator" || r.ID == "platform_reviewer" || r.ID == Support
	})
}

// CheckFloor refuses what no rule of a body may say, whoever wants it: who configures never gains anything, and above all
// no case, and nobody else comes to configure; nor do roles to which the program gives no case, because who configures may hold them too; what a guest of another
// body sees was agreed with that body, so that a rule only takes away from it; a reason opens a case to read and to nothing
// else; and who looks after the rules keeps that. Errors: problem.Invalid.
func (e *Engine) CheckFloor(r Rule) error {
	var fields problem.Fields
	switch {
	case !slices.ContainsFunc(Ruled(), func(known Role) bool { return known.ID == r.Role }), !slices.Contains(Relations, r.Relation), !e.rulable(r), r.Effect != "" && r.Effect != Allow && r.Effect != Deny:
		fields.Add("regola", "onboarding.rights.error.unknown")
	case r.Effect == Allow && Configures(r.Role):
		fields.Add("regola", "onboarding.rights.error.configures")
	case r.Effect == Allow && (r.Object+":"+r.Action == ManageRules || r.Object+":"+r.Action == ReviewRules):
		fields.Add("regola", "onboarding.rights.error.rules")
	case r.Effect == Allow && e.Now().work[r.Object+":"+r.Action] && !e.Works(r.Role):
		fields.Add("regola", "onboarding.rights.error.caseless")
	case r.Effect == Allow && r.Relation == Guest:
		fields.Add("regola", "onboarding.rights.error.guest")
	case r.Effect == Allow && r.Relation == Emergency && r.Action != Read && r.Action != openAction:
		fields.Add("regola", "onboarding.rights.error.emergency")
	case r.Effect == Deny && slices.Contains([]string{ManageRules, ReadRules, ReviewRules}, r.Object+":"+r.Action):
		fields.Add("regola", "onboarding.rights.error.locked_out")
	}
	return fields.Err()
}

// The permissions to see and to change the rules of a body, and to look at what others changed: nobody takes them away from who has them.
const (
	ReadRules   = "access_rule:read"
	ManageRules = "access_rule:write"
	ReviewRules = "access_rule:review"
)

// rulable tells whether a rule can be about the object: a section or a case in any relation, a permission for the body that is not the
// platform's.
func (e *Engine) rulable(r Rule) bool {
	switch {
	case slices.Contains(SectionIDs(), r.Object):
		return r.Action == Read || r.Action == Write
	case r.Object == caseObject && slices.Contains(CaseActions, r.Action):
		return true
	}
	name := r.Object + ":" + r.Action
	return r.Relation == Body && e.Knows(name) && !e.OfPlatform(name)
}
