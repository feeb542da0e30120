package upgrade

import (
	"context"
	"fmt"
	"slices"

	"staffetta/modules/kit"
	"staffetta/modules/practice/fit"
	"staffetta/modules/practice/sight"
	"staffetta/policies"
	"staffetta/tenants"
)

// addImpact counts and names what applying the plan would touch. It asks about what would change alone: most of a kit stays.
func (v *Service) addImpact(ctx context.Context, tx tenants.Tx, s tenants.Scope, plan *Plan) error {
	holders, err := v.holders(ctx, tx, plan.Lines)
	if err != nil {
		return err
	}
	plan.people = sight.PeopleOf(holders)
	if err := v.addUses(ctx, tx, s, plan); err != nil {
		return err
	}
	if err := v.addCarrying(ctx, tx, s, plan); err != nil {
		return err
	}
	if err := v.addNaming(ctx, tx, s, plan); err != nil {
		return err
	}
	for i := range plan.Lines {
		line := &plan.Lines[i]
		if !line.writes() {
			continue
		}
		line.People = sight.Workers(holders, fit.Roles(v.deps.Platform.Kinds, []kit.Source{line.Source()}))
	}
	return v.addMissing(ctx, tx, s, plan)
}

// holders lists who holds which role. Where an item is rules of the body, and they will be
// written, nobody gets or loses a role until the transaction ends.
func (v *Service) holders(ctx context.Context, tx tenants.Tx, lines []Line) ([]tenants.Holder, error) {
	ruling := func(l Line) bool {
		declared, _, _ := v.deps.Platform.Kinds.Get(l.Kind)
		return declared.Rules != nil
	}
	if !v.looks && slices.ContainsFunc(lines, ruling) {
		if _, err := policies.HoldRules(ctx, tx); err != nil {
			return nil, err
		}
	}
	return tenants.FindHolders(ctx, tx)
}

// addUses counts the records made with what would change: what the kit gave up and somebody used stays until somebody
// answers.
func (v *Service) addUses(ctx context.Context, tx tenants.Tx, s tenants.Scope, plan *Plan) (err error) {
	for i := range plan.Lines {
		line := &plan.Lines[i]
		declared, _, _ := v.deps.Platform.Kinds.Get(line.Kind)
		if !line.touches() || declared.Impact == nil {
			continue
		}
		if line.Uses, err = declared.Impact(ctx, tx, s.Tenant, line.Key); err != nil {
			return fmt.Errorf("count the records made with %s: %w", line.Place(), err)
		}
		line.Counted = true
		line.use()
	}
	return nil
}

// touches tells whether applying would change what the body has.
func (l Line) touches() bool { return l.writes() && l.Ours.Content != nil }

// use holds back what would take away an item that records were made with.
func (l *Line) use() {
	if l.Outcome == Removed && l.Uses > 0 {
		l.Outcome = Conflict
	}
}

// addNaming notes which published items of the body name those that would change.
func (v *Service) addNaming(ctx context.Context, tx tenants.Tx, s tenants.Scope, plan *Plan) error {
	changing := map[string]*Line{}
	for i := range plan.Lines {
		if plan.Lines[i].touches() {
			changing[plan.Lines[i].Key] = &plan.Lines[i]
		}
	}
	if len(changing) == 0 {
		return nil
	}
	published, err := v.findPublished(ctx, tx, s)
	if err != nil {
		return err
	}
	for _, item := range published {
		named := map[string]bool{item.Key: true} // not itself
		for _, ref := range kit.References(v.deps.Platform.Kinds, item.Kind, item.Content) {
			if line := changing[ref.Key]; line != nil && !named[ref.Key] {
				named[ref.Key] = true
				line.Naming = append(line.Naming, kit.Place(item.Kind, item.Key))
				plan.Titles.Add(item.Kind, item.Key, item.Title)
			}
		}
	}
	return nil
}
