package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/policies"
	"staffetta/tenants"
)

// marker is a word that stands in a case and nowhere else, with the sections of which all must be read to meet it.
type marker struct {
	word  string
	needs []string
}

// marked is a case of Pantelleria with a word of its own in every section that has content.
type marked struct {
	*trip
	id, person, relative string
	ids                  map[string]string // as idsOf, for the objects of this case
	markers              []marker
	seats                int // who asked so far
}

// mark opens a case whose every section holds its word.
func mark(t *testing.T, tr *trip) *marked {
	t.Helper()
	m := &marked{trip: tr, ids: tr.idsOf(t)}
	who, relative := newFake("Zibibbo", "Passula", "1949-05-02", "F", "377 0001949"), newFake("Malvasia", "Corinta", "1979-06-03", "F", "")
	m.person = idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/persons", object{
		"tax_code": who.Code, "surname": who.Surname, "name": who.Name, "contacts": object{"mobile": who.Mobile},
	}))
	other := idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/persons", object{"tax_code": relative.Code, "surname": relative.Surname, "name": relative.Name}))
	household := idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/persons/"+m.person+"/households", object{"kind": "registry", "relation": "head"}))
	tr.davide.call(t, 201, "POST", "/c_g315/households/"+household+"/members", object{"person_id": other, "relation": "child"})
	contact := idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/contacts", object{
		"channel": "in_person", "interlocutor": "user", "reason": "spontaneous", "person_id": m.person, "request": "Domanda: moscatello", "target": "disability", "outcome": "taking_in_charge",
	}))
	m.relative = relative.Surname
	m.id = idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/case-files", object{"person_id": m.person, "contact_id": contact, "area": "disabili", "summary": "Sintesi: grecanico"}))
	at := "/c_g315/case-files/" + m.id
	barthel, answers := tr.barthel(t)
	assessment := idIn(t, tr.davide.call(t, 201, "POST", at+"/assessments", object{"instrument": barthel, "done_on": time.Now().Format(time.DateOnly), "answers": answers, "final": true}))
	m.markers = []marker{
		{who.Surname, []string{"identity"}},
		{who.Code, []string{"identity"}},
		{who.Mobile, []string{"contacts"}},
		{relative.Surname, []string{"identity"}},
		{relative.Code, []string{"identity"}},
		{"moscatello", []string{"intake"}},
		{"grecanico", []string{"diary"}},
		{"nerello", []string{"assessment"}},
	}
	m.own(t, `update assessment.assessments set band_it = 'Fascia: nerello' where id = $1`, assessment)
	var note, document string
	for _, section := range []string{"diary", "school", "interventions", "judicial"} {
		note = m.plant(t, section, "nota di "+section+" catarratto-"+section)
		m.markers = append(m.markers, marker{"catarratto-" + section, []string{section}})
	}
	for _, section := range []string{"documents", "health", "judicial", "school", "interventions"} {
		document = idIn(t, tr.davide.call(t, 201, "POST", at+"/documents", object{
			"file_name": "grillo-" + section + ".txt", "title": "Atto: inzolia-" + section, "content": "R3JpbGxv", "section": section,
		}))
		m.markers = append(m.markers, marker{"inzolia-" + section, []string{section}}, marker{"grillo-" + section, []string{section}})
	}
	maps.Copy(m.ids, map[string]string{
		"/cartelle/{case}": m.id, "/case-files/{case}": m.id, "/console/accessi/{case}": m.id, "/cartelle/{case}/diario/{note}": note,
		"/cartelle/{case}/documenti/{document}": document, "/cartelle/{case}/valutazioni/{assessment}": assessment, "/case-files/{case}/assessments/{assessment}": assessment,
		"/persone/{id}": m.person, "/persons/{id}": m.person, "/persone/{id}/nucleo/{household}": household, "/households/{id}": household,
		"/sportello/{id}": contact, "/contacts/{id}": contact,
	})
	return m
}

// own changes rows as the owner of the database: what is planted so is no change of anybody's.
func (m *marked) own(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := m.st.owner.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// plant signs a note of a section.
func (m *marked) plant(t *testing.T, section, body string) string {
	t.Helper()
	davide, id := m.st.castScope(t, pantelleria, "Errera"), uuid.Must(uuid.NewV7())
	m.own(t, `insert into casefile.notes (tenant_id, id, case_id, section, kind, visibility, happened_on, body, author_tenant, author_account, author_name, signed_at)
		values ($1, $2, $3, $4, 'nota', 'public', current_date, $5, $1, $6, 'X', now())`, davide.Tenant, id, m.id, section, body, davide.Account)
	return id.String()
}

// meets calls every route that reads and tells which markers each visitor met, and where first.
func (m *marked) meets(t *testing.T, slug, ref string, who actors) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for pattern, id := range m.ids {
		if id == m.id {
			id = ref
		}
		ids[pattern] = id
	}
	met := map[string]string{}
	for _, c := range everyRoute(m.st) {
		if c.method != http.MethodGet || c.platform || c.purpose == tenants.Citizen || strings.Contains(c.pattern, "{provider}") {
			continue
		}
		answer := who.of(c).get(t, c.path(t, slug, ids))
		for _, one := range m.markers {
			if met[one.word] == "" && strings.Contains(answer.Body, one.word) {
				met[one.word] = c.String()
			}
		}
	}
	return met
}

// judge wants no marker of a section that is hidden.
func (m *marked) judge(t *testing.T, met map[string]string, readable []string) {
	t.Helper()
	for _, one := range m.markers {
		hidden := slices.ContainsFunc(one.needs, func(section string) bool { return !slices.Contains(readable, section) })
		if at := met[one.word]; hidden && at != "" {
			t.Errorf("%s shows %q, of %v; readable are %v", at, one.word, one.needs, readable)
		}
	}
}

// grant makes a live share of the case show exactly the sections, as its steps would; also those that the body's templates close,
// which no step shows.
func (m *marked) grant(t *testing.T, share string, sections []string) {
	t.Helper()
	m.own(t, `alter table sharing.shares disable trigger keep_closed_amended`)
	m.own(t, `update sharing.shares set sections = $2 where id = $1`, share, sections)
	m.own(t, `alter table sharing.shares enable trigger keep_closed_amended`)
	m.own(t, `update policies.case_grants set valid = 'empty' where share_id = $1`, share)
	m.own(t, `insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, valid)
		select s.owner_tenant, gen_random_uuid(), s.id, s.agreement_id, $3, x, s.receiver_tenant, tstzrange(now(), s.valid_to)
		from sharing.shares s, unnest($2::text[]) x where s.id = $1`, share, sections, m.id)
}

// seat is who asks: somebody with one role, in the browser and with a token.
func (m *marked) seat(t *testing.T, slug, role string) (tenants.Scope, actors) {
	t.Helper()
	m.seats++ // a tax code knows a surname by its consonants
	s := m.st.extra(t, slug, string([]byte{'V', "BCDFGLMNPR"[m.seats/10%10], "BCDFGLMNPR"[m.seats%10]})+"ino", role)
	who := actors{pages: m.st.signIn(t, s), tokens: m.st.token(t, s)}
	who.pages.heard, who.tokens.heard = &hearing{}, &hearing{} // the walk over the events has readers of its own
	return s, who
}

// What is hidden appears through no channel: neither page nor list, search, export, document or operation. Sections, roles
// and shares are drawn at random; the routes are all there are.
func TestNoChannelShowsAHiddenSection(t *testing.T) {
	tr := travel(t)
	m := mark(t, tr)
	seed := uint64(time.Now().UnixNano())
	t.Logf("drawn from %d", seed)
	draw := rand.New(rand.NewPCG(seed, 1))
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	share := idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/case-files/"+m.id+"/shares", object{
		"agreement_id": tr.agreement, "receiver": mazara, "purpose": "assessment", "sections": []string{"identity", "assessment"},
		"legal_basis": "public_task", "until": day(20), "reason": tr.reason,
	}))
	tr.elena.call(t, 200, "POST", "/c_f061/shares/"+share+"/acceptance", object{})
	guests := append(slices.Clone(m.markers), marker{m.relative, []string{"identity", "household"}})
	m.ids["/shares/{share}"], m.ids["/condivisioni/{id}"], m.ids["/case-files/{case}/shares/{share}"] = share, share, share

	davide := m.st.castScope(t, pantelleria, "Errera")
	all := m.meets(t, pantelleria, m.id, actors{pages: m.st.signIn(t, davide), tokens: tr.davide})
	for _, one := range m.markers {
		if all[one.word] == "" {
			t.Errorf("who works on the case meets %q nowhere: the test would not see it leak", one.word)
		}
	}
	for n := range 4 {
		role := []string{"social_worker", "coordinator"}[n%2]
		sections := slices.DeleteFunc(policies.SectionIDs(), func(string) bool { return draw.IntN(2) == 0 })
		if len(sections) == 0 {
			sections = []string{"plan"}
		}
		m.grant(t, share, sections)
		t.Run(fmt.Sprint("guest ", n), func(t *testing.T) {
			s, who := m.seat(t, mazara, role)
			guest := m.st.deps.Policies.Confine(withRole(s, role), policies.Guest)
			defer func(own []marker) { m.markers = own }(m.markers)
			m.markers = guests // nobody of another body looks into the registry
			m.judge(t, m.meets(t, mazara, pantelleria+"~"+m.id, who), guest.Within(sections, nil).Sections())
		})
	}
	for _, role := range []string{"educator", "psychologist", "admin_officer", "provider", "uvm_member", "access_desk", "tenant_admin", "dpo"} {
		t.Run(role, func(t *testing.T) {
			s, who := m.seat(t, pantelleria, role)
			m.own(t, `insert into casefile.assignments (tenant_id, id, case_id, account_id, account_name, part, assigned_by) values ($1, gen_random_uuid(), $2, $3, $4, 'team', $3)`,
				s.Tenant, m.id, s.Account, s.Name)
			m.judge(t, m.meets(t, pantelleria, m.id, who), m.st.deps.Policies.Confine(withRole(s, role), policies.Team, policies.Body).Sections())
		})
	}
}

func withRole(s tenants.Scope, role string) tenants.Scope {
	s.Roles = []string{role}
	return s
}
