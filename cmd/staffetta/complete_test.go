package main

import (
	"html"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"staffetta/onboarding/retention"
	"staffetta/tenants"
	"staffetta/tenants/register"
	"staffetta/tenants/taxcode"
)

// completed is the program as `make run DEMO=complete` starts it.
var completed = sync.OnceValues(opened(demoComplete))

// between is what a number of each body must lie within, asked with the number of the body.
var between = map[string]struct {
	least, most int
	sql         string
}{
	"persons":            {60, 140, `select count(*) from registry.persons where tenant_id = $1`},
	"households":         {20, 60, `select count(*) from registry.households where tenant_id = $1`},
	"cases":              {60, 62, `select count(*) from casefile.cases where tenant_id = $1 and opened_at > now() - interval '2 years'`},
	"states of cases":    {4, 5, `select count(distinct state) from casefile.cases where tenant_id = $1`},
	"months of openings": {5, 7, `select count(distinct date_trunc('month', opened_at)) from casefile.cases where tenant_id = $1 and opened_at > now() - interval '2 years'`},
	"arrivals":           {110, 130, `select count(*) from intake.contacts where tenant_id = $1`},
	"open arrivals":      {1, 12, `select count(*) from intake.contacts where tenant_id = $1 and state <> 'closed'`},
	"signed notes":       {90, 300, `select count(*) from casefile.notes where tenant_id = $1 and signed_at is not null`},
	"drafts":             {2, 20, `select count(*) from casefile.notes where tenant_id = $1 and signed_at is null`},
	"kinds of notes":     {6, 13, `select count(distinct kind) from casefile.notes where tenant_id = $1`},
	"instruments":        {3, 3, `select count(distinct instrument) from assessment.assessments where tenant_id = $1 and state = 'final'`},
	"assessed twice":     {3, 30, `select count(*) from (select 1 from assessment.assessments where tenant_id = $1 group by case_id, instrument having count(*) > 1) x`},
	"documents":          {10, 25, `select count(*) from casefile.documents where tenant_id = $1`},
	"services":           {12, 12, `select count(*) from kit.items where tenant_id = $1 and kind = 'service' and state = 'published' and shown`},
	"live shares":        {1, 7, `select count(*) from sharing.shares where $1 in (owner_tenant, receiver_tenant) and state = 'active'`},
	"shares that wait":   {1, 4, `select count(*) from sharing.shares where $1 in (owner_tenant, receiver_tenant) and state = 'offered'`},
}

func TestTheCompleteDemoHasMonthsOfWork(t *testing.T) {
	st := wanted(t, completed)
	for _, slug := range []string{marsala, pantelleria, mazara} {
		body := query[int](t, st, `select id from platform.tenants where slug = $1`, slug)
		for what, want := range between {
			if n := query[int](t, st, want.sql, body); n < want.least || n > want.most {
				t.Errorf("%s has %d %s, not %d to %d", slug, n, what, want.least, want.most)
			}
		}
	}
	for what, want := range map[string]string{
		"shares by state":     `active 7, closed 3, offered 4, refused 1, revoked 1`,
		"agreements by state": `active 2, proposed 1`,
	} {
		table := "sharing.shares"
		if strings.HasPrefix(what, "agreements") {
			table = "policies.agreements"
		}
		got := query[string](t, st, `select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from `+table+` group by state) x`)
		if got != want {
			t.Errorf("%s: %s, not %s", what, got, want)
		}
	}
}

// The administrator of Pantelleria finds closed cases whose term is over, and can propose to dispose of them.
func TestTheCompleteDemoHasSomethingToDisposeOf(t *testing.T) {
	st := wanted(t, completed)
	v := retention.NewService(st.deps)
	due, err := v.Due(t.Context(), st.castScope(t, pantelleria, "Rizzo"))
	must(t, err)
	at := slices.IndexFunc(due, func(d retention.Due) bool { return d.Kind == "case" })
	if at < 0 || due[at].Ready != overCases || len(due[at].ReadyCasesFirst) != overCases {
		t.Errorf("what is over: %+v", due)
	}
}

// TestTheCompleteDemoHasReleases sees Marsala at 2.0.0, Pantelleria there too with a term of its own, Mazara behind, and a need.
func TestTheCompleteDemoHasReleases(t *testing.T) {
	st := wanted(t, completed)
	for what, want := range map[string]string{
		`select string_agg(release, ' ' order by number) from commons.kits`: "1.0.0 1.1.0 2.0.0",
		`select string_agg(t.slug || ' ' || k.release, ', ' order by t.slug) from practice.adoptions a
			join practice.adoptions_parties y on y.adoption_id = a.id and y.side = 'reusing' join platform.tenants t on t.id = y.tenant_id join commons.kits k on k.id = a.kit_id`: mazara + " 1.0.0, " + pantelleria + " 2.0.0",
		`select i.adaptation || ' ' || (v.content like '%nella tua contrada%')::text from kit.items i join kit.item_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id
			join platform.tenants t on t.id = i.tenant_id where t.slug = '` + pantelleria + `' and i.key = 'SV-01'`: "adapted true",
		`select string_agg(n.title, ', ' order by n.title) from commons.needs n`: "Accompagnare chi assiste un familiare, Uno sportello per le persone con disabilità",
	} {
		if got := query[string](t, st, what); got != want {
			t.Errorf("%s: %s, not %s", what, got, want)
		}
	}
}

// TestTheCompleteDemoHasStages sees each adoption at the stage that its gates allow, in the order of time, and whose turn it is.
func TestTheCompleteDemoHasStages(t *testing.T) {
	st := wanted(t, completed)
	for what, want := range map[string]string{
		`select string_agg(t.slug || ' ' || a.stage, ', ' order by t.slug) from practice.adoptions a
			join practice.adoptions_parties y on y.adoption_id = a.id and y.side = 'reusing' join platform.tenants t on t.id = y.tenant_id`: mazara + " 3, " + pantelleria + " 6",
		`select count(*)::text from practice.adoptions_journal j join practice.adoptions a on a.id = j.adoption_id where j.at < a.created_at`: "0",
		`select count(*)::text from (select stage, lag(stage) over (partition by adoption_id order by at, id) as before from practice.adoptions_journal
			where event in ('started', 'moved')) x where stage <= before`: "0",
		`select count(*)::text from practice.adoptions_statements s join practice.adoptions a on a.id = s.adoption_id where s.at < a.created_at or s.stage > a.stage`: "0",
	} {
		if got := query[string](t, st, what); got != want {
			t.Errorf("%s: %s, not %s", what, got, want)
		}
	}
	for _, look := range []struct{ slug, surname, path, want string }{
		{marsala, "Ferrante", "/adozioni", "Sollecito del Comune di Mazara del Vallo"},
		{marsala, "Ferrante", "/adozioni", "tocca a uno dei due enti"},
		{pantelleria, "Rizzo", "/adozioni", "6. Formazione"},
	} {
		if answer := st.signIn(t, st.castScope(t, look.slug, look.surname)).get(t, "/"+look.slug+look.path); !strings.Contains(html.UnescapeString(answer.Body), look.want) {
			t.Errorf("%s of %s lacks %q", look.path, look.slug, look.want)
		}
	}
}

// TestTheCompleteDemoHasAMatch sees that Marsala finds whom its practice could serve, and Petrosino what of it will not fit.
func TestTheCompleteDemoHasAMatch(t *testing.T) {
	st := wanted(t, completed)
	found := st.signIn(t, st.castScope(t, petrosino, "Messina"))
	sought := query[string](t, st, `select n.id::text from commons.needs n join platform.tenants t on t.id = n.tenant_id where t.slug = $1`, petrosino)
	practice := query[string](t, st, `select practice_id::text from commons.kits limit 1`)
	for _, look := range []struct {
		who  *visitor
		path string
		want []string
	}{
		{st.signIn(t, st.castScope(t, marsala, "Ferrante")), "/" + marsala + "/fabbisogni/compatibili", []string{"Petrosino", "Uno sportello per le persone con disabilità"}},
		{found, "/" + petrosino + "/fabbisogni/" + sought + "/pratiche", []string{"informazione territoriale", "punti"}},
		{found, "/" + petrosino + "/fabbisogni/" + sought + "/pratiche/" + practice, []string{"Assistente sociale", "Coordinatore"}},
	} {
		answer := look.who.get(t, look.path)
		for _, words := range look.want {
			if answer.Status != http.StatusOK || !strings.Contains(html.UnescapeString(answer.Body), words) {
				t.Errorf("%s answers %d or lacks %q", look.path, answer.Status, words)
			}
		}
	}
}

// untrue are queries that count what cannot be in five months of work of the cast.
var untrue = map[string]string{
	"something of a day to come": `select (select count(*) from casefile.cases where greatest(opened_at, closed_at) > now())
		+ (select count(*) from casefile.notes where greatest(happened_on, signed_at) > now()) + (select count(*) from casefile.steps where at > now())
		+ (select count(*) from assessment.assessments where greatest(done_on, finalised_at) > now()) + (select count(*) from intake.contacts where at > now())`,
	"a case of an earlier time":       `select count(*) from casefile.cases where opened_at < now() - interval '160 days' and (closed_at > now() - interval '10 years') is not false`,
	"a case that nobody of today has": `select count(*) from casefile.assignments a where not exists (select 1 from platform.memberships m where m.tenant_id = a.tenant_id and m.account_id = a.account_id and m.role in ('social_worker', 'coordinator'))`,
	"a note outside the time of its case": `select count(*) from casefile.notes n join casefile.cases c on c.tenant_id = n.tenant_id and c.id = n.case_id
		where n.created_at not between c.opened_at and coalesce(c.closed_at, 'infinity')`,
	"work at a weekend":              `select count(*) from casefile.cases where extract(isodow from opened_at at time zone 'UTC') > 5 and opened_at < date_trunc('day', now())`,
	"the same text twice in a diary": `select count(*) from (select 1 from casefile.notes group by tenant_id, case_id, body having count(*) > 1) x`,
}

// together is what bodies have done with each other's cases, and how often.
var together = map[string]struct {
	want int
	sql  string
}{
	"agreements with everything": {1, `select count(*) from policies.agreements where state = 'active' and known_elsewhere and break_glass and writable <> '{}' and 'shared_care' = any (purposes)`},
	"open service requests":      {1, `select count(*) from sharing.shares where kind = 'service_request' and state = 'active'`},
	"cases followed together":    {1, `select count(*) from sharing.shares where kind = 'joint_care' and state = 'active'`},
	"notes of the other body":    {1, `select count(*) from casefile.notes where author_tenant <> tenant_id and signed_at is not null and section = 'interventions'`},
	"reviewed emergencies":       {1, `select count(*) from sharing.emergencies where verdict = 'justified'`},
	"emergencies to review":      {1, `select count(*) from sharing.emergencies where verdict = '' and review_by > now()`},
	"open asks":                  {1, `select count(*) from sharing.asks where state = 'open'`},
	"protected cases":            {1, `select count(*) from casefile.marks where ended_at is null`},
	"bodies that can be asked":   {3, `select count(distinct tenant_id) from policies.case_tokens`},
	"tokens of protected cases":  {0, `select count(*) from policies.case_tokens t join casefile.marks m on m.tenant_id = t.tenant_id and m.case_id = t.case_id`},
}

func TestTheBodiesOfTheCompleteDemoWorkTogether(t *testing.T) {
	st := wanted(t, completed)
	for what, one := range together {
		if n := query[int](t, st, one.sql); n != one.want {
			t.Errorf("%d %s, not %d", n, what, one.want)
		}
	}
	for who, paths := range map[string][]string{ // nothing is empty for who looks
		"Lombardo": {"/rete/accesso"}, "Genna": {"/rete/emergenze", "/rete/accesso", "/rete/richieste"}, "Vella": {"/rete/emergenze"},
	} {
		v := st.signIn(t, st.castScope(t, marsala, who))
		for _, path := range paths {
			if answer := v.get(t, "/c_e974"+path); answer.Status != http.StatusOK || strings.Count(answer.Body, "<tr") < 2 {
				t.Errorf("%s finds %s empty (%d)", who, path, answer.Status)
			}
		}
	}
}

func TestTheCompleteDemoIsPlausible(t *testing.T) {
	st := wanted(t, completed)
	for what, sql := range untrue {
		if n := query[int](t, st, sql); n != 0 {
			t.Errorf("%s: %d", what, n)
		}
	}
	rows, err := st.owner.Query(t.Context(), `select concat_ws('|', tax_code, surname, name, birth_date, sex, birthplace_code) from registry.persons`)
	if err != nil {
		t.Fatal(err)
	}
	people, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		part := strings.Split(p, "|")
		born, err := time.Parse(time.DateOnly, part[3])
		if err != nil {
			t.Fatal(err)
		}
		if want := taxcode.Build(part[1], part[2], born, part[4], part[5]); want != part[0] {
			t.Errorf("%s: the data make %s", p, want)
		}
		if _, err := register.PlaceAt(part[5], born); err != nil {
			t.Errorf("%s: %v", p, err)
		}
	}
}

// sums tells the rows of every table that the demo writes; what only reading and starting writes is left out.
func (st *stage) sums(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, table := range []string{
		"registry.persons", "registry.contacts", "registry.households", "registry.members", "intake.contacts", "casefile.cases", "casefile.counters",
		"casefile.assignments", "casefile.steps", "casefile.reasons", "casefile.notes", "casefile.documents", "policies.case_subjects", "policies.case_grants",
		"policies.agreements", "policies.agreements_parties", "sharing.networks", "sharing.networks_parties", "sharing.agreement_drafts", "assessment.assessments", "kit.items", "kit.item_versions", "sharing.shares",
		"sharing.emergencies", "sharing.asks", "casefile.marks", "policies.agreement_keys",
		"practice.practices", "practice.kits", "practice.adoptions", "practice.applications", "platform.memberships", "platform.accounts",
	} {
		row := `to_jsonb(t)`
		if table == "practice.adoptions" {
			row += ` - 'state' - 'updated_at'` // the job that looks at their use writes these meanwhile
		}
		all[table] = query[string](t, st, `select count(*) || ' ' || coalesce(md5(string_agg((`+row+`)::text, '|' order by (`+row+`)::text)), '') from `+table+` t`)
	}
	return all
}

func TestTheCompleteDemoIsMadeOnce(t *testing.T) {
	st := wanted(t, completed)
	const written = `select count(*) from audit.events where account_id is not null` // jobs write theirs meanwhile
	before, events := st.sums(t), query[int](t, st, written)
	if err := st.loadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, st.sums(t)); diff != "" {
		t.Errorf("a second start changed rows:\n%s", diff)
	}
	if n := query[int](t, st, written); n != events {
		t.Errorf("a second start left %d events in the audit", n-events)
	}
	j := &journey{p: st.Program, caseID: idOf("case")}
	if err := j.findPeople(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := j.walk(t.Context()); err != nil {
		t.Fatalf("go on after an interruption: %v", err)
	}
	if diff := cmp.Diff(before, st.sums(t)); diff != "" {
		t.Errorf("going on after an interruption changed rows:\n%s", diff)
	}
}

func TestTheCastFindsWorkInTheCompleteDemo(t *testing.T) {
	st := wanted(t, completed)
	for _, p := range cast {
		if p.Body == "" {
			continue
		}
		s := st.castScope(t, p.Body, p.Surname)
		s.Roles = p.Roles
		onPlatform := p.Body == tenants.PlatformSlug
		v := st.signIn(t, s)
		for _, c := range everyRoute(st) {
			if c.method != http.MethodGet || c.api || c.platform != onPlatform || strings.Contains(c.pattern, "{") || isUnseen(c) || c.pattern == "/adozioni/nuova" || c.pattern == "/campagne/nuova" {
				continue
			}
			if allowed, _ := st.deps.Policies.Permits(s, c.permission); !allowed {
				continue
			}
			path := c.pattern
			if !onPlatform {
				path = "/" + p.Body + path
			}
			if answer := v.get(t, path); answer.Status >= 400 {
				t.Errorf("%s %s: %s answers %d", p.Name, p.Surname, c.pattern, answer.Status)
			}
		}
		if allowed, _ := st.deps.Policies.Permits(s, "case:read"); allowed {
			st.wantCases(t, v, s.Tenant, p)
		}
	}
	st.wantCleanLog(t)
}

// wantCases looks at a case of somebody with all that belongs to it.
func (st *stage) wantCases(t *testing.T, v *visitor, tenant int32, p demoPerson) {
	t.Helper()
	of := query[string](t, st, `select a.case_id::text from casefile.assignments a
		join assessment.assessments m on m.tenant_id = a.tenant_id and m.case_id = a.case_id
		where a.tenant_id = $1 and a.account_name = $2 and a.valid_to is null order by a.valid_from limit 1`, tenant, p.Name+" "+p.Surname)
	for path, want := range map[string]string{"": "Presa in carico", "/diario": "Firmata", "/valutazioni": "Confermata", "/documenti": "", "/condividi": "", "/accessi": p.Surname, "/perche": ""} {
		if answer := v.get(t, "/"+p.Body+"/cartelle/"+of+path); answer.Status != http.StatusOK || !strings.Contains(answer.Body, want) {
			t.Errorf("%s %s: a case%s answers %d or lacks %q", p.Name, p.Surname, path, answer.Status, want)
		}
	}
	paper := query[string](t, st, `select d.case_id || '/documenti/' || d.id from casefile.documents d join casefile.cases c on c.tenant_id = d.tenant_id and c.id = d.case_id
		where d.tenant_id = $1 and d.author_name = $2 and c.closed_at is null order by d.id limit 1`, tenant, p.Name+" "+p.Surname)
	if answer := v.get(t, "/"+p.Body+"/cartelle/"+paper); answer.Status != http.StatusOK || !strings.Contains(answer.Body, "inventato") {
		t.Errorf("%s %s: a document answers %d", p.Name, p.Surname, answer.Status)
	}
	if all := v.get(t, "/"+p.Body+"/cartelle?tutte=1"); slices.Contains(p.Roles, "coordinator") && !strings.Contains(all.Body, "dopo=") {
		t.Errorf("the cases of %s stand on one page", p.Body)
	}
	if list := v.get(t, "/"+p.Body+"/cartelle"); strings.Count(list.Body, "/cartelle/0") < 10 {
		t.Errorf("%s %s has fewer than ten cases to work on", p.Name, p.Surname)
	}
}
