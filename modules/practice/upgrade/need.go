package upgrade

import (
	"context"
	"slices"
	"strings"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// addMissing notes modules that are switched off, kinds nobody owns and roles nobody holds.
func (v *Service) addMissing(ctx context.Context, tx tenants.Tx, s tenants.Scope, plan *Plan) error {
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return problem.Missing().Wrap(err)
	}
	colleagues, err := tenants.FindColleagues(ctx, tx)
	if err != nil {
		return err
	}
	held := map[string]bool{}
	for _, colleague := range colleagues {
		held[colleague.Role] = true
	}
	for _, line := range plan.Lines {
		kind, owner, known := v.deps.Platform.Kinds.Get(line.Kind)
		switch {
		case !known:
			plan.MissingKinds = appendOnce(plan.MissingKinds, line.Kind)
		case kind.Live && !body.Has(string(owner)) && !v.essential(owner):
			plan.MissingModules = appendOnce(plan.MissingModules, owner)
		}
		for _, role := range rolesOf(line.Theirs) {
			if !held[role] {
				plan.MissingRoles = appendOnce(plan.MissingRoles, role)
			}
		}
	}
	slices.Sort(plan.MissingRoles)
	return nil
}

func (v *Service) essential(id modules.ID) bool {
	return slices.ContainsFunc(v.deps.Platform.Modules, func(m modules.Module) bool { return m.ID == id && m.Essential })
}

// rolesOf lists the roles that an item needs somebody to hold.
func rolesOf(item kit.Source) []string {
	if item.Kind != kit.KindWorkflow {
		return nil
	}
	workflow, err := kit.ParseWorkflow(item.Content)
	if err != nil {
		return nil // the kit's own check tells what is wrong with the content
	}
	var roles []string
	for _, transition := range workflow.Transitions {
		for _, role := range transition.Roles {
			if !strings.HasPrefix(role, "citizen") && role != "delegate" { // people who use the service, not staff
				roles = appendOnce(roles, role)
			}
		}
	}
	return roles
}

func appendOnce[T comparable](list []T, one T) []T {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}
