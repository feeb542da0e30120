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

// MayTakeOver is for who takes cases over, and reviews what was refused.
const MayTakeOver = "case:take_over"

// Tabs lead through the pages of the network.
func (s *Shares) Tabs(r *http.Request, scope tenants.Scope, current string, waiting int) component.Sections {
	decides := "sharing.requests.waiting"
	if !s.deps.Permits(scope, MayDecide) {
		decides = "sharing.requests.waiting_others"
	}
	tabs := component.Sections{Label: modules.Say(r, "sharing.network.tabs"), Items: []component.NavItem{
		{Label: modules.Say(r, "sharing.network.overview"), URL: "/rete", Current: current == "rete"},
		{Label: modules.Say(r, "sharing.requests.received"), URL: "/rete/richieste", Current: current == "ricevute", Count: waiting, CountOf: modules.Say(r, decides)},
		{Label: modules.Say(r, "sharing.requests.sent"), URL: "/rete/richieste?inviate=1", Current: current == "inviate"},
		{Label: modules.Say(r, "sharing.requests.due"), URL: "/rete/richieste?scadenza=1", Current: current == "scadenza"},
	}}
	if s.deps.Permits(scope, MayTakeOver) {
		tabs.Items = append(tabs.Items, component.NavItem{Label: modules.Say(r, "sharing.reviews.title"), URL: "/rete/riesami", Current: current == "riesami"})
	}
	return tabs
}

var tones = map[string]component.Tone{
	Offered: component.Info, Active: component.Success, Refused: component.Danger, Revoked: component.Danger,
	Lapsed: component.Warning, Expired: component.Warning,
}

func standingTag(r *http.Request, s Share) component.Tag {
	state := s.Standing(time.Now())
	return component.Tag{Label: modules.Say(r, "sharing.state."+state), Tone: tones[state]}
}
