package privacy_test

import (
	"encoding/csv"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/privacy"
	"staffetta/onboarding/privacy/paper"
	"staffetta/onboarding/profile"
	"staffetta/onboarding/retention"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind problem.Kind) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Errorf("got %v, want %v", err, kind)
	}
}

// stage is a body with an administrator, a data protection officer and one module that is on, another that is off, and a neighbour.
type stage struct {
	*moduletest.Stage
	service        *privacy.Service
	body           tenants.Tenant
	admin, officer tenants.Scope
	abroad         tenants.Scope
}

// desk is a module with one treatment.
func desk(id modules.ID, title, data string) modules.Module {
	return modules.Module{ID: id, Title: language.Text{It: title, En: title}, New: func(modules.Deps) (modules.Parts, error) { return modules.Parts{}, nil }, Treatments: []modules.Treatment{{
		Key: string(id), Area: modules.CareArea, Title: language.Text{It: title, En: title}, Purpose: "aiutare", Bases: []modules.Basis{modules.PublicTask, modules.Care},
		Laws: "L. 328/2000", People: []string{"chi chiede aiuto"}, Data: []string{data}, Terms: []string{string(id), modules.AsTheTrace}, Measures: []string{"misura di " + title},
	}}, Terms: []modules.Term{{Kind: string(id), Years: 5, Label: language.Text{It: "Schede di " + title, En: title}, From: language.Text{It: "dall’ultimo giorno", En: "from the last day"}}}}
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t, desk("desk", "Mensa sociale", "intolleranze alimentari"), desk("camp", "Colonia estiva", "taglia delle scarpe"), onboarding.Module())}
	st.body = st.On(t, "pantelleria", "desk")
	st.admin, st.officer = st.Operator(t, st.body, "tenant_admin"), st.Operator(t, st.body, "dpo")
	st.abroad = st.Operator(t, st.On(t, "mazara", "desk"), "tenant_admin")
	st.service = privacy.NewService(st.Deps)
	return st
}

// say makes the body complete: contacts, officer, provider, judgement.
func (st *stage) say(t *testing.T) paper.Sheet {
	t.Helper()
	fatal(t, profile.NewService(st.Deps).Save(t.Context(), st.admin, profile.Change{Profile: tenants.Profile{Address: "Piazza Cavour 28", Email: "protocollo@ente.example"}}))
	sheet, err := st.service.Get(t.Context(), st.admin)
	fatal(t, err)
	sheet.DPO = paper.Officer{Name: "Studio Alfa", Email: "dpo@alfa.example"}
	sheet.Provider = paper.Provider{Name: "Gestione S.p.A.", Contact: "Via Po 1", Act: "contratto 12"}
	sheet.Processors = []paper.Processor{{Name: "Cooperativa Beta", Task: "pasti", Act: "det. 4"}}
	sheet.Judgement = paper.Judgement{Need: "Serve.", Risks: "Bassi.", Decision: "Si procede."}
	fatal(t, st.service.Save(t.Context(), st.admin, sheet))
	sheet.Version++
	return sheet
}

func (st *stage) paper(t *testing.T, k paper.Kind) privacy.Paper {
	t.Helper()
	b, err := st.service.Find(t.Context(), st.admin)
	fatal(t, err)
	return b.Paper(k)
}

func (st *stage) propose(t *testing.T, k paper.Kind) uuid.UUID {
	t.Helper()
	id := uuid.New()
	fatal(t, st.service.Publish(t.Context(), st.admin, privacy.Order{ID: id, Kind: k, Mark: st.paper(t, k).Mark}))
	return id
}

func (st *stage) publish(t *testing.T, k paper.Kind) {
	t.Helper()
	fatal(t, st.service.Answer(t.Context(), st.officer, privacy.Answer{ID: st.propose(t, k), Yes: true}))
}

func text(t *testing.T, d paper.Document) string {
	t.Helper()
	content, _, err := d.Encode()
	fatal(t, err)
	return content
}

// Every document says what is configured, and nothing of a module that is off.
func TestDocumentsSayWhatIsConfigured(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.say(t)
	for kind, words := range map[paper.Kind][]string{
		paper.Notice:     {"Mensa sociale", "intolleranze alimentari", "Schede di Mensa sociale: 5 anni dall’ultimo giorno", "Registro delle attività: 10 anni", "Studio Alfa", "Piazza Cavour 28", "Cooperativa Beta: pasti", "art. 9, par. 2, lett. h"},
		paper.Register:   {"Mensa sociale", "misura di Mensa sociale", "Schede di Mensa sociale: 5 anni dall’ultimo giorno", "Utenze e ruoli: finché"},
		paper.Contract:   {"Gestione S.p.A.", "contratto 12", "Mensa sociale", "Cooperativa Beta: pasti (det. 4)"},
		paper.Assessment: {"Mensa sociale", "Si procede.", "misura di Mensa sociale"},
	} {
		p := st.paper(t, kind)
		got := text(t, p.Draft.Document)
		for _, word := range words {
			if !strings.Contains(got, word) {
				t.Errorf("%s does not say %q:\n%s", kind, word, got)
			}
		}
		for _, word := range []string{"Colonia estiva", "scarpe"} {
			if strings.Contains(got, word) {
				t.Errorf("%s speaks of a module that is off: %q", kind, word)
			}
		}
		if len(p.Draft.Missing) > 0 {
			t.Errorf("%s misses %v", kind, p.Draft.Missing)
		}
	}
	st.SwitchOn(t, st.body.ID, "camp")
	if got := text(t, st.paper(t, paper.Register).Draft.Document); !strings.Contains(got, "taglia delle scarpe") {
		t.Errorf("the register does not follow a module that is turned on:\n%s", got)
	}
}

// What nobody has said is proposed from what is known, and keeps documents from being published.
func TestNothingIsPublishedIncomplete(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	sheet, err := st.service.Get(t.Context(), st.admin)
	fatal(t, err)
	if sheet.Version != 0 || sheet.DPO.Name != st.officer.Name || sheet.Provider.Name == "" {
		t.Errorf("proposed %+v", sheet)
	}
	p := st.paper(t, paper.Notice)
	if len(p.Draft.Missing) != 2 {
		t.Errorf("missing %v", p.Draft.Missing)
	}
	wantKind(t, st.service.Publish(t.Context(), st.admin, privacy.Order{ID: uuid.New(), Kind: paper.Notice, Mark: p.Mark, Opinion: "sì"}), problem.Conflict)
	sheet.DPO.Email, sheet.Processors = "no", []paper.Processor{{Name: "Beta"}}
	wantKind(t, st.service.Save(t.Context(), st.admin, sheet), problem.Invalid)
	st.say(t)
	sheet.DPO.Email, sheet.Processors = "dpo@alfa.example", nil
	wantKind(t, st.service.Save(t.Context(), st.admin, sheet), problem.Conflict) // of what nobody has seen
	sheet.Version = 7
	wantKind(t, st.service.Save(t.Context(), st.admin, sheet), problem.Conflict)
}

// A document is published with the officer's agreement, is numbered, and tells what has changed since.
func TestPublishing(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	sheet := st.say(t)
	mark := st.paper(t, paper.Notice).Mark
	wantKind(t, st.service.Publish(t.Context(), st.admin, privacy.Order{ID: uuid.New(), Kind: paper.Notice, Mark: "other"}), problem.Conflict)
	id := st.propose(t, paper.Notice)
	fatal(t, st.service.Publish(t.Context(), st.admin, privacy.Order{ID: id, Kind: paper.Notice, Mark: mark})) // the second submit
	wantKind(t, st.service.Publish(t.Context(), st.admin, privacy.Order{ID: uuid.New(), Kind: paper.Notice, Mark: mark}), problem.Conflict)
	_, err := st.service.GetPublished(t.Context(), st.admin, paper.Notice, 0)
	wantKind(t, err, problem.NotFound)
	wantKind(t, st.service.Answer(t.Context(), st.admin, privacy.Answer{ID: id, Yes: true}), problem.Forbidden)
	wantKind(t, st.service.Answer(t.Context(), st.officer, privacy.Answer{ID: id}), problem.Invalid)
	fatal(t, st.service.Answer(t.Context(), st.officer, privacy.Answer{ID: id, Words: "Manca la fonte"}))
	wantKind(t, st.service.Answer(t.Context(), st.officer, privacy.Answer{ID: id, Yes: true}), problem.Conflict)
	fatal(t, st.service.Withdraw(t.Context(), st.admin, st.propose(t, paper.Notice)))
	st.publish(t, paper.Notice)
	p := st.paper(t, paper.Notice)
	if !p.UpToDate() || p.Published.Number != 1 || p.Published.SHA256 != mark {
		t.Errorf("%+v", p.Published)
	}
	wantKind(t, st.service.Publish(t.Context(), st.admin, privacy.Order{ID: uuid.New(), Kind: paper.Notice, Mark: p.Mark}), problem.Conflict) // the same
	sheet.DPO.Name = "Studio Gamma"
	fatal(t, st.service.Save(t.Context(), st.admin, sheet))
	p = st.paper(t, paper.Notice)
	if p.UpToDate() || len(p.Changes) == 0 || !slices.ContainsFunc(p.Changes[0].New, func(line string) bool { return strings.Contains(line, "Gamma") }) ||
		!slices.ContainsFunc(p.Changes[0].Gone, func(line string) bool { return strings.Contains(line, "Alfa") }) {
		t.Errorf("%+v", p.Changes)
	}
	st.publish(t, paper.Notice)
	if first, err := st.service.GetPublished(t.Context(), st.admin, paper.Notice, 1); err != nil || !strings.Contains(text(t, first.Document), "Alfa") {
		t.Errorf("the first version says %v, %v", first, err)
	}
	if last, err := st.service.GetPublished(t.Context(), st.admin, paper.Notice, 0); err != nil || last.Number != 2 {
		t.Errorf("the last version is %d, %v", last.Number, err)
	}
}

// Where no member holds the officer's role, who publishes says how the officer agreed.
func TestAnOfficerOutsideIsCited(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.say(t)
	_, err := st.Owner.Exec(t.Context(), `update platform.memberships set valid_from = '2020-01-01', valid_to = '2020-02-01' where tenant_id = $1 and role = 'dpo'`, st.body.ID)
	fatal(t, err)
	o := privacy.Order{ID: uuid.New(), Kind: paper.Register, Mark: st.paper(t, paper.Register).Mark}
	wantKind(t, st.service.Publish(t.Context(), st.admin, o), problem.Invalid)
	o.Opinion = "Favorevole, PEC del 20/11/2026"
	fatal(t, st.service.Publish(t.Context(), st.admin, o))
	if x, err := st.service.GetPublished(t.Context(), st.admin, paper.Register, 0); err != nil || x.Words != o.Opinion || x.Number != 1 {
		t.Errorf("%+v, %v", x, err)
	}
}

// The database itself keeps a version as it was published, and one body's drafts and proposals from another.
func TestVersionsStayAndAreTheBodysOwn(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.say(t)
	st.publish(t, paper.Notice)
	id := st.propose(t, paper.Register)
	for _, sql := range []string{
		`update onboarding.privacy_versions set content = '{}', sha256 = encode(sha256('{}'), 'hex')`,
		`update onboarding.privacy_versions set state = 'withdrawn', number = null where state = 'published'`,
		`update onboarding.privacy_versions set words = 'Altro' where state = 'published'`,
		`update onboarding.privacy_versions set state = 'published', number = 1, decided_by = app.account(), decided_at = app.now() where state = 'proposed'`, // alone
		`update onboarding.privacy_versions set content = '{}', sha256 = encode(sha256('{}'), 'hex') where state = 'proposed'`,
		`delete from onboarding.privacy_versions`,
		`insert into onboarding.privacy_versions (id, document, state, number, content, sha256, proposed_by, proposed_name, decided_by, decided_at)
			select gen_random_uuid(), 'joint', 'published', 1, '{}', encode(sha256('{}'), 'hex'), app.account(), 'A', app.account(), app.now()`,
	} {
		err := st.DB.InTx(t.Context(), st.admin, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if err == nil {
			t.Errorf("the serving role may %s", sql)
		}
	}
	wantKind(t, st.service.Withdraw(t.Context(), st.abroad, id), problem.NotFound)
	wantKind(t, st.service.Answer(t.Context(), st.abroad, privacy.Answer{ID: id, Yes: true}), problem.NotFound)
	_, err := st.service.GetPublished(t.Context(), st.abroad, paper.Notice, 1)
	wantKind(t, err, problem.NotFound)
	b, err := st.service.Find(t.Context(), st.abroad)
	fatal(t, err)
	if b.Sheet.DPO.Name != "" || b.Paper(paper.Register).Proposed != nil {
		t.Errorf("the neighbour reads %+v", b.Sheet)
	}
}

func (st *stage) setTerm(t *testing.T, kind string, years int) {
	t.Helper()
	fatal(t, retention.NewService(st.Deps).SetTerm(t.Context(), st.admin, kind, years, "piano di conservazione"))
}

// A term that the body changes shows in the documents that say it, which then have to be published anew; a term of a module that is off
// does not.
func TestDocumentsFollowTheTerms(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.say(t)
	st.publish(t, paper.Notice)
	st.publish(t, paper.Contract)
	st.setTerm(t, "camp", 9)
	if p := st.paper(t, paper.Notice); !p.UpToDate() {
		t.Errorf("a term of a module that is off changes %v", p.Changes)
	}
	for years, want := range map[int]string{0: "per sempre", 1: "un anno dall’ultimo giorno", 9: "9 anni dall’ultimo giorno"} {
		st.setTerm(t, "desk", years)
		p := st.paper(t, paper.Notice)
		says := func(lines []string, words string) bool {
			return slices.ContainsFunc(lines, func(line string) bool { return strings.HasSuffix(line, words) })
		}
		if len(p.Changes) != 1 || !says(p.Changes[0].New, want) || !says(p.Changes[0].Gone, "5 anni dall’ultimo giorno") {
			t.Errorf("with %d years: %v", years, p.Changes)
		}
	}
	if !st.paper(t, paper.Contract).UpToDate() {
		t.Error("a document that says no term is out of date")
	}
	st.publish(t, paper.Notice)
}

// The console stops going live for the notice and the officer, and only advises the rest.
func TestChecks(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	states := func() (all []modules.CheckState, required []bool) {
		for _, check := range privacy.Checks(st.service) {
			found, err := check.Find(t.Context(), st.admin)
			fatal(t, err)
			all, required = append(all, found.State), append(required, check.Required)
		}
		return all, required
	}
	got, required := states()
	if !slices.Equal(got, []modules.CheckState{"", "", "", "", "met"}) || !slices.Equal(required, []bool{true, true, false, false, false}) {
		t.Errorf("%v %v", got, required)
	}
	st.say(t)
	for _, kind := range []paper.Kind{paper.Notice, paper.Register, paper.Assessment} {
		st.publish(t, kind)
	}
	if got, _ = states(); !slices.Equal(got, []modules.CheckState{"met", "met", "met", "met", "met"}) {
		t.Errorf("%v", got)
	}
	st.SwitchOn(t, st.body.ID, "camp")
	if got, _ = states(); !slices.Equal(got, []modules.CheckState{"met", "", "", "", "met"}) {
		t.Errorf("after a module was turned on: %v", got)
	}
	notice := privacy.Checks(st.service)[1]
	if found, err := notice.Find(t.Context(), st.admin); err != nil || !found.Stale || (modules.Standing{Check: notice, Finding: found}).Stops() {
		t.Errorf("a notice whose facts have changed stops: %+v, %v", found, err)
	}
}

// The register is a table that spreadsheets open, without formulas.
func TestRegisterAsATable(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	sheet := st.say(t)
	sheet.Provider, sheet.Processors = paper.Provider{}, []paper.Processor{{Name: "=1+1", Task: "pasti"}}
	fatal(t, st.service.Save(t.Context(), st.admin, sheet))
	raw, err := paper.CSV(st.paper(t, paper.Register).Draft.Document)
	fatal(t, err)
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	fatal(t, err)
	at := slices.Index(rows[0], "Responsabili del trattamento")
	if len(rows) < 4 || rows[1][0] != "Mensa sociale" || rows[1][at] != "'=1+1: pasti" {
		t.Errorf("%q", rows)
	}
}

var hidden = regexp.MustCompile(`name="(segno|version|id)" value="([^"]*)"`)

// visitor is somebody at the site; nobody without a cookie.
type visitor struct {
	site   *moduletest.Site
	cookie *http.Cookie
}

// visit asks for a page and wants a status and words of the answer.
func (v visitor) visit(t *testing.T, request string, form url.Values, status int, words ...string) string {
	t.Helper()
	method, path, _ := strings.Cut(request, " ")
	r := httptest.NewRequest(method, "/pantelleria"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	w := httptest.NewRecorder()
	v.site.Host.ServeHTTP(w, r)
	got := html.UnescapeString(w.Body.String())
	if w.Code != status {
		t.Fatalf("%s answers %d, want %d: %s", request, w.Code, status, got)
	}
	for _, word := range words {
		if !strings.Contains(got, word) {
			t.Errorf("%s does not say %q:\n%s", request, word, got)
		}
	}
	return got
}

func filled(page string, pairs ...string) url.Values {
	form := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(page, -1) {
		form.Set(field[1], field[2])
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// An administrator writes, proposes and publishes through the pages, the officer agrees, and everybody reads the notice.
func TestPages(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	site := moduletest.NewSite(t, st.Database, st.Deps, st.List)
	admin, officer := site.SignIn(t, st.admin), site.SignIn(t, st.officer)
	const at = "/console/privacy"
	visitor{site, nil}.visit(t, "GET /privacy", nil, 200, "Il titolare del trattamento è")
	fatal(t, profile.NewService(st.Deps).Save(t.Context(), st.admin, profile.Change{Profile: tenants.Profile{Address: "Piazza Cavour 28", Email: "protocollo@ente.example"}}))
	page := visitor{site, admin}.visit(t, "GET "+at+"/dati/chi", nil, 200, st.officer.Name)
	visitor{site, admin}.visit(t, "POST "+at+"/dati/chi", filled(page, "rpd", "Studio Alfa", "rpd_email", "x"), 422, "Scrivi un indirizzo come")
	visitor{site, admin}.visit(t, "POST "+at+"/dati/chi", filled(page, "rpd", "Studio Alfa", "rpd_email", "dpo@alfa.example", "responsabili", "Beta; pasti; det. 4"), 303)
	visitor{site, admin}.visit(t, "POST "+at+"/dati/chi", filled(page, "rpd", "Altro"), 409, "Altro")
	visitor{site, admin}.visit(t, "GET "+at+"/dati/tempi", nil, 404)
	st.setTerm(t, "desk", 2)
	visitor{site, admin}.visit(t, "GET "+at, nil, 200, "Studio Alfa", "Mai pubblicato", "/console/conservazione")
	page = visitor{site, admin}.visit(t, "GET "+at+"/documenti/informativa", nil, 200, "Proponi al DPO", "2 anni dall’ultimo giorno", "Beta: pasti")
	visitor{site, officer}.visit(t, "POST "+at+"/documenti/informativa", filled(page), 404) // may not
	visitor{site, admin}.visit(t, "POST "+at+"/documenti/informativa", filled(page), 303)
	page = visitor{site, officer}.visit(t, "GET "+at+"/documenti/informativa", nil, 200, "Aspetta il parere del DPO", "Parere favorevole")
	visitor{site, nil}.visit(t, "GET /privacy", nil, 200, "Il titolare del trattamento è")
	visitor{site, officer}.visit(t, "POST "+at+"/documenti/informativa/parere", filled(page, "esito", "si"), 303)
	visitor{site, admin}.visit(t, "GET "+at+"/documenti/informativa/versioni/1", nil, 200, "Mensa sociale", "SHA-256")
	visitor{site, admin}.visit(t, "GET "+at+"/documenti/informativa/versioni/2", nil, 404)
	visitor{site, admin}.visit(t, "GET "+at+"/documenti/informativa/file?formato=html&versione=1", nil, 200, "<!DOCTYPE html>", "Versione 1 del", "Mensa sociale")
	visitor{site, admin}.visit(t, "GET "+at+"/documenti/registro/file?formato=csv", nil, 200, "Mensa sociale")
	visitor{site, admin}.visit(t, "GET "+at+"/documenti/informativa/file?formato=csv", nil, 404)
	visitor{site, nil}.visit(t, "GET /privacy", nil, 200, "Non serve il tuo consenso", "Studio Alfa", "/privacy/presa-in-carico", "Versione 1 del")
	visitor{site, nil}.visit(t, "GET /privacy/presa-in-carico", nil, 200, "Mensa sociale", "2 anni dall’ultimo giorno")
	visitor{site, nil}.visit(t, "GET /privacy/collaborazione", nil, 404)
	visitor{site, nil}.visit(t, "GET /privacy/accordi", nil, 404)
	visitor{site, nil}.visit(t, "GET "+at, nil, 303)
	_, err := st.Owner.Exec(t.Context(), `update platform.tenants set state = 'entering' where id = $1`, st.body.ID)
	fatal(t, err)
	fatal(t, st.Deps.Bodies.Reload(t.Context()))
	visitor{site, nil}.visit(t, "GET /privacy", nil, 200, "Il titolare del trattamento è") // nothing of a body on trial is public
}
