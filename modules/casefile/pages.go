package casefile

import (
	"slices"

	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/diary"
	"staffetta/modules/casefile/document"
	"staffetta/modules/casefile/team"
)

type pages struct {
	service *Service
}

func (p *pages) all() []modules.Page {
	return slices.Concat(p.desk().Pages(), access.Pages(p.service.Cases), diary.Pages(p.service.Diary), document.Pages(p.service.Documents), team.Pages(p.service.Team), []modules.Page{
		{Pattern: "GET /cartelle", Permission: "case:read", Nav: &modules.Nav{Label: "casefile.list.nav", Order: 20}, Handle: p.list},
		{Pattern: "GET /cartelle/nuova", Permission: "case:create", Handle: p.newCase},
		{Pattern: "POST /cartelle", Permission: "case:create", Handle: p.create},
		{Pattern: "GET /cartelle/{case}", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.summary", Order: 10}, Handle: p.show},
		{Pattern: "POST /cartelle/{case}/stato", Permission: "case:write", Handle: p.advance},
		{Pattern: "GET /cartelle/{case}/nucleo", Permission: "case:read", Case: &modules.CaseNav{Label: "registry.person.household", Section: "household", Order: 20}, Handle: p.household},
		{Pattern: "GET /cartelle/{case}/accessi", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.viewings", Own: true, Order: 80}, Handle: p.visits},
		{Pattern: "GET /cartelle/{case}/accessi/elenco", Permission: "case:read", Handle: p.viewings},
		{Pattern: "GET /cartelle/{case}/perche", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.why", Order: 90}, Handle: p.why},
	})
}
