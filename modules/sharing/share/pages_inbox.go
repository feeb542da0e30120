package share

import (
	"net/http"
	"net/url"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules/casefile"
	"staffetta/tenants"
)

// waitingElsewhere leads to what else of the network awaits the actor: requests for access, emergencies, agreements to sign.
func (s *Shares) waitingElsewhere(r *http.Request, scope tenants.Scope) ([]component.Link, error) {
	duties, err := s.deps.Platform.Duties.Find(r.Context(), scope)
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

// parseInbox reads which part of the inbox a request wants.
func parseInbox(r *http.Request) inboxPlace {
	return inboxPlace{Over: r.FormValue("finite") == "1", After: casefile.ParseCursor(r.FormValue("dopo"))}
}

// values write the place for a URL.
func (p inboxPlace) values(sent bool) url.Values {
	q := url.Values{"dopo": {p.After.String()}}
	if p.Over {
		q.Set("finite", "1")
	}
	if sent {
		q.Set("inviate", "1")
	}
	return q
}

// subject tells a receiver one offer from another by what its preview may show, and an owner by the number of the case.
func subject(r *http.Request, s Share) string {
	if s.Number != "" {
		return s.Number
	}
	var told []string
	for _, row := range PreviewRows(r, s.Preview) {
		told = append(told, row.Values...)
	}
	if s.Preview.AgeBand == "unknown" {
		told = told[:len(told)-1]
	}
	return strings.Join(told, ", ")
}
