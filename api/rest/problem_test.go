package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/api/rest"
)

func TestValidationSpeaksTheLanguageOfTheRequest(t *testing.T) {
	s := newStage(t, nil)
	token := s.token(t, s.a, "social_worker")
	for _, c := range []struct {
		name, body, query, field, it, en string
	}{
		{"required", `{"kind":"big"}`, "", "name", "Manca questo dato.", "This value is missing."},
		{"too long", `{"name":"Lunghissimo","kind":"big"}`, "", "name", "Il testo è troppo lungo: lunghezza massima 8.", "The text is too long: 8 at most."},
		{"too short", `{"name":"","kind":"big"}`, "", "name", "Il testo è troppo corto: lunghezza minima 1.", "The text is too short: 1 at least."},
		{"choice", `{"name":"a","kind":"<b>"}`, "", "kind", "Scegli uno di questi valori: big, small.", "Choose one of these values: big, small."},
		{"day", `{"name":"a","kind":"big","day":"31/12/2026"}`, "", "day", "Indica una data come 2026-01-31.", "Give a date as 2026-01-31."},
		{"type", `{"name":7,"kind":"big"}`, "", "name", "Indica un testo.", "Give a text."},
		{"whole number", `{"name":"a","kind":"big","count":1.5}`, "", "count", "Indica un numero intero.", "Give a whole number."},
		{"too small", `{"name":"a","kind":"big","count":0}`, "", "count", "Il valore minimo è 1.", "The least value is 1."},
		{"unexpected", `{"name":"a","kind":"big","other":1}`, "", "other", "Questo dato non è previsto.", "This value is not expected."},
		{"not an object", `[1]`, "", "body", "Indica un oggetto.", "Give an object."},
		{"unknown query", `{"name":"a","kind":"big"}`, "?trick=1", "trick", "Questo parametro non esiste.", "There is no such parameter."},
	} {
		t.Run(c.name, func(t *testing.T) {
			for lang, want := range map[string]string{"it": c.it, "en-GB,en;q=0.9": c.en, "de": c.it} {
				w := s.ask(t, asked{method: http.MethodPost, path: "/api/v1/c_a001/things" + c.query, body: c.body, token: token, lang: lang})
				p := wantProblem(t, w, http.StatusUnprocessableEntity, "invalid")
				if diff := cmp.Diff([]rest.Fault{{Field: c.field, Message: want}}, p.Errors); diff != "" {
					t.Errorf("%s: %s", lang, diff)
				}
			}
		})
	}
}

func TestParametersAreChecked(t *testing.T) {
	s := newStage(t, nil)
	token := s.token(t, s.a, "social_worker")
	for query, want := range map[string]rest.Fault{
		"limit=x":      {Field: "limit", Message: "Indica un numero intero."},
		"limit=1000":   {Field: "limit", Message: "Il valore massimo è 100."},
		"Limit=1":      {Field: "Limit", Message: "Questo parametro non esiste."},
		"limit=5&sort": {Field: "sort", Message: "Questo parametro non esiste."},
	} {
		p := wantProblem(t, s.ask(t, asked{path: "/api/v1/c_a001/things?" + query, token: token}), http.StatusUnprocessableEntity, "invalid")
		if diff := cmp.Diff([]rest.Fault{want}, p.Errors); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
}

func TestUnreadableBodies(t *testing.T) {
	s := newStage(t, nil)
	token := s.token(t, s.a, "social_worker")
	for _, c := range []struct {
		name, body, mediaType string
		status                int
		kind                  string
	}{
		{"empty", "", "application/json", http.StatusBadRequest, "unreadable"},
		{"broken", `{"name":`, "application/json", http.StatusBadRequest, "unreadable"},
		{"not UTF-8", "{\"name\":\"\xff\",\"kind\":\"big\"}", "application/json", http.StatusBadRequest, "unreadable"},
		{"character zero", `{"name":"a\u0000","kind":"big"}`, "application/json", http.StatusBadRequest, "unreadable"},
		{"a form", `name=a&kind=big`, "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType, "media_type"},
		{"too large", `{"name":"` + strings.Repeat("a", 1<<20) + `","kind":"big"}`, "application/json", http.StatusRequestEntityTooLarge, "too_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := s.ask(t, asked{
				method: http.MethodPost, path: "/api/v1/c_a001/things", body: c.body, token: token,
				headers: []string{"Content-Type: " + c.mediaType},
			})
			wantProblem(t, w, c.status, c.kind)
		})
	}
}

func TestOperationMayTakeLargerBodies(t *testing.T) {
	s := newStage(t, nil)
	q := asked{method: http.MethodPut, path: "/api/v1/c_a001/file", token: s.token(t, s.a, "social_worker"), body: strings.Repeat("a", 2<<20)}
	if w := s.ask(t, q); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"size":2097152`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	q.body = strings.Repeat("a", 3<<20+1)
	wantProblem(t, s.ask(t, q), http.StatusRequestEntityTooLarge, "too_large")
	q.path, q.body = "/api/v1/c_a001/raw", strings.Repeat("a", 1<<20+1)
	wantProblem(t, s.ask(t, q), http.StatusRequestEntityTooLarge, "too_large")
}

func TestProblemsOfOperations(t *testing.T) {
	s := newStage(t, nil)
	token := s.token(t, s.a, "social_worker")
	get := func(id string) asked { return asked{path: "/api/v1/c_a001/things/" + id, token: token, lang: "en"} }
	if p := wantProblem(t, s.ask(t, get("taken")), http.StatusConflict, "conflict"); p.Detail != "It exists already: Uno" {
		t.Errorf("detail %q", p.Detail)
	}
	p := wantProblem(t, s.ask(t, get("rule")), http.StatusUnprocessableEntity, "invalid")
	if diff := cmp.Diff([]rest.Fault{{Field: "surname", Message: "This value is missing"}}, p.Errors); diff != "" {
		t.Error(diff)
	}
	if p := wantProblem(t, s.ask(t, get("message")), http.StatusInternalServerError, "internal"); strings.Contains(p.Detail, "segreto") {
		t.Errorf("detail %q", p.Detail)
	}
	for id, cause := range map[string]string{"fault": "segreto del database", "panic": "segreto della memoria"} {
		w := s.ask(t, get(id))
		wantProblem(t, w, http.StatusInternalServerError, "internal")
		if strings.Contains(w.Body.String(), "segreto") {
			t.Errorf("the answer tells the cause: %s", w.Body)
		}
		if n := strings.Count(s.log.String(), `"error":"unexpected error occurred\n`+cause) + strings.Count(s.log.String(), "panic: "+cause); n != 1 {
			t.Errorf("%q is logged %d times:\n%s", cause, n, s.log)
		}
	}
	if text := s.log.String(); strings.Contains(text, "/things/") && strings.Contains(text, "taken") {
		t.Errorf("the log holds a path:\n%s", text)
	}
}

func TestIdempotencyKeyNamesTheObject(t *testing.T) {
	s := newStage(t, nil)
	q := asked{method: http.MethodPost, path: "/api/v1/c_a001/things", token: s.token(t, s.a, "social_worker"), body: `{"name":"a","kind":"big"}`}
	key := uuid.New()
	q.headers = []string{"Idempotency-Key: " + key.String()}
	if w := s.ask(t, q); w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), key.String()) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	q.headers = nil
	if w := s.ask(t, q); w.Code != http.StatusCreated {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	q.headers = []string{"Idempotency-Key: " + strings.Repeat("z", 36)}
	p := wantProblem(t, s.ask(t, q), http.StatusUnprocessableEntity, "invalid")
	if diff := cmp.Diff([]rest.Fault{{Field: "Idempotency-Key", Message: "Indica un identificativo UUID."}}, p.Errors); diff != "" {
		t.Error(diff)
	}
}
