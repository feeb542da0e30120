// Package switching is where a body turns modules on and off. What a module has written stays, whatever is done here: its
// addresses answer 404, its jobs wait, its menu is gone (api/web, api/rest, internal/jobs). It knows modules by their
// manifests alone.
package switching

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Service turns modules on and off.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Module is a module of the program as it stands for a body.
type Module struct {
	modules.Module
	On bool
}

// Settings returns the kind of the settings of the module, if it has any.
func (m Module) Settings() (modules.Kind, bool) {
	at := slices.IndexFunc(m.Kinds, func(k modules.Kind) bool { return k.Defaults != nil })
	if at < 0 {
		return modules.Kind{}, false
	}
	return m.Kinds[at], true
}

// Change is what turning one module on or off does.
type Change struct {
	On      bool             // what becomes of them
	Modules []modules.Module // that change: the one that was asked for first, then those that go with it
	Actions []Action         // what people can do with them
	Mark    string           // of all this
}

// Action is something that people of the body may do with a module, by their roles of today.
type Action struct {
	Permission string
	Label      language.Text
	People     int
}

// Order is the decision to turn a module on or off.
type Order struct {
	Module  modules.ID
	On      bool
	Reason  string // 1 to 300 characters
	Consent modules.Consent
}

// maxReason is how many characters a reason has at most.
const maxReason = 300

// Find lists the modules in the order of the program; those of the platform's own are among them.
func (v *Service) Find(s tenants.Scope) ([]Module, error) {
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return nil, err
	}
	var found []Module
	for _, m := range v.deps.Platform.Modules {
		found = append(found, Module{Module: m, On: m.Essential || body.Has(string(m.ID))})
	}
	return found, nil
}

// Get returns a module that the body can turn on and off: problem.NotFound for another.
func (v *Service) Get(s tenants.Scope, id modules.ID) (Module, error) {
	all, err := v.Find(s)
	if err != nil {
		return Module{}, err
	}
	at := slices.IndexFunc(all, func(m Module) bool { return m.ID == id && !m.Essential })
	if at < 0 {
		return Module{}, problem.Missing()
	}
	return all[at], nil
}

// Compare tells what turning a module on or off would do. Errors: problem.NotFound for a module that the body cannot turn on
// and off; problem.Conflict where it stands so already.
func (v *Service) Compare(ctx context.Context, s tenants.Scope, id modules.ID, on bool) (Change, error) {
	m, err := v.Get(s, id)
	if err != nil {
		return Change{}, err
	}
	if m.On == on {
		return Change{}, standing(m)
	}
	all, err := v.Find(s)
	if err != nil {
		return Change{}, err
	}
	c := Change{On: on, Modules: together(all, m, on)}
	people, err := v.people(ctx, s)
	if err != nil {
		return Change{}, err
	}
	c.Actions = v.actions(s, c.Modules, people)
	c.Mark, err = modules.MarkOf(c.said())
	return c, err
}

// people are those of the body with the roles that they hold today.
func (v *Service) people(ctx context.Context, s tenants.Scope) (map[uuid.UUID][]string, error) {
	people := map[uuid.UUID][]string{}
	return people, v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		holders, err := tenants.FindHolders(ctx, tx)
		for _, h := range holders {
			if h.From == "" {
				people[h.Account] = append(people[h.Account], h.Role)
			}
		}
		return err
	})
}

// Switch turns a module on or off, with those that go with it, as the actor has read it. Errors: problem.NotFound and
// problem.Conflict as Compare; problem.Invalid without a reason or an acknowledgement; problem.Conflict when something else
// was read than would be done.
func (v *Service) Switch(ctx context.Context, s tenants.Scope, o Order) error {
	c, err := v.Compare(ctx, s, o.Module, o.On)
	if err != nil {
		return err
	}
	if err := o.check(c.Mark); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		on, err := switchModules(ctx, tx, c.ids(), o.On)
		if err != nil {
			return err
		}
		if !v.closed(on) { // somebody else turned one off that is needed
			return modules.Stale()
		}
		tenants.AfterCommit(tx, v.deps.Bodies.Reload)
		return audit.Write(ctx, tx, s, audit.Event{Action: "module.switch", Payload: map[string]any{"modules": c.ids(), "on": o.On, "reason": o.Reason}})
	})
}

// standing says that a module stands as it was to be.
func standing(m Module) error {
	if m.On {
		return problem.New(problem.Conflict, "onboarding.module.error.on")
	}
	return problem.New(problem.Conflict, "onboarding.module.error.off")
}

func (o Order) check(mark string) error {
	var wrong problem.Fields
	wrong.Reason("motivo", o.Reason, maxReason)
	o.Consent.Require(&wrong)
	if err := wrong.Err(); err != nil {
		return err
	}
	return o.Consent.Check(mark)
}

// together lists a module with those that are turned on or off with it: what it requires and is off, or what requires it and
// is on, near and far.
func together(all []Module, m Module, on bool) []modules.Module {
	changed := []modules.Module{m.Module}
	has := func(id modules.ID) bool {
		return slices.ContainsFunc(changed, func(c modules.Module) bool { return c.ID == id })
	}
	if on { // a module comes after those it requires, so one walk backwards reaches all
		for _, other := range slices.Backward(all) {
			needed := slices.ContainsFunc(changed, func(c modules.Module) bool { return slices.Contains(c.Requires, other.ID) })
			if needed && !other.On {
				changed = append(changed, other.Module)
			}
		}
		return changed
	}
	for _, other := range all {
		if other.On && !other.Essential && slices.ContainsFunc(other.Requires, has) {
			changed = append(changed, other.Module)
		}
	}
	return changed
}

// actions lists what people may do with modules, what most of them may do first.
func (v *Service) actions(s tenants.Scope, changed []modules.Module, people map[uuid.UUID][]string) []Action {
	var actions []Action
	for _, m := range changed {
		for _, p := range m.Permissions {
			a := Action{Permission: p.Name(), Label: p.Label}
			for _, roles := range people {
				if v.deps.Permits(tenants.Scope{Tenant: s.Tenant, Roles: roles, Purpose: tenants.Operator}, a.Permission) {
					a.People++
				}
			}
			actions = append(actions, a)
		}
	}
	slices.SortStableFunc(actions, func(a, b Action) int { return b.People - a.People })
	return actions
}

// closed tells whether every module that was turned on has those it requires. Essential ones work with what is there.
func (v *Service) closed(on []string) bool {
	var has []modules.ID
	for _, m := range v.deps.Platform.Modules {
		if m.Essential || slices.Contains(on, string(m.ID)) {
			has = append(has, m.ID)
		}
	}
	return !slices.ContainsFunc(v.deps.Platform.Modules, func(m modules.Module) bool {
		missing := func(id modules.ID) bool { return !slices.Contains(has, id) }
		return !m.Essential && slices.Contains(has, m.ID) && slices.ContainsFunc(m.Requires, missing)
	})
}

func (c Change) ids() []string {
	ids := make([]string, len(c.Modules))
	for i, m := range c.Modules {
		ids[i] = string(m.ID)
	}
	return ids
}

// said is what is read of a change, for its mark.
func (c Change) said() any {
	return struct {
		On      bool
		Modules []string
		Actions []Action
	}{c.On, c.ids(), c.Actions}
}
