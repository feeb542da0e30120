package main

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/onboarding/domain"
	"staffetta/policies"
	"staffetta/tenants"
)

// at asks for a path at a host, whatever address the program has.
func (st *stage) at(t *testing.T, host, method, path string, header ...string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, st.URL+path, http.NoBody)
	must(t, err)
	r.Host = host
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	got, err := st.guest().client.Do(r)
	must(t, err)
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	must(t, err)
	return reply{got.StatusCode, got.Header, string(body)}
}

// addressed gives a body an address of its own, as its administrator does with who looks after the DNS.
func (st *stage) addressed(t *testing.T, body tenants.Tenant, host string) tenants.Scope {
	t.Helper()
	admin := st.extra(t, body.Slug, "Ospite", "tenant_admin")
	service := domain.NewService(st.deps)
	must(t, service.Ask(t.Context(), admin, host))
	st.confirm(t, admin)
	return admin
}

// named has Pantelleria ask for an address of its own, where it has not.
func (st *stage) named(t *testing.T) {
	t.Helper()
	err := domain.NewService(st.deps).Ask(t.Context(), st.castScope(t, pantelleria, "Rizzo"), "servizi.comune.pantelleria.tp.it")
	if err != nil && !problem.Is(err, problem.Conflict) {
		t.Fatal(err)
	}
}

// confirm puts the records of a body's address into the DNS and looks at them.
func (st *stage) confirm(t *testing.T, s tenants.Scope) {
	t.Helper()
	service := domain.NewService(st.deps)
	d, err := service.Get(t.Context(), s)
	must(t, err)
	st.dns.Text(d.RecordName(), d.RecordText())
	st.dns.Lead(d.Host, service.Target())
	d, err = service.Check(t.Context(), s)
	must(t, err)
	if d.State != domain.Confirmed {
		t.Fatalf("the address is %s: %+v", d.State, d.Proof)
	}
}

// isOf tells whether a page is of a body: the platform's own name many.
func isOf(page reply, body tenants.Tenant) bool {
	return strings.Contains(page.Body, body.Name+"</title>")
}

var linkOfPage = regexp.MustCompile(`(?:href|action|src)="(/[^"]*)"`)

// TestABodyAtItsOwnAddress reads the public pages at the address of a body, follows what they link to, and finds the rest at the platform.
func TestABodyAtItsOwnAddress(t *testing.T) {
	st := asked(t)
	body, host := st.entered(t, "081004"), "servizi.comune.campobello.tp.it"
	before := st.at(t, host, http.MethodGet, "/")
	if before.Status != http.StatusOK || isOf(before, body) {
		t.Fatalf("a host that nobody knows: %d", before.Status)
	}
	admin := st.addressed(t, body, host)
	cookie := st.signIn(t, admin).cookie
	home := st.at(t, host, http.MethodGet, "/", "Cookie", cookie.Name+"="+cookie.Value)
	if home.Status != http.StatusOK || !isOf(home, body) || !strings.Contains(home.Body, `<link rel="canonical" href="http://`+host) {
		t.Fatalf("the home of the body: %d\n%s", home.Status, home.Body)
	}
	if strings.Contains(home.Body, admin.Name) || strings.Contains(home.Body, "/"+body.Slug) || home.Header.Get("Set-Cookie") != "" {
		t.Error("the page knows who is signed in, names the slug or gives a cookie")
	}
	if end := st.at(t, host, http.MethodPost, "/esci", "Cookie", cookie.Name+"="+cookie.Value); end.Status != http.StatusMisdirectedRequest || end.Header.Get("Set-Cookie") != "" {
		t.Errorf("who sends something gets %d", end.Status)
	}
	if still := st.signIn(t, admin); still.get(t, "/"+body.Slug+"/console").Status != http.StatusOK {
		t.Error("the session at the platform ended")
	}
	for _, path := range []string{"/", "/servizi", "/sedi", "/privacy", "/note-legali", "/accessibilita", "/aiuto"} {
		page := st.at(t, host, http.MethodGet, path+"?lang=en")
		if page.Status != http.StatusOK || !strings.Contains(page.Body, `<html lang="en">`) {
			t.Errorf("%s in English: %d", path, page.Status)
		}
		for _, link := range linkOfPage.FindAllStringSubmatch(page.Body, -1) {
			if !strings.HasPrefix(link[1], "/s/") && link[1] != "/licenze" && !strings.Contains(link[1], "lang=") {
				t.Errorf("%s: the language is lost at %s", path, link[1])
			}
			if there := st.at(t, host, http.MethodGet, strings.ReplaceAll(link[1], "&amp;", "&")); there.Status != http.StatusOK && !strings.HasPrefix(there.to(), st.URL+"/"+body.Slug+"/") {
				t.Errorf("%s links to %s, which answers %d and leads to %q", path, link[1], there.Status, there.to())
			}
		}
		platform := st.guest().get(t, "/"+body.Slug+path)
		if want := `<link rel="canonical" href="http://` + host; !strings.Contains(platform.Body, want) {
			t.Errorf("%s at the platform does not name the body's own address", path)
		}
	}
	for path, want := range map[string]string{
		"/console?x=1": st.URL + "/" + body.Slug + "/console?x=1", "/accedi": st.URL + "/" + body.Slug + "/accedi", "/cartelle/a%2Fb": st.URL + "/" + body.Slug + "/cartelle/a%2Fb",
		"/attivazione": st.URL + "/attivazione", "/api/v1/" + body.Slug + "/services": st.URL + "/api/v1/" + body.Slug + "/services",
		"/" + marsala + "/servizi": st.URL + "/" + marsala + "/servizi", "/metrics": st.URL + "/metrics", "/nulla": "", "/%2F%2Fevil.example": "/evil.example", "//evil.example/console": "/evil.example/console",
	} {
		if got := st.at(t, host, http.MethodGet, path).to(); got != want {
			t.Errorf("%s leads to %q, want %q", path, got, want)
		}
	}
	if other := st.guest().get(t, "/"+marsala+"/servizi"); other.Status != http.StatusOK || strings.Contains(other.Body, "canonical") {
		t.Error("a body without an address of its own names one")
	}
	if robots := st.at(t, host, http.MethodGet, "/robots.txt"); !strings.Contains(robots.Body, "Allow: /servizi\n") {
		t.Errorf("robots.txt: %s", robots.Body)
	}
}

// TestOnlyPublicPagesStandAtABodysOwnAddress walks every route there, signed in and with a token: what needs a person never answers, and
// nothing gives a cookie.
func TestOnlyPublicPagesStandAtABodysOwnAddress(t *testing.T) {
	st := asked(t)
	body, host := st.entered(t, "081005"), "servizi.comune.castellammare.tp.it"
	admin := st.addressed(t, body, host)
	cookie := st.signIn(t, admin).cookie
	id := uuid.NewString()
	var open []string
	for _, c := range everyRoute(st) {
		path := wildcard.ReplaceAllString(strings.TrimSuffix(c.pattern, "{$}"), id)
		if c.api {
			path = strings.Replace(path, id, body.Slug, 1)
		}
		answer := st.at(t, host, c.method, path, "Cookie", cookie.Name+"="+cookie.Value+"; __Host-lang=en; __Host-flash=x", "Sec-Fetch-Site", "same-origin")
		if answer.Header.Get("Set-Cookie") != "" || strings.Contains(answer.Body, admin.Name) {
			t.Errorf("%s gives a cookie or knows who asks", c)
		}
		if answer.Status == http.StatusOK && c.method == http.MethodGet {
			open = append(open, c.pattern)
		}
		isPublic := c.permission == policies.Public && !c.api
		switch {
		case answer.Status == http.StatusSeeOther && strings.HasPrefix(answer.to(), st.URL+"/"):
		case answer.Status == http.StatusMisdirectedRequest && c.method != http.MethodGet:
		case isPublic && (answer.Status == http.StatusOK || answer.Status == http.StatusNotFound):
		default:
			t.Errorf("%s answers %d", c, answer.Status)
		}
	}
	slices.Sort(open)
	want := []string{"/accessibilita", "/aiuto", "/favicon.ico", "/licenze", "/note-legali", "/privacy", "/robots.txt", "/sedi", "/servizi", "/{$}", "/{$}"}
	if open = slices.DeleteFunc(open, func(p string) bool { return p == "/privacy/{area}" }); !slices.Equal(open, want) {
		t.Errorf("open are %v, want %v", open, want)
	}
}

// TestAnAddressThatIsNotABodysAnyMore: suspended by who runs the platform, on trial, removed, or only pretended, it shows nothing of the body.
func TestAnAddressThatIsNotABodysAnyMore(t *testing.T) {
	st := asked(t)
	body, host := st.entered(t, "081006"), "servizi.comune.castelvetrano.tp.it"
	admin := st.addressed(t, body, host)
	wantThere := func(when string, want bool) {
		t.Helper()
		page, proxy := st.at(t, host, http.MethodGet, "/sedi"), st.guest().get(t, "/piattaforma/dominio?domain="+host)
		if is := page.Status == http.StatusOK && isOf(page, body); is != want || (proxy.Status == http.StatusOK) != want {
			t.Errorf("%s: the page is there: %v (%d), a certificate: %d", when, is, page.Status, proxy.Status)
		}
	}
	reload := func() { must(t, st.deps.Bodies.Reload(t.Context())) }
	wantThere("confirmed", true)
	for _, written := range []string{strings.ToUpper(host), host + ":8443", host + "."} {
		if page := st.at(t, written, http.MethodGet, "/"); !isOf(page, body) {
			t.Errorf("%s is not the address", written)
		}
	}
	for name, page := range map[string]reply{
		"another host": st.at(t, "x."+host, http.MethodGet, "/"), "a proxy's word": st.guest().send(t, http.MethodGet, "/", nil, "X-Forwarded-Host", host, "Forwarded", "host="+host),
	} {
		if page.Status != http.StatusOK || isOf(page, body) {
			t.Errorf("%s shows the body: %d", name, page.Status)
		}
	}
	if page := st.guest().get(t, "/piattaforma/dominio"); page.Status != http.StatusNotFound {
		t.Errorf("no host at all gets %d", page.Status)
	}

	_, steward := st.steward(t, "Olivastro", "platform_operator")
	sheet := "/piattaforma/enti/" + body.Slug
	if page := steward.get(t, sheet); !strings.Contains(page.Body, host) {
		t.Error("who runs the platform does not see the address")
	}
	if list := steward.get(t, "/piattaforma/enti?nome="+strings.ReplaceAll(body.Name, " ", "+")); !strings.Contains(list.Body, host) {
		t.Error("the list of bodies does not show the address")
	}
	if empty := steward.post(t, sheet+"/indirizzo/sospendi", nil); empty.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", empty.Status)
	}
	decides := func(way, reason string) { t.Helper(); steward.decides(t, body, way, reason) }
	decides("sospendi", "Dominio di una ditta")
	reload()
	wantThere("suspended", false)
	if page := st.signIn(t, admin).get(t, "/"+body.Slug+"/console/indirizzo-web"); !strings.Contains(page.Body, "Dominio di una ditta") || strings.Contains(page.Body, "/indirizzo-web/controlla") {
		t.Error("the body does not read why, or is offered to go on")
	}
	decides("riapri", "Chiarito")
	wantThere("to be shown anew", false)
	st.confirm(t, admin)
	wantThere("shown anew", true)
	for _, action := range []string{"domain.block", "domain.unblock"} {
		if n := query[int](t, st, `select count(distinct tenant_id) from audit.events where action = $1 and (tenant_id = $2 or payload ->> 'body' = $3)`, action, body.ID, body.Slug); n != 2 {
			t.Errorf("%s stands in %d chains", action, n)
		}
	}

	for _, state := range []string{"entering", "closed"} {
		_, err := st.owner.Exec(t.Context(), `update platform.tenants set state = $2 where id = $1`, body.ID, state)
		must(t, err)
		reload()
		wantThere(state, false)
	}
	_, err := st.owner.Exec(t.Context(), `update platform.tenants set state = 'suspended' where id = $1`, body.ID)
	must(t, err)
	reload()
	if page, proxy := st.at(t, host, http.MethodGet, "/sedi"), st.guest().get(t, "/piattaforma/dominio?domain="+host); page.Status != http.StatusForbidden || proxy.Status != http.StatusOK {
		t.Errorf("of a suspended body the page is there (%d), or no certificate to say so: %d", page.Status, proxy.Status)
	}
	_, err = st.owner.Exec(t.Context(), `update platform.tenants set state = 'active' where id = $1`, body.ID)
	must(t, err)
	reload()
	wantThere("live again", true)
	must(t, domain.NewService(st.deps).Remove(t.Context(), admin))
	wantThere("removed", false)
}

// decides has who runs the platform suspend or reopen the address of a body.
func (v *visitor) decides(t *testing.T, body tenants.Tenant, way, reason string) {
	t.Helper()
	if answer := v.post(t, "/piattaforma/enti/"+body.Slug+"/indirizzo/"+way, url.Values{"motivo": {reason}}); answer.Status != http.StatusSeeOther {
		t.Fatalf("%s at %s: %d", way, body.Slug, answer.Status)
	}
}

// TestABlockIsOfTheHost: what a body only asked for is not taken from who has it, and a host is let go with the last body that it was
// blocked for.
func TestABlockIsOfTheHost(t *testing.T) {
	st := asked(t)
	body, other, host := st.entered(t, "081008"), st.entered(t, "081007"), "servizi.comune.custonaci.tp.it"
	must(t, domain.NewService(st.deps).Ask(t.Context(), st.extra(t, other.Slug, "Altrove", "tenant_admin"), host))
	st.addressed(t, body, host)
	_, steward := st.steward(t, "Ornello", "platform_operator")
	wantBlocked := func(when string, want bool) {
		t.Helper()
		if got := query[bool](t, st, `select exists (select from platform.blocked_hosts where host = $1)`, host); got != want {
			t.Errorf("%s: the host is blocked: %v", when, got)
		}
	}
	steward.decides(t, other, "sospendi", "Non è il suo dominio")
	wantBlocked("for a body that only asked for it", false)
	if page := st.at(t, host, http.MethodGet, "/sedi"); !isOf(page, body) {
		t.Errorf("who has it has it no more: %d", page.Status)
	}
	steward.decides(t, body, "sospendi", "Dominio di una ditta")
	steward.decides(t, other, "riapri", "Un errore")
	wantBlocked("for one body still", true)
	steward.decides(t, body, "riapri", "Chiarito")
	wantBlocked("for nobody any more", false)
	steward.decides(t, other, "sospendi", "Di nuovo")
	wantBlocked("while nobody has it", true)
	_, err := st.owner.Exec(t.Context(), `delete from platform.domains where tenant_id = $1`, other.ID)
	must(t, err)
	wantBlocked("for a body that is gone", false)
}
