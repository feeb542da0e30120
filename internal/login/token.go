package login

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	skew        = time.Minute      // how much clocks may differ
	maxAge      = 10 * time.Minute // how old a token may be when it arrives
	maxLifetime = 24 * time.Hour   // of an access token, whatever expires_in says
	maxText     = 255              // bytes of sub and jti

	usualLifetime = 15 * time.Minute // of an access token without expires_in, by the SPID and CIE rules
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

type tokens struct {
	access  string
	id      string
	expires time.Time
}

// idClaims are the claims of an ID token that go-oidc does not judge. No
// attribute of the person is taken from it.
type idClaims struct {
	Subject  string   `json:"sub"`
	ACR      string   `json:"acr"`
	ID       string   `json:"jti"`
	IssuedAt *instant `json:"iat"`
	Expires  *instant `json:"exp"`
	Before   *instant `json:"nbf"`
}

// redeem exchanges the code. Client id and assertion go in the form: a
// detected style would send the same code and assertion twice.
func (rp *RelyingParty) redeem(ctx context.Context, code, verifier string) (tokens, *Refusal) {
	assertion, err := rp.assertion(rp.op.TokenEndpoint)
	if err != nil {
		return tokens{}, refuseErr(CodeUnavailable, "client assertion failed", err)
	}
	config := oauth2.Config{
		ClientID: rp.reg.ClientID, RedirectURL: rp.reg.RedirectURI,
		Endpoint: oauth2.Endpoint{TokenURL: rp.op.TokenEndpoint, AuthStyle: oauth2.AuthStyleInParams},
	}
	token, err := config.Exchange(context.WithValue(ctx, oauth2.HTTPClient, rp.http), code,
		oauth2.VerifierOption(verifier),
		oauth2.SetAuthURLParam("client_assertion_type", assertionType),
		oauth2.SetAuthURLParam("client_assertion", assertion))
	if err != nil {
		return tokens{}, refuseExchange(err)
	}
	if !strings.EqualFold(token.TokenType, "Bearer") {
		return tokens{}, refuse(CodeIncomplete, "token_type is not Bearer")
	}
	id, ok := token.Extra("id_token").(string)
	if !ok || id == "" {
		return tokens{}, refuse(CodeIncomplete, "id_token missing")
	}
	life := min(time.Duration(token.ExpiresIn)*time.Second, maxLifetime)
	if life <= 0 {
		life = usualLifetime
	}
	return tokens{access: token.AccessToken, id: id, expires: rp.now().Add(life)}, nil
}

// refuseExchange never keeps err: its text holds the provider's answer.
func refuseExchange(err error) *Refusal {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		if isUnreachable(err) {
			return refuse(CodeUnavailable, "token endpoint cannot be reached")
		}
		return refuse(CodeIncomplete, "token answer cannot be read")
	}
	refusal := refuseAnswer("token", answer.ErrorCode, "")
	refusal.Reason += fmt.Sprintf(" (status %d)", answer.Response.StatusCode)
	if answer.Response.StatusCode >= http.StatusInternalServerError {
		refusal.Code = CodeUnavailable
	}
	return refusal
}

func isUnreachable(err error) bool {
	var failed *url.Error
	return errors.As(err, &failed) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// checkIDToken makes every check of an ID token; go-oidc makes those of
// signature, iss, aud and exp (with 60 s by its clock), the rest is here.
func (rp *RelyingParty) checkIDToken(ctx context.Context, got tokens, flow Flow) (idClaims, *Refusal) {
	token, err := rp.verifier.Verify(ctx, got.id)
	if err != nil {
		return idClaims{}, refuseErr(CodeIncomplete, "id token not valid", err)
	}
	var claims idClaims
	if err := token.Claims(&claims); err != nil {
		return idClaims{}, refuseErr(CodeIncomplete, "id token claims cannot be read", err)
	}
	if reason := rp.checkTimes(claims.IssuedAt, claims.Expires, claims.Before); reason != "" {
		return idClaims{}, refuse(CodeIncomplete, "id token "+reason)
	}
	if err := token.VerifyAccessToken(got.access); err != nil {
		return idClaims{}, refuseErr(CodeIncomplete, "at_hash missing or wrong", err)
	}
	if refusal := rp.checkIDClaims(token, claims, flow); refusal != nil {
		return idClaims{}, refusal
	}
	seen := SeenToken{Tenant: rp.reg.Tenant, Provider: rp.reg.ProviderID, ID: claims.ID, Until: token.Expiry.Add(skew)}
	switch err := rp.seen.Remember(ctx, seen); {
	case errors.Is(err, ErrSeen):
		return idClaims{}, refuse(CodeIncomplete, "id token replayed")
	case err != nil:
		return idClaims{}, refuseErr(CodeUnavailable, "store of seen tokens failed", err)
	}
	return claims, nil
}

func (rp *RelyingParty) checkIDClaims(token *oidc.IDToken, claims idClaims, flow Flow) *Refusal {
	wanted, got := rp.op.ACRMap.Level(flow.ACR), rp.op.ACRMap.Level(claims.ACR)
	switch {
	case len(token.Audience) != 1 || token.Audience[0] != rp.reg.ClientID:
		return refuse(CodeIncomplete, "id token for another audience")
	case flow.Nonce == "" || subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(flow.Nonce)) != 1:
		return refuse(CodeIncomplete, "nonce missing or wrong")
	case claims.Subject == "" || len(claims.Subject) > maxText:
		return refuse(CodeIncomplete, "sub missing or too long")
	case claims.ID == "" || len(claims.ID) > maxText:
		return refuse(CodeIncomplete, "jti missing or too long")
	case !wanted.Valid() || got < wanted:
		return refuse(CodeLowAssurance, fmt.Sprintf("acr worth %s, asked %s", got, wanted))
	}
	return nil
}

// checkTimes tells what is wrong with the times of a token, or "".
func (rp *RelyingParty) checkTimes(issued, expires, before *instant) string {
	now := rp.now()
	switch {
	case expires == nil || now.Add(-skew).After(expires.Time):
		return "expired or without exp"
	case issued == nil || issued.Before(now.Add(-maxAge)) || issued.After(now.Add(skew)):
		return "without iat, too old or of the future"
	case before != nil && before.After(now.Add(skew)):
		return "not valid yet"
	}
	return ""
}

// Revoke ends an access token at the provider, and with it the person's
// single sign-on there. A failed revocation is to be tried again by the
// caller; the local logout succeeds in any case.
func (rp *RelyingParty) Revoke(ctx context.Context, token string) error {
	assertion, err := rp.assertion(rp.op.RevocationEndpoint)
	if err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	form := url.Values{
		"token": {token}, "client_id": {rp.reg.ClientID},
		"client_assertion_type": {assertionType}, "client_assertion": {assertion},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, rp.op.RevocationEndpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := rp.http.Do(request)
	if err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("revoke token: provider answers %d", response.StatusCode)
	}
	return nil
}
