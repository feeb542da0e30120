// Package spread fills the catalogue with invented practices, and lets bodies of a population adopt some: what a bench of
// searching, upgrading and campaigns needs. It goes through the services, as every body itself. It must never run where
// real bodies are in the data.
package spread

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/campaign"
	"staffetta/modules/practice/exchange"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// Keys of the practices that are adopted.
const (
	Large = "PROVA-GRANDE"   // many items, in two releases
	Small = "PROVA-CAMPAGNA" // few items, one release more for each campaign
)

// Plan says how much is made.
type Plan struct {
	Practices int       // in the catalogue
	Items     int       // of the large kit
	Adopters  int       // bodies that adopt the small one
	Progress  io.Writer // nil for silence
}

// filling is one run.
type filling struct {
	Plan
	deps      modules.Deps
	files     *exchange.Service
	releases  *release.Service
	adoptions *adoption.Service
	upgrades  *upgrade.Service
	campaigns *campaign.Service
	began     time.Time
	platform  tenants.Scope
	bodies    []tenants.Tenant // of the population, the largest last
}

// Fill makes what is not there yet. largest is the body whose adoption of the large kit is measured. Errors: of the services,
// and a plan with more adopters than there are bodies.
func Fill(ctx context.Context, deps modules.Deps, p Plan, largest string) error {
	f := &filling{
		Plan: p, deps: deps, began: time.Now(), files: exchange.NewService(deps), releases: release.NewService(deps),
		adoptions: adoption.NewService(deps), upgrades: upgrade.NewService(deps), campaigns: campaign.NewService(deps),
	}
	if err := f.findBodies(largest); err != nil {
		return err
	}
	if err := f.fillCatalogue(ctx); err != nil {
		return fmt.Errorf("fill the catalogue: %w", err)
	}
	if err := f.adoptLarge(ctx); err != nil {
		return fmt.Errorf("adopt the large kit: %w", err)
	}
	if p.Adopters == 0 {
		return nil
	}
	if err := f.adoptSmall(ctx); err != nil {
		return fmt.Errorf("adopt the small kit: %w", err)
	}
	return nil
}

// findBodies takes the municipalities that adopt nothing for other reasons.
func (f *filling) findBodies(largest string) error {
	platform, _, err := f.deps.Bodies.BySlug(tenants.PlatformSlug)
	if err != nil {
		return fmt.Errorf("find the platform: %w", err)
	}
	f.platform = scopeOf(platform)
	last, _, err := f.deps.Bodies.BySlug(largest)
	if err != nil {
		return fmt.Errorf("find %s: %w", largest, err)
	}
	for _, body := range f.deps.Bodies.Active() {
		if body.Kind == tenants.Municipality && body.ID != last.ID {
			f.bodies = append(f.bodies, body)
		}
	}
	slices.SortFunc(f.bodies, func(a, b tenants.Tenant) int { return int(b.ID - a.ID) }) // the demo's own bodies were first
	if len(f.bodies) < f.Adopters+1 {
		return errors.New("there are fewer bodies than adopters")
	}
	f.bodies = append(f.bodies, last)
	return nil
}

// largest is the body with the most cases.
func (f *filling) largest() tenants.Scope { return scopeOf(f.bodies[len(f.bodies)-1]) }

// giver publishes the small kit; adopters take it.
func (f *filling) giver() tenants.Scope { return scopeOf(f.bodies[0]) }

func scopeOf(body tenants.Tenant) tenants.Scope {
	return tenants.Scope{
		Tenant: body.ID, Slug: body.Slug, Name: "Prova di carico", Roles: []string{"tenant_admin"}, Purpose: tenants.Operator, Assurance: 2, Language: "it",
		RequestID: "population",
	}
}

// tell writes how far it is.
func (f *filling) tell(what string, done, all int) {
	if f.Progress != nil && (done == all || done%200 == 0) {
		fmt.Fprintf(f.Progress, "%s: %d of %d  (%.0f s)\n", what, done, all, time.Since(f.began).Seconds())
	}
}
