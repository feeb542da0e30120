package sharing

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

func (p *pages) all() []modules.Page {
	return []modules.Page{
		{Pattern: "GET /rete", Permission: readAgreements, Nav: &modules.Nav{Label: "sharing.network.nav", Order: 40}, Handle: p.network},
		{Pattern: "GET /rete/accordi/nuovo", Permission: signAgreements, Handle: p.newAgreement},
		{Pattern: "POST /rete/accordi", Permission: signAgreements, Handle: p.propose},
		{Pattern: "GET /rete/accordi/{id}", Permission: readAgreements, Handle: p.showAgreement},
		{Pattern: "POST /rete/accordi/{id}/firma", Permission: signAgreements, Handle: p.sign},
		{Pattern: "GET /rete/accordi/{id}/stato/{step}", Permission: signAgreements, Handle: p.confirmMove},
		{Pattern: "POST /rete/accordi/{id}/stato/{step}", Permission: signAgreements, Handle: p.moveAgreement},
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

// pathID reads an id of the path; anything else is an object that does not exist.
func pathID(r *http.Request, name string) (uuid.UUID, error) { //nolint:unparam // the call names what the pattern names
	id, err := uuid.Parse(r.PathValue(name))
	if err != nil || len(r.PathValue(name)) != 36 {
		return uuid.Nil, problem.Missing()
	}
	return id, nil
}

// postedID reads an id that a form carries; anything else is none.
func postedID(text string) uuid.UUID {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil
	}
	return id
}

// postedDay reads a day of a form; anything else is the zero time, which the rules refuse.
func postedDay(r *http.Request, name string) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, modules.Value(r, name), rome)
	if err != nil {
		return time.Time{}
	}
	return day
}

// posted lists the values of a field with several answers.
func posted(r *http.Request, name string) []string {
	_ = r.PostFormValue(name) // parses the form
	var values []string
	for _, v := range r.PostForm[name] {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

func sectionLabels(r *http.Request, ids []string) []string {
	labels := make([]string, len(ids))
	for i, id := range ids {
		labels[i] = language.SayText(r.Context(), policies.SectionLabel(id))
	}
	return labels
}

func joined(r *http.Request, ids []string) string { return strings.Join(sectionLabels(r, ids), ", ") }

// given is a list of the values that are not empty.
func given(values ...string) []string {
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
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
