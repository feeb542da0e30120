package demo

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/go-jose/go-jose/v4"

	"staffetta/internal/login"
)

var signingAlgs = []jose.SignatureAlgorithm{jose.RS256, jose.RS512, jose.PS256, jose.PS512}

// Describe gives the metadata a relying party of this process is made with.
func (p *Provider) Describe() login.Provider {
	return login.Provider{
		Kind: login.KindDemo, Issuer: p.issuer,
		AuthorizationEndpoint: p.issuer + "/authorize", TokenEndpoint: p.issuer + "/token",
		UserinfoEndpoint: p.issuer + "/userinfo", RevocationEndpoint: p.issuer + "/revoke",
		ChallengeMethods: []string{"S256"}, RequireIss: true, ACRMap: login.SPIDLevels(),
		Keys: func(context.Context) (jose.JSONWebKeySet, error) { return p.keys(), nil },
	}
}

func (p *Provider) keys() jose.JSONWebKeySet {
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.key.Public()}}
}

func (p *Provider) serveKeys(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, p.keys())
}

func (p *Provider) serveMetadata(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer": p.issuer, "authorization_endpoint": p.issuer + "/authorize",
		"token_endpoint": p.issuer + "/token", "userinfo_endpoint": p.issuer + "/userinfo",
		"revocation_endpoint": p.issuer + "/revoke", "jwks_uri": p.issuer + "/jwks",
		"response_types_supported": []string{"code"}, "grant_types_supported": []string{"authorization_code"},
		"scopes_supported": []string{"openid"}, "subject_types_supported": []string{"pairwise"},
		"acr_values_supported": levels(), "code_challenge_methods_supported": []string{"S256"},
		"token_endpoint_auth_methods_supported":          []string{"private_key_jwt"},
		"id_token_signing_alg_values_supported":          []string{"RS256"},
		"userinfo_signing_alg_values_supported":          []string{"RS256"},
		"userinfo_encryption_alg_values_supported":       []string{"RSA-OAEP"},
		"userinfo_encryption_enc_values_supported":       []string{"A256CBC-HS512"},
		"request_object_signing_alg_values_supported":    signingAlgs,
		"request_parameter_supported":                    true,
		"authorization_response_iss_parameter_supported": true,
	})
}

// levels are the acr values from the lowest to the highest.
func levels() []string {
	acr := login.SPIDLevels()
	return []string{acr.Value(login.L1), acr.Value(login.L2), acr.Value(login.L3)}
}

func rank(acr string) int { return slices.Index(levels(), acr) }

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone: nothing left to do
}
