package login

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
)

// StartRequest says what a login is for.
type StartRequest struct {
	Purpose    string // operator, citizen or newcomer; given back by Finish
	ReturnPath string // where to go afterwards; made safe here
	ACR        Assurance
	Fresh      bool   // ask for the credentials again (signing acts)
	Locale     string // language for the provider's pages; empty means "it"
}

// Started is a login under way: send the cookie and redirect (303) to URL.
type Started struct {
	URL           string
	BrowserCookie *http.Cookie
}

// Start begins a login: it stores the flow and builds the authorization
// request with a signed request object, PKCE S256, state and nonce.
// Errors: an assurance level the provider does not offer, a failing store.
func (rp *RelyingParty) Start(ctx context.Context, req StartRequest) (Started, error) {
	acr := rp.op.ACRMap.Value(req.ACR)
	if acr == "" {
		return Started{}, fmt.Errorf("start login: provider %q does not offer level %s", rp.reg.ProviderID, req.ACR)
	}
	if req.Purpose == "" {
		return Started{}, errors.New("start login: no purpose")
	}
	state, browser := randomText(), rand.Text()
	flow := Flow{
		StateHash: hash(state), Tenant: rp.reg.Tenant, Provider: rp.reg.ProviderID, Nonce: randomText(),
		Verifier: oauth2.GenerateVerifier(), ACR: acr, Purpose: req.Purpose,
		ReturnPath: ReturnPath(req.ReturnPath, rp.reg.Slug), BrowserHash: hash(browser),
		Expires: rp.now().Add(flowTime),
	}
	address, err := rp.authorizationURL(rp.requestClaims(flow, state, req))
	if err != nil {
		return Started{}, fmt.Errorf("start login: %w", err)
	}
	if err := rp.flows.Save(ctx, flow); err != nil {
		return Started{}, fmt.Errorf("start login: save flow: %w", err)
	}
	return Started{URL: address, BrowserCookie: browserCookie(state, browser)}, nil
}

// requestClaims are the claims of the request object. There is no sub, so
// that it can never pass as a client assertion.
func (rp *RelyingParty) requestClaims(flow Flow, state string, req StartRequest) map[string]any {
	now := rp.now()
	prompt, locale := "consent", "it"
	if req.Fresh {
		prompt = "consent login"
	}
	if req.Locale != "" {
		locale = req.Locale
	}
	essential := map[string]bool{"essential": true}
	return map[string]any{
		"iss": rp.reg.ClientID, "aud": rp.op.Issuer, "jti": randomText(),
		"iat": now.Unix(), "exp": now.Add(3 * time.Minute).Unix(),
		"client_id": rp.reg.ClientID, "response_type": "code", "scope": "openid",
		"redirect_uri":   rp.reg.RedirectURI,
		"code_challenge": oauth2.S256ChallengeFromVerifier(flow.Verifier), "code_challenge_method": "S256",
		"state": state, "nonce": flow.Nonce, "prompt": prompt, "acr_values": flow.ACR, "ui_locales": locale,
		"claims": map[string]any{"userinfo": map[string]any{
			"given_name": essential, "family_name": essential, rp.op.AttributePrefix + "fiscal_number": essential,
		}},
	}
}

// authorizationURL repeats outside, with equal values, the parameters that
// the rules want outside the request object too.
func (rp *RelyingParty) authorizationURL(claims map[string]any) (string, error) {
	object, err := rp.sign(claims)
	if err != nil {
		return "", err
	}
	address, err := url.Parse(rp.op.AuthorizationEndpoint)
	if err != nil {
		return "", fmt.Errorf("authorization endpoint: %w", err)
	}
	query := address.Query()
	for _, name := range []string{"client_id", "response_type", "scope", "code_challenge", "code_challenge_method"} {
		query.Set(name, claims[name].(string))
	}
	query.Set("request", object)
	address.RawQuery = query.Encode()
	return address.String(), nil
}
