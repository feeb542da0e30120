package sharing

import (
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

func (p *pages) all() []modules.Page {
	return []modules.Page{
		{Pattern: "GET /rete", Permission: agreement.Read, Nav: &modules.Nav{Label: "sharing.network.nav", Order: 40}, Handle: p.network},
	}
}

func (p *pages) permits(s tenants.Scope, name string) bool {
	allowed, _ := p.service.deps.Policies.Permits(s, name)
	return allowed
}
