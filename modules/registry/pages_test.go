package registry_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

// site is the real host over a stage, with one operator signed in.
type site struct {
	*stage
	host   *moduletest.Site
	cookie *http.Cookie
}

func newSite(t *testing.T, st *stage, s tenants.Scope) *site {
	t.Helper()
	st.SwitchOn(t, s.Tenant, "registry")
	host := moduletest.NewSite(t, st.Database, st.deps, st.List)
	return &site{stage: st, host: host, cookie: host.SignIn(t, s)}
}

// answer is what a page gave.
type answer struct {
	status int
	to     string // of a redirect
	body   string
}

func (si *site) visit(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/pantelleria"+path, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, "/pantelleria"+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.AddCookie(si.cookie)
	w := httptest.NewRecorder()
	si.host.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{w.Code, strings.TrimPrefix(w.Header().Get("Location"), "/pantelleria"), string(body)}
	if strings.Contains(a.body, "«") || strings.Contains(a.body, "registry.field") {
		t.Errorf("%s shows a message that is not in the catalogue: %s", path, regexp.MustCompile(`(«[^»]*»|registry\.field[a-z._]*)`).FindString(a.body))
	}
	return a
}

// main is the content of the page without what is around it.
func (a answer) main() string {
	_, rest, _ := strings.Cut(a.body, "<main")
	content, _, _ := strings.Cut(rest, "</main>")
	return content
}

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

var hiddenValue = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// fill takes the hidden values of the page and adds what a person writes.
func (a answer) fill(pairs ...string) url.Values {
	form := url.Values{}
	for _, m := range hiddenValue.FindAllStringSubmatch(a.body, -1) {
		form.Set(m[1], strings.NewReplacer("&#43;", "+", "&#39;", "'", "&#34;", `"`, "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(m[2]))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func TestRegisterThroughThePages(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.as(t, "social_worker"))
	empty := si.visit(t, "/persone/nuova", nil).want(t, 200, "Registra una persona", `name="tax_code"`)
	if strings.Contains(empty.main(), "<details class=\"foglio\" open>") {
		t.Error("the fields for a missing code show before they are needed")
	}
	si.visit(t, "/persone/nuova", empty.fill("surname", "Bianco", "name", "Rosa")).want(t, 422, "scegli più sotto perché manca", `<details class="foglio" open>`)
	refused := si.visit(t, "/persone/nuova", empty.fill("tax_code", "BNCRSA", "surname", "<b>Bianco</b>", "birth_date-giorno", "31", "birth_date-mese", "2", "birth_date-anno", "1985"))
	if strings.Contains(refused.main(), `<details class="foglio" open>`) {
		t.Error("a code with a mistake opens the fields for a missing one")
	}
	refused.want(t, 422, "Errore:", "16 caratteri, quello provvisorio 11 cifre", "Scrivi una data che esiste", `value="&lt;b&gt;Bianco&lt;/b&gt;"`, `value="31"`)
	doubt := si.visit(t, "/persone/nuova", empty.fill("tax_code", rosaCode, "surname", "Verdi", "name", "Rosa"))
	doubt.want(t, 200, "Alcuni dati non corrispondono", "corrisponde a un altro cognome")
	// the same again goes on, and a third submit shows the same person
	form := doubt.fill("tax_code", rosaCode, "surname", "Verdi", "name", "Rosa")
	first := si.visit(t, "/persone/nuova", form).want(t, 303)
	if again := si.visit(t, "/persone/nuova", form).want(t, 303); again.to != first.to {
		t.Errorf("the second submit leads to %s, the first to %s", again.to, first.to)
	}
	si.visit(t, first.to, nil).want(t, 200, "Rosa Verdi", rosaCode, "03/04/1985", "Pantelleria (G315)", "Nessuna variazione")
	si.visit(t, "/persone?q=verdi", nil).want(t, 200, "Verdi Rosa", "1 persona in questa pagina")
	si.visit(t, "/persone?q=zzz", nil).want(t, 200, "Nessuna persona trovata", "Azzera la ricerca")
	si.visit(t, "/persone?q=3%2F4%2F1985", nil).want(t, 200, "Verdi Rosa")
	si.visit(t, "/persone?q=verdi+1986", nil).want(t, 200, "Nessuna persona trovata")
}

func TestDuplicatesThroughThePages(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	si := newSite(t, st, s)
	known := st.create(t, s, rosa())
	empty := si.visit(t, "/persone/nuova?poi=cartella", nil).want(t, 200)
	warned := si.visit(t, "/persone/nuova", empty.fill("tax_code", rosaCode, "surname", "Bianco", "name", "Rosa", "mobile", "+39 333 1234567"))
	near := si.visit(t, "/persone/nuova", empty.fill("no_code_reason", "unknown", "surname", "Bainco", "name", "Rosa", "birth_date-giorno", "3", "birth_date-mese", "4", "birth_date-anno", "1985"))
	near.want(t, 200, "Stessa data di nascita", "Cognome quasi uguale", "/cartelle/nuova?persona="+known.ID.String(), "registra comunque")
	warned.want(t, 200, "Forse questa persona è già registrata", "Stesso codice fiscale", "/cartelle/nuova?persona="+known.ID.String(), "registra comunque")
	si.visit(t, "/persone/nuova", warned.fill("step", "back")).want(t, 200, `value="&#43;39 333 1234567"`, `value="`+rosaCode+`"`)
	done := si.visit(t, "/persone/nuova", warned.fill("step", "another")).want(t, 303)
	if !strings.HasPrefix(done.to, "/cartelle/nuova?persona=") || strings.Contains(done.to, known.ID.String()) {
		t.Errorf("the new person leads to %s", done.to)
	}
	found, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: rosaCode})
	if err != nil || len(found.Persons) != 2 {
		t.Errorf("%d persons with the code, %v", len(found.Persons), err)
	}
}

func TestChangeThroughThePages(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	si := newSite(t, st, s)
	person := st.create(t, s, rosa())
	at := "/persone/" + person.ID.String()
	mine := si.visit(t, at+"/modifica", nil).want(t, 200, "Modifica i dati di Rosa Bianco", `value="Bianco"`)
	write := func(a answer, citizenship string) url.Values {
		return a.fill("tax_code", rosaCode, "surname", "Bianco", "name", "Rosa", "citizenship", citizenship, "sex", "F",
			"birth_date-giorno", "3", "birth_date-mese", "4", "birth_date-anno", "1985", "birthplace", "Pantelleria")
	}
	si.visit(t, at+"/modifica", write(mine, "italiana")).want(t, 303)
	conflict := si.visit(t, at+"/modifica", write(mine, "maltese")).want(t, 409, "Un’altra persona ha modificato questi dati", "Ora è salvato: italiana", `value="maltese"`)
	si.visit(t, at+"/modifica", write(conflict, "maltese")).want(t, 303)
	si.visit(t, at, nil).want(t, 200, "Cittadinanza", "italiana", "maltese", s.Name)
	si.visit(t, at+"/modifica", write(mine, "\u202e")).want(t, 422, "caratteri che non si possono conservare")

	contacts := si.visit(t, at+"/recapiti", nil).want(t, 200)
	si.visit(t, at+"/recapiti", contacts.fill("phone", "abc")).want(t, 422, "Scrivi il numero")
	si.visit(t, at+"/recapiti", contacts.fill("phone", "0923 111111")).want(t, 303)
	late := contacts.fill("phone", "0923 222222")
	late.Set("id", newID(t).String())
	si.visit(t, at+"/recapiti", late).want(t, 409, "Ora è salvato: 0923 111111", `value="0923 222222"`)
}

func TestHouseholdThroughThePages(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	si := newSite(t, st, s)
	mother := st.create(t, s, rosa())
	child := st.create(t, s, registry.Details{NoCodeReason: "newborn", Surname: "Bianco", Name: "Luca", BirthDate: "2026-01-02"})
	at := "/persone/" + mother.ID.String() + "/nucleo"
	empty := si.visit(t, at, nil).want(t, 200, "Crea un nucleo")
	si.visit(t, at, empty.fill("kind", "registry")).want(t, 422, "Manca questo dato")
	si.visit(t, at, empty.fill("kind", "registry", "relation", "head")).want(t, 303)
	one := si.visit(t, at, nil).want(t, 200, "Nucleo anagrafico", "Intestatario", "Cerca la persona da aggiungere")
	household := regexp.MustCompile(`name="nucleo" value="([^"]+)"`).FindStringSubmatch(one.body)[1]
	si.visit(t, at+"?nucleo="+household+"&q=nessuno", nil).want(t, 200, "Nessuna persona trovata")
	found := si.visit(t, at+"?nucleo="+household+"&q=luca", nil).want(t, 200, "Bianco Luca", "Chi aggiungere")
	add := at + "/" + household + "/componenti"
	form := found.fill("relation", "child")
	si.visit(t, add, form).want(t, 422, "Scegli la persona da aggiungere", "Bianco Luca")
	form.Set("persona", child.ID.String())
	si.visit(t, add, form).want(t, 303)
	both := si.visit(t, at, nil).want(t, 200, "Figlio o figlia")
	if strings.Contains(both.main(), ">Al<") {
		t.Error("nobody left, and there is a column for it")
	}
	ends := regexp.MustCompile(`/persone/[0-9a-f-]+/nucleo/componenti/[0-9a-f-]+/fine`).FindAllString(both.body, -1)
	if len(ends) != 2 {
		t.Fatalf("%d members can be ended", len(ends))
	}
	confirm := si.visit(t, ends[1], nil).want(t, 200, "Luca Bianco non fa più parte")
	si.visit(t, ends[1], confirm.fill()).want(t, 422, "Manca questo dato")
	si.visit(t, ends[1], confirm.fill("to-giorno", "1", "to-mese", "1", "to-anno", "2999")).want(t, 422, "nel futuro")
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	day := time.Now().In(rome)
	si.visit(t, ends[1], confirm.fill("to-giorno", strconv.Itoa(day.Day()), "to-mese", strconv.Itoa(int(day.Month())), "to-anno", strconv.Itoa(day.Year()))).want(t, 303)
	si.visit(t, at, nil).want(t, 200, "Luca Bianco", ">Al<")
	if page := si.visit(t, "/persone/"+mother.ID.String(), nil).want(t, 200, "Rosa Bianco"); strings.Contains(page.main(), "Luca Bianco") {
		t.Error("the person's page shows who left the household")
	}
}

func TestPagesOfWhoMayNot(t *testing.T) {
	st := newStage(t)
	person := st.create(t, st.as(t, "social_worker"), rosa())
	si := newSite(t, st, st.as(t, "access_desk"))
	at := "/persone/" + person.ID.String()
	if page := si.visit(t, at, nil).want(t, 200, "Rosa Bianco", "Recapiti"); strings.Contains(page.body, "Nucleo familiare") {
		t.Error("the access desk is shown a household")
	}
	for _, path := range []string{at + "/nucleo", "/persone/" + newID(t).String(), "/persone/x", "/persone/" + newID(t).String() + "/modifica", at + "/nucleo/componenti/x/fine"} {
		si.visit(t, path, nil).want(t, 404)
	}
}

func TestThePageOfAPersonOffersWhatTheActorMayDo(t *testing.T) {
	st := newStage(t)
	ctx, officer := t.Context(), st.as(t, "admin_officer")
	at := "/persone/" + st.create(t, st.as(t, "social_worker"), rosa()).ID.String()
	si, id := newSite(t, st, officer), strings.TrimPrefix(at, "/persone/")
	links := map[string]string{
		"contact:write": "/sportello/nuovo?persona=" + id, "case:create": "/cartelle/nuova?persona=" + id, "case:read": "/cartelle?persona=" + id,
	}
	offered := map[string]bool{}
	check := func() {
		t.Helper()
		page := si.visit(t, at, nil).want(t, 200, "Rosa Bianco", at+"/modifica")
		for permission, link := range links {
			if strings.Contains(page.body, `href="/pantelleria`+link+`"`) != offered[permission] {
				t.Errorf("who may %v is offered %s: %v", offered, link, !offered[permission])
			}
		}
	}
	check()
	for permission := range links {
		object, action, _ := strings.Cut(permission, ":")
		_, err := st.Owner.Exec(ctx, `insert into platform.policy_rules (tenant_id, role, relation, object, action, effect)
			values ($1, 'admin_officer', 'body', $2, $3, 'allow')`, st.body.ID, object, action)
		if err != nil {
			t.Fatal(err)
		}
		if err := st.deps.Policies.Reload(ctx); err != nil {
			t.Fatal(err)
		}
		offered[permission] = true
		check()
	}
}

func TestManifest(t *testing.T) {
	m := registry.Module()
	files(t, m.Migrations, "*.sql")
	parts, err := m.New(modules.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if err := modules.Verify([]modules.Module{m}, map[modules.ID]modules.Parts{m.ID: parts}); err != nil {
		t.Error(err)
	}
}

// A fiscal code that was searched in vain is there in the form of a new person; it is carried by POST.
func TestASearchedCodeGoesAlongToTheRegistration(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.as(t, "access_desk"))
	found := si.visit(t, "/persone?q="+strings.ToLower(rosaCode), nil).want(t, 200, `<input type="hidden" name="tax_code" value="`+rosaCode+`">`, `name="step" value="begin"`)
	if strings.Contains(found.main(), "/persone/nuova?") || strings.Contains(found.main(), `href="/pantelleria/persone/nuova"`) {
		t.Errorf("the way to the form loses the code, or shows it in an address:\n%s", found.main())
	}
	form := si.visit(t, "/persone/nuova", found.fill("step", "begin")).want(t, 200, "Registra una persona", `value="`+rosaCode+`"`)
	if strings.Contains(form.main(), "Manca questo dato") {
		t.Error("the form begins with faults")
	}
	si.visit(t, "/persone?q=rossi", nil).want(t, 200, `href="/pantelleria/persone/nuova"`)
}
