package modules

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"staffetta/internal/language"
	"staffetta/policies"
	"staffetta/tenants"
)

// Duty is something that awaits the actor. It names nobody: it is shown before anything is opened, and no reading of it is
// in the audit (it: cosa da fare).
type Duty struct {
	Label language.Message // what is to do, with how many where there are several
	Title string           // which one, in words of a body: the other body, an agreement; "" for several
	Path  string           // where it is done
	Due   time.Time        // an instant of the last day to do it; zero for none
	Since time.Time        // when the newest of it began; zero where nobody knows
}

// DutySource is what a module asks of those who hold a permission.
type DutySource struct {
	Permission string // object:verb, or policies.SignedIn for whoever works at the body
	Urgent     bool   // told by e-mail at once, however seldom somebody wants to be told
	Quiet      bool   // told by e-mail only: the desk shows it in its own way
	// Topics are the tables by whose rows the duty begins. Who is told by e-mail hears of it when one of them changes, and at the
	// moment of the day; of a duty without topics at that moment only.
	Topics []string
	// Choices are the labels of duties that each person may leave untold by e-mail, one by one; each has a message of its name
	// with ".choice" after it, which says what it is about.
	Choices []string
	Find    func(ctx context.Context, s tenants.Scope) ([]Duty, error)
}

// Awaiting is a duty with whether it is urgent, and by what it begins.
type Awaiting struct {
	Duty
	Urgent bool
	Topics []string
}

// Duties gathers the duties of all modules, for a page whose module knows none of the others. The wiring fills it with
// the parts as it makes them.
type Duties struct {
	bodies *tenants.Directory
	rules  *policies.Engine
	asked  []asked
	begun  []begun
}

// asked is a source with the module that it belongs to.
type asked struct {
	DutySource
	module ID
	always bool
}

// NewDuties makes an empty registry.
func NewDuties(bodies *tenants.Directory, rules *policies.Engine) *Duties {
	return &Duties{bodies: bodies, rules: rules}
}

// Add takes what a module asks.
func (d *Duties) Add(m Module, sources []DutySource) {
	for _, source := range sources {
		d.asked = append(d.asked, asked{DutySource: source, module: m.ID, always: m.Essential})
	}
}

// Find lists what awaits the actor, what is due first in front and what is never due last. Only modules that are on for
// the body are asked, and only for permissions that the actor holds. Without a registry nothing awaits anybody.
func (d *Duties) Find(ctx context.Context, s tenants.Scope) ([]Duty, error) {
	found, err := d.find(ctx, s, func(a asked) bool { return !a.Quiet })
	if err != nil {
		return nil, err
	}
	var duties []Duty
	for _, one := range found {
		duties = append(duties, one.Duty)
	}
	slices.SortStableFunc(duties, byDue)
	return duties, nil
}

// FindAll lists also what the desk shows in its own way, in the order of the modules: of all sources or, where topics are
// named, of those that one of them concerns.
func (d *Duties) FindAll(ctx context.Context, s tenants.Scope, topics ...string) ([]Awaiting, error) {
	return d.find(ctx, s, func(a asked) bool { return len(topics) == 0 || Concerns(a.Topics, topics) })
}

// Concerns tells whether something of what happened changes what begins by these topics.
func Concerns(topics, happened []string) bool {
	return slices.ContainsFunc(topics, func(one string) bool { return slices.Contains(happened, one) })
}

// Topics are those of all sources.
func (d *Duties) Topics() []string {
	var all []string
	for _, a := range d.asked {
		all = append(all, a.Topics...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Choices are the labels of duties that can await the actor and that the actor may leave untold, in the order of the modules.
func (d *Duties) Choices(s tenants.Scope) (labels []string, err error) {
	if d == nil {
		return nil, nil
	}
	body, err := d.bodies.ByID(s.Tenant)
	if err != nil {
		return nil, err
	}
	for _, a := range d.asked {
		allowed := d.may(s, a)
		if !allowed || !a.always && !body.Has(string(a.module)) {
			continue
		}
		for _, label := range a.Choices {
			if !slices.Contains(labels, label) {
				labels = append(labels, label)
			}
		}
	}
	return labels, nil
}

// HasUrgent tells whether something urgent can await the actor.
func (d *Duties) HasUrgent(s tenants.Scope) bool {
	if d == nil {
		return false
	}
	return slices.ContainsFunc(d.asked, func(a asked) bool {
		allowed := d.may(s, a)
		return allowed && a.Urgent
	})
}

func (d *Duties) may(s tenants.Scope, a asked) bool {
	allowed, _ := d.rules.Permits(s, a.Permission)
	return allowed || a.Permission == policies.SignedIn && s.Purpose == tenants.Operator
}

func (d *Duties) find(ctx context.Context, s tenants.Scope, wanted func(asked) bool) ([]Awaiting, error) {
	if d == nil {
		return nil, nil
	}
	body, err := d.bodies.ByID(s.Tenant)
	if err != nil {
		return nil, err
	}
	var found []Awaiting
	for _, a := range d.asked {
		allowed := d.may(s, a)
		if !wanted(a) || !allowed || !a.always && !body.Has(string(a.module)) {
			continue
		}
		duties, err := a.Find(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("find the duties of module %s: %w", a.module, err)
		}
		for _, duty := range duties {
			found = append(found, Awaiting{Duty: duty, Urgent: a.Urgent, Topics: a.Topics})
		}
	}
	return found, nil
}

func byDue(a, b Duty) int {
	if a.Due.IsZero() != b.Due.IsZero() {
		return cmp.Compare(b.Due.Unix(), a.Due.Unix())
	}
	return a.Due.Compare(b.Due)
}
