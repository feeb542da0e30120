package rest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/api/rest"
	"staffetta/internal/session"
	"staffetta/tenants"
)

func TestTokenActsForItsBody(t *testing.T) {
	s := newStage(t, nil)
	token := s.token(t, s.a, "social_worker")
	w := s.ask(t, asked{path: "/api/v1/c_a001/things", token: token})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"purpose":"operator"`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w.Header().Get("Cache-Control") != "no-store" || strings.Contains(w.Body.String(), "$schema") {
		t.Errorf("headers %v, body %s", w.Header(), w.Body)
	}
	w = s.ask(t, asked{path: "/api/v1/c_b002/things", token: token})
	wantProblem(t, w, http.StatusUnauthorized, "unauthorized")
	if got := w.Header().Get("WWW-Authenticate"); !strings.Contains(got, `error="invalid_token"`) {
		t.Errorf("WWW-Authenticate %q", got)
	}
}

// TestWhoComesBackSignsInAnew ends the last role of somebody, by the clock or by hand, and gives them one again: what they had opened
// before opens nothing any more.
func TestWhoComesBackSignsInAnew(t *testing.T) {
	const past = `update platform.memberships set valid_from = current_date - 2, valid_to = current_date - 1`
	for name, ends := range map[string][]string{
		"its day has passed": {`alter table platform.memberships disable trigger end_sessions`, past, `alter table platform.memberships enable trigger end_sessions`},
		"it was taken back":  {past},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, nil)
			opened, cookie := s.open(t, s.a, tenants.Operator, "social_worker")
			_, token, err := s.tokens.Create(t.Context(), opened, session.NewToken{ID: uuid.New(), Name: "prova", Roles: []string{"social_worker"}, Days: 5})
			if err != nil {
				t.Fatal(err)
			}
			ask := func(status int) {
				t.Helper()
				for _, q := range []asked{{token: token}, {cookie: cookie}} {
					q.path = "/api/v1/c_a001/things"
					if w := s.ask(t, q); w.Code != status {
						t.Errorf("%d %s, want %d", w.Code, w.Body, status)
					}
				}
			}
			ask(http.StatusOK)
			s.exec(t, ends...)
			ask(http.StatusUnauthorized)
			s.exec(t, `insert into platform.memberships (id, tenant_id, account_id, role, display_name)
				select gen_random_uuid(), tenant_id, account_id, role, display_name from platform.memberships`)
			ask(http.StatusUnauthorized)
		})
	}
}

// TestATokenEndsBeforeABreak gives somebody a role that begins after a day without one, and one that follows at once.
func TestATokenEndsBeforeABreak(t *testing.T) {
	s := newStage(t, nil)
	s.token(t, s.a, "social_worker")
	for _, step := range []struct{ begins, ends string }{{"2", "5 days"}, {"4", "3 days"}} { // the break begins with the third day from now
		s.exec(t, `update platform.memberships set valid_to = current_date + 1 where valid_to is null`, `insert into platform.memberships (id, tenant_id, account_id, role, display_name, valid_from, valid_to)
			select gen_random_uuid(), tenant_id, account_id, 'educator', display_name, current_date + `+step.begins+`, current_date + `+step.begins+` from platform.memberships limit 1`)
		var kept bool
		if err := s.Owner.QueryRow(t.Context(), `select expires_at between created_at + $1::interval - interval '1 day' and created_at + $1::interval from platform.tokens`, step.ends).Scan(&kept); err != nil || !kept {
			t.Errorf("a role in %s days: %v %v", step.begins, kept, err)
		}
	}
}

func TestWhoIsNotKnown(t *testing.T) {
	s := newStage(t, nil)
	_, foreign := s.open(t, s.b, tenants.Operator, "social_worker")
	moved := *foreign
	moved.Name = session.CookieName(s.a.ID, tenants.Operator) // b's secret under a's name
	for name, q := range map[string]asked{
		"nothing":                {},
		"a token of nobody":      {token: "staffetta_nobody"},
		"another scheme":         {headers: []string{"Authorization: Basic eDp5"}},
		"another body's session": {cookie: foreign},
		"a renamed cookie":       {cookie: &moved},
	} {
		q.path = "/api/v1/c_a001/things"
		w := s.ask(t, q)
		wantProblem(t, w, http.StatusUnauthorized, "unauthorized")
		if !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer ") {
			t.Errorf("%s: no challenge", name)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	s := newStage(t, nil)
	worker, educator := s.token(t, s.a, "social_worker"), s.token(t, s.a, "educator")
	if _, err := s.Owner.Exec(t.Context(), `update platform.tenants set state = 'suspended' where id = $1`, s.b.ID); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.host, err = rest.New(s.config(t)); err != nil {
		t.Fatal(err)
	}
	for name, q := range map[string]asked{
		"no such body":           {path: "/api/v1/c_z999/things"},
		"the platform's slug":    {path: "/api/v1/piattaforma/entries"},
		"module switched off":    {path: "/api/v1/c_a001/off"},
		"no such operation":      {path: "/api/v1/c_a001/nothing"},
		"below nothing":          {path: "/api/v2"},
		"a denied operation":     {path: "/api/v1/c_a001/things", method: http.MethodPost, token: educator, body: `{"name":"x","kind":"big"}`},
		"a missing object":       {path: "/api/v1/c_a001/things/gone"},
		"a path that is no text": {path: "/api/v1/c_a001/things/a%00"},
	} {
		if q.token == "" {
			q.token = worker
		}
		t.Run(name, func(t *testing.T) { wantProblem(t, s.ask(t, q), http.StatusNotFound, "not_found") })
	}
	wantProblem(t, s.ask(t, asked{path: "/api/v1/c_b002/entries", token: worker}), http.StatusForbidden, "forbidden") // the body is suspended
	w := s.ask(t, asked{path: "/api/v1/c_a001/seal", token: worker})
	wantProblem(t, w, http.StatusForbidden, "assurance")
	w = s.ask(t, asked{path: "/api/v1/c_a001/things/here", method: http.MethodDelete, token: worker})
	wantProblem(t, w, http.StatusMethodNotAllowed, "method")
	if w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("Allow %q", w.Header().Get("Allow"))
	}
}

func TestOldSlugSendsOn(t *testing.T) {
	s := newStage(t, nil)
	_, err := s.Owner.Exec(t.Context(), `insert into platform.slugs values ('vecchio', $1)`, s.a.ID)
	if err != nil {
		t.Fatal(err)
	}
	config := s.config(t) // reads the bodies again
	if s.host, err = rest.New(config); err != nil {
		t.Fatal(err)
	}
	w := s.ask(t, asked{path: "/api/v1/vecchio/things?limit=2"})
	if w.Code != http.StatusPermanentRedirect || w.Header().Get("Location") != "/api/v1/c_a001/things?limit=2" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestSessionCountsForOwnPagesOnly(t *testing.T) {
	s := newStage(t, nil)
	_, cookie := s.open(t, s.a, tenants.Operator, "social_worker")
	body := `{"name":"Uno","kind":"big"}`
	post := asked{method: http.MethodPost, path: "/api/v1/c_a001/things", body: body, cookie: cookie}
	for name, headers := range map[string][]string{
		"another site":   {"Sec-Fetch-Site: cross-site"},
		"another origin": {"Origin: https://altrove.example"},
		"a sibling":      {"Sec-Fetch-Site: same-site", "Origin: https://sub.staffetta.example"},
	} {
		t.Run(name, func(t *testing.T) {
			q := post
			q.headers = headers
			wantProblem(t, s.ask(t, q), http.StatusForbidden, "forbidden")
		})
	}
	post.headers = []string{"Sec-Fetch-Site: same-origin", "Origin: https://staffetta.example"}
	if w := s.ask(t, post); w.Code != http.StatusCreated {
		t.Errorf("our own page: %d %s", w.Code, w.Body)
	}
	post.cookie, post.token, post.headers = nil, s.token(t, s.a, "social_worker"), []string{"Origin: https://altrove.example"}
	if w := s.ask(t, post); w.Code != http.StatusCreated {
		t.Errorf("a program with a token: %d %s", w.Code, w.Body)
	}
}

func TestPurposeOfThePlatform(t *testing.T) {
	s := newStage(t, nil)
	bodies, err := tenants.NewDirectory(t.Context(), s.DB)
	if err != nil {
		t.Fatal(err)
	}
	platform, _, err := bodies.BySlug(tenants.PlatformSlug)
	if err != nil {
		t.Fatal(err)
	}
	_, newcomer := s.open(t, platform, tenants.Newcomer)
	_, operator := s.open(t, platform, tenants.Operator, "platform_operator")
	w := s.ask(t, asked{path: "/api/v1/platform/7", cookie: newcomer})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"purpose":"newcomer"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	wantProblem(t, s.ask(t, asked{path: "/api/v1/platform/7", cookie: operator}), http.StatusUnauthorized, "unauthorized")
	wantProblem(t, s.ask(t, asked{path: "/api/v1/platform/7", token: s.token(t, platform, "platform_operator")}), http.StatusNotFound, "not_found")
}

func TestPublicOperation(t *testing.T) {
	s := newStage(t, nil)
	if w := s.ask(t, asked{path: "/api/v1/c_a001/greeting"}); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w := s.ask(t, asked{path: "/api/v1/status"})
	if w.Code != http.StatusOK || w.Body.String() != `{"status":"ok","version":"1.2.3"}`+"\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// A body on trial answers its own people alone.
func TestPublicOperationOfABodyOnTrial(t *testing.T) {
	s := newStage(t, nil)
	if _, err := s.Owner.Exec(t.Context(), `update platform.tenants set state = 'entering' where id = $1`, s.a.ID); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.host, err = rest.New(s.config(t)); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, s.ask(t, asked{path: "/api/v1/c_a001/greeting"}), http.StatusUnauthorized, "unauthorized")
	if w := s.ask(t, asked{path: "/api/v1/c_a001/greeting", token: s.token(t, s.a, "social_worker")}); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestTooManyRequests(t *testing.T) {
	s := newStage(t, func(c *rest.Config) { c.Limit = 3 })
	first, second := s.token(t, s.a, "social_worker"), s.token(t, s.a, "social_worker")
	q := asked{path: "/api/v1/c_a001/things", token: first}
	for range 3 {
		if w := s.ask(t, q); w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	w := s.ask(t, q)
	wantProblem(t, w, http.StatusTooManyRequests, "too_many")
	if w.Header().Get("Retry-After") != "60" {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
	q.token = second
	if w := s.ask(t, q); w.Code != http.StatusOK {
		t.Errorf("another account: %d %s", w.Code, w.Body)
	}
	q.token = "staffetta_guess"
	for range 3 {
		wantProblem(t, s.ask(t, q), http.StatusUnauthorized, "unauthorized")
	}
	wantProblem(t, s.ask(t, q), http.StatusTooManyRequests, "too_many")
}

func TestStatusWhenNotReady(t *testing.T) {
	s := newStage(t, func(c *rest.Config) {
		c.Ready = func(context.Context) error { return errors.New("no database") }
	})
	wantProblem(t, s.ask(t, asked{path: "/api/v1/status"}), http.StatusServiceUnavailable, "unavailable")
}
