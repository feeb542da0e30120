package guide

import (
	"context"
	"slices"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Checks tell what citizens find in the guide.
func (g *Service) Checks() []modules.Check {
	return []modules.Check{{
		Title: "guide.check", Chapter: modules.ServiceChapter, Path: listingsPath, Permission: mayShow,
		Find: func(ctx context.Context, s tenants.Scope) (modules.Finding, error) {
			sheets, _, err := g.Find(ctx, s, Query{})
			if err != nil {
				return modules.Finding{}, err
			}
			waiting, err := g.FindListings(ctx, s)
			if err != nil {
				return modules.Finding{}, err
			}
			waiting = slices.DeleteFunc(waiting, func(l Listing) bool { return l.Shown })
			switch {
			case len(sheets) > 0:
				return modules.Finding{State: modules.Met, Path: "/servizi", Text: language.M("guide.check.shown", "n", len(sheets))}, nil
			case len(waiting) > 0:
				return modules.Finding{Text: language.M("guide.check.waiting", "n", len(waiting))}, nil
			default:
				return modules.Finding{Text: language.M("guide.check.none")}, nil
			}
		},
	}}
}
