package network

import (
	"context"
	"slices"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Checks tell whether the body works with others.
func Checks(s *Service) []modules.Check {
	return []modules.Check{{
		Title: "sharing.check", Chapter: modules.NetworkChapter, Path: "/rete", Permission: Write,
		Find: func(ctx context.Context, scope tenants.Scope) (modules.Finding, error) {
			found, err := s.Find(ctx, scope)
			if err != nil {
				return modules.Finding{}, err
			}
			asked := slices.ContainsFunc(found, func(n Network) bool { return n.Awaits(scope.Tenant) })
			joined := slices.ContainsFunc(found, func(n Network) bool { return n.State == Active && n.Has(scope.Tenant) })
			switch {
			case asked:
				return modules.Finding{Text: language.M("sharing.check.asked")}, nil
			case joined:
				return modules.Finding{State: modules.Met}, nil
			default:
				return modules.Finding{Text: language.M("sharing.check.none")}, nil
			}
		},
	}}
}
