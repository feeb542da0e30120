package modules

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"staffetta/tenants"
)

// Use is how much a body works with one of its configuration items, as the records say that were made with it; counts alone
// (it: uso).
type Use struct {
	Key     string
	Days30  int // records made in the last days
	Days90  int
	Days180 int
	Records int       // ever
	People  int       // of the body who made those of the last 180 days
	Last    time.Time // when the newest was made
}

// Add joins what was made in two places with one item. The same person may have worked in both, so that people are at least those.
func (u Use) Add(other Use) Use {
	u.Key = cmp.Or(u.Key, other.Key)
	u.Days30, u.Days90, u.Days180 = u.Days30+other.Days30, u.Days90+other.Days90, u.Days180+other.Days180
	u.Records, u.People = u.Records+other.Records, max(u.People, other.People)
	if other.Last.After(u.Last) {
		u.Last = other.Last
	}
	return u
}

// UseSource measures the use of all items of a kind in the scope's body, from the records of the module that gives it. The
// scope may be that of a job, without roles and sections.
type UseSource struct {
	Kind string
	Find func(ctx context.Context, s tenants.Scope) ([]Use, error)
	// Answers counts what open records made with items hold, by key; nil where records hold no answers.
	Answers func(ctx context.Context, tx tenants.Tx, keys []string) ([]StoredAnswers, error)
}

// Uses gathers what all modules measure, for whoever asks whether an item is alive. The wiring fills it with the parts as it
// makes them.
type Uses struct {
	bodies *tenants.Directory
	asked  []using
}

type using struct {
	UseSource
	module Module
}

// NewUses makes an empty registry.
func NewUses(bodies *tenants.Directory) *Uses { return &Uses{bodies: bodies} }

// Add takes what a module measures.
func (u *Uses) Add(m Module, sources []UseSource) {
	for _, source := range sources {
		u.asked = append(u.asked, using{source, m})
	}
}

// Find measures the use of every item in the scope's body, by kind and key. A kind that is there was measured: an item of it
// that is missing was never used. Of other kinds nothing is known. Modules that are off for the body are not asked.
func (u *Uses) Find(ctx context.Context, s tenants.Scope) (map[string]map[string]Use, error) {
	measured := map[string]map[string]Use{}
	if u == nil {
		return measured, nil
	}
	body, err := u.bodies.ByID(s.Tenant)
	if err != nil {
		return nil, err
	}
	for _, one := range u.asked {
		if !one.module.Essential && !body.Has(string(one.module.ID)) {
			continue
		}
		found, err := one.Find(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("measure the use of kind %s in module %s: %w", one.Kind, one.module.ID, err)
		}
		if measured[one.Kind] == nil {
			measured[one.Kind] = map[string]Use{}
		}
		for _, use := range found {
			measured[one.Kind][use.Key] = measured[one.Kind][use.Key].Add(use)
		}
	}
	return measured, nil
}
