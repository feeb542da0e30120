package share

import (
	"net/http"
	"net/url"
	"strings"

	"staffetta/modules/casefile"
)

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
	for _, row := range s.Preview.Rows(r) {
		told = append(told, row.Values...)
	}
	if s.Preview.AgeBand == "unknown" {
		told = told[:len(told)-1]
	}
	return strings.Join(told, ", ")
}
