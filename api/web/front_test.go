package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"staffetta/api/web"
	"staffetta/tenants"
)

// TestEveryHostIsSomebodys asks a platform with a name for pages by its own host, by that of a body in every state, and by others.
func TestEveryHostIsSomebodys(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const own = "servizi.comune.a001.tp.it"
	_, err := s.Owner.Exec(t.Context(), `insert into platform.hosts (host, tenant_id) values ($1, $2)`, own, s.one.ID)
	must(t, err)
	s.config.BaseURL, s.config.Production, s.config.Demo = "https://staffetta.example.it", true, false
	host, err := web.New(s.config)
	must(t, err)
	front := host.Front(host)
	ask := func(at, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
		r.Host = at
		w := httptest.NewRecorder()
		front.ServeHTTP(w, r)
		return w
	}
	state := func(of string, age time.Duration) {
		t.Helper()
		_, err := s.Owner.Exec(t.Context(), `with h as (update platform.hosts set since = $3) update platform.tenants set state = $2 where id = $1`, s.one.ID, of, s.clock.Now().Add(-age))
		must(t, err)
		must(t, s.config.Bodies.Reload(t.Context()))
	}
	state("active", 0)
	for _, at := range []string{"staffetta.example.it", "STAFFETTA.example.it.:8443", own} {
		if w := ask(at, "/"); w.Code != http.StatusOK {
			t.Errorf("%s answers %d", at, w.Code)
		}
	}
	for _, at := range []string{"192.0.2.1", "localhost", "", "x." + own, "evil.example", "staffetta.example.it.evil.example"} {
		w := ask(at, "/")
		if w.Code != http.StatusMisdirectedRequest || strings.Contains(w.Body.String(), "<") || w.Header().Get("Strict-Transport-Security") != "" {
			t.Errorf("%q answers %d: %s", at, w.Code, w.Body)
		}
		if w := ask(at, "/piattaforma/dominio?domain="+own); w.Code != http.StatusOK {
			t.Errorf("the proxy at %q is answered %d", at, w.Code)
		}
	}
	for age, want := range map[time.Duration]string{time.Hour: "max-age=86400", 29 * 24 * time.Hour: "max-age=86400", 31 * 24 * time.Hour: "max-age=31536000"} {
		state("active", age)
		if got := ask(own, "/").Header().Get("Strict-Transport-Security"); got != want {
			t.Errorf("after %v HTTPS is kept to for %q, want %q", age, got, want)
		}
	}
	if got := ask("staffetta.example.it", "/").Header().Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("at the platform HTTPS is kept to for %q", got)
	}
	for of, status := range map[tenants.State]int{tenants.Suspended: http.StatusForbidden, tenants.Closed: http.StatusNotFound, tenants.Entering: http.StatusSeeOther} {
		state(string(of), 0)
		there, here := ask(own, "/servizi"), ask("staffetta.example.it", "/c_a001/servizi")
		if there.Code != status || (of != tenants.Entering && (here.Code != status || title(there) != title(here))) {
			t.Errorf("a body that is %s answers %d %q, at the platform %d %q", of, there.Code, title(there), here.Code, title(here))
		}
		w := ask("evil.example", "/piattaforma/dominio?domain="+own)
		if certified := w.Code == http.StatusOK; certified != (of == tenants.Suspended) { // who is suspended says so there
			t.Errorf("a body that is %s gets a certificate: %d", of, w.Code)
		}
	}
	state("entering", 0)
	if to := ask(own, "/servizi").Header().Get("Location"); to != "https://staffetta.example.it/c_a001/servizi" {
		t.Errorf("a body on trial leads to %s", to)
	}
}

// title is what a page says first.
func title(w *httptest.ResponseRecorder) string {
	_, rest, _ := strings.Cut(w.Body.String(), "<h1")
	_, rest, _ = strings.Cut(rest, ">")
	said, _, _ := strings.Cut(rest, "</main>")
	return fmt.Sprintf("%.60s", strings.TrimSpace(said))
}
