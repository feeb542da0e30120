package policies

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"staffetta/tenants"
)

//go:embed model.conf
var modelText string

// everyBody marks the rules of the program, which hold in every body.
const everyBody = "*"

// subject is what a rule and a decision are about.
type subject struct {
	relation       Relation
	object, action string
}

type decision struct {
	subject
	roles, tenant string
}

// Rules is one state of the rules; it never changes, a reload makes another. Rules are kept by their subject, because
// Casbin tries every rule that it is given: three hundred took 225 µs, the few of one subject take 11. A body without rules
// of its own decides as every such body does, so that one has decided for all.
type Rules struct {
	lines     map[subject][][]string
	enforcers sync.Map        // subject → *casbin.SyncedEnforcer, made when it is first asked
	apart     map[string]bool // the bodies that have rules of their own, by id
	work      map[string]bool // object:action of what is done with people's cases
	decided   sync.Map        // decision → bool
	faulty    sync.Map        // subject → true, once it was reported
	report    func(error)
}

// newRules takes rules as tenant (* for all), role, relation, object, action, effect.
func newRules(lines [][]string) *Rules {
	r := &Rules{lines: map[subject][][]string{}, apart: map[string]bool{}, work: workOf(lines)}
	for _, line := range lines {
		about := subject{Relation(line[2]), line[3], line[4]}
		r.lines[about] = append(r.lines[about], line)
		r.apart[line[0]] = true
	}
	return r
}

// workOf finds what is done with people's cases: what the program itself allows to somebody, and to nobody who configures.
func workOf(lines [][]string) map[string]bool {
	work := map[string]bool{}
	for _, line := range lines {
		if line[0] == everyBody && !Configures(line[1]) {
			work[line[3]+":"+line[4]] = true
		}
	}
	for _, line := range lines {
		if line[0] == everyBody && Configures(line[1]) {
			delete(work, line[3]+":"+line[4])
		}
	}
	return work
}

// works tells whether the program itself gives a role something of people's cases, in any relation.
func (r *Rules) works(role string) bool {
	s := tenants.Scope{Roles: []string{role}} // of no body: without anybody's own rules
	for name := range r.work {
		object, action, _ := strings.Cut(name, ":")
		if slices.ContainsFunc(Relations, func(relation Relation) bool { return r.Allows(s, relation, object, action) }) {
			return true
		}
	}
	return false
}

// warm makes every enforcer, so that what cannot be loaded is known before anybody asks.
func (r *Rules) warm() error {
	for about := range r.lines {
		if _, err := r.enforcer(about); err != nil {
			return fmt.Errorf("load the rules of %s on %s as %s: %w", about.action, about.object, about.relation, err)
		}
	}
	return nil
}

// enforcer decides about a subject that some rule is about.
func (r *Rules) enforcer(about subject) (*casbin.SyncedEnforcer, error) {
	if made, ok := r.enforcers.Load(about); ok {
		return made.(*casbin.SyncedEnforcer), nil
	}
	enforcer, err := newEnforcer(r.lines[about])
	if err != nil {
		return nil, err
	}
	r.enforcers.Store(about, enforcer)
	return enforcer, nil
}

func newEnforcer(lines [][]string) (*casbin.SyncedEnforcer, error) {
	m, err := model.NewModelFromString(modelText)
	if err != nil {
		return nil, fmt.Errorf("read the policy model: %w", err)
	}
	enforcer, err := casbin.NewSyncedEnforcer(m)
	if err != nil {
		return nil, fmt.Errorf("make the enforcer: %w", err)
	}
	enforcer.AddFunction("holds", func(args ...any) (any, error) {
		roles, _ := args[0].(string)
		role, _ := args[1].(string)
		return strings.Contains(roles, "|"+role+"|"), nil
	})
	_, err = enforcer.AddPoliciesEx(lines)
	return enforcer, err
}

// Allows tells whether the scope's roles allow the action on the object in the relation.
func (r *Rules) Allows(s tenants.Scope, relation Relation, object, action string) bool {
	return r.allows(ask(s, relation, object, action))
}

// Through is the closest of the relations, in their order, in which the scope's roles open a case.
func (r *Rules) Through(s tenants.Scope, relations ...Relation) (Relation, bool) {
	for _, relation := range relations {
		if r.Allows(s, relation, caseObject, openAction) {
			return relation, true
		}
	}
	return "", false
}

// Confine returns the scope with the sections that its roles open in any of the
// relations. Without a relation it has no section at all.
func (r *Rules) Confine(s tenants.Scope, relations ...Relation) tenants.Scope {
	var readable, writable []string
	for _, section := range Sections {
		for _, relation := range relations {
			if !slices.Contains(readable, section.ID) && r.Allows(s, relation, section.ID, Read) {
				readable = append(readable, section.ID)
			}
			if !slices.Contains(writable, section.ID) && r.Allows(s, relation, section.ID, Write) {
				writable = append(writable, section.ID)
			}
		}
	}
	return s.WithSections(readable, writable)
}

// Explain decides again and names the rule that decided.
func (r *Rules) Explain(s tenants.Scope, relation Relation, object, action string) (Reason, error) {
	allowed, rule, err := r.decide(ask(s, relation, object, action))
	if err != nil {
		return Reason{}, fmt.Errorf("explain a decision: %w", err)
	}
	return Reason{Allowed: allowed, Rule: rule}, nil
}

// allows remembers what it decided. A rule that cannot be evaluated allows nothing.
func (r *Rules) allows(d decision) bool {
	if !r.apart[d.tenant] {
		d.tenant = ""
	}
	if known, ok := r.decided.Load(d); ok {
		return known.(bool)
	}
	allowed, _, err := r.decide(d)
	if err != nil {
		r.fault(d.subject, err)
		return false
	}
	r.decided.Store(d, allowed)
	return allowed
}

// fault reports once that what is asked about something cannot be evaluated.
func (r *Rules) fault(about subject, err error) {
	if _, known := r.faulty.LoadOrStore(about, true); !known && r.report != nil {
		r.report(fmt.Errorf("decide who may %s %s as %s: %w", about.action, about.object, about.relation, err))
	}
}

// decide also names the rule that decided, nil if none matches.
func (r *Rules) decide(d decision) (allowed bool, rule []string, err error) {
	if _, known := r.lines[d.subject]; !known {
		return false, nil, nil
	}
	enforcer, err := r.enforcer(d.subject)
	if err != nil {
		return false, nil, err
	}
	return enforcer.EnforceEx(d.roles, d.tenant, string(d.relation), d.object, d.action)
}

func ask(s tenants.Scope, relation Relation, object, action string) decision {
	return decision{
		roles: "|" + strings.Join(s.Roles, "|") + "|", tenant: strconv.Itoa(int(s.Tenant)),
		subject: subject{relation, object, action},
	}
}
