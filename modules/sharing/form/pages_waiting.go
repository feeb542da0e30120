package form

import (
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// WaitingElsewhere leads to what else of the network awaits the actor: requests for access, emergencies, agreements to sign.
func WaitingElsewhere(r *http.Request, deps modules.Deps, scope tenants.Scope) ([]component.Link, error) {
	duties, err := deps.Platform.Duties.Find(r.Context(), scope)
	if err != nil {
		return nil, err
	}
	var links []component.Link
	for _, d := range duties {
		if !strings.HasPrefix(d.Path, "/rete/") || strings.HasPrefix(d.Path, "/rete/richieste") {
			continue
		}
		label := language.Say(r.Context(), d.Label)
		if d.Title != "" {
			label += ": " + d.Title
		}
		links = append(links, component.Link{Label: label, URL: d.Path})
	}
	return links, nil
}
