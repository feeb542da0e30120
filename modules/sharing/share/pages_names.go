package share

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/tenants"
)

// reader is the colleague for whom alone the share is, where it is not the actor; "" for everybody.
func (p *pages) reader(r *http.Request, s tenants.Scope, made Share) string {
	if made.Account == uuid.Nil || made.Account == s.Account || made.Receiver != s.Tenant {
		return ""
	}
	readers, err := p.service.FindReaders(r.Context(), s)
	at := slices.IndexFunc(readers, func(c tenants.Colleague) bool { return c.Account == made.Account })
	if err != nil || at < 0 {
		return "" // who it is for has left
	}
	return readers[at].Name
}

// agreement is the title of the agreement that a share stands on.
func (p *pages) agreement(r *http.Request, s tenants.Scope, id uuid.UUID) string {
	a, err := p.service.agreement(r.Context(), s, id)
	if err != nil || a.Title == "" {
		return modules.Say(r, "sharing.share.agreement_named")
	}
	return a.Title
}
