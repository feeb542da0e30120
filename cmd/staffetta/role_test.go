package main

import (
	"crypto/sha256"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/cmd/staffetta/terminal"
	"staffetta/internal/language"
	"staffetta/modules/kit"
	"staffetta/policies"
	"staffetta/tenants"
)

// spare is a colleague at Pantelleria with two roles of which one may be taken back.
func (st *stage) spare(t *testing.T) (account, held string) {
	t.Helper()
	s := st.extra(t, pantelleria, "Incarico", "plan_office", "district_contact")
	return s.Account.String(), query[string](t, st, `select id::text from platform.memberships where account_id = $1 and role = 'plan_office' and valid_to is null`, s.Account)
}

// housed is an office of Pantelleria, where somebody works.
func (st *stage) housed(t *testing.T) string {
	t.Helper()
	const name = "Centro di Scauri"
	_, err := st.owner.Exec(t.Context(), `insert into platform.offices (tenant_id, id, name, address, phone, areas, targets, hours)
		select t.id, 7, $2, 'Via Roma 1', '0923 911111', '{Scauri,Rekhale}', '{anziani}', '[[{"from": 540, "to": 750}]]' from platform.tenants t where t.slug = $1
		on conflict do nothing`, pantelleria, name)
	must(t, err)
	return query[string](t, st, `select o.id::text from platform.offices o where o.name = $1`, name)
}

// teamed is a team of Pantelleria, and a place in it.
func (st *stage) teamed(t *testing.T) (team, place string) {
	t.Helper()
	const id, of = "0190c0de-0000-7000-8000-00000000e001", "0190c0de-0000-7000-8000-00000000e002"
	davide := st.castScope(t, pantelleria, "Errera")
	_, err := st.owner.Exec(t.Context(), `insert into onboarding.teams (tenant_id, id, name, valid_from) values ($1, $2, 'Équipe di Scauri', '2026-01-01') on conflict do nothing`, davide.Tenant, id)
	must(t, err)
	_, err = st.owner.Exec(t.Context(), `insert into onboarding.team_members (tenant_id, id, team_id, account_id, account_name, valid_from) values ($1, $2, $3, $4, $5, '2026-01-01')
		on conflict do nothing`, davide.Tenant, of, id, davide.Account, davide.Name)
	must(t, err)
	return id, of
}

// invited is an invitation of Pantelleria that waits, and its link.
func (st *stage) invited(t *testing.T) (id, link string) {
	t.Helper()
	tenant := query[string](t, st, `select t.id::text from platform.tenants t where t.slug = $1`, pantelleria)
	id, link = uuid.NewString(), tenant+"-"+strings.Repeat(uuid.NewString()[:8], 6)
	sum := sha256.Sum256([]byte(link))
	_, err := st.owner.Exec(t.Context(), `insert into onboarding.invitations (tenant_id, id, name, roles, valid_from, link_hash, expires_at, invited_by, invited_name)
		values ($1::text::int, $2, 'Prova Invito', '{educator}', current_date, $3, now() + interval '7 days', gen_random_uuid(), 'Anna Rizzo')`, tenant, id, sum[:])
	must(t, err)
	return id, link
}

// roleSite is the program in which a kit brings a role.
var roleSite = sync.OnceValues(opened(demoStart))

const itemRole = "item:RU-01"

// TestAKitBringsARole follows a role from the body that made it to the work of somebody at another one: what the kit lists they
// may do, by page and API, and nothing else; back before the kit it is gone at the next request, in a second instance too.
func TestAKitBringsARole(t *testing.T) {
	tr := trip{st: wanted(t, roleSite)}
	content := object{
		"description": object{"it": "Chi accoglie al punto informativo"},
		"permissions": object{"registry": []string{"person:read"}, "casefile": []string{"desk:read", "case:read"}, "intake": []string{"contact:read"}},
		"assigned":    object{"may": []string{"open"}, "reads": []string{"identity", "plan"}, "writes": []string{"plan"}},
		"body":        object{"reads": []string{"identity", "intake"}},
	}
	tr.giulia = tr.st.token(t, tr.st.castScope(t, marsala, "Ferrante"))
	marco := &runner{visitor: tr.st.token(t, tr.st.castScope(t, marsala, "Todaro")), slug: marsala}
	draft := object{"title": object{"it": "Operatore del punto informativo"}, "owner": "Comune di Marsala", "licence": "CC-BY-4.0", "content": content}
	drafted := tr.giulia.call(t, 200, "PUT", marco.at(kit.KindRole, "RU-01")+"/draft", draft, "If-Match", "0")
	publish := marco.at(kit.KindRole, "RU-01") + "/publish"
	tr.giulia.call(t, http.StatusForbidden, "POST", publish, object{"reason": "Prima versione"}, "If-Match", revision(drafted))
	marco.call(t, http.StatusUnprocessableEntity, "POST", publish, object{"reason": "Prima versione"}, "If-Match", revision(drafted)) // nobody has read who gains
	marco.publish(t, kit.KindRole, "RU-01", drafted)
	tr.release(t, "1.0.0")
	tr.st.carriesRole(t)
	rita := tr.second(t)

	op := tr.st.extra(t, mazara, "Sportello", "plan_office")
	nothing := tr.allowed(t, tr.st.token(t, op), tr.st.signIn(t, op))
	given := rita.call(t, 201, "POST", "/"+mazara+"/memberships", object{"account": op.Account.String(), "role": itemRole})
	there := tr.st.second(t)
	with := op
	with.Roles = []string{"plan_office", itemRole}
	pages, token := tr.st.signIn(t, with), tr.st.token(t, with)
	may := rita.matrix(t, itemRole)
	want := slices.DeleteFunc(tr.served(), func(c called) bool { return !may[c.permission] })
	if got := tr.allowed(t, token, pages); len(nothing) > 0 || !slices.Equal(got, want) || len(want) < 8 {
		t.Fatalf("before the role %v, with it they are let into %v, want %v", nothing, got, want)
	}
	for _, section := range []string{"identity", "plan"} {
		if !tr.st.deps.Policies.Confine(with, policies.Assigned).Reads(section) {
			t.Errorf("a case that is assigned shows no %s", section)
		}
	}
	if s := tr.st.deps.Policies.Confine(with, policies.Assigned); s.Reads("diary") || s.Writes("identity") || tr.st.deps.Policies.Confine(with, policies.Guest).Sections() != nil {
		t.Errorf("more than listed: %v", s.Sections())
	}

	at := "/" + mazara + "/adoptions/" + rita.adoption + "/applications/" + rita.run + "/undo"
	plan := rita.call(t, 200, "GET", at, nil)
	if sights := plan["sights"].([]any); len(sights) == 0 || sights[0].(object)["people"] != 1.0 || sights[0].(object)["gained"] != false {
		t.Fatalf("going back tells that %v lose", plan["sights"])
	}
	rita.call(t, http.StatusUnprocessableEntity, "POST", at, object{"digest": plan["digest"]}) // nobody has read who loses
	if got := tr.allowed(t, token, pages); len(got) != len(want) {
		t.Fatal("a refused way back takes the role")
	}
	elsewhere := *token
	elsewhere.base = there
	const persons = "/api/v1/" + mazara + "/case-files"
	if got := elsewhere.get(t, persons); got.Status != 200 {
		t.Fatalf("the second instance answers %d", got.Status)
	}
	rita.call(t, 200, "POST", at, object{"digest": plan["digest"], "acknowledged": true})
	if got := token.get(t, persons); got.Status != http.StatusNotFound {
		t.Errorf("back, the next request answers %d", got.Status)
	}
	deadline := time.Now().Add(time.Second)
	for elsewhere.get(t, persons).Status != http.StatusNotFound {
		if time.Now().After(deadline) {
			t.Fatal("a second later the second instance still knows the role")
		}
	}
	if got := tr.allowed(t, token, pages); len(got) > 0 {
		t.Errorf("back, they are let into %v", got)
	}
	if n := query[int](t, tr.st, `select count(*)::int from platform.memberships where id = $1 and valid_to is null`, given["id"]); n != 0 {
		t.Error("somebody holds a role that is not there")
	}
	tr.st.wantAudited(t)
}

// carriesRole takes the kit with the role as a file to another installation: what is checked there without a database is what a
// body there tries and applies.
func (st *stage) carriesRole(t *testing.T) {
	t.Helper()
	term, out := at(t, language.Italian)
	file := folder(t)("role.kit")
	mustDo(t, st.asPlatform(t.Context(), term, terminal.Export{Practice: "CID", Release: "1.0.0", File: file}.Do))
	out.Reset()
	mustDo(t, terminal.Verify{File: file}.Do(t.Context(), term))
	key := printedKey.FindStringSubmatch(out.String())
	there, err := openStage("")
	mustDo(t, err)
	mustDo(t, there.asPlatform(t.Context(), term, terminal.Install{File: file, Key: key[1]}.Do))
	mustDo(t, there.enter(t.Context(), mazara, "081012"))
	rita := &runner{visitor: there.token(t, there.castScope(t, mazara, "Bono")), slug: mazara}
	offers := itemsOf(t, rita.call(t, 200, "GET", "/c_f061/offers", nil))
	rita.adoption = idIn(t, rita.call(t, 201, "POST", "/c_f061/adoptions", object{"practice": offers[0]["practice"]}))
	if before := rita.matrix(t, itemRole); len(before) > 0 {
		t.Fatalf("before the kit the role may %v", before)
	}
	rita.upgrade(t, "1.0.0")
	want := map[string]bool{"person:read": true, "desk:read": true, "case:read": true, "contact:read": true, "identity:read": true, "intake:read": true}
	if may := rita.matrix(t, itemRole); !maps.Equal(may, want) {
		t.Errorf("with the kit from a file the role may %v", may)
	}
}

// served are the routes of a body without objects in their path that ask an operator for a permission and read.
func (tr *trip) served() []called {
	return slices.DeleteFunc(everyRoute(tr.st), func(c called) bool {
		return c.permission == policies.Public || c.permission == policies.SignedIn || c.platform || c.method != http.MethodGet || wildcard.MatchString(c.below()) ||
			c.purpose != "" && c.purpose != tenants.Operator
	})
}

// allowed are those of the served routes to which somebody is let in at Mazara: for others they are not there.
func (tr *trip) allowed(t *testing.T, token, pages *visitor) []called {
	t.Helper()
	return slices.DeleteFunc(tr.served(), func(c called) bool {
		v := pages
		if c.api {
			v = token
		}
		return v.get(t, c.path(t, mazara, nil)).Status == http.StatusNotFound
	})
}

// matrix is what the matrix of the body says that a role may do, as permissions.
func (r *runner) matrix(t *testing.T, role string) map[string]bool {
	t.Helper()
	may := map[string]bool{}
	for _, entry := range itemsOf(t, r.call(t, 200, "GET", "/"+r.slug+"/access-rules?relation=body", nil)) {
		if entry["role"] == role && entry["result"] == true {
			may[strings.Join([]string{entry["object"].(string), entry["action"].(string)}, ":")] = true
		}
	}
	return may
}
