package main

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/cmd/staffetta/terminal"
	"staffetta/internal/language"
	"staffetta/internal/session"
	"staffetta/modules/kit"
	"staffetta/policies"
	"staffetta/tenants"
)

// page is a page that a browser is to look at. Whole is looked at with everything, a
// page of a shape that was looked at before with less. Form, unless it is nil, is sent
// to the path and refused.
type page struct {
	Path  string     `json:"path"`
	Whole bool       `json:"whole"`
	Form  url.Values `json:"form"`
}

// looker is somebody who looks at pages.
type looker struct {
	Slug  string `json:"slug"`
	Name  string `json:"name"`
	Way   string `json:"way"`
	Pages []page `json:"pages"`

	scope tenants.Scope
	ids   map[string]string
}

// TestPages looks at every page that answers to GET, in the hands of everybody who may
// open it.
func TestPages(t *testing.T) {
	t.Parallel()
	st := shared(t)
	album := album{dir: t.TempDir(), seen: map[string]bool{}, shapes: map[string]bool{}}
	lookers := st.lookers(t)
	for i := range lookers {
		st.choosePages(t, &lookers[i], album)
	}
	for _, c := range everyRoute(st) {
		if !c.api && !album.seen[c.String()] && !isUnseen(c) {
			t.Errorf("nobody looks at %s: say in lookers who does, or in isUnseen why not", c)
		}
	}
	validate(t, album.dir)
	lookers = slices.DeleteFunc(lookers, func(l looker) bool { return l.scope.Purpose == tenants.Citizen || l.Way == "" && l.Name != "" }) // whom the demo's list does not offer
	browse(t, st, "pages.mjs", lookers)
	st.wantCleanLog(t)
}

// isUnseen names what is no page to look at: files, addresses that lead on, and forms
// in which nothing can be wrong.
func isUnseen(c called) bool {
	if c.method != http.MethodGet {
		return neverRefuses(c)
	}
	switch c.pattern {
	case "/favicon.ico", "/licenze", "/robots.txt", "/stemma", "/piattaforma", "/piattaforma/dominio", "/cartelle/{case}/documenti/{document}", "/servizi/{key}/condizioni",
		"/console/catalogo/elenco", "/console/registro/esporta", "/console/persone/elenco/modello", "/console/privacy/documenti/{document}/file", "/console/conservazione/scarti/{disposal}/elenco", "/console/esportazione/{export}/archivio", "/console/richieste/{request}/copie/{copy}", "/buone-pratiche/{id}/kit/{release}", "/adozioni/{id}/prova/file", "/attivazione/{entry}/ente/atto", "/piattaforma/ingressi/{entry}/atto", // files
		"/campagne/nuova", "/campagne/{campaign}/annulla", "/adozioni/{id}/rinuncia", // lead on where nobody is behind, where all is done, and where nothing is begun
		"/piattaforma/gettoni",       // the same page as that of a body
		"/piattaforma/avviso/{mail}", // leads on from a letter
		"/rete/bozze/{draft}":        // leads to the step in which something is missing
		return true
	}
	return strings.Contains(c.pattern, "{provider}")
}

// lookers are the people of the cast with the objects that they can open.
func (st *stage) lookers(t *testing.T) []looker {
	t.Helper()
	ids := st.idsAfterBrowsing(t)
	ids["/piattaforma/avviso/{mail}"], ids["/piattaforma/avviso/conferma/{token}"] = st.linked(t)
	at := func(slug, surname string, ids map[string]string) looker {
		s := st.castScope(t, slug, surname)
		return looker{Slug: slug, Name: s.Name, Way: "Operatori", scope: s, ids: ids}
	}
	anna := at(tenants.PlatformSlug, "Rizzo", ids)
	anna.scope.Purpose, anna.Way = tenants.Newcomer, "Nuovi enti"
	live := anna
	live.ids = maps.Clone(ids)
	live.ids["/attivazione/{entry}"] = query[string](t, st, `select id::text from onboarding.entries where state = 'live' limit 1`)
	query[int](t, st, `with added as (insert into onboarding.entry_people (tenant_id, entry_id, account_id, name)
		select tenant_id, id, $2, 'Lia Torrente' from onboarding.entries where id = $1 returning 1) select count(*) from added`,
		live.ids["/attivazione/{entry}"], ids["/attivazione/{entry}/persone/{person}"])
	citizen := looker{Slug: pantelleria, Name: rosalia.Name + " " + rosalia.Surname, Way: "Cittadini", scope: st.scope(t, pantelleria, rosalia.Name+" "+rosalia.Surname, rosalia.Code), ids: ids}
	citizen.scope.Purpose = tenants.Citizen
	officer := looker{Slug: pantelleria, Name: "Prova Vigna", scope: st.extra(t, pantelleria, "Vigna", "dpo"), ids: ids}
	guests := maps.Clone(ids)
	guests["/cartelle/{case}"] = pantelleria + "~" + ids["/cartelle/{case}"]
	return []looker{
		{Slug: pantelleria, ids: ids},
		at(pantelleria, "Errera", ids), at(pantelleria, "Valenza", ids), at(pantelleria, "Rizzo", ids), at(pantelleria, "Ferreri", ids),
		at(marsala, "Ferrante", ids), at(mazara, "Asaro", guests), at(mazara, "Giacalone", guests), at(mazara, "Bono", ids), anna, live, citizen,
		at(marsala, "Vella", ids), officer, at(tenants.PlatformSlug, "Catalano", ids), st.newcomer(t, ids),
	}
}

// newcomer is the administrator of a body on trial.
func (st *stage) newcomer(t *testing.T, ids map[string]string) looker {
	t.Helper()
	term, _ := at(t, language.Italian)
	file := folder(t)("enti.csv")
	mustDo(t, os.WriteFile(file, []byte("istat;stato\n081024;in prova\n"), 0o600))
	mustDo(t, st.asPlatform(t.Context(), term, terminal.Onboard{Register: file}.Do))
	s := st.castScope(t, petrosino, "Messina")
	mustDo(t, st.deps.DB.Platform(t.Context(), func(tx tenants.Tx) error {
		return tenants.CreateMembership(t.Context(), tx, s.Tenant, s.Account, tenants.Membership{Role: "tenant_admin", Name: s.Name})
	}))
	return looker{Slug: petrosino, Name: s.Name, Way: "Operatori", scope: s, ids: ids}
}

// choosePages asks for each page that somebody may open and keeps those that show
// something. What should be there and is not, is an error. Of the forms it keeps those
// that refuse to be sent unfinished; that changes nothing.
func (st *stage) choosePages(t *testing.T, l *looker, album album) {
	t.Helper()
	v := st.guest()
	if l.Name != "" {
		v = st.signIn(t, l.scope)
		l.scope.Roles = nil
		for _, m := range v.session.Memberships {
			l.scope.Roles = append(l.scope.Roles, m.Role)
		}
	}
	for _, c := range everyRoute(st) {
		if c.api || !st.mayOpen(*l, c) || c.method != http.MethodGet && album.seen[c.String()] {
			continue
		}
		path, form := c.path(t, l.Slug, l.objects(c))+l.query(c), l.unfinished(c)
		answer := v.ask(t, path, form)
		switch {
		case answer.Status == shows(c) && strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html"):
			l.Pages = append(l.Pages, page{path, album.keep(t, c, answer.Body), form})
		case answer.Status >= 500, c.method == http.MethodGet && answer.Status >= 400 && !l.lacks(c):
			t.Errorf("%s %s %s answers %d", l.Name, c.method, path, answer.Status)
		}
	}
}

// ask asks for a page, or sends a form.
func (v *visitor) ask(t *testing.T, path string, form url.Values) reply {
	t.Helper()
	if form == nil {
		return v.get(t, path)
	}
	return v.post(t, path, form)
}

// unfinished is a form of which most is missing, for a route that takes one.
func (l *looker) unfinished(c called) url.Values {
	if c.method == http.MethodGet {
		return nil
	}
	switch c.pattern {
	case "/cartelle":
		return url.Values{"persona": {l.ids["/persone/{id}"]}, "area": {"nessuna"}}
	case "/cartelle/{case}/valutazioni":
		return url.Values{"strumento": {l.ids["instrument"]}, "azione": {"controlla"}}
	case "/persone/{id}/recapiti":
		return url.Values{"version": {l.ids["version of the person"]}, "mobile": {"tre-tre-tre"}}
	case "/rete/bozze/{draft}/{step}":
		return url.Values{"version": {"1"}}
	case "/console/identita":
		return url.Values{"email": {"nessuna chiocciola"}}
	case "/adozioni/{id}/proposte":
		return url.Values{"voce": {"communication/CM-01"}}
	case "/proposte/{proposal}/modifica":
		return url.Values{"seen": {"1"}}
	case "/condivisioni/{id}/modifica":
		return url.Values{"version": {"2"}}
	case "/adozioni/{id}/riscontri":
		return url.Values{"id": {newKey()}, "kind": {"document"}, "stage": {"3"}}
	case "/adozioni/{id}/torna":
		return url.Values{"seen": {l.ids["stage of the adoption"]}, "target": {"1"}}
	case "/sportello/{id}/moduli":
		return url.Values{"modulo": {"FO-01"}, "azione": {"conferma"}}
	}
	return url.Values{}
}

// shows is the status of a page, or of a form that is shown again.
func shows(c called) int {
	if c.method == http.MethodGet {
		return http.StatusOK
	}
	return http.StatusUnprocessableEntity
}

// mayOpen tells whether somebody holds what the page asks for.
func (st *stage) mayOpen(l looker, c called) bool {
	if isUnseen(c) || c.purpose != "" && c.purpose != l.scope.Purpose {
		return false
	}
	if c.platform != (l.Slug == tenants.PlatformSlug) && !(c.platform && l.Name == "") {
		return false
	}
	switch c.permission {
	case policies.Public:
		return l.Name == "" || l.scope.Purpose == tenants.Newcomer
	case policies.SignedIn:
		return l.Name != ""
	}
	allowed, _ := st.deps.Policies.Permits(l.scope, c.permission)
	return allowed
}

// objects are those that the route names: what is checked before it is signed or confirmed is a draft still, and a case
// begins with a contact that is open.
func (l *looker) objects(c called) map[string]string {
	if c.pattern == "/sportello/{id}/cartella" {
		return map[string]string{"/sportello/{id}": l.ids["open contact"]}
	}
	if c.pattern == "/rete/accordi/{id}/rifiuto" {
		return map[string]string{"/rete/accordi/{id}": l.ids["waiting agreement"]}
	}
	if c.pattern == "/rete/reti/{id}/ufficio" {
		return map[string]string{"/rete/reti/{id}": l.ids["standing network"]}
	}
	if c.pattern == "/proposte/{proposal}/modifica" {
		return map[string]string{"/proposte/{proposal}": l.ids["draft proposal"]}
	}
	if strings.HasSuffix(c.pattern, "/riesame") {
		return map[string]string{"/passaggi/{id}": l.ids["refused handover"]}
	}
	if c.method != http.MethodGet || !strings.HasSuffix(c.pattern, "/firma") && !strings.HasSuffix(c.pattern, "/conferma") {
		return l.ids
	}
	ids := maps.Clone(l.ids)
	ids["/cartelle/{case}/diario/{note}"], ids["/cartelle/{case}/valutazioni/{assessment}"] = l.ids["draft note"], l.ids["draft assessment"]
	return ids
}

// query is what a page needs besides its path.
func (l *looker) query(c called) string {
	switch c.pattern {
	case "/adozioni/nuova", "/campagne/nuova":
		return "?pratica=" + l.ids["/pratiche/{id}"]
	case "/console/privacy/documenti/{document}/file":
		return "?formato=html"
	case "/adozioni/{id}/riscontri/nuovo":
		return "?tipo=document&fase=3"
	case "/cartelle/nuova":
		if l.Slug == pantelleria {
			return "?persona=" + l.ids["/persone/{id}"]
		}
	case "/sportello/nuovo/persona":
		if l.Name == "Davide Errera" {
			return "?bozza=" + l.ids["begun contact"]
		}
	case "/sportello/{id}/moduli/nuovo":
		return "?modulo=FO-01"
	case "/cartelle/{case}/valutazioni/nuova":
		return "?strumento=" + l.ids["instrument"]
	case "/api/v1/{slug}/case-files/{case}/assessments/{assessment}/comparison":
		return "?with=" + l.ids["/cartelle/{case}/valutazioni/{assessment}"]
	case "/api/v1/{slug}/modules/{module}/change":
		return "?on=false"
	case "/api/v1/{slug}/case-files/{case}/move-manifest":
		return "?to=" + mazara + "&day=" + time.Now().Format(time.DateOnly)
	case "/cartelle/{case}/valutazioni/confronto":
		return "?prima=" + l.ids["/cartelle/{case}/valutazioni/{assessment}"] + "&dopo=" + l.ids["other assessment"]
	}
	return ""
}

// lacks tells whether the object of the page is not for the looker, although the
// permission is: it belongs to another body, is not shared, or is not theirs.
func (l *looker) lacks(c called) bool {
	below := c.pattern
	switch {
	case l.Slug == petrosino && strings.Contains(below, "{"):
		return true // it has nothing yet
	case l.Slug == marsala && (strings.HasPrefix(below, "/cartelle/") || strings.HasPrefix(below, "/condivisioni/") || strings.HasPrefix(below, "/console/accessi") ||
		strings.HasPrefix(below, "/console/registro/contestazioni/") || strings.HasPrefix(below, "/passaggi/") || strings.HasPrefix(below, "/rete/accordi/") ||
		strings.HasPrefix(below, "/rete/emergenze/") || strings.HasPrefix(below, "/rete/accesso/{id}") || strings.HasPrefix(below, "/rete/reti/")):
		return true // no party, and no case
	case (l.Name == "Luca Giacalone" || l.Name == "Prova Vigna") && below == "/passaggi/{id}/elenco":
		return true // for who takes the case over
	case l.Name == "Luca Giacalone" && below == "/rete/emergenze/{id}":
		return true // a colleague opened it
	case l.Name == "Prova Vigna" && strings.HasPrefix(below, "/cartelle/{case}"):
		return true // the officer asks in the console
	case l.Slug == mazara && strings.HasPrefix(below, "/cartelle/{case}"):
		return below != "/cartelle/{case}" && below != "/cartelle/{case}/valutazioni" && below != "/cartelle/{case}/perche"
	case l.Slug != pantelleria && (strings.HasPrefix(below, "/persone/{id}") || strings.HasPrefix(below, "/sportello/{id}")):
		return true
	case l.Slug != pantelleria && below == "/condivisioni/{id}/modifica":
		return true // the owner amends a share
	case l.Slug != pantelleria && strings.HasPrefix(below, "/rete/bozze/"):
		return true // nobody else sees a draft
	case l.Slug != pantelleria && below == "/rete/reti/{id}/inviti":
		return true // the lead invites
	case l.Slug != pantelleria && below == "/rete/reti/{id}/ufficio":
		return true // the lead makes the office
	case l.Slug != mazara && below == "/rete/accordi/{id}/rifiuto":
		return true // who has signed does not refuse
	case l.Slug != marsala && (strings.HasPrefix(below, "/pratiche/{id}") || strings.HasPrefix(below, "/campagne/{campaign}") || below == "/campagne/nuova"):
		return true
	case l.Slug != pantelleria && (strings.HasPrefix(below, "/console/persone/{account}") || strings.HasPrefix(below, "/console/esportazione/{export}") || strings.HasPrefix(below, "/console/sedi/{office}") || strings.HasPrefix(below, "/console/equipe/{team}") ||
		strings.HasPrefix(below, "/console/conservazione/scarti/") || strings.HasPrefix(below, "/console/conservazione/blocchi/")):
		return true // a colleague, an office, and what another body takes out
	case (l.Slug != pantelleria || !slices.Contains(l.scope.Roles, "dpo")) && strings.HasPrefix(below, "/console/richieste/{request}"):
		return true // whom it is not for
	case l.Slug != pantelleria && (below == "/console/privacy/documenti/{document}/versioni/{number}" || below == "/privacy/{area}"):
		return true // it has published nothing
	case l.Slug != pantelleria && strings.HasPrefix(below, "/fabbisogni/{need}"):
		return true // a draft
	case l.Slug == pantelleria && strings.HasPrefix(below, "/proposte/{proposal}"):
		return strings.HasSuffix(below, "/accetta") || strings.HasSuffix(below, "/rifiuta") // the ceding body answers
	case l.Slug == marsala && strings.HasPrefix(below, "/proposte/{proposal}"):
		return strings.HasSuffix(below, "/modifica") || strings.HasSuffix(below, "/ritira") // whose it is
	case l.Slug == mazara && strings.HasPrefix(below, "/proposte/{proposal}"):
		return true // no party
	case l.Slug == mazara && (strings.HasPrefix(below, "/adozioni/{id}") || strings.HasPrefix(below, "/kit/{kind}") || strings.HasPrefix(below, "/console/catalogo/servizi/")):
		return true
	case l.Name == "Chiara Valenza" && below == "/cartelle/{case}/diario/{note}/firma":
		return true // the draft is Davide's
	case l.Name == "Davide Errera" && below == "/cartelle/{case}/responsabile":
		return true // a coordinator hands a case over
	case l.Name == "Nino Ferreri" && strings.HasPrefix(below, "/persone/{id}/nucleo"):
		return true // the household is no section of the access desk
	case l.Slug == marsala && strings.HasPrefix(below, "/adozioni"):
		return true // its own practice; it is the ceding side
	}
	return strings.Contains(below, "/riprendi/{id}")
}

// idsAfterBrowsing are the objects that the journey left.
func (st *stage) idsAfterBrowsing(t *testing.T) map[string]string {
	t.Helper()
	one := func(sql string, args ...any) string { t.Helper(); return query[string](t, st, sql, args...) }
	person := one(`select id::text from registry.persons where tax_code = $1`, rosalia.Code)
	caseFile := one(`select id::text from casefile.cases where person_id = $1`, person)
	share := one(`select id::text from sharing.shares where state = 'active'`) // the journey's second one
	ids := map[string]string{
		"/adozioni/{id}":              one(`select id::text from practice.adoptions limit 1`),
		"/adozioni/{id}/fasi/{stage}": "3", "/adozioni/{id}/riscontri/{statement}": one(`select id::text from practice.adoptions_statements limit 1`),
		"/adozioni/{id}/applicazioni/{run}": one(`select a.id::text from practice.applications a where a.adoption_id = (select id from practice.adoptions limit 1) limit 1`),
		"/cartelle/{case}":                  caseFile, "/cartelle/{case}/diario/{note}": one(`select id::text from casefile.notes where case_id = $1`, caseFile),
		"/cartelle/{case}/documenti/{document}":     one(`select id::text from casefile.documents where case_id = $1`, caseFile),
		"/cartelle/{case}/valutazioni/{assessment}": one(`select id::text from assessment.assessments where case_id = $1`, caseFile),
		"/condivisioni/{id}":                        share, "/rete/accordi/{id}": one(`select agreement_id::text from sharing.shares where id = $1`, share), "/rete/accordi/{id}/stato/{step}": "suspended",
		"/console/catalogo/servizi/{key}": "SV-01", "/kit/{kind}": "service", "/kit/{kind}/{key}": "SV-01", "/kit/{kind}/{key}/versioni/{number}": "1", "/servizi/{key}": "SV-01",
		"/persone/{id}": person, "/persone/{id}/nucleo/componenti/{member}": one(`select id::text from registry.members where person_id = $1`, person),
		"/persone/{id}/nucleo/{household}": one(`select household_id::text from registry.members where person_id = $1`, person),
		"/sportello/{id}":                  one(`select id::text from intake.contacts where person_id = $1 and state = 'closed'`, person),
		"/sportello/{id}/moduli/{form}":    st.fillIn(t, one(`select id::text from intake.contacts where person_id = $1 and state = 'closed'`, person)),
		"/pratiche/{id}":                   one(`select id::text from practice.practices limit 1`), "/pratiche/{id}/pubblica/{kit}": one(`select id::text from practice.kits limit 1`),
		"/console/moduli/{module}": "guide", "/attivazione/{entry}": st.openEntry(t), "/piattaforma/ingressi/{entry}": st.oddEntry(t), "instrument": one(`select key from kit.items where kind = 'assessment' and state = 'published' and title_it like '%Barthel%' limit 1`),
	}
	ids["/attivazione/{entry}/persone/{person}"] = one(`select account_id::text from onboarding.entry_people where entry_id = $1 and not starter`, ids["/attivazione/{entry}"])
	ids["/campagne/{campaign}"], ids["/console/esportazione/{export}"], ids["/console/uscita/{leaving}"] = st.led(t), st.takenOut(t), newKey()
	ids["/console/conservazione/termini/{kind}"] = "case"
	st.named(t)
	st.signIn(t, st.castScope(t, pantelleria, "Rizzo")).post(t, "/c_g315/console/indirizzo-web", url.Values{"indirizzo": {"servizi.comune.pantelleria.tp.it"}})
	ids["/console/conservazione/scarti/{disposal}"], ids["/console/conservazione/blocchi/{hold}"] = st.disposed(t), st.kept(t)
	ids["/console/richieste/{request}"], ids["/console/richieste/{request}/copie/{copy}"] = st.asking(t), st.copied(t)
	ids["/adozioni/{id}/formati/{trainee}"] = ids["/adozioni/{id}"]
	ids["/buone-pratiche/{id}"], ids["/buone-pratiche/{id}/kit/{release}"] = ids["/pratiche/{id}"], "1.0.0"
	ids["/fabbisogni/{need}"] = idIn(t, st.token(t, st.castScope(t, pantelleria, "Rizzo")).call(t, 201, "POST", "/c_g315/practice-needs", object{
		"title": "Uno sportello per le famiglie", "purpose": "Dare informazioni sulla disabilità", "area": "disabili", "staff": 2,
	}))
	ids["/buone-pratiche/{id}/modifiche/{release}"] = "1.0.0"
	ids["/proposte/{proposal}"] = st.improve(t, ids["/adozioni/{id}"], kit.KindCommunication, "CM-01", true)
	ids["draft proposal"] = st.improve(t, ids["/adozioni/{id}"], kit.KindStaffing, "OR-01", false)
	ids["/fabbisogni/{need}/pratiche/{practice}"], ids["/pratiche-adatte/{practice}"] = ids["/pratiche/{id}"], ids["/pratiche/{id}"]
	ids["stage of the adoption"] = one(`select stage::text from practice.adoptions limit 1`)
	ids["version of the person"] = one(`select version::text from registry.persons where id = $1`, person)
	ids["other assessment"] = st.assess(t, caseFile, true)
	ids["draft assessment"], ids["draft note"] = st.assess(t, caseFile, false), st.begin(t, caseFile)
	ids["open contact"], ids["begun contact"] = st.arrive(t, person), newKey()
	st.signIn(t, st.castScope(t, pantelleria, "Errera")).post(t, "/c_g315/sportello/nuovo", url.Values{"id": {ids["begun contact"]}, "request": {"Aiuto in casa"}, "step": {"register"}})
	ids["/rete/reti/{id}"] = idIn(t, st.token(t, st.castScope(t, pantelleria, "Valenza")).call(t, 201, "POST", "/c_g315/networks", object{
		"title": "Rete delle isole", "members": []string{mazara}, "act": object{"number": "DC 3", "day": time.Now().Format(time.DateOnly)},
	}))
	ids["/rete/bozze/{draft}"], ids["/rete/bozze/{draft}/{step}"] = st.draft(t), "enti"
	maps.Copy(ids, st.stewarded(t))
	ids["waiting agreement"] = st.token(t, st.castScope(t, pantelleria, "Valenza")).propose(t, "Accordo da firmare")
	st.govern(t, ids)
	ids["/riprendi/{id}"] = st.park(t, st.castScope(t, pantelleria, "Errera"))
	ids["/piattaforma/riprendi/{id}"] = st.park(t, st.castScope(t, tenants.PlatformSlug, "Rizzo"))
	return ids
}

// govern adds what the officer, the administrator, the citizen and the coordinators of both bodies look at: a contested
// access, a delay, a change of rules, a handover that was refused and one that is offered.
func (st *stage) govern(t *testing.T, ids map[string]string) {
	t.Helper()
	tr, caseFile := &trip{st: st}, ids["/cartelle/{case}"]
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	citizen := tr.rosaliaAt(t, pantelleria)
	accesses := itemsOf(t, citizen.call(t, 200, "GET", "/c_g315/own-accesses", nil))
	access, contest := idIn(t, accesses[0]), uuid.Must(uuid.NewV7()).String()
	citizen.call(t, 204, "POST", "/c_g315/own-accesses/"+idIn(t, accesses[len(accesses)-1])+"/contest", object{"words": "Non so chi sia"}, "Idempotency-Key", contest)
	davide, chiara := st.token(t, st.castScope(t, pantelleria, "Errera")), st.token(t, st.castScope(t, pantelleria, "Valenza"))
	ended := object{"ground": "violence", "reason": "Decreto 12/2026", "until": day(30)}
	exemption := idIn(t, davide.call(t, 201, "POST", "/c_g315/case-files/"+caseFile+"/exemptions", ended))
	davide.call(t, 204, "POST", "/c_g315/case-files/"+caseFile+"/exemptions/"+exemption+"/end", nil)
	elena := st.token(t, st.castScope(t, mazara, "Asaro"))
	agreement := chiara.propose(t, "Accordo per i passaggi")
	elena.step(t, "/c_f061/agreements/"+agreement, "signature", "active", object{"number": "DD 40", "day": day(0)})
	passing := object{"agreement": agreement, "to": mazara, "legal_basis": "law", "answer_by": day(10), "reason": "Cambio di residenza", "kept": true}
	refused := idIn(t, chiara.call(t, 201, "POST", "/c_g315/case-files/"+caseFile+"/handovers", passing))
	elena.call(t, 200, "POST", "/c_f061/handovers/"+refused+"/refusal", object{"reason": "Non abita qui"})
	act := object{"number": "DC 9", "day": day(-1)}
	network := idIn(t, chiara.call(t, 201, "POST", "/c_g315/networks", object{"title": "Rete delle isole", "members": []string{mazara}, "act": act}))
	elena.call(t, 200, "POST", "/c_f061/networks/"+network+"/membership", act)
	change, vector := st.ruled(t)
	st.informed(t)
	colleague, held := st.spare(t)
	invited, link := st.invited(t)
	team, place := st.teamed(t)
	danger := st.endanger(t, caseFile)
	maps.Copy(ids, map[string]string{
		"/area-personale/accessi/{event}": access, "/console/registro/contestazioni/{contest}": contest, "/cartelle/{case}/differimento/{exemption}": exemption,
		"/console/persone/{account}": colleague, "/console/persone/{account}/ruoli/{membership}": held, "/console/equipe/{team}": team, "/console/equipe/{team}/persone/{place}": place, "/console/sedi/{office}": st.housed(t), "/console/moduli/{module}": "guide",
		"/console/privacy/dati/{part}": "chi", "/console/privacy/documenti/{document}": "informativa", "/console/privacy/documenti/{document}/versioni/{number}": "1", "/privacy/{area}": "presa-in-carico",
		"/console/persone/inviti/{invitation}": invited, "/piattaforma/invito/{token}": link,
		"/console/accessi/{case}": caseFile, "/console/ruoli/{role}": "educator", "/console/ruoli/storia/{change}": change, "/console/ruoli/prove/{vector}": vector,
		"/passaggi/{id}": chiara.move(t, caseFile, "Vive dalla figlia"), "refused handover": refused, "standing network": network,
		"/rete/emergenze/{id}": danger.emergency, "/rete/accesso/{id}": danger.ask,
	})
}

// draft is an agreement that somebody has begun to write.
func (st *stage) draft(t *testing.T) string {
	t.Helper()
	return st.token(t, st.castScope(t, pantelleria, "Valenza")).draft(t, "Accordo in bozza")
}

// begin leaves a note that is not signed.
func (st *stage) begin(t *testing.T, caseFile string) string {
	t.Helper()
	davide := st.token(t, st.castScope(t, pantelleria, "Errera"))
	return idIn(t, davide.call(t, 201, "POST", "/c_g315/case-files/"+caseFile+"/notes", object{
		"kind": "colloquio", "happened_on": time.Now().Format(time.DateOnly), "body": "Da finire",
	}))
}

// assess makes another assessment: final, to compare with the first, or still a draft.
func (st *stage) assess(t *testing.T, caseFile string, final bool) string {
	t.Helper()
	tr := trip{st: st, davide: st.token(t, st.castScope(t, pantelleria, "Errera"))}
	instrument, answers := tr.barthel(t)
	return idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/case-files/"+caseFile+"/assessments", object{
		"instrument": instrument, "done_on": time.Now().Format(time.DateOnly), "answers": answers, "final": final,
	}))
}

// fillIn begins a form of the kit about a contact.
func (st *stage) fillIn(t *testing.T, contact string) string {
	t.Helper()
	davide := st.token(t, st.castScope(t, pantelleria, "Errera"))
	return idIn(t, davide.call(t, 201, "POST", "/c_g315/contacts/"+contact+"/forms", object{"form": "FO-01", "answers": object{}}))
}

// arrive writes down that the person came to the desk; what follows is not decided yet.
func (st *stage) arrive(t *testing.T, person string) string {
	t.Helper()
	davide := st.token(t, st.castScope(t, pantelleria, "Errera"))
	return idIn(t, davide.call(t, 201, "POST", "/c_g315/contacts", object{
		"channel": "in_person", "interlocutor": "user", "reason": "spontaneous", "person_id": person, "request": "Chiede del trasporto", "target": "disability",
	}))
}

// park keeps a form that somebody sent after their session had ended.
func (st *stage) park(t *testing.T, s tenants.Scope) string {
	t.Helper()
	id, err := st.stores.Forms.Park(t.Context(), session.Form{
		Tenant: s.Tenant, Account: s.Account, Action: "/prova", Values: []session.Value{{Name: "testo", Value: "Una riga da riprendere"}}, Files: []string{"foto.png"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return id.String()
}

// openEntry is an entry of Anna's that waits for its code, so that all show something.
func (st *stage) openEntry(t *testing.T) string {
	t.Helper()
	v, at, read := st.writeEntry(t, "081009", "protocollo@pec.comune.favignana.tp.it")
	v.call(t, 200, "POST", at+"/codes", nil, "If-Match", read)
	v.call(t, 201, "POST", at+"/people", object{"name": "Lia Torrente", "tax_code": newFake("Torrente", "Lia", "1970-04-04", "F", "").Code})
	return path.Base(at)
}

// oddEntry is an entry of Anna's for a union, which somebody of the platform has to look at.
func (st *stage) oddEntry(t *testing.T) string {
	t.Helper()
	v, at, _ := st.writeEntry(t, "081001", "protocollo@unione.example")
	mark, _ := v.call(t, 200, "PUT", at+"/body", object{
		"kind": "union", "name": "Unione delle Isole", "ipa": "uc_" + path.Base(at)[:8], "tax_code": "02345670810",
		"file_name": "atto.pdf", "content": base64.StdEncoding.EncodeToString([]byte("%PDF-1.7\n%%EOF\n")),
	}, "If-Match", "1")["mark"].(string)
	v.call(t, 200, "POST", at+"/review", nil, "If-Match", mark)
	return path.Base(at)
}

// writeEntry fills in an entry of Anna's, and returns her, its path in the API and its mark.
func (st *stage) writeEntry(t *testing.T, istat, pec string) (anna *visitor, at, mark string) {
	t.Helper()
	s := st.castScope(t, tenants.PlatformSlug, "Rizzo")
	s.Purpose = tenants.Newcomer
	v := st.signIn(t, s)
	at = "/platform/entries/" + idIn(t, v.call(t, 201, "POST", "/platform/entries", nil))
	v.call(t, 200, "PUT", at+"/municipality", object{"municipality": istat}, "If-Match", "0")
	mark, _ = v.call(t, 200, "PUT", at+"/contact", object{
		"position": "Responsabile", "email": "servizi@comune.example", "phone": "0923695011", "act_number": "DD 12", "act_date": "2026-01-15",
		"certified_mail": pec,
	}, "If-Match", "0")["mark"].(string)
	return v, at, mark
}

// validate checks the markup of the pages.
func validate(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages were kept: %v", err)
	}
	arguments := append([]string{"../../node_modules/html-validate/bin/html-validate.mjs", "--config", "../../.htmlvalidate.json"}, files...)
	printed, err := exec.CommandContext(t.Context(), "node", arguments...).CombinedOutput()
	if err != nil {
		t.Errorf("html-validate: %v\n%s", err, printed)
	}
	t.Log(fmt.Sprint(len(files), " pages validated"))
}
