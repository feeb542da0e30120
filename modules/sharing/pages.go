package sharing

import (
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
)

type pages struct {
	deps    modules.Deps
	service *Service
}

func (p *pages) all() []modules.Page {
	return []modules.Page{
		{Pattern: "GET /rete", Permission: agreement.Read, Nav: &modules.Nav{Label: "sharing.network.nav", Order: 40}, Handle: p.network},
	}
}
