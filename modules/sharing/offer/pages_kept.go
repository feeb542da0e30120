package offer

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// Address is where a case is offered to a partner with these sections proposed; the actor may still change everything.
func Address(ref string, partner Partner, purpose Purpose, sections []string) string {
	at := slices.IndexFunc(share.Kinds, func(kind string) bool { return slices.Contains(purpose.Kinds, kind) })
	if at < 0 {
		return "/cartelle/" + ref + "/condividi" // no share serves the purpose
	}
	return "/cartelle/" + ref + "/condividi?" + url.Values{
		"destinatario": {partner.Agreement.ID.String() + "~" + partner.Body.Slug}, "scopo": {share.Kinds[at] + "~" + purpose.Key}, "sezioni": sections,
	}.Encode()
}

// proposed is what the address of the first step proposes; nothing without a query.
func proposed(r *http.Request) filling {
	query := r.URL.Query()
	return filling{
		id: modules.FormID(""), partner: query.Get("destinatario"), purpose: query.Get("scopo"), sectionsOf: query.Get("scopo"), sections: query["sezioni"],
	}
}

// kept is a filling as the address of a step carries it, sealed: the way back in the browser finds it again, and who reads
// the address learns nothing.
type kept struct {
	ID                           uuid.UUID
	Partner, Purpose, SectionsOf string
	Sections, Writable           []string
	ExtraReason, Basis, WhyBasis string
	Answer, Until, Reason, Asks  string
}

// keptFor binds a sealed filling to who filled it in, and to the case.
func keptFor(s tenants.Scope, f Frame) []byte {
	return fmt.Appendf(nil, "offer %d %s %s", s.Tenant, s.Account, f.Access.ID)
}

// stepAddress is the address of a step, with what was answered so far.
func (p *pages) stepAddress(s tenants.Scope, f Frame, in filling, step int) (string, error) {
	plain, err := json.Marshal(kept{
		ID: in.id, Partner: in.partner, Purpose: in.purpose, SectionsOf: in.sectionsOf, Sections: in.sections, Writable: in.writable, ExtraReason: in.extraReason,
		Basis: in.basis, WhyBasis: in.basisReason, Answer: in.answer, Until: in.until, Reason: in.reason, Asks: in.asks,
	})
	if err != nil {
		return "", fmt.Errorf("keep an offer in the making: %w", err)
	}
	sealed, err := p.service.deps.Platform.Seal.Seal(plain, keptFor(s, f))
	if err != nil {
		return "", fmt.Errorf("seal an offer in the making: %w", err)
	}
	query := url.Values{"passo": {strconv.Itoa(step)}, "bozza": {base64.RawURLEncoding.EncodeToString(sealed)}}
	return "/cartelle/" + f.Access.Ref + "/condividi?" + query.Encode(), nil
}

// resumed is what the address of a step carries, and the step; the first step where it is none of the actor's.
func (p *pages) resumed(r *http.Request, s tenants.Scope, f Frame) (in filling, step int) {
	var k kept
	sealed, err := base64.RawURLEncoding.DecodeString(r.URL.Query().Get("bozza"))
	if err != nil || len(sealed) == 0 {
		return proposed(r), 1
	}
	plain, err := p.service.deps.Platform.Seal.Open(sealed, keptFor(s, f))
	if err != nil || json.Unmarshal(plain, &k) != nil {
		return proposed(r), 1
	}
	in = filling{
		id: k.ID, partner: k.Partner, purpose: k.Purpose, sectionsOf: k.SectionsOf, sections: k.Sections, writable: k.Writable, extraReason: k.ExtraReason,
		basis: k.Basis, basisReason: k.WhyBasis, answer: k.Answer, until: k.Until, reason: k.Reason, asks: k.Asks,
	}
	step, _ = strconv.Atoi(r.URL.Query().Get("passo"))
	return in, min(max(step, 1), p.reached(f, in))
}

// reached is the first step of which something is missing; the summary where nothing is.
func (p *pages) reached(f Frame, in filling) int {
	var names []string
	for i, fields := range stepFields {
		names = append(names, fields...)
		if len(fields) == 0 || f.CheckStep(in.offer(p), names...) != nil {
			return i + 1
		}
	}
	return len(stepFields)
}
