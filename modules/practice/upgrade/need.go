package upgrade

import (
	"context"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/fit"
	"staffetta/tenants"
)

// addMissing notes modules that are switched off, kinds nobody owns, roles nobody holds, contents that this program does not
// understand and items that would name what the body does not use.
func (v *Service) addMissing(ctx context.Context, tx tenants.Tx, s tenants.Scope, plan *Plan) error {
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return problem.Missing().Wrap(err)
	}
	held := map[string]bool{}
	for role, from := range plan.people {
		held[role] = from[""] > 0
	}
	items := make([]kit.Source, len(plan.Lines))
	for i, line := range plan.Lines {
		items[i] = line.Theirs
		items[i].Kind = line.Kind // also of what the kit does not hold any more
	}
	missing := fit.Find(v.deps.Platform, fit.Body{Tenant: body, Held: held}, items)
	plan.MissingKinds, plan.MissingModules, plan.MissingRoles = missing.Kinds, missing.Modules, missing.Roles
	for _, line := range plan.Lines {
		declared, _, known := v.deps.Platform.Kinds.Get(line.Kind)
		if known && line.Theirs.Content != nil && line.writes() && declared.Validate(line.Theirs.Content) != nil {
			plan.Unreadable = append(plan.Unreadable, line.Place())
		}
	}
	return v.addMissingItems(ctx, tx, s, plan)
}

// addMissingItems notes what an item would name that the body does not use, and would not by this kit, as when it dropped the
// vocabulary of a form. What the body's own item names already is its own affair.
func (v *Service) addMissingItems(ctx context.Context, tx tenants.Tx, s tenants.Scope, plan *Plan) error {
	comes, wanted := map[string]bool{}, []kit.Loose{}
	for _, line := range plan.Lines {
		if line.writes() && !line.Gone {
			comes[kit.Place(line.Kind, line.Key)], comes[kit.Place("", line.Key)] = true, true
		}
	}
	var sources []kit.Source
	for _, line := range plan.Lines {
		if line.Gone || !line.writes() {
			continue
		}
		has := map[string]bool{}
		for _, ref := range kit.References(v.deps.Platform.Kinds, line.Kind, line.Ours.Content) {
			has[ref.Key] = true
		}
		for _, ref := range kit.References(v.deps.Platform.Kinds, line.Kind, line.Theirs.Content) {
			if !has[ref.Key] && !comes[kit.Place(ref.Kind, ref.Key)] && ref.Kind != "" {
				wanted = append(wanted, kit.Loose{Kind: line.Kind, Key: line.Key, Ref: ref})
				sources = append(sources, kit.Source{Kind: ref.Kind, Key: ref.Key})
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	present, err := v.current(ctx, tx, s, sources)
	if err != nil {
		return err
	}
	for _, loose := range wanted {
		if present[kit.Place(loose.Ref.Kind, loose.Ref.Key)].State != kit.Published {
			plan.MissingItems = append(plan.MissingItems, loose)
		}
	}
	return nil
}
