package rights_test

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"staffetta/modules/moduletest"
	"staffetta/policies"
	"staffetta/tenants"
)

// site is the real hosts over a stage.
type site struct {
	*stage
	*moduletest.Site
	api http.Handler
}

func newSite(t *testing.T) *site {
	t.Helper()
	st := newStage(t)
	host := moduletest.NewSite(t, st.Database, st.deps, st.List)
	return &site{stage: st, Site: host, api: host.API(t)}
}

// visitor is somebody who is signed in.
type visitor struct {
	*site
	cookie *http.Cookie
}

func (si *site) as(t *testing.T, s tenants.Scope) visitor {
	t.Helper()
	return visitor{si, si.SignIn(t, s)}
}

// send asks for a page, or with a body for an operation, and wants a status and words of the answer.
func (v visitor) send(t *testing.T, request string, form url.Values, status int, words ...string) string {
	t.Helper()
	method, path, _ := strings.Cut(request, " ")
	host, prefix, body, kind := http.Handler(v.Host), "/pantelleria", form.Encode(), "application/x-www-form-urlencoded"
	if strings.HasPrefix(path, "/access-rules") {
		host, prefix, body, kind = v.api, "/api/v1/pantelleria", form.Get("json"), "application/json"
	}
	r := httptest.NewRequest(method, prefix+path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(v.cookie)
	w := httptest.NewRecorder()
	host.ServeHTTP(w, r)
	raw, err := io.ReadAll(w.Result().Body)
	failOn(t, err)
	text := html.UnescapeString(string(raw))
	if w.Code != status {
		t.Fatalf("%s answers %d, want %d: %s", request, w.Code, status, text)
	}
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%s does not say %q:\n%s", request, word, text)
		}
	}
	return text
}

var hidden = regexp.MustCompile(`name="(segno|versione|relazione|mostrate)" value="([^"]*)"`)

var ticked = regexp.MustCompile(`name="regola" value="([^"]*)" checked`)

// chosen are the values of a form of rules as it stands, with some turned.
func chosen(page string, turned ...string) url.Values {
	form := filled(page)
	for _, field := range ticked.FindAllStringSubmatch(page, -1) {
		if !slices.Contains(turned, field[1]) {
			form.Add("regola", field[1])
		}
	}
	for _, name := range turned {
		if !strings.Contains(page, `value="`+name+`" checked`) {
			form.Add("regola", name)
		}
	}
	return form
}

// filled are the hidden values of a page with others.
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

func TestRulesOnThePages(t *testing.T) {
	si := newSite(t)
	admin := si.as(t, si.admin)
	admin.send(t, "GET /console/ruoli", nil, 200, "Chi può fare che cosa", "legge, scrive")
	admin.send(t, "GET /console/ruoli?relazione=body", nil, 200, "Leggere le cartelle")
	admin.send(t, "GET /console/ruoli?relazione=moon", nil, 404)
	admin.send(t, "GET /console/ruoli/moon", nil, 404)
	admin.send(t, "GET /console/ruoli/tenant_admin?relazione=body", nil, 200, "un amministratore o un DPO non arriva mai alle cartelle")
	form := admin.send(t, "GET /console/ruoli/educator?relazione=assigned", nil, 200, "Sanitario", "Diario")
	admin.send(t, "POST /console/ruoli/educator", chosen(form, "diary.read"), 422, "Chi scrive una sezione la legge anche")
	admin.send(t, "POST /console/ruoli/educator", chosen(form, "health.read"), 303)
	admin.send(t, "POST /console/ruoli/educator", chosen(form, "health.read"), 409, "Le tue scelte sono ancora qui", `value="health.read" checked`) // an older page
	admin.send(t, "GET /console/ruoli", nil, 200, "C’è una bozza con una modifica.", "In bozza")
	page := admin.send(t, "GET /console/ruoli/bozza", nil, 200, "Sanitario: leggere", si.educator.Name, "Chi guadagna", "legge: Sanitario")
	admin.send(t, "POST /console/ruoli/bozza/applica", filled(page), 422, "Scrivi perché", "Conferma di aver letto")
	admin.send(t, "POST /console/ruoli/bozza/applica", filled(page, "motivo", "Nuovo protocollo", "visto", "si", "segno", "x"), 409, "leggi di nuovo chi guadagna")
	admin.send(t, "POST /console/ruoli/bozza/applica", filled(page, "motivo", "Nuovo protocollo", "visto", "si"), 303)
	admin.send(t, "POST /console/ruoli/bozza/applica", filled(page, "motivo", "Nuovo protocollo", "visto", "si"), 303) // a second submit
	if !si.reads("health") {
		t.Error("what is applied does not hold")
	}
	dpo := si.as(t, si.Operator(t, si.body, "dpo"))
	history := dpo.send(t, "GET /console/ruoli/storia", nil, 200, "Nuovo protocollo", si.admin.Name, "Consenti")
	if strings.Contains(history, "ripristina") {
		t.Error("who only looks is offered the way back")
	}
	dpo.send(t, "GET /console/ruoli/educator", nil, 200, "Aggiunta dall’ente")
	dpo.send(t, "POST /console/ruoli/educator", chosen(form, "health.read"), 404)
	dpo.send(t, "GET /console/ruoli/bozza", nil, 404)
	for _, path := range []string{"", "/educator", "/storia", "/prove", "/bozza"} {
		si.as(t, si.worker).send(t, "GET /console/ruoli"+path, nil, 404)
	}
	back := regexp.MustCompile(`action="/pantelleria(/console/ruoli/storia/[^"]+)"`).FindStringSubmatch(admin.send(t, "GET /console/ruoli/storia", nil, 200))
	admin.send(t, "POST "+back[1], url.Values{}, 303)
	draft := admin.send(t, "GET /console/ruoli/bozza", nil, 200, "Chi perde")
	admin.send(t, "POST /console/ruoli/bozza/scarta", filled(draft), 303)
}

func TestRulesThroughTheAPI(t *testing.T) {
	si := newSite(t)
	admin := si.as(t, si.admin)
	json := func(text string) url.Values { return url.Values{"json": {text}} }
	const about = `"role":"educator","relation":"assigned","object":"health","action":"read"`
	admin.send(t, "GET /access-rules?relation=assigned", nil, 200, about)
	admin.send(t, "GET /access-rules/draft", nil, 404)
	admin.send(t, "POST /access-rules/vectors", json(`{`+about+`,"allowed":false}`), 204)
	admin.send(t, "PUT /access-rules/draft", json(`{"lines":[{`+about+`,"effect":"allow"}]}`), 204)
	admin.send(t, "PUT /access-rules/draft", json(`{"lines":[{`+about+`,"effect":"allow"}]}`), 409) // without the version
	draft := admin.send(t, "GET /access-rules/draft", nil, 200, `"failing":[{`+about, `"cases":4`, `"gained":true`)
	mark := regexp.MustCompile(`"mark":"([^"]+)"`).FindStringSubmatch(draft)[1]
	application := json(`{"mark":"` + mark + `","acknowledged":true,"reason":"Nuovo protocollo"}`)
	admin.send(t, "POST /access-rules/draft/application", application, 409, "educator, assigned, health, read")
	vector := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(admin.send(t, "GET /access-rules/vectors", nil, 200, `"holds":true`))[1]
	admin.send(t, "DELETE /access-rules/vectors/"+vector, nil, 204)
	mark = regexp.MustCompile(`"mark":"([^"]+)"`).FindStringSubmatch(admin.send(t, "GET /access-rules/draft", nil, 200))[1]
	admin.send(t, "POST /access-rules/draft/application", json(`{"mark":"`+mark+`","acknowledged":false,"reason":"Nuovo protocollo"}`), 422)
	admin.send(t, "POST /access-rules/draft/application", json(`{"mark":"`+mark+`","acknowledged":true,"reason":"Nuovo protocollo"}`), 200, `"number":1`)
	change := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(admin.send(t, "GET /access-rules/changes", nil, 200, `"reason":"Nuovo protocollo"`))[1]
	admin.send(t, "POST /access-rules/changes/"+change+"/reversal", nil, 204)
	si.as(t, si.worker).send(t, "GET /access-rules?relation=assigned", nil, 404)
}

// The page of a role offers what its rules can say, in groups: what a configuring role has not, and what is the platform's, is not there; what
// a form did not show stays as it is, and the same choices again are no change.
func TestARoleIsOfferedWhatItCanBeGiven(t *testing.T) {
	si := newSite(t)
	admin := si.as(t, si.admin)
	page := admin.send(t, "GET /console/ruoli/educator?relazione=body", nil, 200, `value="case.create">`, `value="case.read" checked`, "<details")
	for _, name := range []string{"entry.review", "access_rule.write", "access_rule.review"} {
		if strings.Contains(page, name) {
			t.Errorf("an educator is offered %s", name)
		}
	}
	if own := admin.send(t, "GET /console/ruoli/tenant_admin?relazione=body", nil, 200); strings.Contains(own, "case.create") || !strings.Contains(own, `value="office.write" checked`) {
		t.Error("who configures is offered more, or less, than what they have")
	}
	admin.send(t, "POST /console/ruoli/educator", chosen(page), 303)
	admin.send(t, "GET /console/ruoli/bozza", nil, 303) // nothing was changed
	form := chosen(page, "case.create")
	form.Set("mostrate", "case.create")
	admin.send(t, "POST /console/ruoli/educator", form, 303)
	draft, err := si.service.GetDraft(t.Context(), si.admin)
	failOn(t, err)
	if want := (policies.Rule{Role: "educator", Relation: policies.Body, Object: "case", Action: "create", Effect: policies.Allow}); len(draft.Lines) != 1 || draft.Lines[0] != want {
		t.Errorf("the draft is %+v", draft.Lines)
	}
	page = admin.send(t, "GET /console/ruoli/educator?relazione=body", nil, 200, "Aggiunta dall’ente", "In bozza", "1 cambiata dall’ente")
	admin.send(t, "POST /console/ruoli/educator", chosen(page, "case.create"), 303)
	if draft, err = si.service.GetDraft(t.Context(), si.admin); err != nil || draft.Version != 0 {
		t.Errorf("what is turned back stays in the draft: %+v, %v", draft, err)
	}
}
