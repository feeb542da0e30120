package network

import (
	"context"

	"staffetta/modules"
	"staffetta/tenants"
)

// Duties are what networks ask of who signs for a body: to answer invitations, and requests to lead.
func Duties(s *Service) []modules.DutySource {
	return []modules.DutySource{{Permission: Write, Topics: []string{"sharing.networks_parties"}, Find: s.findDuties}}
}

func (s *Service) findDuties(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	networks, err := s.Find(ctx, scope)
	if err != nil {
		return nil, err
	}
	var join, lead modules.Pile
	for _, n := range networks {
		if n.Awaits(scope.Tenant) {
			join.Count, join.First, join.Title = join.Count+1, n.ID, n.Title
		}
		if n.State == Active && n.NextLead == scope.Tenant {
			lead.Count, lead.First, lead.Title = lead.Count+1, n.ID, n.Title
		}
	}
	return append(join.Duties("sharing.duty.join", "/rete/reti/", "/rete"), lead.Duties("sharing.duty.lead", "/rete/reti/", "/rete")...), nil
}
