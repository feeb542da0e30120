package login_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"staffetta/internal/login"
)

const attackerText = "<script>alert(1)</script> entra qui"

// TestHonestLogin is the twin of all attacks: what must succeed, with the
// provider's own keys and nothing in between.
func TestHonestLogin(t *testing.T) {
	s := newStage(t, true)
	for _, level := range []int{2, 3} {
		b := s.browser(t)
		got := b.get(b.choose("uno/demo", "acr=2&return=/uno/cartelle%3Fpagina=2", level))
		b.expectIn(got)
		if want := s.program.URL + "/uno/cartelle?pagina=2"; got.location != want {
			t.Errorf("goes to %q, want %q", got.location, want)
		}
		p := s.person
		if p.FiscalNumber != fiscalCode || p.GivenName != "Ada" || p.FamilyName != "Rossi" || p.Purpose != "operator" {
			t.Errorf("identity %+v", p)
		}
		if p.Assurance != login.Assurance(level) || p.Subject == "" || !p.AccessTokenExpires.After(s.clock.Now().Add(14*time.Minute)) {
			t.Errorf("assurance %v, subject %q, token until %v", p.Assurance, p.Subject, p.AccessTokenExpires)
		}
		if s.memory.open() != 0 {
			t.Error("the flow is still there")
		}
	}
}

func TestRevocation(t *testing.T) {
	s := newStage(t, true)
	b := s.browser(t)
	b.expectIn(b.login(2))
	ask := func() int {
		request, err := http.NewRequest(http.MethodGet, s.demo.Describe().UserinfoEndpoint, nil)
		must(t, err)
		request.Header.Set("Authorization", "Bearer "+s.person.AccessToken)
		return b.read(b.client.Do(request)).status
	}
	if status := ask(); status != http.StatusOK {
		t.Fatalf("userinfo before revocation: %d", status)
	}
	must(t, s.parties["due/demo"].Revoke(t.Context(), s.person.AccessToken))
	if status := ask(); status != http.StatusOK {
		t.Fatalf("userinfo after another client's revocation: %d", status)
	}
	must(t, s.parties["uno/demo"].Revoke(t.Context(), s.person.AccessToken))
	if status := ask(); status != http.StatusUnauthorized {
		t.Fatalf("userinfo after revocation: %d", status)
	}
}

// TestRedirectAttacks holds the attacks on the provider's redirect: rows 1 to
// 9, 22 and 36 of the attack table.
func TestRedirectAttacks(t *testing.T) {
	s := newStage(t, false)
	set := func(name string, values ...string) func(url.Values) {
		return func(q url.Values) { q[name] = values }
	}
	failed := func(pairs ...string) func(url.Values) {
		return func(q url.Values) {
			q.Del("code")
			for i := 0; i+1 < len(pairs); i += 2 {
				q.Set(pairs[i], pairs[i+1])
			}
		}
	}
	tests := []struct {
		name string
		edit func(url.Values)
		want login.Code
		left int // flows that stay, because no flow matches
	}{
		{"row 1 state missing", set("state"), login.CodeIncomplete, 1},
		{"row 1 state empty", set("state", ""), login.CodeIncomplete, 1},
		{"row 1 state unknown", set("state", strings.Repeat("a", 52)), login.CodeExpired, 1},
		{"row 6 iss of another provider", set("iss", "https://evil.example"), login.CodeIncomplete, 0},
		{"row 6 iss with a slash more", set("iss", s.demo.Describe().Issuer+"/"), login.CodeIncomplete, 0},
		{"row 6 iss missing though promised", set("iss"), login.CodeIncomplete, 0},
		{"row 6 iss repeated", set("iss", s.demo.Describe().Issuer, s.demo.Describe().Issuer), login.CodeIncomplete, 0},
		{"row 8 two codes", set("code", "x", "y"), login.CodeIncomplete, 0},
		{"row 8 two states", func(q url.Values) { q.Add("state", q.Get("state")) }, login.CodeIncomplete, 1},
		{"row 8 two issuers", set("iss", s.demo.Describe().Issuer, "https://evil.example"), login.CodeIncomplete, 0},
		{"row 9 error and code together", set("error", "access_denied"), login.CodeDenied, 0},
		{"row 9 error with wrong state", failed("error", "access_denied", "state", strings.Repeat("b", 52)), login.CodeExpired, 1},
		{"row 9 error of another issuer", failed("error", "access_denied", "iss", "https://evil.example"), login.CodeIncomplete, 0},
		{"row 9 no code", failed(), login.CodeIncomplete, 0},
		{"row 36 html", failed("error", "access_denied", "error_description", attackerText), login.CodeDenied, 0},
		{"row 36 ten kB", failed("error", attackerText, "error_description", strings.Repeat("x", 10_000)), login.CodeIncomplete, 0},
		{"row 36 nr25", failed("error", "access_denied", "error_description", attackerText+" ErrorCode nr25"), login.CodeCancelled, 0},
		{"server_error", failed("error", "server_error"), login.CodeUnavailable, 0},
		{"error without iss", func(q url.Values) { failed("error", "consent_required")(q); q.Del("iss") }, login.CodeNoConsent, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := s.browser(t)
			before, open := s.hostile.tokenCalls.Load(), s.memory.open()
			got := b.get(change(b.choose("uno/demo", "acr=2", 2), test.edit))
			b.expectRefused(got, test.want)
			if s.hostile.tokenCalls.Load() != before {
				t.Error("the token endpoint was called")
			}
			if s.memory.open() != open+test.left {
				t.Errorf("%d flows more than before, want %d", s.memory.open()-open, test.left)
			}
			if strings.Contains(s.refusal.Error(), "script") {
				t.Error("the provider's text is in the refusal")
			}
		})
	}
}

func TestRow2LoginCSRF(t *testing.T) {
	s := newStage(t, false)
	attacker, victim := s.browser(t), s.browser(t)
	victim.expectRefused(victim.get(attacker.choose("uno/demo", "acr=2", 2)), login.CodeIncomplete)
	address := attacker.choose("uno/demo", "acr=2", 2)
	u, err := url.Parse(address)
	must(t, err)
	victim.client.Jar.SetCookies(u, []*http.Cookie{{
		Name: login.BrowserCookieName(u.Query().Get("state")), Value: "another", Path: "/", Secure: true,
	}})
	victim.expectRefused(victim.get(address), login.CodeIncomplete)
	if calls := s.hostile.tokenCalls.Load(); calls != 0 {
		t.Errorf("the token endpoint was called %d times", calls)
	}
}

func TestRow3CallbackReplayed(t *testing.T) {
	s := newStage(t, false)
	b := s.browser(t)
	address := b.choose("uno/demo", "acr=2", 2)
	var in, refused atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			response, err := b.client.Get(address)
			if err != nil {
				t.Error(err)
				return
			}
			response.Body.Close()
			switch response.StatusCode {
			case http.StatusSeeOther:
				in.Add(1)
			case http.StatusForbidden:
				refused.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 || refused.Load() != 19 || s.hostile.tokenCalls.Load() != 1 {
		t.Errorf("%d logins, %d refused, %d token calls", in.Load(), refused.Load(), s.hostile.tokenCalls.Load())
	}
	later := s.browser(t)
	later.expectRefused(later.get(address), login.CodeExpired)
}

func TestRow4CodeOfAnotherFlow(t *testing.T) {
	s := newStage(t, false)
	victim, attacker := s.browser(t), s.browser(t)
	stolen, err := url.Parse(victim.choose("uno/demo", "acr=2", 2))
	must(t, err)
	address := change(attacker.choose("uno/demo", "acr=2", 2), func(q url.Values) { q.Set("code", stolen.Query().Get("code")) })
	attacker.expectRefused(attacker.get(address), login.CodeIncomplete)
	if !strings.Contains(s.refusal.Reason, "invalid_grant") {
		t.Errorf("reason %q does not tell invalid_grant", s.refusal.Reason)
	}
}

func TestRow7AnswerAtAnotherRedirect(t *testing.T) {
	s := newStage(t, false)
	b := s.browser(t)
	for from, to := range map[string]string{"/uno/callback/demo": "/uno/callback/other", "/uno/callback/other": "/uno/callback/demo"} {
		path := strings.Replace(from, "callback/", "", 1)[1:]
		address := strings.Replace(b.choose(path, "acr=2", 2), from, to, 1)
		b.expectRefused(b.get(address), login.CodeIncomplete)
	}
	other := strings.Replace(b.choose("uno/demo", "acr=2", 2), "/uno/", "/due/", 1)
	b.expectRefused(b.get(other), login.CodeIncomplete) // row 23: another body's callback
	if calls := s.hostile.tokenCalls.Load(); calls != 0 {
		t.Errorf("the token endpoint was called %d times", calls)
	}
}

func TestExpiredFlow(t *testing.T) {
	s := newStage(t, false)
	b := s.browser(t)
	address := b.choose("uno/demo", "acr=2", 2)
	s.clock.move(10*time.Minute + time.Second)
	b.expectRefused(b.get(address), login.CodeExpired)
}
