package casefile

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/tenants"
)

// Beginning is what is known of a case before it is opened, from where it begins.
type Beginning struct {
	Person  uuid.UUID
	Contact uuid.UUID // the arrival at the access desk
	Area    string    // one of Areas, or ""
	Summary string    // why it is opened; the form keeps the beginning of a long one
}

// maxSummary is how many characters say why a case is opened.
const maxSummary = 2000

// NewForm shows the form that opens a case, with what is known already filled in: for the page of a module that requires
// this one. The page that shows it asks for the permission case:create. The error is problem.NotFound for a person whom
// the actor does not see.
func NewForm(r *http.Request, s tenants.Scope, service *Service, b Beginning) (modules.View, error) {
	if runes := []rune(b.Summary); len(runes) > maxSummary {
		b.Summary = string(runes[:maxSummary-2]) + " …"
	}
	r.Form = url.Values{"persona": {b.Person.String()}, "contatto": {b.Contact.String()}, "area": {b.Area}, "sintesi": {b.Summary}}
	return (&pages{service: service}).caseForm(r, s, nil)
}
