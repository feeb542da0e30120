package share

import (
	"net/http"
	"time"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/tenants"
)

type pages struct {
	service *Shares
}

// Pages are the pages of shares that are offered already.
func Pages(s *Shares) []modules.Page {
	p := &pages{service: s}
	return []modules.Page{
		{Pattern: "GET /rete/richieste", Permission: MayRead, Handle: p.requests},
		{Pattern: "GET /condivisi", Permission: MayReadShared, Nav: &modules.Nav{Label: "sharing.shared.nav", Order: 25}, Handle: p.shared},
		{Pattern: "GET /condivisioni/{id}", Permission: MayRead, Handle: p.showShare},
		{Pattern: "POST /condivisioni/{id}/accetta", Permission: MayDecide, Handle: p.accept},
		{Pattern: "GET /condivisioni/{id}/rifiuta", Permission: MayDecide, Handle: p.confirm(Refuse)},
		{Pattern: "POST /condivisioni/{id}/rifiuta", Permission: MayDecide, Handle: p.finish(Refuse)},
		{Pattern: "GET /condivisioni/{id}/ritira", Permission: MayOffer, Handle: p.confirm(Withdraw)},
		{Pattern: "POST /condivisioni/{id}/ritira", Permission: MayOffer, Handle: p.finish(Withdraw)},
		{Pattern: "GET /condivisioni/{id}/revoca", Permission: MayOffer, Handle: p.confirm(Revoke)},
		{Pattern: "POST /condivisioni/{id}/revoca", Permission: MayOffer, Handle: p.finish(Revoke)},
		{Pattern: "GET /condivisioni/{id}/chiudi", Permission: MayClose, Handle: p.confirm(Close)},
		{Pattern: "POST /condivisioni/{id}/chiudi", Permission: MayClose, Handle: p.finish(Close)},
	}
}

// Tabs lead through the pages of the network.
func Tabs(r *http.Request, current string, waiting int) component.Sections {
	return component.Sections{Label: modules.Say(r, "sharing.network.tabs"), Items: []component.NavItem{
		{Label: modules.Say(r, "sharing.network.overview"), URL: "/rete", Current: current == "rete"},
		{Label: modules.Say(r, "sharing.requests.received"), URL: "/rete/richieste", Current: current == "ricevute", Count: waiting, CountOf: modules.Say(r, "sharing.requests.waiting")},
		{Label: modules.Say(r, "sharing.requests.sent"), URL: "/rete/richieste?inviate=1", Current: current == "inviate"},
	}}
}

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
