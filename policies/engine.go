package policies

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"staffetta/tenants"
)

//go:embed base.csv
var baseText []byte

// Engine decides. Its templates are the base rules of the sections and the grants
// of the modules; bodies override them in the database. Roles come with each
// request, from memberships valid at that moment, so that nothing has to be
// loaded again when a membership begins or ends.
type Engine struct {
	db        *tenants.DB
	templates [][]string
	levels    map[string]int
	apart     map[string]bool // permissions that the program gives to roles alone of which no body has rules
	reloading sync.Mutex      // whoever began later has read what is newer
	rules     atomic.Pointer[Rules]
	report    func(error) // nil while nobody asked to be told
	bodyRoles atomic.Pointer[map[int32][]BodyRole]
}

// NewEngine builds the rules of the permissions and grants together with the
// base rules and the overrides in the database. A grant that names an unknown
// role or permission is an error.
func NewEngine(ctx context.Context, db *tenants.DB, permissions []Permission, grants []RoleGrant) (*Engine, error) {
	if err := CheckGrants(permissions, grants); err != nil {
		return nil, err
	}
	e := &Engine{db: db, levels: map[string]int{}}
	base, err := baseRules()
	if err != nil {
		return nil, err
	}
	e.templates = base
	for _, p := range permissions {
		e.levels[p.Name()] = p.Level()
	}
	for _, g := range grants {
		for _, name := range g.Permissions {
			object, verb, _ := strings.Cut(name, ":")
			e.templates = append(e.templates, []string{everyBody, g.Role, string(Body), object, verb, "allow"})
		}
	}
	e.apart = ofPlatform(grants)
	if err := e.remember(ctx); err != nil {
		return nil, err
	}
	return e, e.Reload(ctx)
}

// CheckGrants refuses a grant that names a role or a permission that nobody declares,
// and a permission on an object that is called like a section: whoever held it would
// have the section of every case of the body.
func CheckGrants(permissions []Permission, grants []RoleGrant) error {
	known := map[string]bool{}
	for _, p := range permissions {
		if slices.Contains(SectionIDs(), p.Object) {
			return fmt.Errorf("permission %s has the name of a section", p.Name())
		}
		known[p.Name()] = true
	}
	for _, g := range grants {
		if !slices.ContainsFunc(Roles, func(r Role) bool { return r.ID == g.Role }) {
			return fmt.Errorf("a grant names the unknown role %q", g.Role)
		}
		for _, name := range g.Permissions {
			if !known[name] {
				return fmt.Errorf("role %s is granted the unknown permission %q", g.Role, name)
			}
		}
	}
	return nil
}

// Reload reads the overrides of all bodies, and the roles of their own, again.
func (e *Engine) Reload(ctx context.Context) error {
	e.reloading.Lock()
	defer e.reloading.Unlock()
	overrides, roles, err := e.findOverrides(ctx)
	if err != nil {
		return err
	}
	rules := newRules(append(slices.Clone(e.templates), overrides...))
	if err := rules.warm(); err != nil {
		return err
	}
	rules.report = e.report
	e.rules.Store(rules)
	e.bodyRoles.Store(&roles)
	return nil
}

// ReportFaults has a function told of rules that cannot be evaluated, once for each thing that they are about until they are
// loaded again. What they are about is refused meanwhile. It is called before the engine decides for anybody.
func (e *Engine) ReportFaults(report func(error)) {
	e.report = report
	e.Now().report = report
}

// Now are the rules as they are.
func (e *Engine) Now() *Rules { return e.rules.Load() }

// Allows tells whether the scope's roles allow the action on the object in the
// relation. Decisions are kept until the rules change.
func (e *Engine) Allows(s tenants.Scope, relation Relation, object, action string) bool {
	return e.Now().Allows(s, relation, object, action)
}

// Permits tells whether the scope holds a permission by name (object:verb), and
// the assurance level that the permission asks for.
func (e *Engine) Permits(s tenants.Scope, name string) (allowed bool, level int) {
	object, verb, _ := strings.Cut(name, ":")
	return e.Allows(s, Body, object, verb), e.levels[name]
}

// Knows tells whether a module declared the permission.
func (e *Engine) Knows(name string) bool {
	_, known := e.levels[name]
	return known
}

// OfPlatform tells whether a permission is one that no body gives: the program grants it, and only to roles of which no body has rules, as
// those of the platform, of its support and of citizens.
func (e *Engine) OfPlatform(name string) bool { return e.apart[name] }

// ofPlatform finds the permissions that are granted, and to no role of a body.
func ofPlatform(grants []RoleGrant) map[string]bool {
	apart, ruled := map[string]bool{}, Ruled()
	for _, g := range grants {
		of := slices.ContainsFunc(ruled, func(r Role) bool { return r.ID == g.Role })
		for _, name := range g.Permissions {
			if known, met := apart[name]; !met || known {
				apart[name] = !of
			}
		}
	}
	return apart
}

// Works tells whether a role does anything with people's cases, or may come to: whoever holds it configures nothing. Of the
// program's roles its own rules say it, because CheckFloor lets no body give cases to the others, and what a body takes away
// today it may give back tomorrow. Those that follow an item all do: the item's next version may say more.
func (e *Engine) Works(role string) bool {
	_, follows := ItemOf(role)
	return follows || e.Now().works(role)
}

// Confine returns the scope with the sections that its roles open in any of the
// relations. Without a relation it has no section at all.
func (e *Engine) Confine(s tenants.Scope, relations ...Relation) tenants.Scope {
	return e.Now().Confine(s, relations...)
}

// Reason is why a decision came out as it did.
type Reason struct {
	Allowed bool
	Rule    []string // tenant (* for all), role, relation, object, action, effect; empty if no rule matches
}

// Explain decides again and names the rule that decided.
func (e *Engine) Explain(s tenants.Scope, relation Relation, object, action string) (Reason, error) {
	return e.Now().Explain(s, relation, object, action)
}

// baseRules reads base.csv: role, relation, sections, actions.
func baseRules() ([][]string, error) {
	var rules [][]string
	lines := bufio.NewScanner(bytes.NewReader(baseText))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		part := strings.Split(line, ",")
		if len(part) != 4 {
			return nil, fmt.Errorf("base policy %q has not four columns", line)
		}
		sections := strings.Fields(part[2])
		if slices.Equal(sections, []string{"*"}) {
			sections = SectionIDs()
		}
		for _, section := range sections {
			for action := range strings.FieldsSeq(part[3]) {
				rules = append(rules, []string{everyBody, strings.TrimSpace(part[0]), strings.TrimSpace(part[1]), section, action, "allow"})
			}
		}
	}
	return rules, lines.Err()
}
