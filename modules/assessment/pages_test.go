package assessment_test

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/tenants"
)

// site is the real host over a stage, with one operator signed in.
type site struct {
	*stage
	host   *moduletest.Site
	slug   string
	cookie *http.Cookie
}

func newSite(t *testing.T, st *stage, s tenants.Scope) *site {
	t.Helper()
	st.SwitchOn(t, s.Tenant, "registry", "kit", casefile.ID, assessment.ID)
	host := moduletest.NewSite(t, st.Database, st.deps, st.List)
	return &site{stage: st, host: host, slug: "/" + s.Slug, cookie: host.SignIn(t, s)}
}

// answer is what a page gave.
type answer struct {
	status int
	to     string // of a redirect
	body   string
}

// visit gets a page, or posts a form; ref stands for the case.
func (si *site) visit(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, si.slug+path, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, si.slug+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.AddCookie(si.cookie)
	w := httptest.NewRecorder()
	si.host.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Body)
	must(t, err)
	a := answer{w.Code, strings.TrimPrefix(w.Header().Get("Location"), si.slug), html.UnescapeString(string(body))}
	if wrong := regexp.MustCompile(`«[^»]*\.[^»]*»|\bassessment\.[a-z]+[._][a-z_.]+|ZgotmplZ|<no value>`).FindString(a.main()); wrong != "" {
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

func (a answer) lacks(t *testing.T, texts ...string) answer {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("the page shows %q:\n%s", text, a.main())
		}
	}
	return a
}

var hiddenValue = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// fill takes the hidden values of the page and adds answers and what else a person chooses.
func (a answer) fill(answers kit.Answers, pairs ...string) url.Values {
	form := url.Values{"data": {"2026-03-02"}}
	for _, m := range hiddenValue.FindAllStringSubmatch(a.main(), -1) {
		form.Set(m[1], m[2])
	}
	for key, value := range answers {
		form.Set("a."+key, value.(string))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func TestFillInWithoutScript(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.worker)
	at := "/cartelle/" + st.ref + "/valutazioni"
	si.visit(t, at, nil).want(t, 200, "Nessuna valutazione", `<option value="AS-01">Indice di Barthel (Shah)</option>`)
	empty := si.visit(t, at+"/nuova?strumento=AS-01", nil).want(t, 200, "Indice di Barthel (Shah)", `name="a.walking" type="radio" value="15"`, "Aggiorna le domande",
		`data-draft-url="/pantelleria`+at+`/bozza"`, `value="`+time.Now().UTC().Format("2006-")).lacks(t, "a.wheelchair")
	si.visit(t, at+"/nuova?strumento=AS-99", nil).want(t, 404)
	// without a choice the form is not found missing: the choice is shown again, with what is wrong at the field
	for _, path := range []string{"/nuova", "/nuova?strumento=", "/nuova?strumento=+"} {
		back := si.visit(t, at+path, nil).want(t, 303)
		si.visit(t, back.to, nil).want(t, 422, "<title>Errore:", `href="#strumento"`, "Scegli lo strumento da compilare")
	}
	si.visit(t, at, nil).lacks(t, "Scegli lo strumento da compilare", "Errore:")

	// the grave button stands first, and the Enter key keeps the draft
	if at := strings.Index(empty.main(), `value="bozza" hidden`); at < 0 || at > strings.Index(empty.main(), `value="controlla"`) ||
		strings.Index(empty.main(), `value="controlla"`) > strings.LastIndex(empty.main(), `value="bozza"`) {
		t.Errorf("the buttons stand in another order:\n%s", empty.main())
	}

	// the question that depends on another appears after a round trip, and nothing is stored
	walks := except(best(), "walking", "0")
	empty.want(t, 200, `data-hx-trigger="change target:[name='a.walking']"`, "<noscript><p>Alcune domande dipendono dalle risposte")
	asked := si.visit(t, at, empty.fill(walks, "azione", "aggiorna")).want(t, 200, `name="a.wheelchair" type="radio"`, "Manca una risposta",
		`name="a.walking" type="radio" value="0" checked`)
	wantCount(t, st, 0)
	refused := si.visit(t, at, asked.fill(walks, "azione", "controlla", "data", "2026-02-31"))
	refused.want(t, 422, "Errore:", `href="#data"`, "Scrivi il giorno della valutazione", `name="a.stairs" type="radio" value="10" checked`, `value="2026-02-31"`)
	wantCount(t, st, 0)
	kept := si.visit(t, at, refused.fill(walks, "azione", "controlla")).want(t, 303)
	lacking := si.visit(t, kept.to, nil).want(t, 422, "Errore:", `href="#a-wheelchair-1"`, "Rispondi a questa domanda", `name="a.stairs" type="radio" value="10" checked`, `value="2026-03-02"`)

	draft := strings.TrimSuffix(kept.to, "/conferma")
	full := si.visit(t, draft, lacking.fill(walks, "a.wheelchair", "4", "azione", "controlla")).want(t, 303)
	review := si.visit(t, full.to, nil).want(t, 200, "<h1>Controlla e conferma</h1>", "89 (da 0 a 100)", "Dipendenza moderata (da 61 a 90)", "Si sposta a lungo, con poco aiuto",
		"non si potranno più modificare", `href="/pantelleria`+draft+`">Torna a modificare`, "02/03/2026")
	if n := strings.Count(review.main(), "btn-primary"); n != 1 {
		t.Errorf("the review has %d primary buttons", n)
	}
	done := si.visit(t, full.to, review.fill(nil)).want(t, 303)
	if again := si.visit(t, full.to, review.fill(nil)).want(t, 303); again.to != done.to || done.to != draft {
		t.Errorf("the second submit leads to %s, the first to %s", again.to, done.to)
	}
	if late := si.visit(t, full.to, nil).want(t, 303); late.to != draft {
		t.Errorf("the review of a confirmed assessment leads to %s", late.to)
	}
	wantCount(t, st, 1)
	si.visit(t, done.to, nil).want(t, 200, "Confermata", "89 (da 0 a 100)", "Dipendenza moderata (da 61 a 90)", "AS-01, versione 1",
		"secondo la regola", st.worker.Name, "Totale", "Com'è stata fatta", "Come si sposta", "Si sposta con assistenza", "codice 2").lacks(t, "sina.", "<form method=\"post\" action=\"/pantelleria"+at)
	si.visit(t, at, nil).want(t, 200, "89 su 100", "Dipendenza moderata", "02/03/2026").lacks(t, "<svg viewBox=\"0 0 640 200\"")
}

func TestDraftIsKeptAndGoesOn(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.worker)
	at := "/cartelle/" + st.ref + "/valutazioni"
	form := si.visit(t, at+"/nuova?strumento=AS-01", nil).fill(kit.Answers{"hygiene": "4"})
	si.visit(t, at+"/bozza", form).want(t, 200, `{"version":1}`)
	form.Set("version", "1")
	form.Set("a.bathing", "3")
	si.visit(t, at+"/bozza", form).want(t, 200, `{"version":2}`)
	saved := si.visit(t, at, withAction(form, "bozza", "2")).want(t, 303)
	page := si.visit(t, saved.to, nil).want(t, 200, `name="a.hygiene" type="radio" value="4" checked`, `name="version" value="3"`, "Salva la bozza")
	si.visit(t, saved.to, page.fill(kit.Answers{"hygiene": "4", "bathing": "3", "stairs": "10"}, "azione", "bozza")).want(t, 303)
	// the page that still knows version 3 shows both texts and overwrites nothing
	both := si.visit(t, saved.to, page.fill(kit.Answers{"hygiene": "0"}, "azione", "bozza"))
	both.want(t, 409, "La bozza è cambiata altrove", "Risposte diverse", `name="a.hygiene" type="radio" value="0" checked`, `name="version" value="4"`)
	si.visit(t, at+"/bozza", page.fill(kit.Answers{"hygiene": "0"})).want(t, 409)
	full := si.visit(t, saved.to, both.fill(best(), "azione", "controlla")).want(t, 303)
	review := si.visit(t, full.to, nil).want(t, 200, "100 (da 0 a 100)")
	// what nobody was shown is not confirmed
	for _, version := range []string{"", "0", "x", "4", "99"} {
		si.visit(t, full.to, url.Values{"version": {version}}).want(t, 409, "La bozza è cambiata nel frattempo", `name="version" value="5"`)
	}
	si.visit(t, full.to, url.Values{}).want(t, 409, "Controlla e conferma", `name="version" value="5"`)
	si.visit(t, saved.to, nil).want(t, 200, "Salva la bozza")
	// what the review shows is what is confirmed: a draft that changed since is shown again
	si.visit(t, saved.to, withAction(both.fill(except(best(), "stairs", "0")), "bozza", "5")).want(t, 303)
	changed := si.visit(t, full.to, review.fill(nil)).want(t, 409, "La bozza è cambiata nel frattempo", "90 (da 0 a 100)", `name="version" value="6"`)
	si.visit(t, full.to, changed.fill(nil)).want(t, 303)
	si.visit(t, saved.to, nil).want(t, 200, "90 (da 0 a 100)", "Confermata")
	si.visit(t, saved.to, both.fill(kit.Answers{"hygiene": "0"}, "azione", "controlla")).want(t, 409)
	late := si.visit(t, saved.to, both.fill(except(best(), "hygiene", "0"), "azione", "controlla", "version", "7"))
	late.want(t, 409, "già confermata", "Vedi la valutazione confermata")
}

// A draft is confirmed by its author alone, on a page as behind it.
func TestReviewIsItsAuthors(t *testing.T) {
	st := newStage(t)
	draft, err := st.service.SaveDraft(t.Context(), st.worker, st.ref, barthel(t, best()))
	must(t, err)
	at := "/cartelle/" + st.ref + "/valutazioni/" + draft.ID.String()
	colleague := newSite(t, st, st.as(t, "coordinator"))
	if seen := colleague.visit(t, at+"/conferma", nil).want(t, 303); seen.to != at {
		t.Errorf("the review leads a colleague to %s", seen.to)
	}
	colleague.visit(t, at+"/conferma", url.Values{"version": {"1"}}).want(t, 403)
	si := newSite(t, st, st.worker)
	si.visit(t, "/cartelle/"+st.ref+"/valutazioni/"+newID(t).String()+"/conferma", nil).want(t, 404)
	si.visit(t, "/cartelle/"+st.ref+"/valutazioni/x/conferma", url.Values{}).want(t, 404)
	si.visit(t, at, nil).want(t, 200, "Controlla e conferma")
}

func withAction(form url.Values, action, version string) url.Values {
	form.Set("azione", action)
	form.Set("version", version)
	return form
}

func TestTrendAndComparisonOnThePages(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.worker)
	at := "/cartelle/" + st.ref + "/valutazioni"
	first, second := barthel(t, except(best(), "stairs", "0")), barthel(t, best())
	second.DoneOn = day(2026, time.April, 2)
	before, after := st.finalise(t, first), st.finalise(t, second)
	si.visit(t, at, nil).want(t, 200, "Andamento", `points="56.0,41.2 616.0,28.0"`, "dal punteggio 90 al punteggio 100", "+10",
		at+"/confronto?prima="+before.ID.String()+"&dopo="+after.ID.String())
	si.visit(t, at+"/confronto?prima="+before.ID.String()+"&dopo="+after.ID.String(), nil).want(t, 200, "Confronto", "90 su 100", "100 su 100", "+10")
	si.visit(t, at+"/confronto?prima="+before.ID.String()+"&dopo="+before.ID.String(), nil).want(t, 422, "due valutazioni diverse")
	si.visit(t, at+"/confronto?prima=x", nil).want(t, 404)
	si.visit(t, at+"/"+newID(t).String(), nil).want(t, 404)
	si.visit(t, at+"/x", nil).want(t, 404)
}

func TestGuestOnThePages(t *testing.T) {
	st := newStage(t)
	final := st.finalise(t, barthel(t, best()))
	other := st.Body(t, "mazara")
	st.share(t, other, "assessment")
	owner := st.Operator(t, other, "practice_owner")
	st.publish(t, owner, "AS-01") // an instrument of its own with words of its own, for its own cases
	st.renewAs(t, owner, func(content map[string]any) {
		content["intro"] = map[string]any{"it": "Barthel di Mazara"}
		bathing := content["sections"].([]any)[0].(map[string]any)["items"].([]any)[1].(map[string]any)
		bathing["label"] = map[string]any{"it": "Farsi il bagno"}
	})
	si := newSite(t, st, st.Operator(t, other, "coordinator"))
	at := "/cartelle/pantelleria~" + st.ref + "/valutazioni"
	si.visit(t, at, nil).want(t, 200, "100 su 100").lacks(t, "Nuova valutazione", "Bianco")
	si.visit(t, at+"/"+final.ID.String(), nil).want(t, 200, "Autonomia", "Si sommano i punti", st.worker.Name, "Bagno o doccia", "Fa da sé in sicurezza",
		"Come si sposta", "AS-01, versione 1").lacks(t, "Barthel di Mazara", "Farsi il bagno", "sina.", "Bianco")
	si.visit(t, "/cartelle/"+st.ref+"/valutazioni", nil).want(t, 404)
	form := url.Values{"id": {newID(t).String()}, "strumento": {"AS-01"}, "azione": {"controlla"}}
	for _, action := range []string{"aggiorna", "bozza", "controlla"} {
		form.Set("azione", action)
		if got := si.visit(t, at, form); got.status != 403 && got.status != 404 {
			t.Errorf("%s answers a guest with %d", action, got.status)
		}
	}
	wantCount(t, st, 1)
}

// Who fills in an instrument while the right to write ends gets every answer back, and nothing of the case.
func TestAnswersOutliveTheRightToWrite(t *testing.T) {
	st := newStage(t)
	final := st.finalise(t, barthel(t, best()))
	other := st.Body(t, "mazara")
	st.share(t, other, "assessment")
	grants := func(set string) {
		t.Helper()
		_, err := st.Owner.Exec(t.Context(), `update policies.case_grants set `+set)
		must(t, err)
	}
	grants("can_write = true")
	st.publish(t, st.Operator(t, other, "practice_owner"), "AS-01")
	si := newSite(t, st, st.Operator(t, other, "social_worker"))
	stranger := newSite(t, st, st.Operator(t, other, "social_worker"))
	at := "/cartelle/pantelleria~" + st.ref + "/valutazioni"
	si.visit(t, at+"/"+final.ID.String(), nil).want(t, 200)
	form := si.visit(t, at+"/nuova?strumento=AS-01", nil).want(t, 200).fill(except(best(), "feeding", "0"), "a.unknown", "mai chiesto")
	refused := func(action string, status int, texts ...string) {
		t.Helper()
		form.Set("azione", action)
		texts = append(texts, "Non è stato salvato", "Indice di Barthel (Shah)", "Bagno o doccia: Fa da sé in sicurezza", "unknown: mai chiesto", "readonly")
		for key := range except(best(), "feeding", "0") {
			texts = append(texts, st.line(t, key, form.Get("a."+key)))
		}
		si.visit(t, at, form).want(t, status, texts...).lacks(t, "Bianco")
	}
	for _, action := range []string{"controlla", "bozza", "aggiorna"} {
		grants("can_write = false")
		refused(action, 403, "non puoi scrivere")
		grants("valid = tstzrange(lower(valid), now() - interval '1 minute')")
		refused(action, 410, "La condivisione è finita")
		stranger.visit(t, at, form).want(t, 404).lacks(t, "Bagno")
		grants("valid = tstzrange(lower(valid), now() + interval '1 hour'), can_write = true")
	}
	si.visit(t, at, form).want(t, 422, "Controlla").lacks(t, "Non è stato salvato") // the question that is none
	wantCount(t, st, 1)
}

// line is an answer in the words of the Barthel index.
func (st *stage) line(t *testing.T, key, answer string) string {
	t.Helper()
	in, err := st.service.Instruments(t.Context(), st.worker)
	must(t, err)
	for _, item := range in[0].Definition.Items() {
		if item.Key != key {
			continue
		}
		option, ok := item.Option(answer)
		if !ok {
			t.Fatalf("%s has no answer %s", key, answer)
		}
		return item.Label.IT + ": " + option.Label.IT
	}
	t.Fatalf("no question %s", key)
	return ""
}

// Where the case of the own body is closed, or not the author's any more, the answers are given back too.
func TestAnswersOutliveTheCase(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.worker)
	at := "/cartelle/" + st.ref + "/valutazioni"
	form := si.visit(t, at+"/nuova?strumento=AS-01", nil).want(t, 200).fill(best(), "azione", "controlla")
	_, err := st.Owner.Exec(t.Context(), `update casefile.cases set closed_at = now()`)
	must(t, err)
	si.visit(t, at, form).want(t, 409, "La cartella è chiusa", "Bagno o doccia: Fa da sé in sicurezza", `href="/pantelleria/cartelle/`+st.ref+`"`)
	_, err = st.Owner.Exec(t.Context(), `update casefile.cases set closed_at = null`)
	must(t, err)
	other := newSite(t, st, st.as(t, "social_worker"))
	other.visit(t, at, form).want(t, 403, "non puoi scrivere", "Bagno o doccia: Fa da sé in sicurezza").lacks(t, "Bianco")
	wantCount(t, st, 0)
}

func TestColleagueNeedsAReason(t *testing.T) {
	st := newStage(t)
	final := st.finalise(t, barthel(t, best()))
	si := newSite(t, st, st.as(t, "social_worker"))
	at := "/cartelle/" + st.ref
	for _, path := range []string{"/valutazioni", "/valutazioni/nuova?strumento=AS-01", "/valutazioni/" + final.ID.String()} {
		if got := si.visit(t, at+path, nil).want(t, 303); got.to != at {
			t.Errorf("%s leads to %s", path, got.to)
		}
	}
}
