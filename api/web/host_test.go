package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/api/web"
	"staffetta/internal/language"
	"staffetta/internal/session"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// TestEnforcement calls every page as everybody.
func TestEnforcement(t *testing.T) {
	s := newStage(t)
	guest, outsiderIn := s.browser(t), s.browser(t)
	outsiderIn.login("/c_a001/login/demo?come=cittadino", outsider, "2").leads(t, "/c_a001/")
	workerIn, workerInTwo := s.operator(t, s.one), s.operator(t, s.two)
	toLogin := func(back, as string) string {
		return "/c_a001/accedi?" + url.Values{"come": {as}, "ritorno": {back}}.Encode()
	}
	for _, test := range []struct {
		path                             string
		guest, citizen, worker, elseBody int
		login                            string
	}{
		{"/note", 303, 303, 200, 303, "operatore"},
		{"/note/nuova", 303, 303, 200, 303, "operatore"},
		{"/regole", 303, 303, 404, 303, "operatore"},
		{"/firma", 303, 303, 403, 303, "operatore"},
		{"/aperta", 200, 200, 200, 200, ""},
		{"/cittadini", 303, 200, 303, 303, "cittadino"},
		{"/manca", 303, 303, 404, 303, "operatore"},
		{"/nessuna", 404, 404, 404, 404, ""},
		{"/gettoni", 303, 303, 200, 303, "operatore"},
	} {
		t.Run(test.path, func(t *testing.T) {
			got := []int{}
			for _, b := range []*browser{guest, outsiderIn, workerIn, workerInTwo} {
				a := b.get("/c_a001" + test.path)
				got = append(got, a.status)
				if a.status == http.StatusSeeOther && a.location != toLogin("/c_a001"+test.path, test.login) {
					t.Errorf("sends to %q", a.location)
				}
			}
			if diff := cmp.Diff([]int{test.guest, test.citizen, test.worker, test.elseBody}, got); diff != "" {
				t.Errorf("status for guest, citizen, worker, worker of another body (-want +got)\n%s", diff)
			}
		})
	}
	calls := len(*s.handled)
	guest.post("/c_a001/note", url.Values{"testo": {"x"}}).leads(t, "/c_a001/accedi?come=operatore")
	outsiderIn.post("/c_a001/note", url.Values{"testo": {"x"}}).leads(t, "/c_a001/accedi?come=operatore")
	if len(*s.forms) != 0 || len(*s.handled) != calls {
		t.Error("a form reached its page without a session")
	}
}

func TestScopeOfPage(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.one)
	b.get("/c_a001/note", "Accept-Language", "en").expect(t, 200, "Le note", "1.234,5", "Ada R.", "Assistente sociale", `href="/c_a001/note/nuova"`)
	got := (*s.handled)[0]
	if got.Tenant != s.one.ID || got.Slug != "c_a001" || got.Name != "Ada R." || got.Purpose != tenants.Operator ||
		got.Assurance != 2 || got.Language != "it" || got.RequestID == "" || !slices.Equal(got.Roles, []string{"social_worker"}) {
		t.Errorf("scope %+v", got)
	}
	if _, err := s.Owner.Exec(t.Context(), `update platform.memberships set valid_from = current_date - 2, valid_to = current_date - 1`); err != nil {
		t.Fatal(err)
	}
	b.get("/c_a001/note").leads(t, "/c_a001/accedi?come=operatore&ritorno=%2Fc_a001%2Fnote") // with the last role the session has ended
}

func TestModuleSwitchedOff(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.two)
	b.get("/c_b002/note").expect(t, 404)
	b.get("/c_b002/aperta").expect(t, 404)
	b.get("/c_b002/servizi").expect(t, 200)
	b.get("/c_b002/scrivania").expect(t, 200, "Non ci sono pagine da aprire")
	s.operator(t, s.one).get("/c_a001/scrivania").leads(t, "/c_a001/note")
}

func TestOperatorBeginsAtTheDeskWhereThereIsOne(t *testing.T) {
	s := newStage(t)
	config, parts := s.config, s.config.Parts["prova"]
	parts.Pages = append(slices.Clone(parts.Pages), modules.Page{
		Pattern: "GET /scrivania", Permission: "nota:read",
		Handle: func(*http.Request, tenants.Scope) (modules.View, error) {
			return modules.Render("prova/notes", language.M("prova.note"), nil), nil
		},
	})
	config.Parts = map[modules.ID]modules.Parts{"prova": parts, "ingresso": s.config.Parts["ingresso"]}
	host, err := web.New(config)
	must(t, err)
	s.server.Config.Handler = host
	one, two := s.operator(t, s.one), s.operator(t, s.two)
	one.get("/c_a001/").leads(t, "/c_a001/scrivania")
	one.get("/c_a001/scrivania").expect(t, 200, "Le note")
	two.get("/c_b002/").expect(t, 200, "Guida ai servizi") // the module of the desk is off
}

func TestBodies(t *testing.T) {
	s := newStage(t)
	b := s.browser(t)
	b.get("/vecchio/servizi?a=1").leads(t, "/c_a001/servizi?a=1")
	s.stand(t, s.two, tenants.Suspended)
	b.get("/c_b002/servizi").expect(t, 403, "Servizio sospeso")
	b.get("/c_b002/accedi").expect(t, 403, "Servizio sospeso")
	s.stand(t, s.two, tenants.Active)
	b.get("/nessuno/servizi").expect(t, 404)
	b.get("/piattaforma/servizi").expect(t, 404)
	b.get("/c_a001//servizi").leads(t, "/c_a001/servizi")
	b.get("//c_a001/servizi").leads(t, "/c_a001/servizi")
	b.get("/c_a001/servizi%00").expect(t, 404)
	b.get("/c_a001/servizi?x=%00").expect(t, 404)
	b.get("/c_a001").expect(t, 200, "Comune di c_a001", "Guida ai servizi")
	b.get("/").expect(t, 200, "Comune di c_a001", "Attiva un nuovo ente")
	b.get("/?ente=b002").expect(t, 200, "Comune di c_b002")
	if strings.Contains(b.get("/?ente=b002").body, "c_a001") {
		t.Error("the search finds what does not match")
	}
	wrong := b.post("/c_a001/servizi", nil)
	wrong.expect(t, 405)
	if wrong.header.Get("Allow") != "GET, HEAD" {
		t.Errorf("Allow: %q", wrong.header.Get("Allow"))
	}
	b.do("TRACE", "/c_a001/servizi", nil).expect(t, 405)
	if got := b.do("HEAD", "/c_a001/servizi", nil); got.status != 200 || got.body != "" {
		t.Errorf("HEAD: %d %q", got.status, got.body)
	}
}

// stand brings a body into a state.
func (s *stage) stand(t *testing.T, body tenants.Tenant, state tenants.State) {
	t.Helper()
	_, err := s.Owner.Exec(t.Context(), `update platform.tenants set state = $2 where id = $1`, body.ID, string(state))
	must(t, err)
	must(t, s.config.Bodies.Reload(t.Context()))
}

// A body on trial is its own people's alone, public pages and sessions of citizens from before among what nobody else has.
func TestBodyOnTrial(t *testing.T) {
	s := newStage(t)
	worker, citizen, stranger := s.operator(t, s.one), s.browser(t), s.browser(t)
	citizen.login("/c_a001/login/demo?come=cittadino", outsider, "2").expect(t, 303)
	citizen.get("/c_a001/cittadini").expect(t, 200)
	started := citizen.get("/c_a001/login/demo?come=cittadino")
	started.expect(t, 303)
	s.stand(t, s.one, tenants.Entering)
	for _, path := range []string{"/c_a001/", "/c_a001/servizi", "/c_a001/aperta", "/c_a001/note", "/c_a001/cittadini"} {
		for name, b := range map[string]*browser{"citizen": citizen, "stranger": stranger} {
			if got := b.get(path); got.status != 303 || !strings.HasPrefix(got.location, "/c_a001/accedi") {
				t.Errorf("%s reads %s: %d %s", name, path, got.status, got.location)
			}
		}
	}
	stranger.get("/c_a001/privacy").expect(t, 200)
	if strings.Contains(stranger.get("/c_a001/accedi").body, "come=cittadino") || strings.Contains(stranger.get("/").body, "Comune di c_a001") {
		t.Error("the body offers itself to citizens")
	}
	stranger.get("/c_a001/login/demo?come=cittadino").expect(t, 404)
	stranger.login("/c_a001/login/demo?come=operatore", outsider, "2").expect(t, 403)
	citizen.authenticate(started.location, outsider, "2").expect(t, 403)
	stranger.get("/?ente=C_A001").expect(t, 200, "Comune di c_a001", "È in prova: chi ci lavora accede da qui.", `href="/c_a001/accedi?come=operatore"`)
	_, err := s.Owner.Exec(t.Context(), `update platform.tenants set name = 'Comune di Favignana', belfiore = 'D518' where id = $1`, s.one.ID)
	must(t, err)
	s.stand(t, s.one, tenants.Entering)
	for _, part := range []string{"f", "favi", "favinana", "comune+di"} { // nobody lists who tries the platform
		if page := stranger.get("/?ente=" + part); strings.Contains(page.body, "Favignana") {
			t.Errorf("%q finds a body on trial", part)
		}
	}
	stranger.get("/?ente=Favignana").expect(t, 200, `href="/c_a001/accedi?come=operatore"`)
	stranger.get("/?ente=d+518").expect(t, 200, `href="/c_a001/accedi?come=operatore"`)
	stranger.get("/?ente=erce").expect(t, 200, "Nessun ente trovato")
	worker.get("/c_a001/note").expect(t, 200, "Ente in prova")
	worker.get("/c_a001/aperta").expect(t, 200)
	s.stand(t, s.one, tenants.Active)
	citizen.get("/c_a001/cittadini").expect(t, 200)
	stranger.get("/c_a001/servizi").expect(t, 200)
	stranger.get("/?ente=favinana").expect(t, 200, "Forse cercavi", "Comune di Favignana")
	stranger.get("/?ente=fa").expect(t, 200, "Scrivi almeno 3 lettere")
	for range 30 {
		stranger.get("/?ente=favignana")
	}
	stranger.get("/?ente=favignana").expect(t, http.StatusTooManyRequests)
	stranger.get("/").expect(t, 200)
}

func TestCookieOfAnotherBodyIsNothing(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.one)
	home, err := url.Parse(s.server.URL)
	must(t, err)
	var stolen string
	for _, c := range b.client.Jar.Cookies(home) {
		if c.Name == session.CookieName(s.one.ID, tenants.Operator) {
			stolen = c.Value
		}
	}
	if stolen == "" {
		t.Fatal("no session cookie")
	}
	for _, name := range []string{session.CookieName(s.two.ID, tenants.Operator), session.CookieName(s.one.ID, tenants.Citizen)} {
		slug := "c_b002"
		page := "/c_b002/sessioni"
		if strings.HasSuffix(name, "-c") {
			slug, page = "c_a001", "/c_a001/cittadini"
		}
		if got := s.browser(t).get(page, "Cookie", name+"="+stolen); got.status != 303 || !strings.HasPrefix(got.location, "/"+slug+"/accedi") {
			t.Errorf("%s with the cookie of body one: %d", page, got.status)
		}
	}
	s.browser(t).get("/c_a001/note", "Cookie", session.CookieName(s.one.ID, tenants.Operator)+"="+stolen).expect(t, 200)
}

func TestExpiredSessionKeepsTheForm(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.one)
	s.clock.move(31 * time.Minute)
	b.get("/c_a001/note").leads(t, "/c_a001/accedi?come=operatore&ritorno=%2Fc_a001%2Fnote")
	form := url.Values{"testo": {"due righe <b>\n𝄞"}, "id": {"0198a000-0000-7000-8000-000000000000"}}
	script := b.post("/c_a001/note", form, "Sec-Fetch-Mode", "cors")
	script.expect(t, 401, "sessione è scaduta")
	var parked int
	must(t, s.Owner.QueryRow(t.Context(), `select count(*) from platform.parked_forms`).Scan(&parked))
	if parked != 0 {
		t.Error("a script's draft is parked")
	}
	sent := b.post("/c_a001/note", form)
	sent.expect(t, 303)
	back, err := url.Parse(sent.location)
	must(t, err)
	resume := back.Query().Get("ritorno")
	if !strings.HasPrefix(resume, "/c_a001/riprendi/") || len(*s.forms) != 0 {
		t.Fatalf("sent to %q, %d forms handled", sent.location, len(*s.forms))
	}
	b.get(sent.location).expect(t, 200, "conservato per due ore", "Entra con Demo")

	other := s.browser(t)
	other.login("/c_a001/login/demo?come=cittadino", outsider, "2").expect(t, 303)
	other.get(resume).expect(t, 404)

	b.login("/c_a001/login/demo?come=operatore&ritorno="+url.QueryEscape(resume), worker, "2").leads(t, resume)
	page := b.get(resume)
	page.expect(t, 200, "Testo", "due righe <b>", `action="/c_a001/note"`, "Invia ora")
	if strings.Contains(page.body, "<p>0198a000") {
		t.Error("the list shows an id")
	}
	again := url.Values{}
	for _, hidden := range regexp.MustCompile(`(?s)<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(page.body, -1) {
		again.Add(hidden[1], hidden[2])
	}
	if diff := cmp.Diff(form, again); diff != "" {
		t.Errorf("the form changed (-sent +kept)\n%s", diff)
	}
	b.post("/c_a001/note", again).leads(t, "/c_a001/note")

	s.clock.move(31 * time.Minute)
	sent = b.upload("/c_a001/note", url.Values{"testo": {"con file"}}, "referto.pdf", []byte("contenuto"))
	sent.expect(t, 303)
	back, err = url.Parse(sent.location)
	must(t, err)
	b.login("/c_a001/login/demo?ritorno="+url.QueryEscape(back.Query().Get("ritorno")), worker, "2").expect(t, 303)
	b.get(back.Query().Get("ritorno")).expect(t, 200, "con file", "referto.pdf", `enctype="multipart/form-data"`)
	s.clock.move(31 * time.Minute)
	b.post("/c_a001/note", url.Values{"testo": {strings.Repeat("x", 300<<10)}}).expect(t, 413)
}

func TestLogin(t *testing.T) {
	s := newStage(t)
	b := s.browser(t)
	refused := b.login("/c_a001/login/demo?come=operatore", outsider, "2")
	refused.expect(t, 403, "Non sei abilitato come operatore del Comune di c_a001", "Riprova")
	b.get("/c_a001/note").expect(t, 303)
	b.get("/c_a001/login/demo?come=nuovo").expect(t, 404)
	b.get("/piattaforma/login/demo?come=cittadino").expect(t, 404)
	b.get("/c_a001/login/altro").expect(t, 404)
	b.get("/c_a001/callback/demo?state=x&code=y").expect(t, 403, "Accesso non riuscito")

	b.login("/c_a001/login/demo?come=operatore&ritorno="+url.QueryEscape("https://evil.example/c_a001/"), worker, "2").leads(t, "/c_a001/")
	b.login("/c_a001/login/demo?come=operatore&ritorno=%2Fc_a001%2Fesci", worker, "2").leads(t, "/c_a001/")
	b.get("/c_a001/").leads(t, "/c_a001/scrivania")
	b.get("/c_a001/scrivania").leads(t, "/c_a001/note")
	b.get("/c_a001/firma").expect(t, 403, "livello 3")
	first := b.cookie(s.one, tenants.Operator)
	b.login("/c_a001/login/demo?come=operatore&livello=3", worker, "3").expect(t, 303)
	b.get("/c_a001/firma").expect(t, 200)
	s.browser(t).get("/c_a001/note", "Cookie", session.CookieName(s.one.ID, tenants.Operator)+"="+first).expect(t, 303)

	second := b.cookie(s.one, tenants.Operator)
	b.post("/c_a001/esci", nil).leads(t, "/c_a001/")
	b.get("/c_a001/").expect(t, 200, "Sei uscito.")
	s.browser(t).get("/c_a001/note", "Cookie", session.CookieName(s.one.ID, tenants.Operator)+"="+second).expect(t, 303)
	var events []string
	rows, err := s.Owner.Query(t.Context(), `select action || ' ' || actor_name from audit.events where tenant_id = $1 order by at, id`, s.one.ID)
	must(t, err)
	for rows.Next() {
		var event string
		must(t, rows.Scan(&event))
		events = append(events, event)
	}
	if diff := cmp.Diff([]string{"session.login Ada R.", "session.login Ada R.", "session.login Ada R.", "session.logout Ada R."}, events); diff != "" {
		t.Errorf("audit (-want +got)\n%s", diff)
	}
	_, err = s.Owner.Exec(t.Context(), `update platform.memberships set valid_from = current_date - 2, valid_to = current_date - 1`)
	must(t, err)
	b.login("/c_a001/login/demo?come=operatore", worker, "2").expect(t, 403, "Non sei abilitato")
	b.get("/c_a001/gettoni").expect(t, 303)
	var kept int
	must(t, s.Owner.QueryRow(t.Context(), `select count(*) from platform.sessions where token_sealed is not null and ended_at is not null`).Scan(&kept))
	if kept != 0 {
		t.Error("an ended session keeps the provider's token")
	}
}

func (b *browser) cookie(body tenants.Tenant, purpose tenants.Purpose) string {
	b.t.Helper()
	home, err := url.Parse(b.stage.server.URL)
	must(b.t, err)
	for _, c := range b.client.Jar.Cookies(home) {
		if c.Name == session.CookieName(body.ID, purpose) {
			return c.Value
		}
	}
	b.t.Fatal("no cookie")
	return ""
}

func TestNewcomer(t *testing.T) {
	s := newStage(t)
	b := s.browser(t)
	b.get("/attivazione").leads(t, "/piattaforma/accedi?ritorno=%2Fattivazione")
	b.get("/piattaforma/accedi?ritorno=%2Fattivazione").expect(t, 200, `href="/piattaforma/login/demo?come=nuovo&ritorno=%2Fattivazione"`)
	b.login("/piattaforma/login/demo?come=nuovo&ritorno=%2Fattivazione", outsider, "2").leads(t, "/attivazione")
	b.get("/attivazione").expect(t, 200, "Mario Rossi", `href="/note/nuova"`, `action="/piattaforma/esci"`)
	b.get("/piattaforma").leads(t, "/")
	if invited := s.browser(t).get("/piattaforma/accedi?come=nuovo&invito=c_a001&ritorno=%2Fattivazione"); !strings.Contains(invited.body, "Per accettare l’invito del Comune di c_a001 entra") || strings.Contains(invited.body, "Nuovi enti") {
		t.Error("who has an invitation signs in as a new body")
	}
	b.get("/piattaforma/sessioni").expect(t, 200, "Staffetta")
	b.get("/c_a001/sessioni").expect(t, 303)
	b.post("/piattaforma/esci", nil).leads(t, "/")
	b.get("/attivazione").expect(t, 303)
}

// Who works at bodies and signs in at the platform by mistake is led to them; who works nowhere is refused, as whose role is over.
func TestSigningInAtThePlatformLeadsToOnesBodies(t *testing.T) {
	s := newStage(t)
	b := s.browser(t)
	s.stand(t, s.one, tenants.Entering)
	b.login("/piattaforma/login/demo?come=operatore", worker, "2").expect(t, 200, "I tuoi enti",
		"Comune di c_a001", `href="/c_a001/accedi?come=operatore"`, `href="/c_b002/accedi?come=operatore"`)
	b.get("/piattaforma/sessioni").expect(t, 303)
	b.login("/piattaforma/login/demo?come=operatore", outsider, "2").expect(t, 403, "Non sei abilitato")
	_, err := s.Owner.Exec(t.Context(), `update platform.memberships set valid_from = current_date - 2, valid_to = current_date - 1`)
	must(t, err)
	b.login("/piattaforma/login/demo?come=operatore", worker, "2").expect(t, 403, "Non sei abilitato")
}

func TestForeignOriginIsRefused(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.one)
	form := url.Values{"testo": {"x"}}
	b.post("/c_a001/note", form, "Sec-Fetch-Site", "cross-site").expect(t, 403, "altro sito")
	b.post("/c_a001/note", form, "Origin", "https://evil.example").expect(t, 403)
	if len(*s.forms) != 0 {
		t.Fatal("the form was handled")
	}
	b.post("/c_a001/note", form, "Sec-Fetch-Site", "same-origin").leads(t, "/c_a001/note")
}

func TestBadInput(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.one)
	b.post("/c_a001/note", url.Values{"testo": {strings.Repeat("x", 300<<10)}}).expect(t, 413, "troppo grande", "256 KB")
	b.post("/c_a001/note", url.Values{"testo": {"a\x00b"}}).expect(t, 422, "non è leggibile")
	b.post("/c_a001/note", url.Values{"testo": {"a\xffb"}}).expect(t, 422)
	b.do("POST", "/c_a001/note", strings.NewReader("testo=%zz"), "Content-Type", "application/x-www-form-urlencoded").expect(t, 422)
	b.do("POST", "/c_a001/note", strings.NewReader("nothing"), "Content-Type", "multipart/form-data; boundary=x").expect(t, 422)
	if len(*s.forms) != 0 {
		t.Errorf("%d broken forms were handled", len(*s.forms))
	}
	b.post("/c_a001/note", url.Values{"testo": {""}}).expect(t, 422, "manca", "<title>Errore: Le note")
}

func TestUploadLeavesNothingBehind(t *testing.T) {
	s := newStage(t)
	b, folder := s.operator(t, s.one), t.TempDir()
	t.Setenv("TMPDIR", folder)
	b.upload("/c_a001/allegati", nil, "grande.pdf", make([]byte, 11<<20)).expect(t, 200, fmt.Sprint(11<<20))
	b.upload("/c_a001/allegati", nil, "enorme.pdf", make([]byte, 13<<20)).expect(t, 413)
	left, err := filepath.Glob(folder + "/multipart-*")
	must(t, err)
	if len(left) > 0 {
		t.Errorf("%v are left", left)
	}
}

func TestFlashIsShownOnceAtItsBody(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.one)
	b.post("/c_a001/note", url.Values{"testo": {"x"}}).leads(t, "/c_a001/note")
	if got := b.get("/c_b002/servizi"); strings.Contains(got.body, "note salvate") {
		t.Error("another body shows the message")
	}
	b.get("/c_a001/note").expect(t, 200, "2 note salvate", `role="status"`)
	if got := b.get("/c_a001/note"); strings.Contains(got.body, "note salvate") {
		t.Error("the message is shown twice")
	}
	forged := s.browser(t).get("/c_a001/servizi", "Cookie", "__Host-flash=AAAA")
	forged.expect(t, 200)
}

func TestErrorsTellACodeAndNoSecret(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.one)
	for _, path := range []string{"/panico", "/rotta"} {
		got := b.get("/c_a001" + path + "?cf=" + worker)
		got.expect(t, 500, "Errore del servizio", got.header.Get("X-Request-Id"))
		if strings.Contains(got.body, "segreto") || strings.Contains(got.body, "Nothing") {
			t.Error("the page shows the cause")
		}
		if !strings.Contains(s.ledger.text(), "request="+got.header.Get("X-Request-Id")) {
			t.Error("the code is not in the log")
		}
	}
	if strings.Contains(s.ledger.text(), worker) {
		t.Error("the log holds what was in the address")
	}
	if !strings.Contains(s.ledger.text(), "segreto") || !strings.Contains(s.ledger.text(), "route=/{slug}/panico status=500") {
		t.Errorf("the log does not tell the cause: %s", s.ledger.text())
	}
	if !slices.Contains(s.ledger.calls, "GET /{slug}/panico") {
		t.Errorf("not counted by its pattern: %v", s.ledger.calls)
	}
	b.get("/c_a001/note").expect(t, 200)
}

func TestLanguage(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.one)
	b.get("/c_a001/note?b=2&lang=en").leads(t, "/c_a001/note?b=2")
	b.get("/c_a001/note").expect(t, 200, `<html lang="en">`, "Notes", "1,234.5", "Social worker")
	b.get("/c_a001/nessuna").expect(t, 404, "Page not found")
	b.get("/c_a001/note?lang=xx").leads(t, "/c_a001/note")
	b.get("/c_a001/note").expect(t, 200, `<html lang="en">`)
	b.get("/c_a001/note?lang=it").leads(t, "/c_a001/note")
	b.get("/c_a001/note").expect(t, 200, `<html lang="it">`, "Le note")
}

func TestHeaders(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.one)
	for _, got := range []answer{b.get("/c_a001/note"), b.get("/c_a001/nessuna"), s.browser(t).get("/")} {
		for name, want := range map[string]string{
			"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; worker-src 'self'",
		} {
			if got.header.Get(name) != want {
				t.Errorf("%s: %q", name, got.header.Get(name))
			}
		}
	}
	if cache := b.get("/c_a001/note").header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("signed in: Cache-Control %q", cache)
	}
	for _, cookie := range b.login("/c_a001/login/demo", worker, "2").header.Values("Set-Cookie") {
		for _, part := range []string{"__Host-", "; Secure", "; HttpOnly", "; SameSite=Lax", "Path=/"} {
			if !strings.Contains(cookie, part) {
				t.Errorf("cookie %q has no %q", cookie, part)
			}
		}
	}
	file := b.get("/c_a001/file")
	if file.body != "abc" || file.header.Get("Content-Disposition") != "attachment; filename*=utf-8''%C3%A8.txt" || !strings.Contains(file.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("file: %v", file.header)
	}
	part := b.get("/c_a001/note", "HX-Request-Type", "partial")
	if part.expect(t, 200, "<h1>Le note</h1>"); strings.Contains(part.body, "<html") {
		t.Error("a fragment carries the shell")
	}
}

func TestAssets(t *testing.T) {
	s := newStage(t)
	b := s.browser(t)
	address := regexp.MustCompile(`/s/[0-9a-f]{16}/ui\.css`).FindString(b.get("/").body)
	got := b.get(address, "Accept-Encoding", "gzip")
	if got.status != 200 || got.header.Get("Content-Encoding") != "gzip" || got.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("%s: %d %v", address, got.status, got.header)
	}
	if plain := b.get(address); plain.header.Get("Content-Encoding") != "" || len(plain.body) != 1200 {
		t.Errorf("without gzip: %v", plain.header)
	}
	b.get("/s/0000000000000000/ui.css").expect(t, 404)
	b.get("/s/0000000000000000/../../host.go").expect(t, 404)
	b.get("/robots.txt").expect(t, 200, "Disallow: /")
	b.get("/favicon.ico").expect(t, 200, "favicon.svg")
	b.get("/licenze").expect(t, 200, "licenze.txt")
	for _, name := range []string{"privacy", "note-legali", "accessibilita"} {
		b.get("/c_a001/"+name).expect(t, 200, "Comune di c_a001")
		b.get("/piattaforma/"+name).expect(t, 200)
	}
}

func TestNavigation(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.one)
	page := b.get("/c_a001/cartelle/7/note")
	page.expect(t, 200, "Cartella 7/2026", "assegnatario", `href="/c_a001/cartelle/7/note" aria-current="page"`)
	if strings.Contains(page.body, "cartelle/7/salute") {
		t.Error("the navigation names a section that is not readable")
	}
	if strings.Contains(page.body, "/c_a001/regole") {
		t.Error("the menu names a page that is not permitted")
	}
	if guest := s.browser(t).get("/c_a001/aperta"); strings.Contains(guest.body, `href="/c_a001/note" `) {
		t.Error("the menu shows a guest what is not public")
	}
}

func TestTooManyRequests(t *testing.T) {
	s := newStage(t)
	b := s.operator(t, s.one)
	count := func(call func() answer) (n int, last answer) {
		for n = range 100 {
			if last = call(); last.status == 429 {
				return n, last
			}
		}
		return n, last
	}
	n, last := count(func() answer { return b.post("/c_a001/note", url.Values{"testo": {"x"}}) })
	last.expect(t, 429, "Troppe richieste")
	if n != 40 || last.header.Get("Retry-After") == "" {
		t.Errorf("refused after %d, Retry-After %q", n, last.header.Get("Retry-After"))
	}
	s.operator(t, s.one).post("/c_a001/note", url.Values{"testo": {"x"}}).expect(t, 303)
	_, last = count(func() answer { return b.get("/c_a001/login/demo") })
	last.expect(t, 429)
}

func TestSessionsAndTokens(t *testing.T) {
	s := newStage(t)
	b, elsewhere := s.operator(t, s.one), s.operator(t, s.two)
	stranger := s.browser(t)
	stranger.login("/c_a001/login/demo?come=cittadino", outsider, "2").expect(t, 303)
	list := b.get("/c_a001/sessioni")
	list.expect(t, 200, "Comune di c_a001", "Comune di c_b002", "Questa sessione")
	actions := regexp.MustCompile(`action="(/c_a001/sessioni/[^"]+/chiudi)"`).FindAllStringSubmatch(list.body, -1)
	if len(actions) != 2 {
		t.Fatalf("%d sessions", len(actions))
	}
	for _, action := range actions {
		stranger.post(action[1], nil).expect(t, 404)
	}
	elsewhere.get("/c_b002/sessioni").expect(t, 200)
	b.post(actions[0][1], nil).leads(t, "/c_a001/sessioni") // the newest is the one at the other body
	elsewhere.get("/c_b002/sessioni").expect(t, 303)

	b.get("/c_a001/gettoni").expect(t, 200, "Nessun gettone", "Assistente sociale")
	b.post("/c_a001/gettoni", url.Values{"nome": {""}, "giorni": {"200"}}).expect(t, 422, "Manca questo dato", "da 1 a 90", `value="200"`)
	form := url.Values{"id": {"0198a000-0000-7000-8000-000000000001"}, "nome": {"Gestionale <x>"}, "giorni": {"30"}, "ruoli": {"social_worker"}}
	made := b.post("/c_a001/gettoni", form)
	made.expect(t, 201, "Gestionale <x>")
	secret := regexp.MustCompile(`staffetta_[A-Za-z0-9_-]{43}`).FindString(made.body)
	if _, err := s.config.Stores.Tokens.Get(t.Context(), s.one.ID, secret); err != nil {
		t.Errorf("the secret does not work: %v", err)
	}
	b.post("/c_a001/gettoni", form).leads(t, "/c_a001/gettoni")
	page := b.get("/c_a001/gettoni")
	page.expect(t, 200, "già stato creato", "Gestionale", "Attivo")
	if secret == "" || strings.Contains(page.body, secret) {
		t.Error("the secret is shown again")
	}
	b.post("/c_a001/gettoni/0198a000-0000-7000-8000-000000000001/revoca", nil).leads(t, "/c_a001/gettoni")
	if _, err := s.config.Stores.Tokens.Get(t.Context(), s.one.ID, secret); err == nil {
		t.Error("a revoked token works")
	}
	b.post("/c_a001/gettoni/x/revoca", nil).expect(t, 404)
}

func TestHostRefusesToStart(t *testing.T) {
	s := newStage(t)
	page := modules.Page{Pattern: "GET /x", Permission: policies.Public, Handle: s.save}
	with := func(edit func(*modules.Page)) func(*web.Config) {
		return func(c *web.Config) {
			p := page
			edit(&p)
			c.Parts = map[modules.ID]modules.Parts{"prova": {Pages: []modules.Page{p}}}
		}
	}
	for why, edit := range map[string]func(*web.Config){
		"no permission":          with(func(p *modules.Page) { p.Permission = "" }),
		"an unknown permission":  with(func(p *modules.Page) { p.Permission = "nota:unknown" }),
		"another one's pattern":  with(func(p *modules.Page) { p.Pattern = "GET /accedi" }),
		"the place of a slug":    with(func(p *modules.Page) { p.Pattern, p.Site = "GET /roma", modules.OnPlatform }),
		"a wildcard for a slug":  with(func(p *modules.Page) { p.Pattern, p.Site = "GET /{x}", modules.OnPlatform }),
		"no key":                 func(c *web.Config) { c.Key = nil },
		"no login":               func(c *web.Config) { c.Login = nil },
		"the demo in production": func(c *web.Config) { c.Production = true },
		"assets not built":       func(c *web.Config) { c.Assets = fstest.MapFS{".gitkeep": {}} },
		"a template twice": func(c *web.Config) {
			c.Modules = slices.Clone(c.Modules)
			c.Modules[1].Templates = fstest.MapFS{"a.html": {Data: []byte(`{{define "field"}}x{{end}}`)}}
		},
		"a broken template": func(c *web.Config) {
			c.Modules = slices.Clone(c.Modules)
			c.Modules[1].Templates = fstest.MapFS{"a.html": {Data: []byte(`{{define "a"}}{{nothing}}{{end}}`)}}
		},
	} {
		t.Run(why, func(t *testing.T) {
			config := s.config
			edit(&config)
			_, err := web.New(config)
			if err == nil {
				t.Fatal("it starts")
			}
			if why == "assets not built" && !strings.Contains(err.Error(), "make assets") {
				t.Errorf("%v does not name the command", err)
			}
		})
	}
}

func TestRoutes(t *testing.T) {
	s := newStage(t)
	routes := s.host.Routes()
	var lines []string
	for _, r := range routes {
		if r.Permission == "" {
			t.Errorf("%s %s has no permission", r.Method, r.Pattern)
		}
		lines = append(lines, fmt.Sprint(r.Method, " ", r.Pattern, " ", r.Permission, " ", r.Module))
	}
	for _, want := range []string{"POST /note nota:write prova", "GET /attivazione ente:enter ingresso", "GET /riprendi/{id} signed_in ", "GET /{$} public "} {
		if !slices.Contains(lines, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(lines, "\n"))
		}
	}
	if diff := cmp.Diff(routes, s.host.Routes()); diff != "" {
		t.Errorf("the order changes:\n%s", diff)
	}
}

func TestEveryMessageOfTheHostIsThere(t *testing.T) {
	catalogue, err := web.Catalogue(nil)
	must(t, err)
	for _, key := range []string{
		"web.error.not_found", "web.error.internal", "web.error.invalid", "web.error.conflict", "web.error.audit",
		"web.field.required", "web.field.too_long", "web.field.choice",
	} {
		if text := catalogue.Say(language.English, language.M(key, "max", 3)); strings.Contains(text, "«") || strings.Contains(text, "<no value>") {
			t.Errorf("%s is %q", key, text)
		}
	}
}
