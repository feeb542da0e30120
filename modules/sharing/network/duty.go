package network

import (
	"context"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Duties are what networks ask of who signs for a body: to answer invitations, and requests to lead.
func Duties(s *Service) []modules.DutySource {
	return []modules.DutySource{{Permission: Write, Find: s.findDuties}}
}

func (s *Service) findDuties(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	networks, err := s.Find(ctx, scope)
	if err != nil {
		return nil, err
	}
	var join, lead []Network
	for _, n := range networks {
		if n.Awaits(scope.Tenant) {
			join = append(join, n)
		}
		if n.State == Active && n.NextLead == scope.Tenant {
			lead = append(lead, n)
		}
	}
	return append(duty(join, "sharing.duty.join"), duty(lead, "sharing.duty.lead")...), nil
}

// duty leads to the one network, or to the list of several.
func duty(networks []Network, key string) []modules.Duty {
	switch len(networks) {
	case 0:
		return nil
	case 1:
		return []modules.Duty{{Label: language.M(key, "n", 1), Title: networks[0].Title, Path: "/rete/reti/" + networks[0].ID.String()}}
	}
	return []modules.Duty{{Label: language.M(key, "n", len(networks)), Path: "/rete"}}
}
