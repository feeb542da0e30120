package privacy

import (
	"context"
	"fmt"
	"slices"
	"time"

	"staffetta/onboarding/privacy/paper"
	"staffetta/onboarding/retention"
	"staffetta/policies"
	"staffetta/tenants"
)

// gather reads what the documents of the actor's body are made of.
func (v *Service) gather(ctx context.Context, s tenants.Scope) (f paper.Facts, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		f, err = v.gatherIn(ctx, tx, s)
		return err
	})
	return f, err
}

func (v *Service) gatherIn(ctx context.Context, tx tenants.Tx, s tenants.Scope) (f paper.Facts, err error) {
	if f.Body, err = v.deps.Bodies.ByID(s.Tenant); err != nil {
		return f, err
	}
	if f.Platform, _, err = v.deps.Bodies.BySlug(tenants.PlatformSlug); err != nil {
		return f, fmt.Errorf("find the platform: %w", err)
	}
	if f.Sheet, err = findSheet(ctx, tx); err != nil {
		return f, err
	}
	if f.Terms, f.Years, err = retention.FindKept(ctx, tx, v.deps.Platform.Modules); err != nil {
		return f, err
	}
	held, err := tenants.FindHolders(ctx, tx)
	if err != nil {
		return f, err
	}
	for _, h := range held {
		if h.Role == paper.OfficerRole && h.From == "" {
			f.Officers = append(f.Officers, h)
		}
	}
	for _, m := range v.deps.Platform.Modules {
		if m.Essential || f.Body.Has(string(m.ID)) {
			f.Modules = append(f.Modules, m)
		}
	}
	return f, v.gatherAgreements(ctx, tx, s, &f)
}

// gatherAgreements reads the agreements in force and names their bodies.
func (v *Service) gatherAgreements(ctx context.Context, tx tenants.Tx, s tenants.Scope, f *paper.Facts) error {
	all, err := policies.FindAgreements(ctx, tx, s)
	if err != nil {
		return err
	}
	now := time.Now()
	f.Names = map[int32]string{}
	for _, a := range all {
		if !a.Live(now) {
			continue
		}
		f.Agreements = append(f.Agreements, a)
		for _, p := range a.Parties {
			body, err := v.deps.Bodies.ByID(p.Tenant)
			if err != nil {
				return err
			}
			f.Names[p.Tenant] = body.Name
		}
	}
	slices.Reverse(f.Agreements) // the oldest first, so that a new one changes little
	return nil
}
