package casefile

import (
	"net/http"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules/casefile/desk"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

// deskCases is how many cases the desk shows.
const deskCases = 10

func (p *pages) desk() desk.Desk {
	return desk.Desk{Deps: p.service.deps, Zone: language.Rome, Cases: p.deskCases, Names: p.caseNames}
}

func (p *pages) deskCases(r *http.Request, s tenants.Scope) (component.Table, error) {
	lines, _, err := p.service.Find(r.Context(), s, Query{})
	return p.listTable(r, s, lines[:min(len(lines), deskCases)]), err
}

// caseNames are the persons of those of the cases that the actor may open.
func (p *pages) caseNames(r *http.Request, s tenants.Scope, cases []uuid.UUID) (map[uuid.UUID]string, error) {
	lines, _, err := p.service.Find(r.Context(), s, Query{All: true, Cases: cases})
	names := make(map[uuid.UUID]string, len(lines))
	for _, line := range lines {
		names[line.ID] = registry.Name{Surname: line.Surname, Given: line.Name}.Listed()
	}
	return names, err
}
