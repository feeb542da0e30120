package practice_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"staffetta/api/rest"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

// site is the real host over a stage.
type site struct {
	*stage
	*moduletest.Site
}

func newSite(t *testing.T, st *stage) *site {
	t.Helper()
	var list []modules.Module
	for _, m := range st.deps.Platform.Modules {
		if m.ID == "registry" || m.ID == "casefile" || m.ID == "assessment" || m.ID == "sharing" {
			continue
		}
		if m.ID == "practice" || m.ID == "guide" {
			m.Requires = nil // what they require is in the stage, without pages
		}
		list = append(list, m)
	}
	return &site{stage: st, Site: moduletest.NewSite(t, st.Database, st.deps, list)}
}

// answer is what a page gave.
type answer struct {
	status int
	to     string // of a redirect, without the slug
	body   string
}

// visitor is who looks at pages: an operator in a body, or anybody.
type visitor struct {
	*site
	prefix string
	cookie *http.Cookie
	lang   string
}

func (si *site) as(t *testing.T, s tenants.Scope) visitor {
	t.Helper()
	return visitor{site: si, prefix: "/" + s.Slug, cookie: si.SignIn(t, s)}
}

func (v visitor) visit(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, v.prefix+path, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, v.prefix+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	if v.lang != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-lang", Value: v.lang})
	}
	w := httptest.NewRecorder()
	v.Host.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Body)
	fatal(t, err)
	a := answer{w.Code, strings.TrimPrefix(w.Header().Get("Location"), v.prefix), string(body)}
	for _, message := range regexp.MustCompile(`«(kit|practice|guide|web)\.[^»]*»`).FindAllString(a.body, -1) {
		t.Errorf("%s shows %s, which is not in the catalogue", path, message)
	}
	for _, twice := range doubled(a.body) {
		t.Errorf("%s has the id %s twice", path, twice)
	}
	return a
}

var idAttribute = regexp.MustCompile(`\sid="([^"]+)"`)

func doubled(body string) []string {
	seen, twice := map[string]bool{}, []string(nil)
	for _, match := range idAttribute.FindAllStringSubmatch(body, -1) {
		if seen[match[1]] {
			twice = append(twice, match[1])
		}
		seen[match[1]] = true
	}
	return twice
}

// want checks the status and what the page says.
func (a answer) want(t *testing.T, status int, texts ...string) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.main())
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("the page lacks %q:\n%s", text, a.main())
		}
	}
	return a
}

// main is the content of the page without what is around it.
func (a answer) main() string {
	_, rest, _ := strings.Cut(a.body, "<main")
	content, _, _ := strings.Cut(rest, "</main>")
	return content
}

var formValue = regexp.MustCompile(`<input (?:type="hidden" name="([^"]+)" value="([^"]*)"|[^>]*name="([^"]+)"[^>]*value="([^"]*)"( checked)?[^>]*)>`)

// fill takes what the page would send as it stands, and what a person writes.
func (a answer) fill(pairs ...string) url.Values {
	form := url.Values{}
	for _, m := range formValue.FindAllStringSubmatch(a.main(), -1) {
		switch {
		case m[1] != "":
			form.Add(m[1], m[2])
		case m[5] != "" || !strings.Contains(m[0], `type="checkbox"`) && !strings.Contains(m[0], `type="radio"`):
			form.Add(m[3], m[4])
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// The journey of a kit from one body to another, on the pages.
func TestJourneyOnPages(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := release.CID()
	fatal(t, err)
	p, err := release.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	si := newSite(t, st)
	giver, taker, anybody := si.as(t, st.giving), si.as(t, st.taking), visitor{site: si}
	mine := "/pratiche/" + p.ID.String()

	anybody.visit(t, "/buone-pratiche", nil).want(t, 200, "Non ci sono ancora pratiche pubblicate")
	giver.visit(t, "/pratiche", nil).want(t, 200, mine, "Bozza")
	giver.visit(t, mine, nil).want(t, 200, "Anagrafica", "Caratteristiche", "Risultati", "Come si trasferisce", "Prepara un kit")
	compose := giver.visit(t, mine+"/pubblica", nil).want(t, 200, `value="1.0.0"`, "SV-01", "Scale di valutazione")
	form := compose.fill()
	giver.visit(t, mine+"/pubblica", url.Values{"release": {"uno"}}).want(t, 422, "Scrivi il numero come 1.0.0", "Scegli almeno un componente")
	check := giver.visit(t, mine+"/pubblica", form).want(t, 303)
	page := giver.visit(t, check.to, nil).want(t, 200, "Non sono stati trovati dati personali", "Pubblica il kit", "Spazi")
	giver.visit(t, check.to+"/conferma", page.fill()).want(t, 303)
	giver.visit(t, check.to, nil).want(t, 200, "Pubblicata")

	anybody.visit(t, "/buone-pratiche?q=disabilit%C3%A0", nil).want(t, 200, "/buone-pratiche/"+p.ID.String())
	anybody.visit(t, "/buone-pratiche?q=astronomia", nil).want(t, 200, "Nessuna pratica corrisponde")
	shown := anybody.visit(t, "/buone-pratiche/"+p.ID.String(), nil).want(t, 200, "AA-01", "1.0.0", "0 enti", "/adozioni/nuova?pratica="+p.ID.String())
	if strings.Contains(shown.body, "Rosalia Genna") {
		t.Error("the public page names a person")
	}

	taker.visit(t, "/adozioni", nil).want(t, 200, "/adozioni/nuova?pratica="+p.ID.String())
	ask := taker.visit(t, "/adozioni/nuova?pratica="+p.ID.String(), nil).want(t, 200, "Nulla cambia nel tuo ente")
	started := taker.visit(t, "/adozioni", ask.fill()).want(t, 303)
	if again := taker.visit(t, "/adozioni", ask.fill()); again.to != started.to {
		t.Errorf("a second submit led to %s, the first to %s", again.to, started.to)
	}
	taker.visit(t, started.to, nil).want(t, 200, "Manifestazione d&#39;interesse", "Prova il kit", st.giver.Name)
	plan := taker.visit(t, started.to+"/prova", nil).want(t, 200, "Nuovo", "Nessuno ha il ruolo", "Applica il kit")
	applied := taker.visit(t, started.to+"/applica", plan.fill("visto", "si")).want(t, 303)
	if applied.to != started.to {
		t.Errorf("applied to %s", applied.to)
	}
	taker.visit(t, started.to+"/prova", nil).want(t, 200, "già applicato")
	giver.visit(t, started.to, nil).want(t, 200, "Kit 1.0.0 applicato", st.taker.Name)
	giver.visit(t, started.to+"/prova", nil).want(t, 404)

	taker.visit(t, "/kit", nil).want(t, 200, "/kit/assessment/AS-01", "Adottato")
	guest := visitor{site: si, prefix: "/" + st.taker.Slug}
	if early := guest.visit(t, "/servizi", nil).want(t, 200); strings.Contains(early.main(), "/servizi/SV-01") {
		t.Error("citizens see a service before it begins")
	}
	listings := taker.visit(t, "/guida", nil).want(t, 200, "In attesa")
	taker.visit(t, "/guida", listings.fill("tutti", "mostra")).want(t, 303)
	guest.visit(t, "/servizi", nil).want(t, 200, "/servizi/SV-01")
	guest.visit(t, "/servizi?q=trasporto", nil).want(t, 200, "/servizi/SV-07")
	guest.visit(t, "/kit", nil).want(t, 303) // to the login
}

func TestConflictsAreAnsweredOnThePage(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	st.edit(t, st.taking, question("QU-01", "Il nostro"))
	a := st.start(t, p)
	taker := newSite(t, st).as(t, st.taking)
	at := "/adozioni/" + a.ID.String()
	page := taker.visit(t, at+"/prova", nil).want(t, 200, "Conflitto", "Tieni il nostro", "Prendi dal kit", "Serve se tieni il nostro")
	_, reason, _ := strings.Cut(page.main(), `for="reason-question-QU-01"`)
	if label, _, _ := strings.Cut(reason, "</label>"); strings.Contains(label, "facoltativo") {
		t.Errorf("a reason that is asked for is called optional: %s", label)
	}
	page = taker.visit(t, at+"/applica", page.fill()).want(t, 422, "Scegli che cosa fare", "Errore:")
	page = taker.visit(t, at+"/applica", page.fill("answer.question/QU-01", "ours")).want(t, 422, "Scrivi perché")
	taker.visit(t, at+"/applica", page.fill("answer.question/QU-01", "ours", "reason.question/QU-01", "<b>nostro</b>")).want(t, 303)
	taker.visit(t, "/kit/question/QU-01", nil).want(t, 200, "Il nostro", "Adattato", "&lt;b&gt;nostro&lt;/b&gt;")
}

func TestFindingsAreJustifiedOnThePage(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "chiama il 347 1234567"))
	report := st.compose(t, p, "1.0.0")
	giver := newSite(t, st).as(t, st.giving)
	at := "/pratiche/" + p.ID.String() + "/pubblica/" + report.Kit.ID.String()
	page := giver.visit(t, at, nil).want(t, 200, "Telefono: QU-01 Voce QU-01: Risposta › in italiano", "347 1234567", "non si può ancora pubblicare")
	giver.visit(t, at+"/conferma", url.Values{"x": {"y"}}).want(t, 422, "Contiene un numero di telefono")
	giver.visit(t, at+"/motiva", page.fill("reason", "")).want(t, 422, `aria-invalid="true"`)
	giver.visit(t, at+"/motiva", page.fill("reason", "numero di <b>esempio</b>")).want(t, 303)
	waits := giver.visit(t, at, nil).want(t, 200, "numero di &lt;b&gt;esempio&lt;/b&gt;", "Serve una seconda persona", "non si può ancora pubblicare")
	if strings.Contains(waits.main(), "Confermo la motivazione") {
		t.Errorf("who justified may confirm:\n%s", waits.main())
	}
	finding := page.fill().Get("finding")
	giver.visit(t, at+"/motivazione", url.Values{"finding": {finding}, "read": {"numero di <b>esempio</b>"}}).want(t, 403, "la conferma spetta a un")
	giver.visit(t, at+"/conferma", url.Values{"x": {"y"}}).want(t, 422, "va confermata da una seconda persona")
	second := newSite(t, st).as(t, st.Operator(t, st.giver, "tenant_admin"))
	second.visit(t, at, nil).want(t, 200, "Confermo la motivazione", "Scrivi un&#39;altra motivazione", `name="read" value="numero di &lt;b&gt;esempio&lt;/b&gt;"`)
	second.visit(t, at+"/motivazione", url.Values{"finding": {finding}, "read": {"altro"}}).want(t, 409, "la motivazione è cambiata")
	second.visit(t, at+"/motivazione", url.Values{"finding": {finding}, "read": {"numero di <b>esempio</b>"}}).want(t, 303)
	giver.visit(t, at, nil).want(t, 200, "Può restare", "Confermato da", "Pubblica il kit")
	giver.visit(t, at+"/conferma", url.Values{"x": {"y"}}).want(t, 303)
}

// Every item of the CID kit and every sheet of the guide can be read, in both languages.
func TestEveryItemCanBeRead(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := release.CID()
	fatal(t, err)
	_, err = release.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	si := newSite(t, st)
	for _, lang := range []string{"it", "en"} {
		owner := si.as(t, st.giving)
		owner.lang = lang
		for _, item := range cid.Items {
			page := owner.visit(t, "/kit/"+item.Kind+"/"+item.Key, nil).want(t, 200, item.Key)
			if strings.Count(page.main(), "<h2") < 2 {
				t.Errorf("%s shows no content:\n%s", item.Key, page.main())
			}
			if item.Kind == kit.KindService {
				guest := visitor{site: si, prefix: "/" + st.giver.Slug, lang: lang}
				guest.visit(t, "/servizi/"+item.Key, nil).want(t, 200, `"@type":"GovernmentService"`)
				guest.visit(t, "/servizi/"+item.Key+"/condizioni", nil).want(t, 200)
			}
		}
	}
}

// The description of the operations keeps the rules for public APIs.
func TestOperationsAreDescribed(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	si := newSite(t, st)
	_, findings, err := rest.Document(si.List, si.Parts)
	fatal(t, err)
	for _, finding := range findings {
		t.Error(finding)
	}
}
