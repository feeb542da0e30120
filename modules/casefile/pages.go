package casefile

import (
	"slices"

	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/diary"
	"staffetta/modules/casefile/document"
	"staffetta/modules/casefile/protection"
	"staffetta/modules/casefile/team"
	"staffetta/modules/casefile/visit"
	"staffetta/modules/casefile/why"
)

type pages struct {
	service *Service
}

func (p *pages) all() []modules.Page {
	return slices.Concat(p.desk().Pages(), access.Pages(p.service.Cases), diary.Pages(p.service.Diary), document.Pages(p.service.Documents), protection.Pages(p.service.Protections), team.Pages(p.service.Team), visit.Pages(p.service.Visits), why.Pages(p.service.Why), []modules.Page{
		{Pattern: "GET /cartelle", Permission: "case:read", Nav: &modules.Nav{Label: "casefile.list.nav", Order: 20}, Handle: p.list},
		{Pattern: "GET /cartelle/nuova", Permission: "case:create", Handle: p.newCase},
		{Pattern: "POST /cartelle", Permission: "case:create", Handle: p.create},
		{Pattern: "GET /cartelle/{case}", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.summary", Order: 10}, Handle: p.show},
		{Pattern: "POST /cartelle/{case}/stato", Permission: "case:write", Handle: p.advance},
		{Pattern: "GET /cartelle/{case}/nucleo", Permission: "case:read", Case: &modules.CaseNav{Label: "registry.person.household", Sections: []string{"household"}, Order: 20}, Handle: p.household},
	})
}
