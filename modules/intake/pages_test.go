package intake_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"staffetta/modules/casefile"
	"staffetta/modules/intake"
	"staffetta/modules/moduletest"
	"staffetta/tenants"
)

// site is the real host over a stage, with one operator signed in.
type site struct {
	*stage
	host   *moduletest.Site
	cookie *http.Cookie
	name   string // of the operator
}

func newSite(t *testing.T, st *stage, s tenants.Scope) *site {
	t.Helper()
	st.SwitchOn(t, s.Tenant, "registry", "kit", casefile.ID, "intake")
	host := moduletest.NewSite(t, st.Database, st.deps, st.List)
	return &site{stage: st, host: host, cookie: host.SignIn(t, s), name: s.Name}
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
	if wrong := regexp.MustCompile(`«[^» ]*\.[^» ]*»|\b(intake|kit)\.[a-z]+[._][a-z_.]+|ZgotmplZ|<no value>`).FindString(a.main()); wrong != "" {
		t.Errorf("%s shows %q", path, wrong)
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

func TestDeskThroughThePages(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	si := newSite(t, st, s)
	person := st.person(t, s, "Bianco")
	si.visit(t, "/sportello", nil).want(t, 200, "Nessun accesso", "Registra un accesso")
	empty := si.visit(t, "/sportello/nuovo", nil).want(t, 200, "Di persona", "Non c’è: registra una persona nuova")
	usual := []string{"channel", "phone", "interlocutor", "user", "reason", "spontaneous"}
	write := func(a answer, pairs ...string) url.Values { return a.fill(append(usual, pairs...)...) }
	si.visit(t, "/sportello/nuovo", write(empty)).want(t, 422, "Scrivi la richiesta oppure indica")
	si.visit(t, "/sportello/nuovo", write(empty, "request", "<b>x</b>", "day", "2999-01-01", "time", "10:00")).want(t, 422, "nel futuro", "&lt;b&gt;x&lt;/b&gt;")
	si.visit(t, "/sportello/nuovo", write(empty, "request", "x", "day", "oggi")).want(t, 422, "un giorno e un’ora che esistono", `value="oggi"`)
	// the search keeps what was written
	si.visit(t, "/sportello/nuovo", write(empty, "request", "Aiuto in casa", "q", "zzz", "step", "search")).want(t, 200, "Nessuna persona trovata", "Aiuto in casa").lacks(t, "aria-invalid", "Controlla")
	found := si.visit(t, "/sportello/nuovo", write(empty, "request", "Aiuto in casa", "q", "bian", "step", "search"))
	found.want(t, 200, "Bianco Rosa", "Aiuto in casa", "Nessuna: accesso anonimo")
	form := write(found, "request", "Aiuto in casa", "persona", person.ID.String(), "needs", "safety", "outcome", "taking_in_charge")
	made := si.visit(t, "/sportello/nuovo", form).want(t, 303)
	if again := si.visit(t, "/sportello/nuovo", form); again.to != made.to {
		t.Errorf("the second submit leads to %q, the first to %q", again.to, made.to)
	}
	id := strings.TrimPrefix(made.to, "/sportello/")
	closed := si.visit(t, made.to, nil).want(t, 200, "Rosa Bianco", "Per telefono", "Aiuto in casa", "Sicurezza e protezione",
		"Apri la cartella", made.to+"/cartella", "Aggiungi un’integrazione")
	si.visit(t, made.to+"/integrazioni", closed.fill("text", " ")).want(t, 422, "Manca questo dato")
	si.visit(t, made.to+"/integrazioni", closed.fill("text", "Ha richiamato")).want(t, 303)
	si.visit(t, made.to+"/esito", closed.fill("outcome", "information")).want(t, 409, "già chiuso", "Ha richiamato")
	si.visit(t, "/sportello", nil).want(t, 200, "Bianco Rosa", "Chiuso", "1 accesso in questa pagina")
	contact, err := uuid.Parse(id)
	if err != nil {
		t.Fatal(err)
	}
	caseID := st.openCase(t, s, person.ID, contact)
	si.visit(t, made.to, nil).want(t, 200, "Vai alla cartella 2026/1", "/cartelle/"+caseID.String())
}

func TestAnonymousContactThroughThePages(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "access_desk")
	si := newSite(t, st, s)
	person := st.person(t, s, "Bianco")
	empty := si.visit(t, "/sportello/nuovo", nil).want(t, 200)
	made := si.visit(t, "/sportello/nuovo", empty.fill("channel", "in_person", "interlocutor", "user", "reason", "spontaneous", "request", "Orari")).want(t, 303)
	open := si.visit(t, made.to, nil).want(t, 200, "Anonimo", "Da vedere", "Segna come visto", "Di chi si tratta", "Chiudi con questo esito")
	si.visit(t, made.to+"/esito", open.fill("outcome", "taking_in_charge")).want(t, 422, "indica prima chi è la persona")
	si.visit(t, made.to+"/esito", open.fill("outcome", "signposting")).want(t, 422, "a quale ufficio o ente")
	si.visit(t, made.to+"?q=zzz", nil).want(t, 200, "Nessuna persona trovata")
	found := si.visit(t, made.to+"?q=bianco", nil).want(t, 200, "È questa persona")
	si.visit(t, made.to+"/persona", found.fill()).want(t, 422, "Scegli la persona")
	si.visit(t, made.to+"/persona", found.fill("persona", person.ID.String())).want(t, 303)
	si.visit(t, made.to+"/vista", open.fill()).want(t, 409, "cambiato nel frattempo")
	named := si.visit(t, made.to, nil).want(t, 200, "Rosa Bianco", "Apri la scheda")
	si.visit(t, made.to+"/vista", named.fill()).want(t, 303)
	si.visit(t, made.to, nil).want(t, 200, "Visto").lacks(t, "Vista", "Da vedere")
	for _, path := range []string{"/sportello/x", "/sportello/" + newID(t).String(), "/sportello/nuovo?persona=" + newID(t).String()} {
		si.visit(t, path, nil).want(t, 404)
	}
}

func TestFoundPersonsAreChosenNotGuessed(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	si := newSite(t, st, s)
	st.person(t, s, "Bianco")
	form := si.visit(t, "/sportello/nuovo", nil).want(t, 200)
	usual := []string{"channel", "phone", "interlocutor", "user", "reason", "spontaneous", "request", "Aiuto in casa", "q", "bian"}
	refused := si.visit(t, "/sportello/nuovo", form.fill(usual...)).want(t, 422, "Scegli la persona", "Aiuto in casa")
	si.visit(t, "/sportello/nuovo", refused.fill(append(usual, "persona", "anonimo")...)).want(t, 303)
	// with a mistake in the name the near ones are offered, and none is chosen
	near := si.visit(t, "/sportello/nuovo", refused.fill(append(usual, "q", "Bianko Rosa", "step", "search")...)).want(t, 200, "forse è una di queste", "Bianco Rosa", "Aiuto in casa")
	if strings.Contains(near.main(), "checked") {
		t.Errorf("somebody is chosen beforehand:\n%s", near.main())
	}
	open := st.create(t, s, intake.NewContact{Details: arrival(nil)})
	near = si.visit(t, "/sportello/"+open.ID.String()+"?q=Bianko+Rosa", nil).want(t, 200, "forse è una di queste", "Bianco Rosa", "È questa persona")
	if strings.Contains(near.main(), "checked") {
		t.Errorf("somebody is chosen beforehand:\n%s", near.main())
	}
}

// TestNothingIsChosenForTheDesk sees that how somebody came, who and why are asked, and never answered by the page itself.
func TestNothingIsChosenForTheDesk(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.as(t, "access_desk"))
	empty := si.visit(t, "/sportello/nuovo", nil).want(t, 200, `type="date" id="day"`, `value="`+today()+`"`, `<details class="foglio"><summary>`).lacks(t, "Registra e apri la cartella", `<option value="in_person" selected>`, `<option value="user" selected>`, `<option value="spontaneous" selected>`)
	si.visit(t, "/sportello/nuovo", empty.fill("channel", "", "interlocutor", "", "reason", "", "request", "Orari")).want(t, 422, `href="#channel"`, `href="#interlocutor"`, `href="#reason"`, "Orari")
	made := si.visit(t, "/sportello/nuovo", empty.fill("channel", "in_person", "interlocutor", "user", "reason", "spontaneous", "day", today(), "time", "", "request", "Orari")).want(t, 303)
	si.visit(t, made.to, nil).want(t, 200, "Anonimo", "Orari", "Di persona", "La persona stessa", "Di propria iniziativa")
	// what is written among the details is not hidden when the form comes back
	typed := si.visit(t, "/sportello/nuovo", nil).fill("channel", "in_person", "interlocutor", "user", "reason", "spontaneous", "day", today(), "flags", "accompanied")
	si.visit(t, "/sportello/nuovo", typed).want(t, 422, `<details class="foglio" open><summary>`, `value="accompanied" checked`)
	typed.Set("request", "Orari")
	si.visit(t, si.visit(t, "/sportello/nuovo", typed).want(t, 303).to, nil).want(t, 200, "La persona è accompagnata")
}

func today() string {
	rome, _ := time.LoadLocation("Europe/Rome")
	return time.Now().In(rome).Format(time.DateOnly)
}

func TestContactLeadsToItsCaseAtOnce(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	si := newSite(t, st, s)
	person := st.person(t, s, "Bianco")
	empty := si.visit(t, "/sportello/nuovo", nil).want(t, 200, "Registra e apri la cartella")
	usual := []string{"channel", "phone", "interlocutor", "user", "reason", "spontaneous", "request", "Aiuto in casa", "step", "case"}
	si.visit(t, "/sportello/nuovo", empty.fill(usual...)).want(t, 422, `href="#q"`, "Per aprire la cartella cerca la persona", "Aiuto in casa")
	named := slices.Concat(usual, []string{"persona", person.ID.String()})
	si.visit(t, "/sportello/nuovo", empty.fill(append(named, "outcome", "information")...)).want(t, 422, `href="#outcome"`, "La cartella si apre con l’esito")
	made := si.visit(t, "/sportello/nuovo", empty.fill(append(named, "target", "elderly", "outcome", "taking_in_charge", "signposting", "Patronato")...)).want(t, 303)
	contact := strings.TrimSuffix(strings.TrimPrefix(made.to, "/sportello/"), "/cartella")
	if made.to != "/sportello/"+contact+"/cartella" {
		t.Fatalf("the contact leads to %s", made.to)
	}
	// until the case is there nothing is closed, whatever becomes of the form
	opening := si.visit(t, made.to, nil).want(t, 200, "Rosa Bianco", `maxlength="2000">Aiuto in casa</textarea>`, `value="anziani" checked`, `href="/pantelleria/sportello/`+contact+`"`)
	open := si.visit(t, "/sportello/"+contact, nil).want(t, 200, "Da vedere", "Apri la cartella", made.to, "Chiudi con questo esito", `value="Patronato"`).lacks(t, "Proposta di presa in carico</dd>")
	si.visit(t, "/cartelle", opening.fill("area", "x")).want(t, 422, `href="/pantelleria/sportello/`+contact+`"`)
	file := si.visit(t, "/cartelle", opening.fill("area", "anziani", "sintesi", "Aiuto in casa")).want(t, 303).to
	si.visit(t, "/sportello/"+contact, nil).want(t, 200, "Chiuso", "Proposta di presa in carico", "Patronato", "· "+s.Name, "Vai alla cartella 2", file)
	st.wantClosing(t, s, contact, file)
	si.visit(t, "/sportello/"+contact+"/esito", open.fill("outcome", "information")).want(t, 409, "già chiuso")
	if again := si.visit(t, made.to, nil).want(t, 303); again.to != file {
		t.Errorf("the contact that has a case leads to %s, want %s", again.to, file)
	}
	// from the person to the contacts
	si.visit(t, "/persone/"+person.ID.String(), nil).want(t, 200, "/sportello?persona="+person.ID.String())
	si.visit(t, "/sportello?persona="+person.ID.String(), nil).want(t, 200, "Accessi di Rosa Bianco", "/sportello/"+contact, "Chiuso").lacks(t, "Di oggi e aperti")
	none := st.person(t, s, "Neri")
	si.visit(t, "/sportello?persona="+none.ID.String(), nil).want(t, 200, "non è ancora passata").lacks(t, "/sportello/"+contact)
	si.visit(t, "/sportello?persona="+newID(t).String(), nil).want(t, 404)
	// who may open no case is not led there
	desk := newSite(t, st, st.as(t, "access_desk"))
	desk.visit(t, "/sportello/"+contact, nil).want(t, 200, "Proposta di presa in carico").lacks(t, "cartella 2", "/cartelle/")
	desk.visit(t, made.to, nil).want(t, 404)
	other := desk.visit(t, "/sportello/nuovo", nil).want(t, 200)
	to := desk.visit(t, "/sportello/nuovo", other.fill(named...)).want(t, 303).to
	if !strings.HasPrefix(to, "/sportello/") {
		t.Errorf("the access desk is led to %s", to)
	}
	desk.visit(t, to, nil).want(t, 200, "Da vedere").lacks(t, "Apri la cartella")
}

// wantClosing sees that the audit tells of a contact that its case closed it, and by whom.
func (st *stage) wantClosing(t *testing.T, s tenants.Scope, contact, file string) {
	t.Helper()
	var got string
	must(t, st.Owner.QueryRow(t.Context(), `select coalesce(string_agg(concat_ws(' ', e.actor_name, e.account_id, '/cartelle/' || e.case_id, e.sections, e.relation,
			c.closed_name = e.actor_name, e.payload_hash = sha256(convert_to(e.payload::text, 'UTF8')), e.txid = o.txid), '; '), '')
		from audit.events e join intake.contacts c on c.id = e.object_id join audit.events o on o.object_id = e.case_id and o.action = 'case.create'
		where e.tenant_id = $1 and e.action = 'contact.close' and e.object_id = $2`, st.body.ID, contact).Scan(&got))
	if want := s.Name + " " + s.Account.String() + " " + file + " {intake} body t t t"; got != want {
		t.Errorf("the audit says %q, want %q", got, want)
	}
}

// TestOnlySomeContactsBeginACase visits the form of a new case from contacts that lead to none.
func TestOnlySomeContactsBeginACase(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	si := newSite(t, st, s)
	person := st.person(t, s, "Bianco")
	known := arrival(func(d *intake.Details) { d.Person = person.ID })
	anonymous := st.create(t, s, intake.NewContact{Details: arrival(nil)})
	informed := st.create(t, s, intake.NewContact{Details: known, Closing: intake.Closing{Outcome: "information"}})
	for _, c := range []uuid.UUID{anonymous.ID, informed.ID, newID(t)} {
		si.visit(t, "/sportello/"+c.String()+"/cartella", nil).want(t, 404)
	}
	known.Request = strings.Repeat("è ", 1900)
	long := st.create(t, s, intake.NewContact{Details: known, Closing: intake.Closing{Outcome: "taking_in_charge"}})
	page := si.visit(t, "/sportello/"+long.ID.String()+"/cartella", nil).want(t, 200)
	_, rest, _ := strings.Cut(page.body, `name="sintesi"`)
	_, rest, _ = strings.Cut(rest, ">")
	text, _, _ := strings.Cut(rest, "</textarea>")
	if n := utf8.RuneCountInString(text); n != 2000 || !strings.HasSuffix(text, "…") {
		t.Errorf("of a long request the form takes %d characters: …%s", n, text[max(0, len(text)-20):])
	}
}
