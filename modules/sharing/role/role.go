// Package role makes the roles that configuration items declare real: an item of kind role, published by a body or brought by
// a kit, is a role of that body (policies.BodyRole) with the rules that it lists.
//
// What an item may list is a bounded vocabulary, the schema of the kind: permissions that some working role of the program
// has, sections to read and to write, and what may be done with a case; for the cases that are assigned to who holds the role,
// those of their team, and all of the body. There is no word in it for another body's cases, for what looks after rules, audits
// or runs the platform, nor for whatever stands in Withheld. So an item never gives what an administrator could not, and who is
// audited never audits.
//
// Whoever publishes, applies or takes back such an item must be able to change the body's rules. The rules are written by
// the database from the item itself, in the transaction of the item (sharing.follow_role), so that a kit's apply, upgrade and
// rollback carry them; every instance of the program hears of it. An item that somebody's role follows does not go out of use
// by itself: it waits for who takes the role back, or for a decision of somebody who has read who loses.
//
// The package must not decide what anybody may: that is the engine's, by the rules.
package role

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/policies"
)

// Withheld are permissions that a working role of the program has and no item gives, with the reason.
var Withheld = map[string]string{
	"shared_case:read":    "shows cases of other bodies",
	"emergency:open":      "opens cases of other bodies",
	"known_elsewhere:ask": "asks other bodies about persons",
	"share:decide":        "shows what other bodies offer, and binds the body",
	"case:take_over":      "takes cases of other bodies",
	"case:hand_over":      "binds the body: a case passes for good",
	"share:override":      "goes past the legal basis",
	"agreement:write":     "binds the body",
	"practice:publish":    "signs for the body",
	"proposal:answer":     "answers for the body",
	"share:oversee":       "looks after those who share",
	"leaving:partner":     "is told to who binds the body",
	"emergency:review":    "judges those who opened",

	"subject_request:read":     "tells who asked about their data",
	"subject_request:register": "binds the body to answer within a term",
	"subject_copy:fetch":       "shows all that the body has about a person",
	"exemption:record":         "keeps from citizens who opened their case",
}

// Reach is what a role does with the cases to which who holds it stands in one relation.
type Reach struct {
	May    []string `json:"may"`
	Reads  []string `json:"reads"`
	Writes []string `json:"writes"`
}

// Content is what an item of kind role says.
type Content struct {
	Description kit.Text            `json:"description"`
	Permissions map[string][]string `json:"permissions"` // by module
	Assigned    Reach               `json:"assigned"`
	Team        Reach               `json:"team"`
	Body        Reach               `json:"body"`
	Duties      []kit.Text          `json:"duties"`
}

// Relations are those in which an item can open cases, from the closest on.
var Relations = []policies.Relation{policies.Assigned, policies.Team, policies.Body}

// Parse reads a content.
func Parse(content []byte) (Content, error) {
	var c Content
	if err := json.Unmarshal(content, &c); err != nil {
		return Content{}, fmt.Errorf("read a role: %w", err)
	}
	return c, nil
}

// Reach is what the role does in a relation.
func (c Content) Reach(relation policies.Relation) Reach {
	switch relation {
	case policies.Assigned:
		return c.Assigned
	case policies.Team:
		return c.Team
	case policies.Body:
		return c.Body
	default:
		return Reach{}
	}
}

// Rules are what the content lists, as rules of the role of an item.
func (c Content) Rules(key string) []policies.Rule {
	var rules []policies.Rule
	add := func(relation policies.Relation, object, action string) {
		rules = append(rules, policies.Rule{Role: policies.ItemRole(key), Relation: relation, Object: object, Action: action, Effect: policies.Allow})
	}
	for _, relation := range Relations {
		reach := c.Reach(relation)
		for _, action := range reach.May {
			add(relation, "case", action)
		}
		for _, section := range reach.Reads {
			add(relation, section, policies.Read)
		}
		for _, section := range reach.Writes {
			add(relation, section, policies.Write)
		}
	}
	for _, name := range c.names() {
		object, verb, _ := strings.Cut(name, ":")
		add(policies.Body, object, verb)
	}
	return rules
}

// names lists the permissions.
func (c Content) names() []string {
	var names []string
	for _, group := range slices.Sorted(maps.Keys(c.Permissions)) {
		names = append(names, c.Permissions[group]...)
	}
	return names
}

// Validate tells what is wrong with a content beyond its schema: what is written but not read, and what is done with cases that
// the role does not open.
func Validate(content []byte) []kit.Fault {
	c, err := Parse(content)
	if err != nil {
		return []kit.Fault{{Key: "kit.content.unreadable", Params: map[string]string{"cause": err.Error()}}}
	}
	var faults []kit.Fault
	for _, relation := range Relations {
		reach := c.Reach(relation)
		for _, section := range reach.Writes {
			if !slices.Contains(reach.Reads, section) {
				faults = append(faults, kit.Fault{Path: string(relation) + ".writes", Key: "sharing.content.writes_unread", Params: map[string]string{"section": section}})
			}
		}
		opens := slices.Contains(reach.May, "open")
		if !opens && (len(reach.May) > 0 || relation != policies.Body && len(reach.Reads) > 0) {
			faults = append(faults, kit.Fault{Path: string(relation) + ".may", Key: "sharing.content.never_opened"})
		}
	}
	return faults
}

// Shown are the sections and the permissions that the role of an item has.
func Shown(key string, content []byte) ([]modules.Shown, error) {
	c, err := Parse(content)
	if err != nil {
		return nil, err
	}
	who := language.Text{It: "Ruolo " + key, En: "Role " + key}
	all := []modules.Shown{{Who: who, Role: policies.ItemRole(key), Bond: policies.Body, May: c.names()}}
	for _, relation := range Relations {
		reach := c.Reach(relation)
		all = append(all, modules.Shown{Who: who, Role: policies.ItemRole(key), Bond: relation, Sections: reach.Reads, Written: reach.Writes, May: cases(reach)})
	}
	return all, nil
}

// cases are what a role does with cases, as permissions.
func cases(reach Reach) []string {
	names := make([]string, len(reach.May))
	for i, action := range reach.May {
		names[i] = "case:" + action
	}
	return names
}

// RulesOf are the rules that the content of an item makes.
func RulesOf(key string, content []byte) ([]policies.Rule, error) {
	c, err := Parse(content)
	if err != nil {
		return nil, err
	}
	return c.Rules(key), nil
}
