package login

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"
)

const (
	maxState = 256
	maxCode  = 4096
)

// Identity is a person as a provider vouched for them, and what the login was
// started for. FiscalNumber is the normalised tax code (it: codice fiscale),
// the only key to join on: Subject is different at each provider.
type Identity struct {
	FiscalNumber       string
	GivenName          string
	FamilyName         string
	Assurance          Assurance
	Subject            string
	AccessToken        string // keep sealed, for revocation only
	AccessTokenExpires time.Time
	Purpose            string
	ReturnPath         string
}

// Finish consumes the flow the callback belongs to and checks everything the
// provider says. Whatever the outcome, the flow is used up.
// Errors: always a *Refusal.
func (rp *RelyingParty) Finish(ctx context.Context, callback CallbackRequest) (Identity, error) {
	flow, refusal := rp.consume(ctx, callback)
	if refusal != nil {
		return Identity{}, refusal
	}
	code, refusal := rp.checkAnswer(callback.Query)
	if refusal != nil {
		return Identity{}, refusal
	}
	tokens, refusal := rp.redeem(ctx, code, flow.Verifier)
	if refusal != nil {
		return Identity{}, refusal
	}
	claims, refusal := rp.checkIDToken(ctx, tokens, flow)
	if refusal != nil {
		return Identity{}, refusal
	}
	person, refusal := rp.userinfo(ctx, tokens.access, claims.Subject)
	if refusal != nil {
		return Identity{}, refusal
	}
	return Identity{
		FiscalNumber: person.fiscalNumber, GivenName: person.givenName, FamilyName: person.familyName,
		Assurance: rp.op.ACRMap.Level(claims.ACR), Subject: claims.Subject,
		AccessToken: tokens.access, AccessTokenExpires: tokens.expires,
		Purpose: flow.Purpose, ReturnPath: flow.ReturnPath,
	}, nil
}

// consume finds the flow and makes sure that it is of this tenant, this
// provider and this browser.
func (rp *RelyingParty) consume(ctx context.Context, callback CallbackRequest) (Flow, *Refusal) {
	states := callback.Query["state"]
	if len(states) != 1 || states[0] == "" || len(states[0]) > maxState {
		return Flow{}, refuse(CodeIncomplete, "state missing, repeated or too long")
	}
	stateHash := hash(states[0])
	flow, err := rp.flows.Consume(ctx, rp.reg.Tenant, stateHash)
	switch {
	case errors.Is(err, ErrNoFlow):
		return Flow{}, refuse(CodeExpired, "state unknown, expired or used")
	case err != nil:
		return Flow{}, refuseErr(CodeUnavailable, "flow store failed", err)
	case flow.Tenant != rp.reg.Tenant || !equal(flow.StateHash, stateHash):
		return Flow{}, refuse(CodeIncomplete, "flow of another body")
	case flow.Provider != rp.reg.ProviderID:
		return Flow{}, refuse(CodeIncomplete, "flow of another provider")
	case !rp.now().Before(flow.Expires):
		return Flow{}, refuse(CodeExpired, "flow expired")
	case callback.BrowserCookie == "" || !equal(hash(callback.BrowserCookie), flow.BrowserHash):
		return Flow{}, refuse(CodeIncomplete, "callback in another browser")
	}
	return flow, nil
}

// checkAnswer reads the authorization answer and gives the code. iss is
// checked first, because the answer of another provider means nothing here.
func (rp *RelyingParty) checkAnswer(query url.Values) (string, *Refusal) {
	for _, name := range []string{"code", "iss", "error", "error_description"} {
		if len(query[name]) > 1 {
			return "", refuse(CodeIncomplete, name+" repeated")
		}
	}
	failed := query.Has("error")
	switch iss := query.Get("iss"); {
	case query.Has("iss") && iss != rp.op.Issuer:
		return "", refuse(CodeIncomplete, "iss of another provider")
	case !query.Has("iss") && rp.op.RequireIss && !failed:
		return "", refuse(CodeIncomplete, "iss missing")
	case failed:
		return "", refuseAnswer("authorization", query.Get("error"), query.Get("error_description"))
	}
	code := query.Get("code")
	if code == "" || len(code) > maxCode || slices.ContainsFunc([]byte(code), isControl) {
		return "", refuse(CodeIncomplete, "code missing or malformed")
	}
	return code, nil
}

func isControl(c byte) bool { return c < ' ' || c == 0x7f }
