package casefile

import (
	"context"
	"slices"

	"staffetta/tenants"
)

// FindManagers lists who may hold a case in the body, each once, by name.
func (s *Service) FindManagers(ctx context.Context, scope tenants.Scope) ([]tenants.Colleague, error) {
	var managers []tenants.Colleague
	err := s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
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
