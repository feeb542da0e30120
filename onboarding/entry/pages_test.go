package entry_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"staffetta/api/rest"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/tenants"
)

// site is the real hosts over a stage, with one newcomer signed in.
type site struct {
	*stage
	pages  http.Handler
	api    http.Handler
	cookie *http.Cookie
	flash  *http.Cookie // carries the message for the next page
}

func newSite(t *testing.T, st *stage, s tenants.Scope) *site {
	t.Helper()
	host := moduletest.NewSite(t, st.Database, st.deps, st.List)
	si := &site{stage: st, pages: host, api: host.API(t)}
	if s.Account != (tenants.Scope{}).Account {
		si.cookie = host.SignIn(t, s)
	}
	return si
}

// answer is what a page gave.
type answer struct {
	status int
	to     string // of a redirect
	body   string
}

// visit asks for a page; with a form it is a POST.
func (si *site) visit(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if si.cookie != nil {
		r.AddCookie(si.cookie)
	}
	if si.flash != nil {
		r.AddCookie(si.flash)
	}
	w := httptest.NewRecorder()
	si.pages.ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		if cookie.Name == "__Host-flash" {
			si.flash = cookie
		}
	}
	body, err := io.ReadAll(w.Body)
	failOn(t, err)
	a := answer{w.Code, w.Header().Get("Location"), html.UnescapeString(string(body))}
	if found := regexp.MustCompile(`(«[a-z]+\.[^»]*»|onboarding\.[a-z._]+)`).FindString(a.body); found != "" {
		t.Errorf("%s shows a message that is not in the catalogue: %s", path, found)
	}
	if strings.Contains(a.body, adaCode) || strings.Contains(a.body, livCode) && form == nil {
		t.Errorf("%s shows a whole fiscal code", path)
	}
	return a
}

func (a answer) want(t *testing.T, status int, texts ...string) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("the page lacks %q:\n%s", text, a.body)
		}
	}
	return a
}

var hiddenValue = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// fill takes the hidden values of the page and adds what a person writes.
func (a answer) fill(pairs ...string) url.Values {
	form := url.Values{}
	for _, m := range hiddenValue.FindAllStringSubmatch(a.body, -1) {
		form.Set(m[1], m[2])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Del(pairs[i])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

func TestTheWizardThroughThePages(t *testing.T) {
	st := newStage(t)
	guest := newSite(t, st, tenants.Scope{})
	guest.visit(t, "/attivazione", nil).want(t, 200, "Circa dieci minuti", `href="/attivazione/mie"`)
	if a := guest.visit(t, "/attivazione/mie", nil).want(t, 303); !strings.HasPrefix(a.to, "/piattaforma/accedi?") {
		t.Errorf("a guest is led to %s", a.to)
	}

	si := newSite(t, st, st.newcomer(t, "Ada Valenza", adaCode))
	empty := si.visit(t, "/attivazione/mie", nil).want(t, 200, "Nessuna attivazione")
	form := empty.fill()
	at := si.visit(t, "/attivazione/mie", form).want(t, 303).to
	if again := si.visit(t, "/attivazione/mie", form).want(t, 303); again.to != at {
		t.Errorf("the second submit leads to %s, the first to %s", again.to, at)
	}
	si.visit(t, at, nil).want(t, 200, "Ente da scegliere", "Continua: Ente", "Non iniziato", "Non ancora disponibile")
	si.visit(t, at+"/fatto", nil).want(t, 303)
	si.visit(t, at+"/verifica", nil).want(t, 303)

	// the body
	si.visit(t, at+"/ente?q=zzzz", nil).want(t, 200, "Nessun Comune trovato")
	found := si.visit(t, at+"/ente?q=c_g315", nil).want(t, 200, "Pantelleria", "TP · Sicilia · ISTAT 081014", "1 Comune")
	si.visit(t, at+"/ente", found.fill("municipality", "")).want(t, 422, "Scegli un Comune")
	choose := found.fill()
	si.visit(t, at+"/ente", choose).want(t, 303)
	si.visit(t, at+"/ente", nil).want(t, 200, "c_g315", "081014", "Scegli un altro Comune")
	other := si.visit(t, at+"/ente?q=marsala", nil).fill()
	other.Set("version", "0")
	si.visit(t, at+"/ente", other).want(t, 409, "Un’altra persona ha salvato questo passo")

	// the contact
	contactForm := si.visit(t, at+"/referente", nil).want(t, 200, `value="Ada Valenza"`, "readonly")
	refused := si.visit(t, at+"/referente", contactForm.fill("position", "<b>Capo</b>", "act_date-giorno", "31", "act_date-mese", "2", "act_date-anno", "2026"))
	refused.want(t, 422, "Errore:", "Manca questo dato", "Scrivi una data che esiste", `value="<b>Capo</b>"`, `value="31"`)
	whole := refused.fill("position", "Responsabile", "email", "ada@comune.example", "phone", "0923 695011",
		"act_number", "DD 12", "act_date-giorno", "15", "act_date-mese", "1", "act_date-anno", "2026", "pec", contact().PEC)
	if a := si.visit(t, at+"/referente", whole).want(t, 303); a.to != at {
		t.Errorf("the contact leads to %s", a.to)
	}
	late := whole
	late.Set("phone", "0923 000000")
	conflict := si.visit(t, at+"/referente", late).want(t, 409, "Ora è salvato: 0923 695011", `value="0923 000000"`)
	if !strings.Contains(conflict.body, `name="version" value="1"`) {
		t.Error("after a conflict the form does not carry the present version")
	}

	// the code
	check := si.visit(t, at+"/verifica", nil).want(t, 200, "Comune", "Pantelleria", "DD 12", "15/01/2026", contact().PEC, "/referente?poi=verifica")
	check.lacks(t, "Codice ricevuto")
	change := si.visit(t, at+"/referente?poi=verifica", nil).want(t, 200, `name="poi" value="verifica"`)
	if a := si.visit(t, at+"/referente", change.fill("position", "Capo", "email", "ada@comune.example", "phone", "0923 695011",
		"act_number", "DD 12", "act_date-giorno", "15", "act_date-mese", "1", "act_date-anno", "2026", "pec", contact().PEC)).want(t, 303); a.to != at+"/verifica" {
		t.Errorf("a change from the summary leads to %s", a.to)
	}
	check = si.visit(t, at+"/codice", check.fill()).want(t, 409, "L’ente non è stato creato", "è cambiato: Referente e poteri", "Capo")
	si.visit(t, at+"/codice", check.fill()).want(t, 303)
	check = si.visit(t, at+"/verifica", nil).want(t, 200, "Abbiamo mandato un codice a "+contact().PEC, "Hai ancora 5 tentativi")
	check = si.visit(t, at+"/attiva", check.fill("code", "AAA-AAA-AAA")).want(t, 422, "Il codice non è questo", `href="#code"`, `value="AAA-AAA-AAA"`, "Hai ancora 4 tentativi")
	code := strings.ToLower(strings.ReplaceAll(st.delivered(t, contact().PEC), "-", " "))
	si.visit(t, at+"/attiva", check.fill("code", code)).want(t, 303)
	if a := si.visit(t, at+"/attiva", check.fill("code", code)).want(t, 303); a.to != at+"/fatto" {
		t.Errorf("the second submit leads to %s", a.to)
	}
	si.visit(t, at+"/fatto", nil).want(t, 200, "Comune di Pantelleria è in prova", `href="/c_g315"`, `href="/c_g315/console"`)
	for _, path := range []string{"", "/ente", "/referente", "/verifica"} {
		if a := si.visit(t, at+path, nil).want(t, 303); a.to != at+"/fatto" {
			t.Errorf("%s of a live entry leads to %s", path, a.to)
		}
	}
	si.visit(t, at+"/referente", whole).want(t, 409, "L’attivazione è già partita")
	si.visit(t, "/attivazione/mie", nil).want(t, 200, "Comune di Pantelleria", "Ente creato")

	stranger := newSite(t, st, st.newcomer(t, "Carla Bonomo", otherOne))
	for _, path := range []string{"", "/ente", "/referente", "/verifica", "/fatto"} {
		stranger.visit(t, at+path, nil).want(t, 404)
	}
	for _, path := range []string{"/ente", "/referente", "/codice", "/attiva"} {
		stranger.visit(t, at+path, url.Values{}).want(t, 404)
	}
	stranger.visit(t, "/attivazione/x/ente", nil).want(t, 404)
}

func TestALateEntryIsToldOnThePage(t *testing.T) {
	st := newStage(t)
	ada, carla := st.newcomer(t, "Ada Valenza", adaCode), st.newcomer(t, "Carla Bonomo", otherOne)
	first, late := st.filled(t, ada, pantelleria), st.filled(t, carla, pantelleria)
	_, err := st.goLive(t, ada, first.ID)
	failOn(t, err)
	si := newSite(t, st, carla)
	at := "/attivazione/" + late.ID.String()
	si.visit(t, at+"/codice", si.visit(t, at+"/verifica", nil).fill()).want(t, 409, "Comune di Pantelleria è già sulla piattaforma", "L’ente non è stato creato")
	si.visit(t, at+"/ente?q=pantelleria", nil).want(t, 200, "Già presente").lacks(t, `href="/c_g315"`) // nobody else sees it yet
	st.exec(t, `update onboarding.entries set state = 'activating' where id = $1`, late.ID)
	if a := si.visit(t, at+"/ente", nil).want(t, 303); a.to != at+"/verifica" {
		t.Errorf("a step of an entry that goes live leads to %s", a.to)
	}
	si.visit(t, at+"/verifica", nil).want(t, 200, "La creazione dell’ente si è interrotta", "Concludi")
}

// call asks the API and decodes what it answers.
func (si *site) call(t *testing.T, method, path, body string, headers ...string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(method, "/api/v1/platform"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if si.cookie != nil {
		r.AddCookie(si.cookie)
	}
	w := httptest.NewRecorder()
	si.api.ServeHTTP(w, r)
	var decoded map[string]any
	if w.Body.Len() > 0 {
		failOn(t, json.Unmarshal(w.Body.Bytes(), &decoded))
	}
	if strings.Contains(w.Body.String(), adaCode) || strings.Contains(w.Body.String(), livCode) {
		t.Errorf("%s %s shows a whole fiscal code", method, path)
	}
	return w.Code, decoded
}

func TestTheWizardThroughTheAPI(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.newcomer(t, "Ada Valenza", adaCode))
	want := func(status int, method, path, body string, headers ...string) map[string]any {
		t.Helper()
		got, answer := si.call(t, method, path, body, headers...)
		if got != status {
			t.Fatalf("%s %s answers %d, want %d: %v", method, path, got, status, answer)
		}
		return answer
	}
	if found := want(200, "GET", "/municipalities?q=pantelleria", "")["items"].([]any); len(found) != 1 {
		t.Errorf("found %v", found)
	}
	id := newID(t).String()
	for range 2 {
		if e := want(201, "POST", "/entries", "", "Idempotency-Key", id); e["id"] != id {
			t.Fatalf("entry %v, want %s", e["id"], id)
		}
	}
	at := "/entries/" + id
	want(422, "PUT", at+"/municipality", `{"municipality":"999999"}`, "If-Match", "0")
	want(409, "PUT", at+"/municipality", `{"municipality":"081014"}`, "If-Match", "x")
	want(200, "PUT", at+"/municipality", `{"municipality":"081014"}`, "If-Match", `"0"`)
	want(409, "PUT", at+"/municipality", `{"municipality":"081012"}`, "If-Match", "0")
	contactBody := `{"position":"Capo","email":"ada@comune.example","phone":"0923 695011","act_number":"DD 12","act_date":"2026-01-15","certified_mail":"` + contact().PEC + `"}`
	if e := want(200, "PUT", at+"/contact", contactBody, "If-Match", "0"); e["contact"].(map[string]any)["name"] != "Ada Valenza" {
		t.Errorf("the contact is %v", e["contact"])
	}
	want(409, "POST", at+"/activation", "{}", "If-Match", "any")
	read, _ := want(200, "GET", at, "")["mark"].(string)
	want(422, "POST", at+"/activation", "{}")
	want(422, "POST", at+"/activation", `{"code":"AAA-AAA-AAA"}`, "If-Match", read)
	want(200, "POST", at+"/codes", "", "If-Match", read)
	want(422, "POST", at+"/activation", `{"code":"AAA-AAA-AAA"}`, "If-Match", read)
	if e := want(200, "GET", at, ""); e["code"].(map[string]any)["tries_left"] != 4.0 {
		t.Errorf("the code is %v", e["code"])
	}
	code := `{"code":"` + st.delivered(t, contact().PEC) + `"}`
	for range 2 {
		if e := want(200, "POST", at+"/activation", code, "If-Match", `"`+read+`"`); e["state"] != "live" || e["slug"] != "c_g315" {
			t.Errorf("activated: %v", e)
		}
	}
	if items := want(200, "GET", "/entries", "")["items"].([]any); len(items) != 1 {
		t.Errorf("entries are %v", items)
	}
	stranger := newSite(t, st, st.newcomer(t, "Carla Bonomo", otherOne))
	if status, _ := stranger.call(t, "GET", at, ""); status != 404 {
		t.Errorf("a stranger gets %d", status)
	}
	if status, _ := newSite(t, st, tenants.Scope{}).call(t, "GET", at, ""); status != 401 {
		t.Errorf("a guest gets %d", status)
	}
}

func TestManifest(t *testing.T) {
	list := manifests()
	parts, err := onboarding.Module().New(modules.Deps{Platform: modules.Platform{Modules: list}})
	failOn(t, err)
	made := map[modules.ID]modules.Parts{onboarding.ID: parts}
	if err := modules.Verify(list, made); err != nil {
		t.Error(err)
	}
	_, findings, err := rest.Document(list, made)
	failOn(t, err)
	for _, finding := range findings {
		t.Error(finding)
	}
}
