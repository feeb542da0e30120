package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/onboarding/export"
	"staffetta/onboarding/leaving"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// remaining are tables in which a body that left still stands, with why.
var remaining = map[string]string{
	"audit.chain": "the proof", "audit.events": "the proof, without contents", "audit.keys": "the proof", "audit.roots": "the proof", "audit.countersignatures": "the proof", "audit.terms": "the proof",
	"commons.practices": "what it published", "commons.signers": "what it published",
	"policies.agreements_parties": "agreements, which are its partners' too", "sharing.shares_parties": "shares, as its partners keep them", "sharing.networks_parties": "a network that goes on",
	"sharing.asks_parties": "asks, as its partners keep them", "practice.adoptions_parties": "adoptions, as the ceding body keeps them", "practice.adoptions_journal": "adoptions, as the ceding body keeps them",
	"practice.adoptions_statements": "adoptions, as the ceding body keeps them", "practice.adoptions_owners": "adoptions, as the ceding body keeps them",
}

// left lets a body of the complete demo leave, as its two people decide it with an archive, and its term is over.
func (st *stage) left(t *testing.T, slug string) tenants.Tenant {
	t.Helper()
	admin, officer := st.castScope(t, slug, "Rizzo"), st.extra(t, slug, "Vigna", "dpo")
	taken := uuid.MustParse(st.takenOut(t))
	_, content, err := export.NewService(st.deps).Fetch(t.Context(), admin, taken)
	fatal(t, err)
	fatal(t, content.Close())
	leavings, id := leaving.NewService(st.deps), uuid.Must(uuid.NewV7())
	o, err := leavings.Get(t.Context(), admin)
	fatal(t, err)
	if len(o.Rows) < 5 || len(o.Partings) < 4 || o.Export == nil || o.Export.ID != taken {
		t.Errorf("what would happen is %+v", o)
	}
	consent := modules.Consent{Mark: o.Mark, Acknowledged: true}
	fatal(t, leavings.Ask(t.Context(), admin, leaving.Request{ID: id, Reason: "Cambio di gestore"}, consent))
	fatal(t, leavings.Agree(t.Context(), officer, id, consent))
	_, err = st.owner.Exec(t.Context(), `update onboarding.leavings set due_at = now() - interval '1 hour' where id = $1`, id)
	fatal(t, err)
	fatal(t, leavings.Close(t.Context(), tenants.Scope{Tenant: admin.Tenant, Slug: slug, Name: "sistema", RequestID: id.String()}, id))
	if said := query[string](t, st, `select payload ->> 'manifest' from audit.events where tenant_id = $1 and action = 'body.leave'`, admin.Tenant); said != o.Export.ManifestSum {
		t.Errorf("the audit names the manifest %q, not %q", said, o.Export.ManifestSum)
	}
	body, err := st.deps.Bodies.ByID(admin.Tenant)
	fatal(t, err)
	return body
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// look is a page that somebody of a partner sees before and after.
type look struct {
	slug, path string
	see        func() int
}

// TestABodyThatLeftAnswersLikeNobody lets Pantelleria leave a program with months of work: each route answers as for a body that there
// never was, to a guest, to who was signed in and to a key; no table has anything of it but the proof, what it published and what is
// its partners' too; the audit holds; and its partners go on.
func TestABodyThatLeftAnswersLikeNobody(t *testing.T) {
	st, err := openStage(demoComplete)
	fatal(t, err)
	before, key := st.signIn(t, st.castScope(t, pantelleria, "Errera")), st.token(t, st.castScope(t, pantelleria, "Errera"))
	looked := map[*look]int{}
	for slug, surname := range map[string]string{marsala: "Genna", mazara: "Asaro"} {
		v := st.signIn(t, st.castScope(t, slug, surname))
		for _, path := range []string{"/scrivania", "/adozioni", "/rete/accordi", "/rete/reti", "/condivisioni", "/guida"} {
			of := &look{slug, path, func() int { return v.get(t, "/"+slug+path).Status }}
			looked[of] = of.see()
		}
	}
	share := query[string](t, st, `select s.id::text from sharing.shares s join platform.tenants r on r.id = s.receiver_tenant join platform.tenants o on o.id = s.owner_tenant
		where o.slug = $1 and r.slug = $2 and s.state = 'active' limit 1`, pantelleria, mazara)
	partner := st.signIn(t, st.castScope(t, mazara, "Asaro"))
	body := st.left(t, pantelleria)
	for i, c := range everyRoute(st) {
		if c.platform {
			continue
		}
		for _, v := range []*visitor{st.guestFrom(byte(2 + i/50)), before, key} {
			got, want := c.knock(t, v, pantelleria), c.knock(t, v, "c_z999")
			if got != want || got != http.StatusNotFound {
				t.Errorf("%s answers %d, and %d for a body that never was", c, got, want)
			}
		}
	}
	for _, table := range query[[]string](t, st, `select array_agg(c.oid::regclass::text order by 1) from pg_class c join pg_namespace n on n.oid = c.relnamespace
		join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_'`) {
		if n := query[int](t, st, `select count(*) from `+table+` where tenant_id = $1`, body.ID); n > 0 && remaining[table] == "" {
			t.Errorf("%s has %d rows of it", table, n)
		}
	}
	if _, faults, err := audit.Verify(t.Context(), st.deps.DB); err != nil || len(faults) > 0 {
		t.Errorf("the audit: %d faults, %v", len(faults), err)
	}
	if answer := partner.get(t, "/"+mazara+"/condivisioni/"+share); answer.Status != http.StatusOK && answer.Status != http.StatusNotFound {
		t.Errorf("a share that ended answers its partner %d", answer.Status)
	}
	for of, status := range looked {
		if now := of.see(); now != status {
			t.Errorf("%s of %s answers %d, and %d before", of.path, of.slug, now, status)
		}
	}
}

// knock sends the route, of a body, without anything and returns the status.
func (c called) knock(t *testing.T, v *visitor, slug string) int {
	t.Helper()
	path := wildcard.ReplaceAllString(strings.TrimSuffix(c.below(), "{$}"), uuid.NewString())
	switch {
	case c.api:
		return v.send(t, c.method, "/api/v1/"+slug+path, strings.NewReader("{}"), "Content-Type", "application/json", "If-Match", `"1"`).Status
	case c.method == http.MethodGet:
		return v.get(t, "/"+slug+path).Status
	default:
		return v.post(t, "/"+slug+path, url.Values{}).Status
	}
}
