package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// supported asks Pantelleria for support and has it granted; it returns who comes, and the id of the access.
func (st *stage) supported(t *testing.T, surname string) (s tenants.Scope, comes *visitor, access string) {
	t.Helper()
	platform, v := st.steward(t, surname, "platform_operator")
	if answer := v.post(t, "/piattaforma/supporto", url.Values{"ente": {"Pantelleria"}, "motivo": {"Un modulo non si accende"}, "ore": {"2"}}); answer.Status != http.StatusSeeOther {
		t.Fatalf("ask: %d", answer.Status)
	}
	if answer := v.post(t, "/piattaforma/supporto", url.Values{"ente": {"comune di"}, "motivo": {"Un modulo non si accende"}, "ore": {"2"}}); answer.Status != http.StatusUnprocessableEntity {
		t.Errorf("ask several at once: %d", answer.Status)
	}
	access = query[string](t, st, `select id::text from platform.support_accesses where account_id = $1 order by asked_at desc limit 1`, platform.Account)
	s = st.scope(t, pantelleria, platform.Name, "")
	s.Account, s.Roles = platform.Account, []string{policies.Support}
	if got := st.signIn(t, s).get(t, "/"+pantelleria+"/console"); got.Status != http.StatusSeeOther {
		t.Errorf("before the yes: %d", got.Status)
	}
	admin := st.signIn(t, st.castScope(t, pantelleria, "Rizzo"))
	if answer := admin.post(t, "/"+pantelleria+"/console/assistenza/"+access+"/accetta", nil); answer.Status != http.StatusSeeOther {
		t.Fatalf("grant: %d", answer.Status)
	}
	return s, st.signIn(t, s), access
}

// shownToSupport are the pages of modules that who comes for support can read.
var shownToSupport = []string{
	"/console", "/console/assistenza", "/console/moduli", "/console/pubblicazione", "/console/ruoli", "/console/ruoli/prove",
	"/console/ruoli/storia", "/console/ruoli/{role}", "/console/sedi", "/console/sedi/{office}",
}

// TestSupportReadsConfigurationAlone asks as somebody who comes for support for every route of the program with the ids of real
// objects: what is served is on a list, and nobody's name stands in it. What is sent is refused.
func TestSupportReadsConfigurationAlone(t *testing.T) {
	tr := travel(t)
	st := tr.st
	ids := tr.idsOf(t)
	s, v, access := st.supported(t, "Oleastro")
	secrets := append(tr.secrets(mazara), tr.secrets("")...)
	secrets = append(secrets, query[[]string](t, st, `select array_agg(distinct x) from (
		select number from casefile.cases union select tax_code from registry.persons where tax_code is not null union
		select m.display_name from platform.memberships m join platform.tenants t on t.id = m.tenant_id where t.slug = $1) x (x) where length(x) > 3`, pantelleria)...)
	before, served := tr.fingerprint(t), map[string]bool{}
	for i, c := range everyRoute(st) {
		if c.platform || strings.HasSuffix(c.pattern, "/esci") {
			continue
		}
		if i%60 == 0 {
			v = st.signIn(t, s) // anew: a session may post 120 times a minute only
		}
		answer := c.send(t, v, c.path(t, pantelleria, ids), tr)
		for _, secret := range secrets {
			if strings.Contains(answer.Body, secret) {
				t.Errorf("%s shows %q to who comes for support", c, secret)
			}
		}
		opened := answer.Status < 300 || answer.Status < 400 && !strings.Contains(answer.to(), "/accedi")
		switch {
		case answer.Status >= 500:
			t.Errorf("%s answers %d", c, answer.Status)
		case opened && c.api && c.permission != policies.Public, opened && c.method != http.MethodGet:
			t.Errorf("%s answers %d to who comes for support", c, answer.Status)
		case opened && c.permission != policies.Public && c.module != "":
			served[c.pattern] = true
		}
	}
	if got := slices.Sorted(maps.Keys(served)); !slices.Equal(got, shownToSupport) {
		t.Errorf("shown are\n%q, want\n%q", got, shownToSupport)
	}
	if after := tr.fingerprint(t); after != before {
		t.Errorf("who comes for support has changed something (-before +after):\n%s", cmp.Diff(before, after))
	}
	st.wantTold(t, s, access)
	st.wantCleanLog(t)
}

// wantTold wants every page that was opened in the chain of the body, and on its page.
func (st *stage) wantTold(t *testing.T, s tenants.Scope, access string) {
	t.Helper()
	told := query[[]string](t, st, `select array_agg(distinct e.payload ->> 'page') from audit.events e where e.tenant_id = $1 and e.account_id = $2 and e.action = 'support.read'`, s.Tenant, s.Account)
	for _, page := range shownToSupport {
		if !slices.Contains(told, "/{slug}"+page) {
			t.Errorf("the audit of the body does not tell of %s", page)
		}
	}
	admin := st.castScope(t, pantelleria, "Rizzo")
	page := st.signIn(t, admin).get(t, "/"+pantelleria+"/console/assistenza").Body
	if !strings.Contains(page, "/{slug}/console/moduli") || !strings.Contains(page, s.Name) || !strings.Contains(page, access) {
		t.Error("the body does not read what was looked at")
	}
	if _, faults, err := audit.Verify(t.Context(), st.deps.DB); err != nil || len(faults) > 0 {
		t.Errorf("the chains do not hold: %v %v", faults, err)
	}
}

// TestSupportEnds ends an access by the body, by who came, and by its hours: the next request is refused each time.
func TestSupportEnds(t *testing.T) {
	st := travel(t).st
	admin := st.signIn(t, st.castScope(t, pantelleria, "Rizzo"))
	for name, end := range map[string]func(s tenants.Scope, access string){
		"the body": func(_ tenants.Scope, access string) {
			admin.post(t, "/"+pantelleria+"/console/assistenza/"+access+"/chiudi", nil)
		},
		"who came": func(s tenants.Scope, access string) {
			platform := st.scope(t, tenants.PlatformSlug, s.Name, "")
			platform.Account = s.Account
			st.signIn(t, platform).post(t, "/piattaforma/supporto/"+access+"/chiudi", nil)
		},
		"its hours": func(_ tenants.Scope, access string) {
			query[string](t, st, `update platform.support_accesses set until = now() - interval '1 second' where id = $1 returning id::text`, access)
		},
	} {
		s, v, access := st.supported(t, map[string]string{"the body": "Terebinto", "who came": "Sommacco", "its hours": "Rosmarino"}[name])
		for _, path := range []string{"/console", "/console/moduli", "/console/assistenza"} {
			if got := v.get(t, "/"+pantelleria+path); got.Status != http.StatusOK {
				t.Errorf("%s: before the end %s answers %d", name, path, got.Status)
			}
		}
		end(s, access)
		for _, path := range []string{"/console", "/console/moduli", "/console/assistenza", "/sessioni"} {
			if got := v.get(t, "/"+pantelleria+path); got.Status != http.StatusSeeOther || !strings.Contains(got.to(), "/accedi") {
				t.Errorf("%s: after the end %s answers %d to %q", name, path, got.Status, got.to())
			}
		}
		if got := st.signIn(t, s).get(t, "/"+pantelleria+"/console"); got.Status == http.StatusOK {
			t.Errorf("%s: signing in again opens the console", name)
		}
	}
}

// TestSupportIsGrantedByTheBody tries what nobody may: to grant it to oneself, for longer, twice, or to a colleague.
func TestSupportIsGrantedByTheBody(t *testing.T) {
	st := travel(t).st
	platform, v := st.steward(t, "Ferula", "platform_operator")
	ask := func(v *visitor, form url.Values) int { return v.post(t, "/piattaforma/supporto", form).Status }
	form := func(hours string) url.Values {
		return url.Values{"ente": {"Pantelleria"}, "motivo": {"Prova"}, "ore": {hours}}
	}
	if got := [4]int{ask(v, form("9")), ask(v, form("0")), ask(v, form("1")), ask(v, form("1"))}; got != [4]int{422, 422, 303, 409} {
		t.Errorf("asking answers %v", got)
	}
	access := query[string](t, st, `select id::text from platform.support_accesses where account_id = $1`, platform.Account)
	answer := "/" + pantelleria + "/console/assistenza/" + access
	officer := st.signIn(t, st.extra(t, pantelleria, "Officer", "dpo"))
	other := st.signIn(t, st.castScope(t, marsala, "Todaro"))
	for name, got := range map[string]int{
		"an officer":    officer.post(t, answer+"/accetta", nil).Status,
		"another body":  other.post(t, "/"+marsala+"/console/assistenza/"+access+"/accetta", nil).Status,
		"the platform":  v.post(t, answer+"/accetta", nil).Status,
		"a role by SQL": st.mayNotHold(t, platform),
	} {
		if got != http.StatusNotFound && got != http.StatusConflict && got != http.StatusSeeOther {
			t.Errorf("%s: %d", name, got)
		}
	}
	if state := query[string](t, st, `select state from platform.support_accesses where id = $1`, access); state != "asked" {
		t.Errorf("the access is %s", state)
	}
	colleague := st.extra(t, tenants.PlatformSlug, "Pervinca", "platform_operator")
	must(t, st.deps.DB.Platform(t.Context(), func(tx tenants.Tx) error {
		body, _, err := st.deps.Bodies.BySlug(pantelleria)
		if err != nil {
			return err
		}
		return tenants.CreateMembership(t.Context(), tx, body.ID, colleague.Account, tenants.Membership{Role: "access_desk", Name: colleague.Name})
	}))
	if got := ask(st.signIn(t, colleague), form("1")); got != http.StatusConflict {
		t.Errorf("a colleague who asks gets %d", got)
	}
	st.wantUnasked(t, v)
}

// mayNotHold tries to make support a membership, which no table takes.
func (st *stage) mayNotHold(t *testing.T, s tenants.Scope) int {
	t.Helper()
	err := st.deps.DB.Platform(t.Context(), func(tx tenants.Tx) error {
		return tenants.CreateMembership(t.Context(), tx, s.Tenant, s.Account, tenants.Membership{Role: policies.Support, Name: s.Name})
	})
	if err == nil {
		return http.StatusOK
	}
	return http.StatusNotFound
}

// wantUnasked has the body grant support that nobody asked for; the first who takes it has it.
func (st *stage) wantUnasked(t *testing.T, first *visitor) {
	t.Helper()
	admin := st.signIn(t, st.castScope(t, pantelleria, "Rizzo"))
	if got := admin.post(t, "/"+pantelleria+"/console/assistenza", url.Values{"id": {newKey()}, "motivo": {"Guardate la guida"}, "ore": {"1"}}); got.Status != http.StatusSeeOther {
		t.Fatalf("grant unasked: %d", got.Status)
	}
	open := query[string](t, st, `select id::text from platform.support_accesses where reason = 'Guardate la guida' and account_id is null`)
	_, second := st.steward(t, "Asfodelo", "platform_operator")
	take := fmt.Sprintf("/piattaforma/supporto/%s/accetta", open)
	if got := [2]int{first.post(t, take, nil).Status, second.post(t, take, nil).Status}; got != [2]int{303, 409} {
		t.Errorf("taking it answers %v", got)
	}
}
