package login_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"staffetta/internal/login"
)

// edit changes one claim; nil removes it.
func edit(name string, value any) func(map[string]any) {
	return func(claims map[string]any) {
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
	}
}

func idClaim(name string, value any) tricks { return tricks{idClaims: edit(name, value)} }

func idSigned(sign func(payload []byte) string) tricks { return tricks{idSign: sign} }

// in gives a time as a token writes it.
func (s *stage) in(d time.Duration) json.Number {
	return json.Number(strconv.FormatInt(s.clock.Now().Add(d).Unix(), 10))
}

// expectTokenRefused plays each attack; none may reach the userinfo endpoint.
func (s *stage) expectTokenRefused(t *testing.T, code login.Code, attacks map[string]tricks) {
	t.Helper()
	for name, attack := range attacks {
		t.Run(name, func(t *testing.T) {
			s.hostile.play(attack)
			b := s.browser(t)
			calls := s.hostile.userinfoCalls.Load()
			b.expectRefused(b.login(2), code)
			if s.hostile.userinfoCalls.Load() != calls {
				t.Error("the userinfo endpoint was called")
			}
		})
	}
}

func (s *stage) expectAccepted(t *testing.T, twins map[string]tricks) {
	t.Helper()
	for name, twin := range twins {
		t.Run(name, func(t *testing.T) {
			s.hostile.play(twin)
			b := s.browser(t)
			b.expectIn(b.login(2))
			if s.person.FiscalNumber != fiscalCode {
				t.Errorf("fiscal number %q", s.person.FiscalNumber)
			}
		})
	}
}

// TestTokenClaims holds rows 10 and 14 to 18 of the attack table.
func TestTokenClaims(t *testing.T) {
	s := newStage(t, false)
	client, issuer := s.program.URL+"/uno/demo", s.demo.Describe().Issuer
	var earlier string
	s.hostile.play(tricks{idClaims: func(c map[string]any) { earlier, _ = c["nonce"].(string) }})
	first := s.browser(t)
	first.expectIn(first.login(2))
	s.expectTokenRefused(t, login.CodeIncomplete, map[string]tricks{
		"row 10 nonce wrong":              idClaim("nonce", strings.Repeat("c", 52)),
		"row 10 nonce missing":            idClaim("nonce", nil),
		"row 10 nonce of an earlier flow": idClaim("nonce", earlier),
		"row 14 iss wrong":                idClaim("iss", "https://evil.example"),
		"row 14 iss differing by a slash": idClaim("iss", issuer+"/"),
		"row 14 iss missing":              idClaim("iss", nil),
		"row 15 aud other tenant":         idClaim("aud", s.program.URL+"/due/demo"),
		"row 15 aud us and another":       idClaim("aud", []string{client, "https://evil.example"}),
		"row 15 aud missing":              idClaim("aud", nil),
		"row 16 expired":                  idClaim("exp", s.in(-2*time.Minute)),
		"row 16 exp missing":              idClaim("exp", nil),
		"row 16 iat missing":              idClaim("iat", nil),
		"row 16 iat a day old":            idClaim("iat", s.in(-24*time.Hour)),
		"row 16 iat of the future":        idClaim("iat", s.in(3*time.Minute)),
		"row 16 nbf of the future":        idClaim("nbf", s.in(3*time.Minute)),
		"row 17 sub missing":              idClaim("sub", nil),
		"row 17 sub empty":                idClaim("sub", ""),
		"row 17 at_hash missing":          idClaim("at_hash", nil),
		"row 17 at_hash wrong":            idClaim("at_hash", "LDktKdoQak3Pk0cnXxCltA"),
		"row 17 jti missing":              idClaim("jti", nil),
		"row 17 id_token missing":         {answer: edit("id_token", nil)},
		"row 17 token_type mac":           {answer: edit("token_type", "mac")},
		"row 17 token_type missing":       {answer: edit("token_type", nil)},
		"row 17 access_token of another":  {answer: edit("access_token", "another")},
	})
	s.expectTokenRefused(t, login.CodeLowAssurance, map[string]tricks{
		"row 18 acr L1":      idClaim("acr", "https://www.spid.gov.it/SpidL1"),
		"row 18 acr missing": idClaim("acr", nil),
		"row 18 acr unknown": idClaim("acr", "https://www.spid.gov.it/SpidL9"),
	})
}

// TestTokenSignatures holds rows 11 to 13.
func TestTokenSignatures(t *testing.T) {
	s := newStage(t, false)
	h := s.hostile
	var fetched atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { fetched.Add(1) }))
	t.Cleanup(trap.Close)
	public, err := x509.MarshalPKIXPublicKey(h.key.Public().Key)
	must(t, err)
	with := func(key any, alg jose.SignatureAlgorithm, headers ...string) tricks {
		return idSigned(func(p []byte) string { return signWith(t, key, alg, p, headers...) })
	}
	spoilt := func(key jose.JSONWebKey, alg jose.SignatureAlgorithm, spoil func(string) string) tricks {
		return idSigned(func(p []byte) string { return spoil(signWith(t, key, alg, p)) })
	}
	s.expectTokenRefused(t, login.CodeIncomplete, map[string]tricks{
		"row 11 alg none":                  idSigned(unsigned),
		"row 11 signature stripped":        spoilt(h.key, jose.RS256, stripped),
		"row 12 HS256 with the public key": with(public, jose.HS256, "kid", h.key.KeyID),
		"row 13 signature of another RSA":  with(h.alien.Key, jose.RS256, "kid", h.key.KeyID),
		"row 13 kid unknown":               with(h.alien, jose.RS256),
		"row 13 kid absent":                with(h.key.Key, jose.RS256),
		"row 13 kid unknown, right key":    with(h.key.Key, jose.RS256, "kid", "unknown"),
		"row 13 kid of the other key":      with(h.key.Key, jose.RS256, "kid", "curve"),
		"row 13 alg other than the key's":  with(h.key.Key, jose.PS256, "kid", h.key.KeyID),
		"row 13 jku, right key":            with(h.key, jose.RS256, "jku", trap.URL),
		"row 13 x5u, right key":            with(h.key, jose.RS256, "x5u", trap.URL),
		"row 13 jku of the attacker":       with(h.alien, jose.RS256, "jku", trap.URL),
		"row 13 jwk of the attacker":       idSigned(func(p []byte) string { return embedded(t, h.alien, h.key.KeyID, p) }),
		"row 13 jwk, right key":            idSigned(func(p []byte) string { return embedded(t, h.key, h.key.KeyID, p) }),
		"row 13 RS256 signature broken":    spoilt(h.key, jose.RS256, broken),
		"row 13 ES256 signature broken":    spoilt(h.curve, jose.ES256, broken),
		"row 13 payload swapped":           spoilt(h.key, jose.RS256, swapped),
		"row 13 JSON serialisation":        idSigned(func(p []byte) string { return serialised(t, h.key, p) }),
	})
	if fetched.Load() != 0 {
		t.Error("an address named by the token was fetched")
	}
}

// TestTokenTwins holds what looks like an attack and must be accepted.
func TestTokenTwins(t *testing.T) {
	s := newStage(t, false)
	h := s.hostile
	s.expectAccepted(t, map[string]tricks{
		"twin row 13 ES256":              idSigned(func(p []byte) string { return signWith(t, h.curve, jose.ES256, p) }),
		"twin row 15 aud list of one":    idClaim("aud", []string{s.program.URL + "/uno/demo"}),
		"twin row 16 expired within 60s": idClaim("exp", s.in(-20*time.Second)),
		"twin row 16 nbf missing":        idClaim("nbf", nil),
		"twin row 18 L3":                 idClaim("acr", "https://www.spid.gov.it/SpidL3"),
		"twin expires_in as a string":    {answer: edit("expires_in", "900")},
		"twin expires_in missing":        {answer: edit("expires_in", nil)},
		"twin token_type lower case":     {answer: edit("token_type", "bearer")},
	})
}

func TestReplayedTokenID(t *testing.T) {
	s := newStage(t, false)
	s.hostile.play(tricks{idClaims: func(c map[string]any) { c["jti"] = "the same" }})
	first, second := s.browser(t), s.browser(t)
	first.expectIn(first.login(2))
	second.expectRefused(second.login(2), login.CodeIncomplete)
}

func stripped(token string) string { return token[:strings.LastIndex(token, ".")+1] }

func broken(token string) string {
	at := strings.LastIndex(token, ".") + 10
	with := byte('A')
	if token[at] == with {
		with = 'B'
	}
	return token[:at] + string(with) + token[at+1:]
}

// swapped keeps header and signature and puts one more space into the
// payload, which leaves every claim as it was.
func swapped(token string) string {
	parts := strings.Split(token, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return token
	}
	parts[1] = base64.RawURLEncoding.EncodeToString(append([]byte(" "), payload...))
	return strings.Join(parts, ".")
}

func embedded(t *testing.T, key jose.JSONWebKey, kid string, payload []byte) string {
	t.Helper()
	options := (&jose.SignerOptions{EmbedJWK: true}).WithHeader("kid", kid)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, options)
	must(t, err)
	object, err := signer.Sign(payload)
	must(t, err)
	compact, err := object.CompactSerialize()
	must(t, err)
	return compact
}

func serialised(t *testing.T, key jose.JSONWebKey, payload []byte) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, nil)
	must(t, err)
	object, err := signer.Sign(payload)
	must(t, err)
	return object.FullSerialize()
}
