package main

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/tenants"
)

// fieldError is the message at a field of a page, or "".
func fieldError(markup, field string) string {
	found := regexp.MustCompile(`(?s)id="` + regexp.QuoteMeta(field) + `-errore">(.*?)</p>`).FindStringSubmatch(markup)
	if found == nil {
		return ""
	}
	return strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(found[1], " "))), " ")
}

func newKey() string { return uuid.Must(uuid.NewV7()).String() }

// newPerson is the form of a person with some values instead of the usual ones.
func newPerson(values map[string]string) url.Values {
	form := url.Values{"id": {newKey()}, "version": {"0"}, "surname": {"Zichichi"}, "name": {"Peppina"}, "no_code_reason": {"unknown"}, "citizenship": {"italiana"}}
	for name, value := range values {
		form.Set(name, value)
	}
	return form
}

func TestWrongInputIsToldAtTheField(t *testing.T) {
	tr := travel(t)
	davide := tr.st.signIn(t, tr.st.castScope(t, pantelleria, "Errera"))
	note := url.Values{"id": {newKey()}, "tipo": {"nota"}, "testo": {"Annotazione: mandorlo"}, "visibilita": {"public"}, "azione": {"controlla"}}
	for name, c := range map[string]struct {
		path, field, says, kept string
		form                    url.Values
	}{
		"a broken fiscal code":     {"/c_g315/persone/nuova", "tax_code", "l’ultimo carattere non corrisponde", "Zichichi", newPerson(map[string]string{"tax_code": "LVRRSL51L49G315A", "no_code_reason": ""})},
		"a short fiscal code":      {"/c_g315/persone/nuova", "tax_code", "16 caratteri", "Peppina", newPerson(map[string]string{"tax_code": "LVRRSL", "no_code_reason": ""})},
		"a birth in the future":    {"/c_g315/persone/nuova", "birth_date", "nel futuro", "Zichichi", newPerson(map[string]string{"birth_date-giorno": "1", "birth_date-mese": "1", "birth_date-anno": "2190"})},
		"a day that is none":       {"/c_g315/persone/nuova", "birth_date", "data che esiste", "Peppina", newPerson(map[string]string{"birth_date-giorno": "31", "birth_date-mese": "febbraio", "birth_date-anno": "1980"})},
		"no surname":               {"/c_g315/persone/nuova", "surname", "Manca questo dato", "Peppina", newPerson(map[string]string{"surname": ""})},
		"a choice that is none":    {"/c_g315/persone/nuova", "sex", "Scegli una delle voci", "Zichichi", newPerson(map[string]string{"sex": "X"})},
		"a phone that is none":     {"/c_g315/persone/nuova", "mobile", "sole cifre", "Zichichi", newPerson(map[string]string{"mobile": "tre-tre-tre"})},
		"a name without end":       {"/c_g315/persone/nuova", "surname", "troppo lungo", "Peppina", newPerson(map[string]string{"surname": strings.Repeat("z", 3000)})},
		"a note of tomorrow":       {"/c_g315/cartelle/" + tr.caseFile + "/diario", "data", "non può essere nel futuro", "mandorlo", with(note, "data", time.Now().AddDate(0, 0, 3).Format(time.DateOnly))},
		"a note without day":       {"/c_g315/cartelle/" + tr.caseFile + "/diario", "data", "Indica il giorno", "mandorlo", with(note, "data", "domani")},
		"a contact without reason": {"/c_g315/sportello/nuovo", "request", "richiesta", "in_person", url.Values{"id": {newKey()}, "channel": {"in_person"}, "interlocutor": {"user"}, "reason": {"spontaneous"}}},
	} {
		t.Run(name, func(t *testing.T) {
			answer := davide.post(t, c.path, c.form)
			if answer.Status != http.StatusUnprocessableEntity {
				t.Fatalf("answers %d, want 422", answer.Status)
			}
			if message := fieldError(answer.Body, c.field); !strings.Contains(message, c.says) {
				t.Errorf("at %s stands %q, want %q", c.field, message, c.says)
			}
			if !strings.Contains(answer.Body, c.kept) || !strings.Contains(answer.Body, "riepilogo-errori") {
				t.Errorf("the page has lost %q or sums up no errors", c.kept)
			}
		})
	}
	tr.st.wantCleanLog(t, "Zichichi", "Peppina", "mandorlo", "tre-tre-tre")
}

// with is a form with another value.
func with(form url.Values, name, value string) url.Values {
	changed := url.Values{name: {value}}
	for other, values := range form {
		if other != name {
			changed[other] = values
		}
	}
	return changed
}

func TestNamesAreTextWhateverTheyHold(t *testing.T) {
	tr := travel(t)
	davide := tr.st.signIn(t, tr.st.castScope(t, pantelleria, "Errera"))
	surname, name := `<b onclick="x()">D'Ancona</b> & 𝒵😀`, `{{.}} <script>alert(1)</script>`
	answer := davide.post(t, "/c_g315/persone/nuova", newPerson(map[string]string{"surname": surname, "name": name}))
	if answer.Status != http.StatusSeeOther {
		t.Fatalf("answers %d: %s", answer.Status, fieldError(answer.Body, "surname"))
	}
	for _, path := range []string{answer.to(), "/c_g315/persone"} {
		shown := davide.get(t, path).Body
		if strings.Contains(shown, "<b onclick") || strings.Contains(shown, "<script>alert") {
			t.Errorf("%s holds the markup of the name", path)
		}
		if text := html.UnescapeString(shown); !strings.Contains(text, surname) || !strings.Contains(text, name) {
			t.Errorf("%s does not show the name as it was written", path)
		}
	}
	person := tr.davide.call(t, 200, "GET", "/c_g315/persons/"+answer.to()[strings.LastIndex(answer.to(), "/")+1:], nil)
	if person["surname"] != surname || person["name"] != name {
		t.Errorf("stored is %q, %q", person["surname"], person["name"])
	}
}

func TestASecondSubmitChangesNothing(t *testing.T) {
	tr := travel(t)
	davide := tr.st.signIn(t, tr.st.castScope(t, pantelleria, "Errera"))
	today := time.Now().Format(time.DateOnly)
	person := newPerson(map[string]string{"surname": "Doppio"})
	chosen := regexp.MustCompile(`name="percorso"[^>]*value="([^"]+)"`).FindStringSubmatch(davide.get(t, "/c_g315/cartelle/nuova?persona="+tr.person).Body)[1]
	for _, c := range []struct {
		path, count string
		form        url.Values
	}{
		{"/c_g315/persone/nuova", `select count(*) from registry.persons where surname = 'Doppio'`, person},
		{"/c_g315/persone/" + person.Get("id") + "/nucleo", `select count(*) from registry.households h join registry.members m on m.household_id = h.id
			join registry.persons p on p.id = m.person_id where p.surname = 'Doppio'`, url.Values{"id": {newKey()}, "kind": {"isee"}, "relation": {"head"}}},
		{"/c_g315/sportello/nuovo", `select count(*) from intake.contacts where request = 'Due volte'`, url.Values{
			"id": {newKey()}, "persona": {person.Get("id")}, "channel": {"phone"}, "interlocutor": {"user"}, "reason": {"sent"}, "request": {"Due volte"},
		}},
		{"/c_g315/cartelle", `select count(*) from casefile.reasons where body = 'Due volte'`, url.Values{
			"id": {newKey()}, "persona": {person.Get("id")}, "sintesi": {"Due volte"}, "area": {"adulti"}, "percorso": {chosen},
		}},
		{"/c_g315/cartelle/" + tr.caseFile + "/diario", `select count(*) from casefile.notes where body = 'Due volte'`, url.Values{
			"id": {newKey()}, "tipo": {"nota"}, "data": {today}, "testo": {"Due volte"}, "visibilita": {"public"}, "azione": {"controlla"}, "version": {"0"},
		}},
	} {
		first, second := davide.post(t, c.path, c.form), davide.post(t, c.path, c.form)
		if first.Status != http.StatusSeeOther || second.Status != http.StatusSeeOther || first.to() != second.to() {
			t.Errorf("%s leads to %d %s, then to %d %s: %s", c.path, first.Status, first.to(), second.Status, second.to(), regexp.MustCompile(`(?s)riepilogo-errori.*?</ul>`).FindString(first.Body))
		}
		if n := query[int](t, tr.st, c.count); n != 1 {
			t.Errorf("%s made %d objects", c.path, n)
		}
	}
}

func TestAnExpiredSessionKeepsWhatWasWritten(t *testing.T) {
	tr := travel(t)
	scope := tr.st.castScope(t, pantelleria, "Errera")
	davide := tr.st.signIn(t, scope)
	err := tr.st.deps.DB.Platform(t.Context(), func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update platform.sessions set idle_until = now() - interval '1 minute' where id = $1`, davide.session.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	words := "Scritto prima che la sessione scadesse: «lentisco» & <altro>"
	sent := davide.post(t, "/c_g315/cartelle/"+tr.caseFile+"/diario", url.Values{
		"id": {newKey()}, "tipo": {"nota"}, "data": {time.Now().Format(time.DateOnly)}, "testo": {words}, "visibilita": {"public"}, "azione": {"controlla"}, "version": {"0"},
	})
	to, err := url.Parse(sent.to())
	if err != nil || sent.Status != http.StatusSeeOther || !strings.HasPrefix(to.Path, "/c_g315/accedi") {
		t.Fatalf("answers %d to %q, want the page to sign in", sent.Status, sent.to())
	}
	kept := to.Query().Get("ritorno")
	if n := query[int](t, tr.st, `select count(*) from casefile.notes where body like '%lentisco%'`); n != 0 {
		t.Fatal("the note was written without a session")
	}
	again := tr.st.signIn(t, scope)
	page := again.get(t, kept)
	if page.Status != http.StatusOK || !strings.Contains(html.UnescapeString(page.Body), words) {
		t.Fatalf("%s answers %d and does not show what was written", kept, page.Status)
	}
	action, form := readForm(t, page.Body)
	if saved := again.post(t, action, form); saved.Status != http.StatusSeeOther || !strings.HasSuffix(saved.to(), "/firma") {
		t.Fatalf("sending it again answers %d to %q", saved.Status, saved.to())
	}
	if n := query[int](t, tr.st, `select count(*) from casefile.notes where body = $1 and signed_at is null`, words); n != 1 {
		t.Errorf("%d notes wait to be signed", n)
	}
	if other := tr.st.signIn(t, tr.st.castScope(t, pantelleria, "Valenza")).get(t, kept); other.Status != http.StatusNotFound {
		t.Errorf("somebody else reads the kept form: %d", other.Status)
	}
	tr.st.wantCleanLog(t, "lentisco")
}

// readForm takes the last form of a page: where it goes and what it carries.
func readForm(t *testing.T, markup string) (action string, form url.Values) {
	t.Helper()
	_, markup, _ = strings.Cut(markup, "<main")
	found := regexp.MustCompile(`(?s)<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>`).FindStringSubmatch(markup)
	if found == nil {
		t.Fatal("the page has no form")
	}
	form = url.Values{}
	for _, input := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(found[2], -1) {
		form.Add(html.UnescapeString(input[1]), html.UnescapeString(input[2]))
	}
	return html.UnescapeString(found[1]), form
}

func TestTooMuchIsRefusedInWords(t *testing.T) {
	tr := travel(t)
	davide := tr.st.signIn(t, tr.st.castScope(t, pantelleria, "Errera"))
	large := newPerson(map[string]string{"surname": strings.Repeat("x", 300<<10)})
	if answer := davide.post(t, "/c_g315/persone/nuova", large); answer.Status != http.StatusRequestEntityTooLarge || !strings.Contains(answer.Body, "troppo grande") {
		t.Errorf("a page answers %d to 300 KB", answer.Status)
	}
	body := `{"surname":"` + strings.Repeat("x", 2<<20) + `"}`
	answer := tr.davide.send(t, "POST", "/api/v1/c_g315/persons", strings.NewReader(body), "Content-Type", "application/json")
	if answer.Status != http.StatusRequestEntityTooLarge || !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/problem+json") {
		t.Errorf("an operation answers %d %s to 2 MB", answer.Status, answer.Header.Get("Content-Type"))
	}
	for name, wrong := range map[string]string{
		"broken": `{"surname":`, "a list": `[]`, "a number": `{"surname":5}`, "unknown": `{"cognome":"Rossi"}`, "nothing": ``, "null": `null`,
	} {
		answer := tr.davide.send(t, "POST", "/api/v1/c_g315/persons", strings.NewReader(wrong), "Content-Type", "application/json", "Accept-Language", "it")
		if answer.Status != 400 && answer.Status != 422 || !strings.Contains(answer.Body, `"detail"`) {
			t.Errorf("%s: answers %d %s", name, answer.Status, answer.Body)
		}
	}
}

// TestNothingSentMakesTheProgramFail sends nonsense to every route that takes something.
func TestNothingSentMakesTheProgramFail(t *testing.T) {
	tr := travel(t)
	ids := tr.idsOf(t)
	for _, c := range everyRoute(tr.st) {
		if c.method == http.MethodGet || strings.HasSuffix(c.pattern, "/esci") {
			continue
		}
		who := tr.st.actors(t, pantelleria) // anew: a session may post 120 times a minute only
		path := c.path(t, pantelleria, ids)
		for name, body := range nonsense(c, tr) {
			kind := "application/x-www-form-urlencoded"
			if c.api {
				kind = "application/json"
			}
			answer := who.of(c).send(t, c.method, path, strings.NewReader(body), "Content-Type", kind, "If-Match", `"1"`)
			if answer.Status >= http.StatusInternalServerError {
				t.Errorf("%s answers %d to %s", c, answer.Status, name)
			}
		}
	}
	for _, line := range failedStatus.FindAllString(tr.st.logged(t), -1) {
		t.Error(line)
	}
}

// nonsense is what no page of ours sends.
func nonsense(c called, tr *trip) map[string]string {
	if c.api {
		return map[string]string{
			"nothing": "", "an empty object": "{}", "a list": "[1]", "broken": `{"a":`, "deep": strings.Repeat(`{"a":`, 2000) + "1" + strings.Repeat("}", 2000),
			"other types": `{"id":[],"person_id":7,"name":{},"sections":"x","until":"mai","answers":[],"decisions":{},"version":"x"}`,
		}
	}
	form := c.form(tr)
	odd := url.Values{}
	for name := range form {
		odd[name] = []string{"\u2028💥'\"; drop table x; --", strings.Repeat("9", 400)}
	}
	return map[string]string{
		"nothing": "", "usual values": form.Encode(), "odd values": odd.Encode(), "a zero byte": "id=%00&name=%00&testo=%00",
		"no text": "name=%ff%fe&testo=%c3%28&id=%ff", "broken": "a=%zz&b=1", "no ids": "id=x&persona=x&kit=x&practice=x&version=99999999999999999999",
	}
}
