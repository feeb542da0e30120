package modules

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/riverqueue/river"

	"staffetta/internal/language"
	"staffetta/policies"
)

// Feature is what one package of a module declares: its share of the manifest and of the parts. A module that is cut into packages
// is the list of their features.
type Feature struct {
	Permissions []policies.Permission
	Grants      []policies.RoleGrant
	Treatments  []Treatment
	Terms       []Term
	Records     []Record
	Events      map[string]language.Text
	New         func(Deps) Parts // nil for nothing to put into the program
}

// With returns the module with its features, in their order, after what stands in the manifest itself; New makes the parts of the
// features, so the manifest has none. It refuses two features that declare the same event, or that both fill in a part of which a
// module has one.
func (m Module) With(features ...Feature) Module {
	events := maps.Clone(m.Events)
	if events == nil {
		events = map[string]language.Text{}
	}
	var faults []error
	if m.New != nil {
		faults = append(faults, fmt.Errorf("module %s has features and a New of its own", m.ID))
	}
	for _, f := range features {
		m.Permissions = slices.Concat(m.Permissions, f.Permissions)
		m.Grants = slices.Concat(m.Grants, f.Grants)
		m.Treatments = slices.Concat(m.Treatments, f.Treatments)
		m.Terms = slices.Concat(m.Terms, f.Terms)
		m.Records = slices.Concat(m.Records, f.Records)
		for action, name := range f.Events {
			if _, known := events[action]; known {
				faults = append(faults, fmt.Errorf("two features of module %s declare the event %s", m.ID, action))
			}
			events[action] = name
		}
	}
	m.Events = events
	m.New = func(deps Deps) (whole Parts, err error) {
		err = errors.Join(faults...)
		for _, f := range features {
			if f.New != nil {
				err = errors.Join(err, whole.join(f.New(deps)))
			}
		}
		return whole, err
	}
	return m
}

// join adds the parts of a feature.
func (p *Parts) join(f Parts) error {
	p.Pages = append(p.Pages, f.Pages...)
	p.Operations = append(p.Operations, f.Operations...)
	p.Workers = bothWork(p.Workers, f.Workers)
	p.Periodic = append(p.Periodic, f.Periodic...)
	p.Duties = append(p.Duties, f.Duties...)
	p.Drafts = append(p.Drafts, f.Drafts...)
	p.Hints = append(p.Hints, f.Hints...)
	p.Uses = append(p.Uses, f.Uses...)
	p.Checks = append(p.Checks, f.Checks...)
	p.Farewells = append(p.Farewells, f.Farewells...)
	if p.Shares != nil && f.Shares != nil || p.Reach != nil && f.Reach != nil || p.Greet != nil && f.Greet != nil || p.Notices != nil && f.Notices != nil {
		return errors.New("two features of a module tell its shares, reach or notices, or greet")
	}
	if f.Shares != nil {
		p.Shares = f.Shares
	}
	if f.Reach != nil {
		p.Reach = f.Reach
	}
	if f.Greet != nil {
		p.Greet = f.Greet
	}
	if f.Notices != nil {
		p.Notices = f.Notices
	}
	return nil
}

// bothWork adds the workers of both; either may be nil.
func bothWork(a, b func(*river.Workers)) func(*river.Workers) {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	return func(w *river.Workers) { a(w); b(w) }
}
