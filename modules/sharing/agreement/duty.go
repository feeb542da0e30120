package agreement

import (
	"context"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Duties are the agreements that await a signature.
func Duties(s *Service) []modules.DutySource {
	return []modules.DutySource{{Permission: Write, Find: s.findSignatures}}
}

// findSignatures are the agreements that lack the signature of the actor's body.
func (s *Service) findSignatures(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	agreements, err := s.FindAgreements(ctx, scope)
	if err != nil {
		return nil, err
	}
	n, one := 0, modules.Duty{Path: "/rete"}
	for _, a := range agreements {
		if a.Awaits(scope.Tenant) {
			n++
			one.Title, one.Path = a.Title, "/rete/accordi/"+a.ID.String()
		}
	}
	if n == 0 {
		return nil, nil
	}
	if n > 1 {
		one = modules.Duty{Path: "/rete"}
	}
	one.Label = language.M("sharing.duty.sign", "n", n)
	return []modules.Duty{one}, nil
}
