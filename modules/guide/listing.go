package guide

import (
	"context"
	"slices"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Listing is a service that came with a kit, as whoever looks after the guide reads it: citizens see it, or it waits.
type Listing struct {
	Key   string
	Title language.Text
	Shown bool
}

// MaxListings is how many services are shown or taken away at once.
const MaxListings = 2000

// FindListings lists the services in use that came with a kit, by key; those that the body wrote itself are public as soon as they
// are published.
func (g *Service) FindListings(ctx context.Context, s tenants.Scope) ([]Listing, error) {
	return g.findListings(ctx, s)
}

// Show lets citizens see services that came with a kit, or takes them away from the guide. What is so already stays. The error is
// problem.NotFound where one of the keys is no such service, and nothing changes.
func (g *Service) Show(ctx context.Context, s tenants.Scope, keys []string, shown bool) error {
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	if len(keys) == 0 || len(keys) > MaxListings {
		return problem.Missing()
	}
	return g.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		changed, err := writeShown(ctx, tx, keys, shown)
		if err != nil || len(changed) == 0 {
			return err
		}
		slices.Sort(changed)
		action := map[bool]string{true: "guide.show", false: "guide.hide"}[shown]
		return audit.Write(ctx, tx, s, audit.Event{Action: action, Payload: map[string]any{"services": changed}})
	})
}

// ShowAll lets citizens see every service that waits.
func (g *Service) ShowAll(ctx context.Context, s tenants.Scope) error {
	listings, err := g.findListings(ctx, s)
	if err != nil {
		return err
	}
	var waiting []string
	for _, l := range listings {
		if !l.Shown {
			waiting = append(waiting, l.Key)
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	return g.Show(ctx, s, waiting, true)
}
