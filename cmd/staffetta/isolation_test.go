package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/session"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/post"
	"staffetta/modules/practice/proposal"
	"staffetta/onboarding/entry"
	"staffetta/onboarding/rights"
	"staffetta/policies"
	"staffetta/tenants"
)

// A route is called with the ids of another body's objects. New routes are in the list
// of routes by themselves; a wildcard that nobody knows fails the test.

// called is a page or an operation as this test calls it.
type called struct {
	method, pattern, permission string
	purpose                     tenants.Purpose
	platform, api               bool
	module                      modules.ID // "" for the program's own
}

// everyRoute lists all pages and operations.
func everyRoute(st *stage) []called {
	var all []called
	for _, r := range st.pages.Routes() {
		all = append(all, called{r.Method, r.Pattern, r.Permission, r.Purpose, r.Site == modules.OnPlatform, false, r.Module})
	}
	for _, r := range st.api.Routes() {
		c := called{method: r.Method, pattern: r.Path, permission: r.Permission, platform: r.Platform, api: true, module: r.Module}
		if r.Platform {
			c.purpose = tenants.Newcomer // all operations of the platform are the wizard's
		}
		if strings.Contains(r.Path, "/own-") {
			c.purpose = tenants.Citizen
		}
		all = append(all, c)
	}
	return all
}

func (c called) String() string { return c.method + " " + c.pattern }

// below is the pattern without what names the body.
func (c called) below() string {
	return strings.TrimPrefix(strings.TrimPrefix(c.pattern, "/api/v1"), "/{slug}")
}

var wildcard = regexp.MustCompile(`\{[a-z_]+\}`)

// path fills in the slug and each wildcard, which ids knows by the pattern that ends with it.
func (c called) path(t *testing.T, slug string, ids map[string]string) string {
	t.Helper()
	below := strings.TrimSuffix(c.below(), "{$}")
	path, rest := "", below
	for {
		at := wildcard.FindStringIndex(rest)
		if at == nil {
			break
		}
		key := below[:len(below)-len(rest)+at[1]]
		id, known := ids[key]
		if !known {
			t.Fatalf("%s: no id for %s is known: say in idsOf where the objects of a body come from", c, key)
		}
		path, rest = path+rest[:at[0]]+url.PathEscape(id), rest[at[1]:]
	}
	path += rest
	switch {
	case strings.HasSuffix(path, "/comparison"):
		path += "?with=" + ids["/case-files/{case}/assessments/{assessment}"]
	case strings.HasSuffix(path, "/explain"):
		path += "?section=diary&case=" + ids["/case-files/{case}"]
	case strings.HasSuffix(path, "/effects"):
		path += "?target=suspended"
	case strings.HasSuffix(path, "/access-rules"):
		path += "?relation=assigned"
	}
	switch {
	case c.api && c.pattern == "/api/v1/status", c.api && c.platform:
		return "/api/v1" + path
	case c.api:
		return "/api/v1/" + slug + path
	case c.platform:
		return path
	}
	return "/" + slug + path
}

// isOfObjects tells whether the route names objects of a body in its path. What a letter links to opens for whoever holds the letter;
// a need that the walk has published is there for all bodies to read (package practice tests that a draft is not). Every body has privacy
// documents of the same names (package privacy tests that their texts and versions are its own).
func (c called) isOfObjects() bool {
	return wildcard.MatchString(c.below()) && !strings.Contains(c.pattern, "{provider}") && !strings.HasPrefix(c.pattern, "/buone-pratiche/") && !strings.HasPrefix(c.pattern, "/pratiche-adatte/") &&
		(c.method != http.MethodGet || !strings.HasSuffix(c.pattern, "/{need}")) && !strings.Contains(c.pattern, "/offers/") &&
		!strings.Contains(c.pattern, "{role}") && !strings.Contains(c.pattern, "{module}") && !strings.HasPrefix(c.pattern, "/console/privacy/dati/") &&
		!strings.HasSuffix(c.pattern, "/privacy/documenti/{document}") && !strings.HasSuffix(c.pattern, "/privacy-documents/{document}") && !strings.HasPrefix(c.pattern, "/piattaforma/avviso/") && !strings.HasPrefix(c.pattern, "/piattaforma/invito/")
}

// form is something plausible to send: a refusal must not come from its gaps alone.
func (c called) form(tr *trip) url.Values {
	return url.Values{
		"id": {uuid.Must(uuid.NewV7()).String()}, "version": {"1"}, "persona": {tr.person}, "contatto": {tr.contact}, "motivo": {"Prova di un altro ente"},
		"testo": {"Prova"}, "tipo": {"nota"}, "data": {time.Now().Format(time.DateOnly)}, "visibilita": {"public"}, "azione": {"bozza"}, "area": {"disabili"},
		"outcome": {"information"}, "text": {"Prova"}, "surname": {"Prova"}, "name": {"Prova"}, "no_code_reason": {"unknown"}, "relation": {"head"}, "kind": {"registry"},
		"to-giorno": {"1"}, "to-mese": {"1"}, "to-anno": {"2026"}, "atto_numero": {"1"}, "atto_data": {"2026-01-01"}, "strumento": {"SC-01"}, "passaggio": {"apri"},
		"release": {"9.9.9"}, "reason": {"Prova"}, "municipality": {"081014"}, "titolo": {"Prova"}, "sezione": {"documents"}, "esito": {"justified"}, "protezione": {tr.danger.hidden},
	}
}

// wholeBodies are what operations take in which nothing is missing: to another body they answer as if their object was not there.
var wholeBodies = map[string]object{
	"/access-requests/{request}/withdrawal":           {},
	"/access-requests/{request}/refusal":              {"words": "Prova di un altro ente"},
	"/emergency-accesses/{share}/review":              {"verdict": "justified", "words": "Prova di un altro ente"},
	"/case-files/{case}/protections/{protection}/end": {"reason": "Prova di un altro ente"},
	"/case-files/{case}/protections":                  {"kind": "sealed", "reason": "Prova di un altro ente"},
	"/case-files/{case}/shares/{share}/revocation":    {"reason": "Prova di un altro ente"},
	"/handovers/{handover}/refusal":                   {"reason": "Prova di un altro ente"},
}

// isWhole tells whether what is sent lacks nothing, so that only the object can be why it is refused.
func (c called) isWhole() bool {
	_, whole := wholeBodies[c.below()]
	return c.method == http.MethodGet || c.api && whole ||
		!c.api && (strings.HasPrefix(c.pattern, "/rete/emergenze/") || strings.HasPrefix(c.pattern, "/rete/accesso/{id}") || strings.HasSuffix(c.pattern, "/protezione/togli"))
}

// body is the same for the API.
func (c called) body(tr *trip) string {
	sent := object{"person_id": tr.person, "reason": "Prova di un altro ente"}
	if whole, known := wholeBodies[c.below()]; known {
		sent = whole
	}
	content, _ := json.Marshal(sent)
	return string(content)
}

// send calls the route as somebody.
func (c called) send(t *testing.T, v *visitor, path string, tr *trip) reply {
	t.Helper()
	switch {
	case c.method == http.MethodGet:
		return v.get(t, path)
	case c.api:
		return v.send(t, c.method, path, strings.NewReader(c.body(tr)), "Content-Type", "application/json", "If-Match", `"1"`)
	default:
		return v.post(t, path, c.form(tr))
	}
}

// idsOf are the objects of Pantelleria, and the practice of Marsala, by the pattern
// that names them.
func (tr *trip) idsOf(t *testing.T) map[string]string {
	t.Helper()
	st := tr.st
	davide := st.castScope(t, pantelleria, "Errera")
	parked, err := st.stores.Forms.Park(t.Context(), session.Form{Tenant: davide.Tenant, Account: davide.Account, Action: "/prova"})
	if err != nil {
		t.Fatal(err)
	}
	one := func(sql string, args ...any) string { t.Helper(); return query[string](t, st, sql, args...) }
	member := one(`select id::text from registry.members where household_id = $1 limit 1`, tr.household)
	assigned := one(`select id::text from casefile.assignments where case_id = $1 limit 1`, tr.caseFile)
	starter := one(`select account_id::text from onboarding.entry_people where entry_id = $1`, tr.entry)
	opened := one(`select id::text from platform.sessions where account_id = $1 limit 1`, davide.Account)
	token := one(`select id::text from platform.tokens where account_id = $1 limit 1`, davide.Account)
	ids := map[string]string{
		"/adozioni/{id}": tr.adoption, "/adozioni/{id}/fasi/{stage}": "3", "/adozioni/{id}/riscontri/{statement}": tr.statement,
		"/adoptions/{id}": tr.adoption, "/adoptions/{id}/stages/{stage}": "3", "/adoptions/{id}/statements/{statement}": tr.statement,
		"/cartelle/{case}": tr.caseFile, "/cartelle/{case}/diario/{note}": tr.note, "/cartelle/{case}/documenti/{document}": tr.document,
		"/cartelle/{case}/valutazioni/{assessment}": tr.assessment,
		"/case-files/{case}":                        tr.caseFile, "/case-files/{case}/assessments/{assessment}": tr.assessment,
		"/case-files/{case}/assignments/{assignment}": assigned,
		"/case-files/{case}/shares/{share}":           tr.offered, "/shares/{share}": tr.offered, "/condivisioni/{id}": tr.offered,
		"/passaggi/{id}": tr.handover, "/handovers/{handover}": tr.handover,
		"/rete/accordi/{id}": tr.agreement, "/rete/accordi/{id}/stato/{step}": "suspended", "/agreements/{agreement}": tr.agreement,
		"/rete/bozze/{draft}": tr.pact, "/rete/bozze/{draft}/{step}": "enti", "/agreement-drafts/{draft}": tr.pact,
		"/rete/reti/{id}": tr.network, "/networks/{network}": tr.network,
		"/console/catalogo/servizi/{key}": "SV-01", "/kit/{kind}": "service", "/kit/{kind}/{key}": "SV-01", "/kit/{kind}/{key}/versioni/{number}": "1", "/items/{kind}": "service", "/items/{kind}/{key}": "SV-01",
		"/servizi/{key}": "SV-01", "/services/{key}": "SV-01",
		"/persone/{id}": tr.person, "/persone/{id}/nucleo/{household}": tr.household, "/persone/{id}/nucleo/componenti/{member}": member,
		"/persons/{id}": tr.person, "/households/{id}": tr.household, "/sportello/{id}": tr.contact, "/contacts/{id}": tr.contact,
		"/sportello/{id}/moduli/{form}": tr.form, "/contacts/{id}/forms/{form}": tr.form,
		"/pratiche/{id}": tr.practice, "/pratiche/{id}/pubblica/{kit}": tr.kit, "/practices/{id}": tr.practice, "/practices/{id}/kits/{kit}": tr.kit,
		"/kits/{id}": tr.kit, "/kits/{id}/findings/{finding}": cmp.Or(tr.finding, uuid.Must(uuid.NewV7()).String()), "/buone-pratiche/{id}": tr.practice,
		"/attivazione/{entry}": tr.entry, "/platform/entries/{entry}": tr.entry,
		"/attivazione/{entry}/persone/{person}": starter, "/platform/entries/{entry}/people/{person}": starter,
	}
	ids["/adozioni/{id}/formati/{trainee}"], ids["/adoptions/{id}/trainees/{trainee}"] = tr.trainee, tr.trainee
	odd := st.oddEntry(t)
	ids["/piattaforma/ingressi/{entry}"], ids["/platform/entry-reviews/{entry}"] = odd, odd
	maps.Copy(ids, st.stewarded(t))
	maps.Copy(ids, st.configured(t, tr.caseFile))
	run := one(`select id::text from practice.applications where adoption_id = $1 limit 1`, tr.adoption)
	ids["/buone-pratiche/{id}/kit/{release}"], ids["/offers/{id}"], ids["/offers/{id}/kits/{release}"] = "1.0.0", tr.practice, "1.0.0"
	ids["/adozioni/{id}/applicazioni/{run}"], ids["/adoptions/{id}/applications/{run}"] = run, run
	led := st.led(t)
	ids["/campagne/{campaign}"], ids["/upgrade-campaigns/{campaign}"] = led, led
	ids["/area-personale/accessi/{event}"], ids["/own-accesses/{event}"] = tr.contested.String(), tr.contested.String()
	ids["/console/registro/contestazioni/{contest}"], ids["/contests/{contest}"] = tr.contest, tr.contest
	ids["/cartelle/{case}/differimento/{exemption}"], ids["/case-files/{case}/exemptions/{exemption}"] = tr.exemption, tr.exemption
	ids["/piattaforma/avviso/{mail}"], ids["/piattaforma/avviso/conferma/{token}"] = st.linked(t)
	ids["/fabbisogni/{need}"], ids["/practice-needs/{need}"] = tr.need, tr.need
	ids["/fabbisogni/{need}/pratiche/{practice}"], ids["/pratiche-adatte/{practice}"] = tr.practice, tr.practice
	ids["/buone-pratiche/{id}/modifiche/{release}"] = "1.0.0"
	ids["/proposte/{proposal}"] = st.improve(t, tr.adoption, kit.KindCommunication, "CM-01", true)
	ids["/improvement-proposals/{proposal}"] = ids["/proposte/{proposal}"]
	ids["/rete/accesso/{id}"], ids["/access-requests/{request}"] = tr.danger.ask, tr.danger.ask
	ids["/rete/emergenze/{id}"], ids["/emergency-accesses/{share}"] = tr.danger.emergency, tr.danger.emergency
	ids["/case-files/{case}/protections/{protection}"] = tr.danger.hidden
	for _, base := range []string{"", "/piattaforma"} {
		ids[base+"/sessioni/{id}"], ids[base+"/gettoni/{id}"], ids[base+"/riprendi/{id}"] = opened, token, parked.String()
		ids[base+"/login/{provider}"], ids[base+"/callback/{provider}"] = "demo", "demo"
	}
	return ids
}

// configured are the objects of the console of Pantelleria.
func (st *stage) configured(t *testing.T, caseFile string) map[string]string {
	t.Helper()
	change, vector := st.ruled(t)
	colleague, held := st.spare(t)
	invited, link := st.invited(t)
	team, place := st.teamed(t)
	st.named(t)
	taken, departing, disposed, kept := st.takenOut(t), st.departing(t), st.disposed(t), st.kept(t)
	return map[string]string{
		"/console/persone/{account}": colleague, "/console/persone/{account}/ruoli/{membership}": held, "/memberships/{membership}": held,
		"/console/accessi/{case}": caseFile, "/console/ruoli/{role}": "educator", "/console/ruoli/storia/{change}": change,
		"/console/ruoli/prove/{vector}": vector, "/access-rules/changes/{change}": change, "/access-rules/vectors/{vector}": vector,
		"/console/moduli/{module}": "guide", "/modules/{module}": "guide", "/console/esportazione/{export}": taken, "/exports/{export}": taken, "/console/uscita/{leaving}": departing, "/leavings/{leaving}": departing, "/openings/{opening}": uuid.Must(uuid.NewV7()).String(),
		"/console/persone/inviti/{invitation}": invited, "/invitations/{invitation}": invited, "/piattaforma/invito/{token}": link,
		"/console/conservazione/termini/{kind}": "case", "/retention-terms/{kind}": "case", "/console/conservazione/scarti/{disposal}": disposed, "/disposals/{disposal}": disposed,
		"/console/conservazione/blocchi/{hold}": kept, "/retention-holds/{hold}": kept,
		"/console/equipe/{team}": team, "/console/equipe/{team}/persone/{place}": place,
		"/console/richieste/{request}": st.asking(t), "/subject-requests/{request}": st.asking(t), "/console/richieste/{request}/copie/{copy}": st.copied(t), "/subject-requests/{request}/copies/{copy}": st.copied(t),
		"/console/sedi/{office}": st.housed(t), "/offices/{office}": st.housed(t),
		"/console/privacy/dati/{part}": "chi", "/console/privacy/documenti/{document}": "informativa", "/console/privacy/documenti/{document}/versioni/{number}": "1",
		"/privacy/{area}": "presa-in-carico", "/privacy-documents/{document}": "notice", "/privacy-documents/{document}/versions/{version}": uuid.Must(uuid.NewV7()).String(),
		"/privacy-versions/{version}": st.informed(t),
	}
}

// led is a campaign of Marsala: the one that is there, or one for the release which everybody has.
func (st *stage) led(t *testing.T) string {
	t.Helper()
	_, err := st.owner.Exec(t.Context(), `insert into practice.campaigns (tenant_id, id, practice_id, kit_id, release)
		select p.tenant_id, gen_random_uuid(), p.id, k.id, k.release from commons.practices p join commons.kits k on k.practice_id = p.id
			join platform.tenants t on t.id = p.tenant_id and t.slug = $1
		where not exists (select from practice.campaigns) order by k.number desc limit 1`, marsala)
	must(t, err)
	return query[string](t, st, `select id::text from practice.campaigns limit 1`)
}

// improve proposes another title for an item that Pantelleria adopted, once, as a draft or sent.
func (st *stage) improve(t *testing.T, adoption, kind, key string, sent bool) string {
	t.Helper()
	ctx, s := t.Context(), st.castScope(t, pantelleria, "Rizzo")
	items, proposals := kit.NewItems(st.deps), proposal.NewService(st.deps)
	found, _, err := proposals.Find(ctx, s, "")
	must(t, err)
	if i := slices.IndexFunc(found, func(p proposal.Proposal) bool { return p.Item.Kind == kind && p.Item.Key == key }); i >= 0 {
		return found[i].ID.String()
	}
	item, err := items.Item(ctx, s, kind, key)
	must(t, err)
	source := item.Source()
	source.Title.IT += " (rivisto)"
	item, err = items.SaveDraft(ctx, s, kit.Edit{Source: source, Revision: item.Revision})
	must(t, err)
	_, err = items.Publish(ctx, s, kit.Step{Kind: kind, Key: key, Revision: item.Revision, Reason: "Più chiaro"})
	must(t, err)
	p, err := proposals.Save(ctx, s, proposal.Writing{
		ID: uuid.Must(uuid.NewV7()), Adoption: uuid.MustParse(adoption), Kind: kind, Key: key, Places: []string{"title.it"}, Reason: "Si capisce meglio",
	})
	must(t, err)
	if sent {
		p, err = proposals.Send(ctx, s, p.ID, p.Revision)
		must(t, err)
	}
	return p.ID.String()
}

// linked is a letter that asks somebody of Pantelleria to confirm an address, and the token in its link.
func (st *stage) linked(t *testing.T) (letter, token string) {
	t.Helper()
	service, somebody := post.NewService(st.deps), st.extra(t, pantelleria, "Posta", "access_desk")
	a, err := service.Get(t.Context(), somebody)
	must(t, err)
	if a.Pending == "" {
		_, err := service.Set(t.Context(), somebody, post.Wish{Email: fmt.Sprintf("posta%d@comune.example", a.Version), Rhythm: post.AtOnce, Version: a.Version})
		must(t, err)
	}
	entries, err := service.FindMails(t.Context())
	must(t, err)
	i := slices.IndexFunc(entries, func(e post.Entry) bool { return e.Account == somebody.Account })
	_, rest, found := strings.Cut(entries[i].Text, "/conferma/")
	if !found {
		t.Fatalf("no link in %q", entries[i].Text)
	}
	return entries[i].ID.String(), strings.Fields(rest)[0]
}

// ruled gives Pantelleria a change of its rules, something that they must answer, and a draft; none of it touches anybody.
func (st *stage) ruled(t *testing.T) (change, vector string) {
	t.Helper()
	admin := st.extra(t, pantelleria, "Regole", "tenant_admin")
	service := rights.NewService(st.deps)
	draft := func(section string) {
		seen, err := service.GetDraft(t.Context(), admin)
		must(t, err)
		must(t, service.SaveDraft(t.Context(), admin, seen.Version, []policies.Rule{
			{Role: "plan_office", Relation: policies.Body, Object: section, Action: policies.Read, Effect: policies.Deny},
		}))
	}
	changes, err := service.FindChanges(t.Context(), admin)
	must(t, err)
	if len(changes) == 0 {
		draft("diary")
		p, err := service.GetPreview(t.Context(), admin)
		must(t, err)
		_, err = service.Apply(t.Context(), admin, rights.Consent{Consent: modules.Consent{Mark: p.Mark, Acknowledged: true}, Reason: "Prova del percorso"})
		must(t, err)
		changes, err = service.FindChanges(t.Context(), admin)
		must(t, err)
	}
	draft("health")
	must(t, service.AddVector(t.Context(), admin, uuid.Must(uuid.NewV7()), policies.Vector{Role: "plan_office", Relation: policies.Body, Object: "diary", Action: policies.Read}))
	vectors, err := service.FindVectors(t.Context(), admin)
	must(t, err)
	return changes[0].ID.String(), vectors[0].ID.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// secrets stand in the objects of Pantelleria and are no business of the body; the
// identity of a person is shared with the partner.
func (tr *trip) secrets(slug string) []string {
	secrets := []string{diaryMarker, "gelsomino", "ginestra", "cappero", rosalia.Mobile, son.Surname, son.Code}
	if slug != mazara {
		secrets = append(secrets, rosalia.Surname, rosalia.Code)
	}
	return secrets
}

// allRoles are all roles of a body, those that exclude each other, too.
func allRoles() []string {
	var roles []string
	for _, role := range policies.Roles {
		if !strings.HasPrefix(role.ID, "platform_") && role.ID != policies.Support && role.ID != "newcomer" {
			roles = append(roles, role.ID)
		}
	}
	return roles
}

// stranger brings a body live that has nothing to do with the others and returns its slug.
func stranger(t *testing.T, st *stage) string {
	t.Helper()
	body, err := entry.Enter(t.Context(), st.deps, entry.Arrival{
		ISTAT: "081009", Modules: st.moduleIDs(),
		Users: []entry.Person{{Name: "Lia Torrente", TaxCode: newFake("Torrente", "Lia", "1970-04-04", "F", "").Code, Roles: []string{"tenant_admin"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return body.Slug
}

// actors may call everything that there is: somebody with all roles at a body, and a
// newcomer who is not the one of the entry.
type actors struct{ pages, tokens, newcomer, platform, citizen *visitor }

func (st *stage) actors(t *testing.T, slug string) actors {
	t.Helper()
	all := st.extra(t, slug, "Tutti", allRoles()...)
	newcomer := st.scope(t, tenants.PlatformSlug, "Prova Nuova", newFake("Nuova", "Prova", "1981-01-01", "F", "").Code)
	newcomer.Purpose = tenants.Newcomer
	citizen := st.scope(t, slug, "Prova Cittadina", newFake("Cittadina", "Prova", "1982-02-02", "F", "").Code)
	citizen.Purpose = tenants.Citizen
	return actors{citizen: st.signIn(t, citizen), pages: st.signIn(t, all), tokens: st.token(t, all), newcomer: st.signIn(t, newcomer), platform: st.signIn(t, st.extra(t, tenants.PlatformSlug, "Gestore", "platform_operator", "platform_reviewer"))}
}

func (a actors) of(c called) *visitor {
	switch {
	case c.platform && c.purpose == tenants.Operator:
		return a.platform
	case c.platform:
		return a.newcomer
	case c.purpose == tenants.Citizen:
		return a.citizen
	case c.api:
		return a.tokens
	default:
		return a.pages
	}
}

func TestNobodyReachesAnotherBody(t *testing.T) {
	tr := travel(t)
	ids := tr.idsOf(t)
	ids["/piattaforma/avviso/conferma/{token}"] = "1-nobodys"                                     // who holds the letter confirms the address, at any body
	ids["/piattaforma/invito/{token}"] = "1-nobodys"                                              // and follows the invitation, as who it is for
	ids["/console/conservazione/termini/{kind}"], ids["/retention-terms/{kind}"] = "none", "none" // every body has terms of its own
	before := tr.fingerprint(t)
	for name, slug := range map[string]string{"a stranger": stranger(t, tr.st), "the partner": mazara} {
		t.Run(name, func(t *testing.T) {
			who, all := tr.st.actors(t, slug), everyRoute(tr.st)
			for i, c := range all {
				if part := i / (len(all)/4 + 1); i > 0 && i%(len(all)/4+1) == 0 {
					who = tr.st.actors(t, slug) // anew: a session may post 120 times a minute only, and an account ask the API 300 times
					who.tokens = tr.st.token(t, tr.st.extra(t, slug, []string{"Tutte", "Altri", "Altre"}[part-1], allRoles()...))
				}
				if slug == mazara && isBetween(c) {
					continue // the partner is a party of those
				}
				answer := tr.knock(t, c, who.of(c), c.path(t, slug, ids))
				for _, secret := range tr.secrets(slug) {
					if strings.Contains(answer.Body, secret) {
						t.Errorf("%s shows %q to another body", c, secret)
					}
				}
			}
		})
	}
	if after := tr.fingerprint(t); after != before {
		t.Errorf("what belongs to Pantelleria and Marsala has changed (-before +after):\n%s", gocmp.Diff(before, after))
	}
	tr.st.wantCleanLog(t, tr.secrets(marsala)...)
}

// isBetween tells whether the objects of the route belong to several bodies.
func isBetween(c called) bool {
	return slices.ContainsFunc([]string{
		"/condivisioni/{id}", "/shares/{share}", "/passaggi/{id}", "/handovers/{handover}", "/rete/accordi/{id}", "/agreements/{agreement}", "/rete/reti/{id}", "/networks/{network}",
		"/rete/accesso/{id}", "/access-requests/{request}", "/rete/emergenze/{id}", "/emergency-accesses/{share}",
	}, func(prefix string) bool {
		return strings.HasPrefix(c.below(), prefix)
	})
}

// knock calls a route with the ids of another body.
func (tr *trip) knock(t *testing.T, c called, v *visitor, path string) reply {
	t.Helper()
	if strings.HasSuffix(c.pattern, "/esci") {
		return reply{} // it would end the session of the test
	}
	answer := c.send(t, v, path, tr)
	refused := answer.Status == http.StatusNotFound
	if !c.isWhole() {
		refused = refused || answer.Status == http.StatusUnprocessableEntity
	}
	if c.isOfObjects() && !refused {
		t.Errorf("%s answers %d to another body", c, answer.Status)
	}
	if answer.Status >= http.StatusInternalServerError {
		t.Errorf("%s answers %d", c, answer.Status)
	}
	return answer
}

// fingerprint sums up every row of Pantelleria and Marsala, table by table, and all
// that stands between bodies. The audit is left out, its sealer works all the time, and so are
// the tokens and keys of agreements and what people were told by mail, which the clock writes; other jobs that are due are waited for.
func (tr *trip) fingerprint(t *testing.T) string {
	t.Helper()
	tr.st.settle(t)
	rows, err := tr.st.owner.Query(t.Context(), `select format('%I.%I', t.table_schema, t.table_name), exists (select 1
			from information_schema.columns c where (c.table_schema, c.table_name, c.column_name) = (t.table_schema, t.table_name, 'tenant_id'))
		from information_schema.tables t where t.table_type = 'BASE TABLE'
			and t.table_schema not in ('audit', 'public', 'platform', 'river', 'pg_catalog', 'information_schema')
			and format('%s.%s', t.table_schema, t.table_name) not in ('policies.case_tokens', 'policies.agreement_keys', 'post.told') order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	where := map[string]string{}
	var table string
	var own bool
	_, err = pgx.ForEachRow(rows, []any{&table, &own}, func() error {
		where[table] = ""
		if own {
			where[table] = ` where tenant_id in (select id from platform.tenants where slug in ('c_g315', 'c_e974'))`
		}
		return nil
	})
	if err != nil || len(where) < 25 {
		t.Fatalf("%d tables of modules: %v", len(where), err)
	}
	var text strings.Builder
	for _, table := range slices.Sorted(maps.Keys(where)) {
		sum := query[string](t, tr.st, `select count(*) || ' ' || coalesce(md5(string_agg(x::text, '|' order by x::text)), '') from `+table+` x`+where[table])
		fmt.Fprintln(&text, table, sum)
	}
	return text.String()
}

// TestIdsOfAnotherBodyInFormsAreRefused sends ids in fields, where no path names them.
func TestIdsOfAnotherBodyInFormsAreRefused(t *testing.T) {
	tr := travel(t)
	who := tr.st.actors(t, mazara)
	own := who.tokens.call(t, 201, "POST", "/c_f061/persons", object{"surname": "Prova", "name": "Ospite", "no_code_reason": "unknown"})
	house := idIn(t, who.tokens.call(t, 201, "POST", "/c_f061/persons/"+idIn(t, own)+"/households", object{"kind": "registry", "relation": "head"}))
	today := time.Now().Format(time.DateOnly)
	for path, body := range map[string]object{
		"/c_f061/case-files":                       {"person_id": tr.person},
		"/c_f061/contacts":                         {"person_id": tr.person, "channel": "phone", "interlocutor": "user", "reason": "sent", "request": "Prova"},
		"/c_f061/households/" + house + "/members": {"person_id": tr.relative, "relation": "child"},
	} {
		answer := who.tokens.send(t, "POST", "/api/v1"+path, strings.NewReader(mustJSON(t, body)), "Content-Type", "application/json")
		if answer.Status != 404 && answer.Status != 422 {
			t.Errorf("POST %s with an id of another body answers %d: %s", path, answer.Status, answer.Body)
		}
	}
	for path, form := range map[string]url.Values{
		"/c_f061/cartelle":        {"persona": {tr.person}, "percorso": {"base"}},
		"/c_f061/sportello/nuovo": {"persona": {tr.person}, "channel": {"phone"}, "interlocutor": {"user"}, "reason": {"sent"}, "request": {"Prova"}, "day": {today}},
		"/c_f061/persone/" + idIn(t, own) + "/nucleo/" + house + "/componenti": {"persona": {tr.relative}, "relation": {"child"}},
	} {
		answer := who.pages.post(t, path, form)
		if answer.Status != 404 && answer.Status != 422 || strings.Contains(answer.Body, rosalia.Surname) {
			t.Errorf("POST %s with an id of another body answers %d", path, answer.Status)
		}
	}
}

func mustJSON(t *testing.T, value any) string {
	t.Helper()
	content, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestProtectedRoutesAskToSignIn(t *testing.T) {
	tr := travel(t)
	ids := tr.idsOf(t)
	for i, c := range everyRoute(tr.st) {
		if c.permission == policies.Public {
			continue
		}
		answer := c.send(t, tr.st.guestFrom(byte(2+i/100)), c.path(t, pantelleria, ids), tr)
		switch {
		case c.api && answer.Status != http.StatusUnauthorized:
			t.Errorf("%s answers %d without a session, want 401", c, answer.Status)
		case !c.api && (answer.Status != http.StatusSeeOther || !strings.Contains(answer.to(), "/accedi")):
			t.Errorf("%s answers %d to %q without a session, want the page to sign in", c, answer.Status, answer.to())
		}
	}
}

func TestWithoutThePermissionARouteDoesNotExist(t *testing.T) {
	tr := travel(t)
	ids := tr.idsOf(t)
	type pair struct{ pages, tokens *visitor }
	known, sent := map[string]pair{}, map[string]int{}
	for _, c := range everyRoute(tr.st) {
		if c.permission == policies.Public || c.permission == policies.SignedIn || c.platform {
			continue
		}
		holders := tr.st.holders(t, c.permission)
		at := slices.IndexFunc(allRoles(), func(role string) bool { return !slices.Contains(holders, role) })
		if at < 0 {
			t.Errorf("every role holds %s", c.permission)
			continue
		}
		role := allRoles()[at]
		if sent[role]++; sent[role]%100 == 1 { // anew: a session may post 120 times a minute only
			s := tr.st.extra(t, pantelleria, "Ruolo "+strings.ReplaceAll(role, "_", " "), role)
			known[role] = pair{tr.st.signIn(t, s), tr.st.token(t, s)}
		}
		v := known[role].pages
		if c.api {
			v = known[role].tokens
		}
		if answer := c.send(t, v, c.path(t, pantelleria, ids), tr); answer.Status != http.StatusNotFound {
			t.Errorf("%s answers %d to %s, who lacks %s; want 404", c, answer.Status, role, c.permission)
		}
	}
}
