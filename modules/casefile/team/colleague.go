package team

import (
	"context"
	"slices"

	"staffetta/policies"
	"staffetta/tenants"
)

// caseRoles are the roles that may hold a case.
var caseRoles = []string{"social_worker", "coordinator", "educator", "psychologist"}

// holds tells whether a role may hold a case: those of the program that do, and roles of the body that open the cases assigned.
func (t *Team) holds(scope tenants.Scope, role string) bool {
	if slices.Contains(caseRoles, role) {
		return true
	}
	_, own := policies.ItemOf(role)
	return own && t.deps.Policies.Allows(tenants.Scope{Tenant: scope.Tenant, Roles: []string{role}}, policies.Assigned, "case", "open")
}

// FindManagers lists who may hold a case in the body, each once, by name.
func (t *Team) FindManagers(ctx context.Context, scope tenants.Scope) ([]tenants.Colleague, error) {
	var managers []tenants.Colleague
	err := t.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		colleagues, err := tenants.FindColleagues(ctx, tx)
		for _, c := range colleagues {
			known := slices.ContainsFunc(managers, func(m tenants.Colleague) bool { return m.Account == c.Account })
			if !known && t.holds(scope, c.Role) {
				managers = append(managers, c)
			}
		}
		return err
	})
	return managers, err
}
