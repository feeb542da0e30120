package login_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"staffetta/internal/login"
)

func validParts(t *testing.T) (login.Registration, login.Provider, login.Deps) {
	t.Helper()
	m := &memory{flows: map[string]login.Flow{}, seen: map[string]bool{}}
	registration := login.Registration{
		Tenant: 1, Slug: "uno", ClientID: "https://uno.example/", RedirectURI: "https://uno.example/callback/cie",
		ProviderID: "cie", Keys: keysOf(t, "uno/demo"),
	}
	op := login.Provider{
		Kind: login.KindFederation, Issuer: "https://op.example", AuthorizationEndpoint: "https://op.example/auth?x=1",
		TokenEndpoint: "https://op.example/token", UserinfoEndpoint: "https://op.example/userinfo",
		RevocationEndpoint: "https://op.example/revoke", ChallengeMethods: []string{"S256"}, ACRMap: login.SPIDLevels(),
		Keys: func(context.Context) (jose.JSONWebKeySet, error) { return keySet(), nil },
	}
	return registration, op, login.Deps{Flows: m, Seen: m}
}

// TestNewRelyingPartyRefuses also holds row 5: a provider without S256.
func TestNewRelyingPartyRefuses(t *testing.T) {
	registration, op, deps := validParts(t)
	if _, err := login.NewRelyingParty(registration, op, deps); err != nil {
		t.Fatalf("valid parts: %v", err)
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	must(t, err)
	tests := map[string]func(*login.Registration, *login.Provider, *login.Deps){
		"tenant":                 func(r *login.Registration, _ *login.Provider, _ *login.Deps) { r.Tenant = 0 },
		"client id":              func(r *login.Registration, _ *login.Provider, _ *login.Deps) { r.ClientID = "" },
		"redirect":               func(r *login.Registration, _ *login.Provider, _ *login.Deps) { r.RedirectURI = "" },
		"provider id":            func(r *login.Registration, _ *login.Provider, _ *login.Deps) { r.ProviderID = "" },
		"keys":                   func(r *login.Registration, _ *login.Provider, _ *login.Deps) { r.Keys = login.Keys{} },
		"decryption key":         func(r *login.Registration, _ *login.Provider, _ *login.Deps) { r.Keys.Decrypt = nil },
		"kid":                    func(r *login.Registration, _ *login.Provider, _ *login.Deps) { r.Keys.Sign.KeyID = "" },
		"short key":              func(r *login.Registration, _ *login.Provider, _ *login.Deps) { r.Keys.Sign.Key = short },
		"public key":             func(r *login.Registration, _ *login.Provider, _ *login.Deps) { r.Keys.Sign = r.Keys.Sign.Public() },
		"issuer":                 func(_ *login.Registration, p *login.Provider, _ *login.Deps) { p.Issuer = "" },
		"authorization endpoint": func(_ *login.Registration, p *login.Provider, _ *login.Deps) { p.AuthorizationEndpoint = "" },
		"token endpoint":         func(_ *login.Registration, p *login.Provider, _ *login.Deps) { p.TokenEndpoint = "" },
		"userinfo endpoint":      func(_ *login.Registration, p *login.Provider, _ *login.Deps) { p.UserinfoEndpoint = "" },
		"revocation endpoint":    func(_ *login.Registration, p *login.Provider, _ *login.Deps) { p.RevocationEndpoint = "" },
		"row 5 no S256":          func(_ *login.Registration, p *login.Provider, _ *login.Deps) { p.ChallengeMethods = []string{"plain"} },
		"acr map":                func(_ *login.Registration, p *login.Provider, _ *login.Deps) { p.ACRMap = nil },
		"acr worth nothing":      func(_ *login.Registration, p *login.Provider, _ *login.Deps) { p.ACRMap = login.ACRMap{"x": 0} },
		"provider keys":          func(_ *login.Registration, p *login.Provider, _ *login.Deps) { p.Keys = nil },
		"kind":                   func(_ *login.Registration, p *login.Provider, _ *login.Deps) { p.Kind = "gateway" },
		"http off loopback": func(_ *login.Registration, p *login.Provider, _ *login.Deps) {
			p.TokenEndpoint = "http://op.example/token"
		},
		"http in production": func(r *login.Registration, p *login.Provider, _ *login.Deps) {
			r.Production, p.TokenEndpoint = true, "http://127.0.0.1/token"
		},
		"demo in production": func(r *login.Registration, p *login.Provider, _ *login.Deps) {
			r.Production, p.Kind = true, login.KindDemo
		},
		"flow store": func(_ *login.Registration, _ *login.Provider, d *login.Deps) { d.Flows = nil },
		"seen store": func(_ *login.Registration, _ *login.Provider, d *login.Deps) { d.Seen = nil },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			registration, op, deps := validParts(t)
			spoil(&registration, &op, &deps)
			if _, err := login.NewRelyingParty(registration, op, deps); err == nil {
				t.Error("accepted")
			}
		})
	}
}

var alphanumeric = regexp.MustCompile(`^[A-Za-z0-9]{32,}$`)

func TestStartRequestObject(t *testing.T) {
	registration, op, deps := validParts(t)
	now := time.Unix(1_800_000_000, 0)
	deps.Now = func() time.Time { return now }
	party, err := login.NewRelyingParty(registration, op, deps)
	must(t, err)
	started, err := party.Start(t.Context(), login.StartRequest{Purpose: "citizen", ACR: login.L2, Fresh: true})
	must(t, err)
	u, err := url.Parse(started.URL)
	must(t, err)
	query := u.Query()
	object, err := jose.ParseSignedCompact(query.Get("request"), []jose.SignatureAlgorithm{jose.RS256})
	must(t, err)
	payload, err := object.Verify(registration.Keys.Sign.Public())
	must(t, err)
	var claims map[string]any
	must(t, json.Unmarshal(payload, &claims))

	outer := []string{"client_id", "response_type", "scope", "code_challenge", "code_challenge_method"}
	for _, name := range outer {
		if query.Get(name) == "" || query.Get(name) != claims[name] {
			t.Errorf("%s is %q outside and %q inside", name, query.Get(name), claims[name])
		}
	}
	if len(query) != len(outer)+2 || query.Get("x") != "1" {
		t.Errorf("outer parameters %v", query)
	}
	for _, name := range []string{"state", "nonce"} {
		if text, _ := claims[name].(string); !alphanumeric.MatchString(text) {
			t.Errorf("%s is %q", name, text)
		}
		delete(claims, name)
	}
	delete(claims, "jti")
	delete(claims, "code_challenge")
	essential := map[string]any{"essential": true}
	want := map[string]any{
		"iss": registration.ClientID, "aud": op.Issuer, "iat": 1.8e9, "exp": 1.8e9 + 180, "client_id": registration.ClientID,
		"response_type": "code", "scope": "openid", "redirect_uri": registration.RedirectURI, "code_challenge_method": "S256",
		"prompt": "consent login", "acr_values": "https://www.spid.gov.it/SpidL2", "ui_locales": "it",
		"claims": map[string]any{"userinfo": map[string]any{
			"given_name": essential, "family_name": essential, "https://attributes.eid.gov.it/fiscal_number": essential,
		}},
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("request object (-want +got):\n%s", diff)
	}
	header, err := base64.RawURLEncoding.DecodeString(strings.Split(query.Get("request"), ".")[0])
	must(t, err)
	if want := `{"alg":"RS256","kid":"` + registration.Keys.Sign.KeyID + `"}`; string(header) != want {
		t.Errorf("header %s, want %s", header, want)
	}
	c := started.BrowserCookie
	if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %v", c)
	}
	if _, err := party.Start(t.Context(), login.StartRequest{Purpose: "citizen"}); err == nil {
		t.Error("a login without assurance level was started")
	}
	if _, err := party.Start(t.Context(), login.StartRequest{ACR: login.L2}); err == nil {
		t.Error("a login without purpose was started")
	}
}

// TestReturnPath holds row 25.
func TestReturnPath(t *testing.T) {
	for _, raw := range []string{"/uno/", "/uno/cartelle", "/uno/cartelle/", "/uno/cartelle?da=01%2F02%2F2026&q=a%20b", "/uno/persone/it%C3%A0"} {
		if got := login.ReturnPath(raw, "uno"); got != raw {
			t.Errorf("%q became %q", raw, got)
		}
	}
	evil := []string{
		"", "//evil", "///evil", "https:evil", "https://evil", "https:/evil", `/\evil`, `\\evil`, "/%2f%2fevil", "%2f%2fevil",
		"/uno/%2f%2fevil", "/uno/%5cevil", "/uno//evil", "/uno/..//evil", "/uno/../due/", "/uno/%2e%2e/due/", "/uno/%252e%252e/due",
		"javascript:alert(1)", "data:text/html,x", "/uno/\r\nSet-Cookie: a=b", "/uno/%0d%0aSet-Cookie:a=b", "/uno/?a=%0d%0a", "/uno/\x00",
		"/due/cartelle", "https://due.example/uno/", "//uno/", "/unox/", "/uno", "uno/cartelle", "/uno/cartelle#x", "/uno/ x",
		"http://uno@evil/uno/", `/uno/\evil`, "//evil/uno/cartelle", "https://evil/uno/cartelle", "/uno/login/demo", "/uno/callback/demo", "/uno/logout", "/uno/" + strings.Repeat("a", 2000), "/uno/%zz", "/uno/à",
	}
	for _, raw := range evil {
		if got := login.ReturnPath(raw, "uno"); got != "/uno/" {
			t.Errorf("%q became %q", raw, got)
		}
	}
	if got := login.ReturnPath("/cartelle", ""); got != "/cartelle" {
		t.Errorf("on a host of its own: %q", got)
	}
	if got := login.ReturnPath("//evil", ""); got != "/" {
		t.Errorf("on a host of its own: %q", got)
	}
}

func TestReturnPathThroughHTTP(t *testing.T) {
	s := newStage(t, true)
	for _, raw := range []string{"//evil.example", "https://evil.example/", "/due/cartelle", "/uno/%0d%0aX:y"} {
		b := s.browser(t)
		got := b.get(b.choose("uno/demo", "acr=2&return="+url.QueryEscape(raw), 2))
		b.expectIn(got)
		if got.location != s.program.URL+"/uno/" {
			t.Errorf("%q leads to %q", raw, got.location)
		}
	}
}

func TestMessages(t *testing.T) {
	read := func(name string) map[string]string {
		raw, err := fs.ReadFile(login.Messages(), name)
		must(t, err)
		var texts map[string]string
		must(t, json.Unmarshal(raw, &texts))
		return texts
	}
	italian, english := read("it.json"), read("en.json")
	placeholder := regexp.MustCompile(`{{[^}]*}}`)
	for key, text := range italian {
		if english[key] == "" || english[key] == text {
			t.Errorf("%s: English is %q", key, english[key])
		}
		if diff := cmp.Diff(placeholder.FindAllString(text, -1), placeholder.FindAllString(english[key], -1)); diff != "" {
			t.Errorf("%s: placeholders differ: %s", key, diff)
		}
	}
	if len(italian) != len(english) {
		t.Errorf("%d Italian and %d English texts", len(italian), len(english))
	}
	for _, code := range []login.Code{
		login.CodeTooManyTries, login.CodeLowAssurance, login.CodeExpired, login.CodeNoConsent, login.CodeSuspended,
		login.CodeCancelled, login.CodeWrongIdentity, login.CodeDenied, login.CodeUnavailable, login.CodeInvalidFiscal,
		login.CodeNoRole, login.CodeIncomplete,
	} {
		if key := (&login.Refusal{Code: code}).Message(); italian[key] == "" {
			t.Errorf("no text for %s", key)
		}
	}
}

// TestErrorCodes checks which text each error of a provider leads to, through
// the callback.
func TestErrorCodes(t *testing.T) {
	registration, op, deps := validParts(t)
	party, err := login.NewRelyingParty(registration, op, deps)
	must(t, err)
	tests := []struct {
		code, description string
		want              login.Code
		alarm             bool
	}{
		{"access_denied", "ErrorCode nr19", login.CodeTooManyTries, false},
		{"access_denied", "ErrorCode nr20", login.CodeLowAssurance, false},
		{"access_denied", "ErrorCode nr21", login.CodeExpired, false},
		{"access_denied", "ErrorCode nr22", login.CodeNoConsent, false},
		{"access_denied", "ErrorCode nr23", login.CodeSuspended, false},
		{"access_denied", "ErrorCode nr25", login.CodeCancelled, false},
		{"access_denied", "ErrorCode nr30", login.CodeWrongIdentity, false},
		{"access_denied", "ErrorCode nr250", login.CodeDenied, false},
		{"access_denied", "", login.CodeDenied, false},
		{"login_required", "", login.CodeDenied, false},
		{"consent_required", "", login.CodeNoConsent, false},
		{"server_error", "", login.CodeUnavailable, false},
		{"temporarily_unavailable", "", login.CodeUnavailable, false},
		{"invalid_client", "", login.CodeIncomplete, true},
		{"unauthorized_client", "", login.CodeIncomplete, true},
		{"invalid_scope", "", login.CodeIncomplete, false},
		{"", "", login.CodeIncomplete, false},
	}
	for _, test := range tests {
		t.Run(test.code+" "+test.description, func(t *testing.T) {
			started, err := party.Start(t.Context(), login.StartRequest{Purpose: "citizen", ACR: login.L2})
			must(t, err)
			_, err = party.Finish(t.Context(), login.CallbackRequest{
				BrowserCookie: started.BrowserCookie.Value,
				Query:         url.Values{"state": {stateOf(t, started.URL)}, "error": {test.code}, "error_description": {test.description}},
			})
			refusal, ok := errors.AsType[*login.Refusal](err)
			if !ok || refusal.Code != test.want || refusal.Alarm != test.alarm {
				t.Errorf("%v, want %s, alarm %v", err, test.want, test.alarm)
			}
		})
	}
}

func stateOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	object, err := jose.ParseSignedCompact(u.Query().Get("request"), []jose.SignatureAlgorithm{jose.RS256})
	must(t, err)
	var claims struct{ State string }
	must(t, json.Unmarshal(object.UnsafePayloadWithoutVerification(), &claims))
	return claims.State
}

func TestAssurance(t *testing.T) {
	levels := login.SPIDLevels()
	for _, level := range []login.Assurance{login.L1, login.L2, login.L3} {
		if got := levels.Level(levels.Value(level)); got != level {
			t.Errorf("%v became %v", level, got)
		}
	}
	for _, acr := range []string{"", "https://www.spid.gov.it/SpidL4", "https://www.spid.gov.it/spidl2"} {
		if got := levels.Level(acr); got.Valid() || got >= login.L1 {
			t.Errorf("%q is worth %v", acr, got)
		}
	}
}

// TestKeyRotation is the half of row 33 that is ours: answers encrypted to
// the key before this one still open.
func TestKeyRotation(t *testing.T) {
	s := newStage(t, true)
	path := "uno/demo"
	b := s.browser(t)
	address := b.choose(path, "acr=2", 2)
	next := keysOf(t, "next")
	old := s.keys[path]
	registration := login.Registration{
		Tenant: 1, Slug: "uno", ClientID: s.program.URL + "/" + path, RedirectURI: s.program.URL + "/uno/callback/demo",
		ProviderID: "demo", Keys: login.Keys{Sign: old.Sign, Decrypt: []jose.JSONWebKey{next.Decrypt[0], old.Decrypt[0]}},
	}
	var err error
	s.parties[path], err = login.NewRelyingParty(registration, s.demo.Describe(), login.Deps{Flows: s.memory, Seen: s.memory})
	must(t, err)
	b.expectIn(b.get(address))
}
