package upgrade

import (
	"context"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/fit"
	"staffetta/tenants"
)

// addMissing notes modules that are switched off, kinds nobody owns and roles nobody holds.
func (v *Service) addMissing(ctx context.Context, tx tenants.Tx, s tenants.Scope, plan *Plan) error {
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return problem.Missing().Wrap(err)
	}
	held, err := fit.Held(ctx, tx)
	if err != nil {
		return err
	}
	items := make([]kit.Source, len(plan.Lines))
	for i, line := range plan.Lines {
		items[i] = line.Theirs
		items[i].Kind = line.Kind // also of what the kit does not hold any more
	}
	missing := fit.Find(v.deps.Platform, fit.Body{Tenant: body, Held: held}, items)
	plan.MissingKinds, plan.MissingModules, plan.MissingRoles = missing.Kinds, missing.Modules, missing.Roles
	return nil
}
