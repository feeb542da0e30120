package sharing

import (
	"net/http"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

func (p *pages) all() []modules.Page {
	return []modules.Page{
		{Pattern: "GET /rete", Permission: readAgreements, Nav: &modules.Nav{Label: "sharing.network.nav", Order: 40}, Handle: p.network},
		{Pattern: "GET /rete/richieste", Permission: readShares, Handle: p.requests},
		{Pattern: "GET /condivisi", Permission: readShared, Nav: &modules.Nav{Label: "sharing.shared.nav", Order: 25}, Handle: p.shared},
		{Pattern: "GET /condivisioni/{id}", Permission: readShares, Handle: p.showShare},
		{Pattern: "POST /condivisioni/{id}/accetta", Permission: decideShares, Handle: p.accept},
		{Pattern: "GET /condivisioni/{id}/rifiuta", Permission: decideShares, Handle: p.confirm(Refuse)},
		{Pattern: "POST /condivisioni/{id}/rifiuta", Permission: decideShares, Handle: p.finish(Refuse)},
		{Pattern: "GET /condivisioni/{id}/ritira", Permission: offerShares, Handle: p.confirm(Withdraw)},
		{Pattern: "POST /condivisioni/{id}/ritira", Permission: offerShares, Handle: p.finish(Withdraw)},
		{Pattern: "GET /condivisioni/{id}/revoca", Permission: offerShares, Handle: p.confirm(Revoke)},
		{Pattern: "POST /condivisioni/{id}/revoca", Permission: offerShares, Handle: p.finish(Revoke)},
		{Pattern: "GET /condivisioni/{id}/modifica", Permission: offerShares, Handle: p.showAmendment},
		{Pattern: "POST /condivisioni/{id}/modifica", Permission: offerShares, Handle: p.amend},
		{Pattern: "GET /condivisioni/{id}/chiudi", Permission: closeShares, Handle: p.confirm(Close)},
		{Pattern: "POST /condivisioni/{id}/chiudi", Permission: closeShares, Handle: p.finish(Close)},
		{Pattern: "GET /cartelle/{case}/condividi", Permission: offerShares, Case: &modules.CaseNav{Label: "sharing.offer.nav", Order: 70, Own: true}, Handle: p.startOffer},
		{Pattern: "POST /cartelle/{case}/condividi", Permission: offerShares, Handle: p.stepOffer},
	}
}

// tabs lead through the pages of the network.
func tabs(r *http.Request, current string, waiting int) component.Sections {
	return component.Sections{Label: modules.Say(r, "sharing.network.tabs"), Items: []component.NavItem{
		{Label: modules.Say(r, "sharing.network.overview"), URL: "/rete", Current: current == "rete"},
		{Label: modules.Say(r, "sharing.requests.received"), URL: "/rete/richieste", Current: current == "ricevute", Count: waiting, CountOf: modules.Say(r, "sharing.requests.waiting")},
		{Label: modules.Say(r, "sharing.requests.sent"), URL: "/rete/richieste?inviate=1", Current: current == "inviate"},
	}}
}

func posted(r *http.Request, name string) []string { return form.Values(r, name) }

func sectionLabels(r *http.Request, ids []string) []string { return form.Sections(r, ids) }

func joined(r *http.Request, ids []string) string { return strings.Join(sectionLabels(r, ids), ", ") }

var tones = map[string]component.Tone{
	Offered: component.Info, Active: component.Success, Refused: component.Danger, Revoked: component.Danger,
	Lapsed: component.Warning, Expired: component.Warning,
}

func standingTag(r *http.Request, s Share) component.Tag {
	state := s.Standing(time.Now())
	return component.Tag{Label: modules.Say(r, "sharing.state."+state), Tone: tones[state]}
}

func (p *pages) permits(s tenants.Scope, name string) bool {
	allowed, _ := p.service.deps.Policies.Permits(s, name)
	return allowed
}
