package login_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"staffetta/internal/login"
)

func userClaim(name string, value any) tricks { return tricks{userClaims: edit(name, value)} }

// expectUserinfoRefused plays each attack; each must reach the endpoint.
func (s *stage) expectUserinfoRefused(t *testing.T, code login.Code, attacks map[string]tricks) {
	t.Helper()
	for name, attack := range attacks {
		t.Run(name, func(t *testing.T) {
			s.hostile.play(attack)
			b := s.browser(t)
			calls := s.hostile.userinfoCalls.Load()
			b.expectRefused(b.login(2), code)
			if s.hostile.userinfoCalls.Load() != calls+1 {
				t.Error("the userinfo endpoint was not called once")
			}
		})
	}
}

// TestUserinfoClaims holds rows 20 and 34 of the attack table.
func TestUserinfoClaims(t *testing.T) {
	s := newStage(t, false)
	s.expectUserinfoRefused(t, login.CodeIncomplete, map[string]tricks{
		"row 20 sub of another":     userClaim("sub", "another"),
		"row 20 sub missing":        userClaim("sub", nil),
		"row 20 aud other tenant":   userClaim("aud", s.program.URL+"/due/demo"),
		"row 20 aud us and another": userClaim("aud", []string{s.program.URL + "/uno/demo", "https://evil.example"}),
		"row 20 aud missing":        userClaim("aud", nil),
		"row 20 iss other":          userClaim("iss", "https://evil.example"),
		"row 20 expired":            userClaim("exp", s.in(-2*time.Minute)),
		"row 20 exp missing":        userClaim("exp", nil),
		"row 20 iat missing":        userClaim("iat", nil),
		"no name":                   userClaim("family_name", nil),
	})
	fiscal := func(value any) tricks { return userClaim(login.DefaultAttributePrefix+"fiscal_number", value) }
	s.expectUserinfoRefused(t, login.CodeInvalidFiscal, map[string]tricks{
		"row 34 missing":             fiscal(nil),
		"row 34 bad check character": fiscal("TINIT-RSSDAA80A41H501J"),
		"row 34 no TINIT-":           fiscal(fiscalCode),
		"row 34 foreign prefix":      fiscal("TINDE-" + fiscalCode),
		"row 34 eleven digits":       fiscal("TINIT-12345678903"),
		"row 34 not a text":          fiscal(12),
	})
	s.expectAccepted(t, map[string]tricks{"twin row 34 lower case": fiscal("tinit-" + strings.ToLower(fiscalCode))})
}

// TestUserinfoSealing holds row 21.
func TestUserinfoSealing(t *testing.T) {
	s := newStage(t, false)
	h := s.hostile
	ours, theirs := s.keys["uno/demo"].Decrypt[0].Public(), s.keys["due/demo"].Decrypt[0].Public()
	sealed := func(how sealing, key jose.JSONWebKey) tricks {
		return tricks{userSeal: func(text string) string { return how.seal(t, key, text) }}
	}
	body := func(media string, make func(string) string) tricks { return tricks{userMedia: media, userBody: make} }
	signed := func(sign func([]byte) string) tricks { return tricks{userSign: sign} }
	plain := func(string) string { return `{"sub":"x"}` }
	nobody := ""
	bomb := sealing{zip: jose.DEFLATE}.seal(t, ours, strings.Repeat("a", 50<<20))
	s.expectUserinfoRefused(t, login.CodeIncomplete, map[string]tricks{
		"row 21 JSON":                        body("application/json", plain),
		"row 21 JSON called JWT":             body("", plain),
		"row 21 JWT called HTML":             body("text/html", func(text string) string { return text }),
		"row 21 JWS only":                    {userSeal: func(text string) string { return text }},
		"row 21 JWE of JSON":                 signed(func(p []byte) string { return string(p) }),
		"row 21 inner alg none":              signed(unsigned),
		"row 21 wrong signer":                signed(func(p []byte) string { return signWith(t, h.alien, jose.RS256, p) }),
		"row 21 wrong signer, right kid":     signed(func(p []byte) string { return signWith(t, h.alien.Key, jose.RS256, p, "kid", h.key.KeyID) }),
		"row 21 RSA1_5":                      sealed(sealing{alg: jose.RSA1_5}, ours),
		"row 21 A256GCM":                     sealed(sealing{enc: jose.A256GCM}, ours),
		"row 21 other tenant's key":          sealed(sealing{}, theirs),
		"row 21 our kid, other tenant's key": sealed(sealing{kid: &ours.KeyID}, theirs),
		"row 21 no kid":                      sealed(sealing{kid: &nobody}, ours),
		"row 21 no cty":                      sealed(sealing{noCTY: true}, ours),
		"row 21 compressed":                  sealed(sealing{zip: jose.DEFLATE}, ours),
		"row 21 10 MB":                       body("", func(text string) string { return text + strings.Repeat(" ", 10<<20) }),
		"row 21 zip bomb":                    {userSeal: func(string) string { return bomb }},
	})
	s.expectAccepted(t, map[string]tricks{
		"twin row 21 RSA-OAEP-256, A128CBC-HS256": sealed(sealing{alg: jose.RSA_OAEP_256, enc: jose.A128CBC_HS256}, ours),
		"twin row 21 application/jose":            body("application/jose", func(text string) string { return text }),
		"twin row 21 in JSON quotes":              body("", func(text string) string { return "\"" + text + "\"\r\n" }),
	})
}

// TestRow22BrokenProvider also holds row 30 for the two endpoints.
func TestRow22BrokenProvider(t *testing.T) {
	s := newStage(t, false)
	s.patience = time.Second
	s.register(t, "uno/demo", 1, false)
	status := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(code)
			_, _ = w.Write([]byte(body))
		}
	}
	hang := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = r.Body.Read(make([]byte, 1<<16)) // the server notices a closed connection after the body
		<-r.Context().Done()
	}
	reset := func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := w.(http.Hijacker).Hijack()
		must(t, err)
		must(t, connection.(*net.TCPConn).SetLinger(0))
		must(t, connection.Close())
	}
	var followed atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	t.Cleanup(elsewhere.Close)
	moved := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	}
	large := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(strings.Repeat("a", 10<<20))) // the client hangs up in between
	}
	tests := []struct {
		name string
		how  http.HandlerFunc
		want login.Code
	}{
		{"400", status(400, `{"error":"invalid_grant"}`), login.CodeIncomplete},
		{"401", status(401, `{"error":"invalid_client","error_description":"`+attackerText+`"}`), login.CodeIncomplete},
		{"405", status(405, ""), login.CodeIncomplete},
		{"500", status(500, "broken"), login.CodeUnavailable},
		{"HTML", status(200, "<html>"+attackerText), login.CodeIncomplete},
		{"time-out", hang, login.CodeUnavailable},
		{"reset", reset, login.CodeUnavailable},
		{"307", moved, login.CodeIncomplete},
		{"10 MB", large, login.CodeIncomplete},
	}
	for _, test := range tests {
		for endpoint, trick := range map[string]tricks{"token": {token: test.how}, "userinfo": {userinfo: test.how}} {
			t.Run(endpoint+" "+test.name, func(t *testing.T) {
				s.hostile.play(trick)
				b := s.browser(t)
				b.expectRefused(b.login(2), test.want)
				if strings.Contains(s.refusal.Error(), "script") {
					t.Error("the provider's text is in the refusal")
				}
			})
		}
	}
	if followed.Load() != 0 {
		t.Error("a redirect was followed")
	}
}
