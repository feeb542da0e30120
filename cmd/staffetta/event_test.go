package main

import (
	"cmp"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/modules/kit"
	"staffetta/policies"
	"staffetta/tenants"
)

// What is shown to somebody leaves its event: every route that reads is asked for, by who may, and a new one is judged
// without anybody remembering to. What is changed is judged by the database itself (testdb.Watch), in every test of the
// program and of the modules, and here by request where a test has sent something that succeeded.

// hearing keeps what the program has answered.
type hearing struct {
	mu  sync.Mutex
	all []answered
}

// answered is a request that has succeeded.
type answered struct {
	method, path, id string
	person           bool // the query names one
}

// add keeps the answer if it is a success; one that leads to the page to sign in is none.
func (h *hearing) add(method, path string, answer *http.Response) {
	if answer.StatusCode >= 400 || strings.Contains(answer.Header.Get("Location"), "/accedi") {
		return
	}
	path, query, _ := strings.Cut(path, "?")
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, answered{method, path, cmp.Or(answer.Header.Get("X-Request-Id"), answer.Header.Get("Request-Id")), strings.Contains(query, "persona=")})
}

func (h *hearing) take() []answered {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.all)
}

// eventless are the routes that need leave no event, with the reason: what they show is about no person and of no case.
var eventless = map[string]string{
	"GET /adozioni/{id}/torna":                                     configured,
	"GET /adozioni/{id}/analisi":                                   configured,
	"GET /sportello/nuovo/persona":                                 "what one wrote oneself",
	"GET /adozioni/{id}/registro":                                  configured,
	"GET /adozioni/{id}/esito":                                     configured,
	"GET /adozioni/{id}/rinuncia":                                  configured,
	"GET /adozioni/{id}/prova/file":                                configured,
	"GET /adozioni/{id}/formati":                                   "colleagues, to colleagues",
	"GET /api/v1/{slug}/adoptions/{id}/trainees":                   "colleagues, to colleagues",
	"GET /adozioni/{id}/capofila":                                  configured,
	"GET /adozioni/capofila":                                       configured,
	"GET /api/v1/{slug}/led-adoptions":                             configured,
	"GET /api/v1/{slug}/adoptions/{id}/outcome":                    configured,
	"GET /api/v1/{slug}/adoptions/{id}/ledger":                     configured,
	"GET /adozioni/{id}/fasi/{stage}":                              configured,
	"GET /adozioni/{id}/riscontri/nuovo":                           configured,
	"GET /api/v1/{slug}/adoptions/{id}/board":                      configured,
	"GET /scrivania/bozze":                                         "one's own drafts by kind and number",
	"GET /persone/nuova":                                           "an empty form",
	"GET /sportello/nuovo":                                         "an empty form",
	"GET /cartelle/nuova":                                          "an empty form",
	"POST /scrivania/letti":                                        "one's own notices are marked as read",
	"GET /gettoni":                                                 "one's own tokens",
	"GET /posta":                                                   "where and how often oneself is told",
	"GET /api/v1/{slug}/own-mail-address":                          "where and how often oneself is told",
	"GET /piattaforma/gettoni":                                     "one's own tokens",
	"GET /sessioni":                                                "one's own sessions",
	"GET /piattaforma/sessioni":                                    "one's own sessions",
	"GET /riprendi/{id}":                                           "what one wrote oneself",
	"GET /piattaforma/riprendi/{id}":                               "what one wrote oneself",
	"GET /api/v1/{slug}/case-workers":                              "colleagues, to colleagues",
	"GET /kit":                                                     configured,
	"GET /console/catalogo":                                        configured,
	"GET /console/catalogo/elenco":                                 configured,
	"GET /console/catalogo/servizi/{key}":                          configured,
	"GET /console/catalogo/codici":                                 "an empty form",
	"POST /console/catalogo/codici":                                "what a table would change, which is not kept",
	"GET /guida":                                                   configured,
	"GET /api/v1/{slug}/guide-services":                            configured,
	"GET /pratiche/{id}/pubblica/{kit}":                            configured,
	"GET /api/v1/{slug}/kits/{id}":                                 configured,
	"GET /api/v1/{slug}/kits/{id}/outlook":                         configured,
	"POST /sportello/{id}/vista":                                   done,
	"POST /sportello/{id}/persona":                                 done,
	"POST /cartelle/{case}/apri":                                   done,
	"POST /adozioni/{id}/analisi":                                  done,
	"POST /adozioni/{id}/avanza":                                   done,
	"POST /adozioni/{id}/sollecita":                                done,
	"POST /adozioni/{id}/applica":                                  done,
	"POST /console/ruoli/storia/{change}/ripristina":               done,
	"GET /kit/{kind}/{key}":                                        configured,
	"GET /api/v1/{slug}/items":                                     configured,
	"GET /api/v1/{slug}/items/{kind}/{key}":                        configured,
	"GET /api/v1/{slug}/items/{kind}/{key}/effect":                 "who gains and who loses by a service: nobody; by a role it is an event (package sharing)",
	"GET /api/v1/{slug}/assessment-instruments":                    configured,
	"GET /pratiche":                                                configured,
	"GET /pratiche/{id}":                                           configured,
	"GET /pratiche/{id}/pubblica":                                  configured,
	"GET /api/v1/{slug}/practices":                                 configured,
	"GET /api/v1/{slug}/practices/{id}":                            configured,
	"GET /api/v1/{slug}/offers":                                    configured,
	"GET /api/v1/{slug}/offers/{id}/kits/{release}/file":           configured,
	"GET /piattaforma/kit":                                         "asks for a file",
	"GET /adozioni":                                                configured,
	"GET /adozioni/nuova":                                          configured,
	"GET /adozioni/{id}":                                           configured,
	"GET /adozioni/{id}/prova":                                     configured,
	"GET /adozioni/{id}/applicazioni":                              configured,
	"GET /adozioni/{id}/applicazioni/{run}/ritorno":                configured,
	"GET /api/v1/{slug}/adoptions":                                 configured,
	"GET /api/v1/{slug}/adoptions/{id}":                            configured,
	"GET /api/v1/{slug}/adoptions/{id}/plan":                       configured,
	"GET /campagne":                                                configured,
	"GET /campagne/nuova":                                          configured,
	"GET /campagne/{campaign}":                                     configured,
	"GET /campagne/{campaign}/annulla":                             configured,
	"GET /adozioni/{id}/aggiornamenti":                             configured,
	"GET /api/v1/{slug}/upgrade-campaigns":                         configured,
	"GET /api/v1/{slug}/upgrade-campaigns/{campaign}":              configured,
	"GET /api/v1/{slug}/adoptions/{id}/upgrades":                   configured,
	"GET /api/v1/{slug}/adoptions/{id}/applications":               configured,
	"GET /api/v1/{slug}/adoptions/{id}/applications/{run}/undo":    configured,
	"POST /fabbisogni/{need}/pubblica":                             done,
	"POST /api/v1/{slug}/practice-needs/{need}/publication":        done,
	"GET /fabbisogni":                                              configured,
	"GET /fabbisogni/nuovo":                                        configured,
	"GET /pratiche/nuova":                                          configured,
	"GET /pratiche/{id}/modifica":                                  configured,
	"GET /fabbisogni/compatibili":                                  configured,
	"GET /fabbisogni/{need}":                                       configured,
	"GET /fabbisogni/{need}/modifica":                              configured,
	"GET /fabbisogni/{need}/pratiche":                              configured,
	"GET /fabbisogni/{need}/pratiche/{practice}":                   configured,
	"GET /pratiche-adatte":                                         configured,
	"GET /pratiche-adatte/{practice}":                              configured,
	"GET /api/v1/{slug}/practice-needs":                            configured,
	"GET /api/v1/{slug}/practice-needs/{need}":                     configured,
	"GET /api/v1/{slug}/practice-needs/{need}/matches":             configured,
	"GET /api/v1/{slug}/practice-matches":                          configured,
	"GET /api/v1/{slug}/served-needs":                              configured,
	"GET /console/identita":                                        configured,
	"POST /aiuto/suggerimenti":                                     "what one wants to see, kept in one's browser",
	"POST /codice-di-condotta":                                     "once for each person: the other face comes too late",
	"POST /api/v1/{slug}/code-of-conduct/acknowledgement":          "once for each person: the other face comes too late",
	"GET /codice-di-condotta":                                      configured,
	"GET /api/v1/{slug}/code-of-conduct":                           configured,
	"GET /api/v1/{slug}/profile":                                   configured,
	"GET /console/indirizzo-web":                                   configured,
	"GET /console/indirizzo-web/togli":                             configured,
	"GET /api/v1/{slug}/domain":                                    configured,
	"GET /console":                                                 configured,
	"GET /console/pubblicazione":                                   configured,
	"GET /api/v1/{slug}/configuration-checks":                      configured,
	"GET /api/v1/{slug}/opening":                                   configured,
	"GET /console/privacy":                                         configured,
	"GET /console/privacy/dati/{part}":                             configured,
	"GET /console/privacy/documenti/{document}":                    configured,
	"GET /console/privacy/documenti/{document}/file":               configured,
	"GET /console/privacy/documenti/{document}/versioni/{number}":  configured,
	"GET /api/v1/{slug}/privacy-sheet":                             configured,
	"GET /api/v1/{slug}/privacy-documents":                         configured,
	"GET /api/v1/{slug}/privacy-documents/{document}":              configured,
	"GET /console/equipe/nuova":                                    "an empty form",
	"GET /console/sedi":                                            configured,
	"GET /console/richieste/nuova":                                 "an empty form",
	"GET /console/sedi/nuova":                                      "an empty form",
	"GET /console/sedi/{office}":                                   configured,
	"POST /piattaforma/invito/{token}":                             "its event stands in the chain of the body that invites (package invitation)",
	"GET /console/persone/elenco":                                  "an empty form",
	"GET /console/persone/elenco/modello":                          "an empty table",
	"GET /console/persone/inviti/nuovo":                            "an empty form",
	"GET /console/persone/nuova":                                   "an empty form",
	"GET /api/v1/{slug}/uncovered-roles":                           "roles that nobody holds, without persons",
	"GET /console/moduli":                                          configured,
	"GET /console/moduli/{module}":                                 configured,
	"GET /api/v1/{slug}/modules":                                   configured,
	"GET /api/v1/{slug}/modules/{module}/change":                   configured,
	"GET /console/poteri":                                          configured,
	"GET /console/ruoli":                                           ruled,
	"GET /console/ruoli/{role}":                                    ruled,
	"GET /console/ruoli/storia":                                    ruled,
	"GET /console/ruoli/prove":                                     ruled,
	"GET /api/v1/{slug}/access-rules":                              ruled,
	"GET /api/v1/{slug}/access-rules/changes":                      ruled,
	"GET /api/v1/{slug}/access-rules/vectors":                      ruled,
	"GET /adozioni/{id}/novita":                                    configured,
	"POST /adozioni/{id}/novita":                                   done,
	"GET /adozioni/{id}/proposte/nuova":                            configured,
	"GET /proposte":                                                configured,
	"GET /proposte/{proposal}":                                     configured,
	"GET /proposte/{proposal}/modifica":                            configured,
	"GET /proposte/{proposal}/ritira":                              configured,
	"GET /proposte/{proposal}/accetta":                             configured,
	"GET /proposte/{proposal}/rifiuta":                             configured,
	"POST /proposte/{proposal}/letta":                              done,
	"GET /pratiche/{id}/riuso":                                     configured,
	"GET /api/v1/{slug}/practices/{id}/uptake":                     configured,
	"GET /api/v1/{slug}/offers/{id}/changes":                       configured,
	"GET /api/v1/{slug}/adoptions/{id}/news":                       configured,
	"POST /api/v1/{slug}/adoptions/{id}/news/reading":              done,
	"GET /api/v1/{slug}/adoptions/{id}/proposable-items":           configured,
	"GET /api/v1/{slug}/improvement-proposals":                     configured,
	"GET /api/v1/{slug}/improvement-proposals/{proposal}":          configured,
	"GET /api/v1/{slug}/improvement-proposals/{proposal}/trial":    configured,
	"POST /api/v1/{slug}/improvement-proposals/{proposal}/reading": done,
	"POST /api/v1/{slug}/improvement-proposals/{proposal}/trial":   configured,
	"POST /api/v1/{slug}/contacts/{id}/forms/{form}/carry":         done,
	"POST /sportello/{id}/moduli/{form}/continua":                  done,
	"GET /kit/nuovo":                                               "an empty form",
	"GET /kit/{kind}/{key}/modifica":                               configured,
	"GET /kit/{kind}/{key}/prova":                                  configured,
	"POST /kit/{kind}/{key}/prova":                                 "sample answers, which are not kept",
	"GET /kit/{kind}/{key}/pubblica":                               configured,
	"GET /kit/{kind}/{key}/ritira":                                 configured,
	"GET /kit/{kind}/{key}/versioni/{number}":                      configured,
	"GET /rete":                                          agreed,
	"GET /rete/accordi/nuovo":                            agreed,
	"GET /rete/accordi/{id}":                             agreed,
	"GET /rete/accordi/{id}/stato/{step}":                agreed,
	"GET /rete/accordi/{id}/rifiuto":                     agreed,
	"GET /rete/bozze/{draft}":                            agreed,
	"GET /rete/bozze/{draft}/scarta":                     agreed,
	"GET /rete/bozze/{draft}/{step}":                     agreed,
	"GET /api/v1/{slug}/agreement-drafts":                agreed,
	"GET /api/v1/{slug}/agreement-drafts/{draft}":        agreed,
	"GET /api/v1/{slug}/agreements/{agreement}/document": agreed,
	"GET /rete/accordi/{id}/documento":                   agreed,
	"GET /rete/accordi/{id}/rinnovo":                     agreed,
	"GET /rete/reti/{id}/inviti":                         agreed,
	"GET /rete/emergenza":                                "an empty form",
	"GET /rete/accesso/nuova":                            "an empty form",
	"GET /rete/gia-noto":                                 "colleagues who asked more often than they may, to who oversees",
	"GET /rete/reti/nuova":                               agreed,
	"GET /rete/reti/{id}":                                agreed,
	"GET /rete/reti/{id}/recesso":                        agreed,
	"GET /rete/reti/{id}/ufficio":                        agreed,
	"GET /api/v1/{slug}/agreements":                      agreed,
	"GET /api/v1/{slug}/agreements/{agreement}":          agreed,
	"GET /api/v1/{slug}/agreements/{agreement}/effects":  agreed,
	"GET /api/v1/{slug}/networks":                        agreed,
	"GET /api/v1/{slug}/networks/{network}":              agreed,
	"GET /api/v1/platform/municipalities":                "the public register of municipalities",
	"GET /attivazione/mie":                               entered,
	"GET /attivazione/{entry}":                           entered,
	"GET /attivazione/{entry}/ente":                      entered,
	"GET /attivazione/{entry}/referente":                 entered,
	"GET /attivazione/{entry}/persone":                   entered,
	"GET /attivazione/{entry}/persone/{person}/rimuovi":  entered,
	"GET /attivazione/{entry}/verifica":                  entered,
	"GET /attivazione/{entry}/fatto":                     entered,
	"GET /attivazione/{entry}/conferma":                  entered,
	"GET /attivazione/{entry}/ente/altro":                entered,
	"GET /attivazione/{entry}/ente/atto":                 entered,
	"GET /piattaforma/enti":                              stewarded,
	"GET /api/v1/platform/bodies":                        stewarded,
	"GET /piattaforma/code":                              stewarded,
	"GET /piattaforma/code/lavori/{job}":                 stewarded,
	"GET /piattaforma/code/{queue}":                      stewarded,
	"GET /api/v1/platform/jobs-overview":                 stewarded,
	"GET /api/v1/platform/jobs":                          stewarded,
	"GET /api/v1/platform/jobs/{job}":                    stewarded,
	"GET /piattaforma/incidenti":                         stewarded,
	"GET /stato-del-servizio":                            "incidents, which are public",
	"GET /piattaforma/supporto":                          stewarded,
	"GET /api/v1/platform/support-requests":              stewarded,
	"GET /console/assistenza":                            "who of the platform saw how the body is set up: no case, no person",
	"GET /api/v1/{slug}/support-accesses":                "who of the platform saw how the body is set up: no case, no person",
	"GET /piattaforma/versioni":                          stewarded,
	"GET /api/v1/platform/release":                       stewarded,
	"GET /piattaforma/ingressi":                          judged,
	"GET /piattaforma/ingressi/{entry}":                  judged,
	"GET /api/v1/platform/entry-reviews":                 judged,
	"GET /api/v1/platform/entry-reviews/{entry}":         judged,
	"GET /api/v1/platform/entries":                       entered,
	"GET /api/v1/platform/entries/{entry}":               entered,
	"GET /api/v1/platform/entries/{entry}/people":        entered,
}

const (
	done       = "what is sent here is done already: nothing changes"
	configured = "configuration and practices of a body, without persons"
	ruled      = "the rules of a body and who changed them, to who looks after them: no case, no person"
	agreed     = "what bodies have agreed with each other; their acts, and no case"
	entered    = "the entry of a body, to those who work at it"
	stewarded  = "bodies, counts and jobs without what they are about, to who runs the platform"
	judged     = "entries that ask to be looked at, to those who look: nobody whom the service is about"
)

// matcher tells whether a route serves a path: of those that fit, it is the one with the fewest wildcards.
type matcher struct {
	called
	fits      *regexp.Regexp
	wildcards int
}

func matchers(st *stage) []matcher {
	var all []matcher
	for _, c := range everyRoute(st) {
		prefix := "/[^/]+"
		switch {
		case c.api && c.pattern == "/api/v1/status", c.api && c.platform:
			prefix = "/api/v1"
		case c.api:
			prefix = "/api/v1/[^/]+"
		case c.platform:
			prefix = ""
		}
		pattern := regexp.QuoteMeta(strings.TrimSuffix(c.below(), "{$}"))
		pattern = regexp.MustCompile(`\\{[a-z_]+\\}`).ReplaceAllString(pattern, `[^/]+`)
		all = append(all, matcher{c, regexp.MustCompile("^" + prefix + pattern + "$"), strings.Count(c.pattern, "{") + strings.Count(prefix, "[")})
	}
	slices.SortStableFunc(all, func(a, b matcher) int { return cmp.Compare(a.wildcards, b.wildcards) })
	return all
}

func TestEveryRouteLeavesItsEvent(t *testing.T) {
	tr := travel(t)
	tr.walkReading(t)
	tr.walkChanging(t)
	left, routes := tr.eventsByRequest(t), matchers(tr.st)
	reached, bare := map[string]bool{}, map[string]string{}
	for _, a := range tr.st.heard.take() {
		at := slices.IndexFunc(routes, func(m matcher) bool { return m.method == a.method && m.fits.MatchString(a.path) })
		if at < 0 || routes[at].permission == policies.Public {
			continue // assets and the like
		}
		name, missing := routes[at].String(), tr.missing(a, routes[at].called, left)
		if a.person {
			name += "?persona"
		}
		switch {
		case missing == "" && a.method != http.MethodGet:
			bare[name] = "" // once is enough: what is sent again changes nothing
		case missing != "" && (a.method == http.MethodGet || !reached[name]):
			bare[name] = missing
		}
		reached[name] = true
	}
	for name, missing := range bare {
		if missing != "" && eventless[name] == "" {
			t.Errorf("%s succeeds and leaves no event: %s", name, missing)
		}
	}
	for _, c := range everyRoute(tr.st) {
		if c.method == http.MethodGet && c.permission != policies.Public && !reached[c.String()] {
			t.Errorf("nobody reads %s: say in readers who does", c)
		}
	}
	for name := range eventless {
		if strings.HasPrefix(name, "GET") && (!reached[name] || bare[name] == "") {
			t.Errorf("%s stands in eventless and leaves its event, or is not there", name)
		}
	}
	tr.st.wantAudited(t)
}

// missing tells in whose chain there is nothing of a request, or "".
func (tr *trip) missing(a answered, c called, left map[string][]string) string {
	for _, chain := range tr.chains(a, c) {
		if !slices.Contains(left[a.id], chain) {
			return a.path + " in the chain of " + chain
		}
	}
	return ""
}

// chains are the bodies in whose chains the event of a request belongs: of who asked, and of whose case it is.
func (tr *trip) chains(a answered, c called) []string {
	if c.platform {
		return []string{tenants.PlatformSlug}
	}
	parts := strings.Split(strings.TrimPrefix(strings.TrimPrefix(a.path, "/api/v1"), "/"), "/")
	chains := []string{parts[0]}
	if strings.Contains(a.path, pantelleria+"~") {
		chains = append(chains, pantelleria)
	}
	return chains
}

// eventsByRequest are the bodies in whose chains each request has left something.
func (tr *trip) eventsByRequest(t *testing.T) map[string][]string {
	t.Helper()
	rows, err := tr.st.owner.Query(t.Context(), `select e.request_id, t.slug from audit.events e join platform.tenants t on t.id = e.tenant_id where e.request_id <> ''`)
	if err != nil {
		t.Fatal(err)
	}
	left := map[string][]string{}
	var id, slug string
	if _, err := pgx.ForEachRow(rows, []any{&id, &slug}, func() error {
		left[id] = append(left[id], slug)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return left
}

// reader is somebody who asks for what stands at some routes.
type reader struct {
	*visitor
	slug string
	ids  map[string]string
	of   func(c called) bool
}

// readers are who reads what: somebody who holds all roles, who works on the case, the guest to whom it is shown, who has
// entered a body, and whose practice it is.
func (tr *trip) readers(t *testing.T) []reader {
	t.Helper()
	ids, who := tr.idsOf(t), tr.st.actors(t, pantelleria)
	guest, entered, refused := maps.Clone(ids), maps.Clone(ids), maps.Clone(ids)
	refused["/passaggi/{id}"] = tr.refused
	guest["/cartelle/{case}"], guest["/case-files/{case}"] = pantelleria+"~"+tr.caseFile, pantelleria+"~"+tr.caseFile
	drafted := map[string]string{"/proposte/{proposal}": tr.st.improve(t, tr.adoption, kit.KindStaffing, "OR-01", false)}
	newcomer := tr.st.castScope(t, tenants.PlatformSlug, "Rizzo")
	newcomer.Purpose = tenants.Newcomer
	for _, key := range []string{"/attivazione/{entry}", "/platform/entries/{entry}"} {
		entered[key] = tr.st.openEntry(t)
	}
	other := query[string](t, tr.st, `select account_id::text from onboarding.entry_people where entry_id = $1 and not starter`, entered["/attivazione/{entry}"])
	entered["/attivazione/{entry}/persone/{person}"], entered["/platform/entries/{entry}/people/{person}"] = other, other
	entered["/piattaforma/riprendi/{id}"] = tr.st.park(t, newcomer)
	declared := map[string]string{"/attivazione/{entry}": tr.st.oddEntry(t)}
	unsigned := maps.Clone(guest)
	unsigned["/rete/accordi/{id}"] = tr.propose(t)
	as := func(slug, surname string) *visitor { return tr.st.signIn(t, tr.st.castScope(t, slug, surname)) }
	ofBody := func(c called) bool { return !c.platform }
	pages := func(c called) bool { return !c.platform && !c.api }
	ofPlatform := func(c called) bool { return c.platform }
	withoutDesk := func(c called) bool { return ofBody(c) && c.pattern != "/scrivania" } // who comes to no case reads of none there
	return []reader{
		{who.pages, pantelleria, ids, ofBody},
		{who.pages, pantelleria, drafted, func(c called) bool { return c.pattern == "/proposte/{proposal}/modifica" }},
		{as(pantelleria, "Errera"), pantelleria, ids, pages},
		{as(pantelleria, "Valenza"), pantelleria, refused, pages},
		{as(mazara, "Giacalone"), mazara, guest, ofBody},
		{as(mazara, "Asaro"), mazara, guest, pages},
		{as(mazara, "Asaro"), mazara, unsigned, pages},
		{as(marsala, "Ferrante"), marsala, ids, withoutDesk},
		{who.platform, tenants.PlatformSlug, ids, ofPlatform},
		{tr.st.signIn(t, newcomer), tenants.PlatformSlug, entered, ofPlatform},
		{tr.st.signIn(t, newcomer), tenants.PlatformSlug, ids, ofPlatform},
		{tr.st.signIn(t, newcomer), tenants.PlatformSlug, declared, func(c called) bool { return c.pattern == "/attivazione/{entry}/ente/atto" }},
		{tr.rosaliaAt(t, pantelleria), pantelleria, ids, func(c called) bool { return c.purpose == tenants.Citizen }},
	}
}

// propose proposes an agreement that the partner has not signed.
func (tr *trip) propose(t *testing.T) string {
	t.Helper()
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	return idIn(t, tr.chiara.call(t, 201, "POST", "/c_g315/agreements", object{
		"title": "Accordo da firmare", "purposes": []string{"assessment"}, "sections": []string{"identity"},
		"directions": []object{{"from": pantelleria, "to": mazara}}, "from": day(0), "until": day(30), "act": object{"number": "DG 9", "day": day(-1)},
	}))
}

// walkReading asks for every page and operation that reads.
func (tr *trip) walkReading(t *testing.T) {
	t.Helper()
	instrument, _ := tr.barthel(t)
	asked := map[string]string{
		"/pratiche/{id}": tr.practice, "/persone/{id}": tr.person, "instrument": instrument,
		"/cartelle/{case}/valutazioni/{assessment}": tr.st.assess(t, tr.caseFile, true), "other assessment": tr.st.assess(t, tr.caseFile, true),
	}
	for _, r := range tr.readers(t) {
		look := looker{Slug: r.slug, ids: asked}
		if r.slug == pantelleria && !strings.Contains(r.ids["/cartelle/{case}"], "~") {
			r.ids = maps.Clone(r.ids)
			r.ids["/case-files/{case}/assessments/{assessment}"] = asked["other assessment"]
		}
		for _, c := range everyRoute(tr.st) {
			if c.method == http.MethodGet && c.permission != policies.Public && r.of(c) {
				path, _, _ := strings.Cut(c.path(t, r.slug, r.ids), "?with=")
				r.get(t, path+look.query(c))
			}
		}
	}
}

// walkChanging sends something plausible to every route that changes something.
func (tr *trip) walkChanging(t *testing.T) {
	t.Helper()
	ids := tr.idsOf(t)
	for _, c := range everyRoute(tr.st) {
		if c.method == http.MethodGet || strings.HasSuffix(c.pattern, "/esci") || strings.Contains(c.pattern, "/{id}/modifica") || c.method == http.MethodPut && strings.Contains(c.pattern, "/persons/") {
			continue // other tests look for the person as she is
		}
		if strings.Contains(c.pattern, "/{run}/") {
			continue // taking back what was adopted leaves other tests without forms; modules/practice undoes, under the Watch of its tests
		}
		who := tr.st.actors(t, pantelleria) // anew: a session may post 120 times a minute only
		c.send(t, who.of(c), c.path(t, pantelleria, ids), tr)
	}
}
