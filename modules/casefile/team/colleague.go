package team

import (
	"context"
	"slices"

	"staffetta/tenants"
)

// caseRoles are the roles that may hold a case.
var caseRoles = []string{"social_worker", "coordinator", "educator", "psychologist"}

// FindManagers lists who may hold a case in the body, each once, by name.
func (t *Team) FindManagers(ctx context.Context, scope tenants.Scope) ([]tenants.Colleague, error) {
	var managers []tenants.Colleague
	err := t.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		colleagues, err := tenants.FindColleagues(ctx, tx)
		for _, c := range colleagues {
			known := slices.ContainsFunc(managers, func(m tenants.Colleague) bool { return m.Account == c.Account })
			if !known && slices.Contains(caseRoles, c.Role) {
				managers = append(managers, c)
			}
		}
		return err
	})
	return managers, err
}
