package casefile_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/casefile/diary"
	"staffetta/modules/casefile/document"
	"staffetta/modules/casefile/visit"
	"staffetta/tenants"
)

// client calls the operations as somebody.
type client struct {
	humatest.TestAPI
	as tenants.Scope
}

func (st *stage) client(t *testing.T, s tenants.Scope) *client {
	t.Helper()
	parts, err := casefile.Module().New(st.deps)
	must(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	return &client{api, s}
}

// call answers with the decoded body of a call that must have the status; a problem of the service counts by its kind.
func call[T any](t *testing.T, c *client, route string, status int, args ...any) (out T) {
	t.Helper()
	method, path, _ := strings.Cut(route, " ")
	answer := c.DoCtx(tenants.WithScope(t.Context(), c.as), method, path, args...)
	if answer.Code != status {
		t.Fatalf("%s: status %d, want %d: %s", route, answer.Code, status, answer.Body)
	}
	if answer.Body.Len() > 0 && status < 300 {
		must(t, json.Unmarshal(answer.Body.Bytes(), &out))
	}
	return out
}

type list[T any] struct {
	Items []T
	Next  string
}

func TestOperations(t *testing.T) {
	st := newStage(t)
	api := st.client(t, st.worker)
	id := newID(t).String()
	for range 2 {
		made := call[casefile.CaseFileBody](t, api, "POST /case-files", 201, "Idempotency-Key: "+id, map[string]any{"person_id": st.rosa, "area": "anziani"})
		want(t, "id", id, made.ID)
		want(t, "number", "000002", made.Number[5:])
	}
	at := "/case-files/" + id
	read := call[casefile.CaseFileBody](t, api, "GET "+at, 200)
	want(t, "header", []string{"aperto", "assigned", st.rosa.String()}, []string{read.State, read.Relation, read.Person})
	want(t, "case files", 2, len(call[list[casefile.CaseLine]](t, api, "GET /case-files", 200).Items))

	call[struct{}](t, api, "POST "+at+"/steps", 204, "If-Match: \"1\"", map[string]any{"step": "prendi_in_carico"})
	for _, version := range []string{"1", "x", "-1"} {
		refused(t, api, "POST "+at+"/steps", problem.Conflict, "If-Match: "+version, map[string]any{"step": "sospendi", "reason": "Attesa"})
	}
	refused(t, api, "POST "+at+"/steps", problem.Invalid, map[string]any{"step": "sospendi"})

	key := "Idempotency-Key: " + newID(t).String()
	body := map[string]any{"kind": "colloquio", "happened_on": today().Format("2006-01-02"), "body": "Detto", "sign": true}
	var note diary.NoteBody
	for range 2 {
		note = call[diary.NoteBody](t, api, "POST "+at+"/notes", 201, key, body)
		want(t, "signed", true, note.Signed)
	}
	body["body"] = "Altro"
	refused(t, api, "POST "+at+"/notes", problem.Conflict, key, body)
	refused(t, api, "POST /case-files/"+st.ref+"/notes", problem.NotFound, map[string]any{"kind": "nota", "happened_on": today().Format("2006-01-02"), "body": "x", "corrects": note.ID})
	want(t, "notes", []diary.NoteBody{note}, call[list[diary.NoteBody]](t, api, "GET "+at+"/notes", 200).Items)

	file := map[string]any{"file_name": "a.txt", "content": base64.StdEncoding.EncodeToString([]byte("Verbale"))}
	filed := call[document.DocumentBody](t, api, "POST "+at+"/documents", 201, file)
	want(t, "documents", []document.DocumentBody{filed}, call[list[document.DocumentBody]](t, api, "GET "+at+"/documents", 200).Items)
	file["content"] = "%%%"
	refused(t, api, "POST "+at+"/documents", problem.Invalid, file)
	file["content"], file["file_name"] = filed.SHA256, "a.pdf"
	refused(t, api, "POST "+at+"/documents", problem.Invalid, file)

	seen := call[list[visit.ViewingBody]](t, api, "GET "+at+"/viewings", 200)
	want(t, "first action", "case.create", seen.Items[len(seen.Items)-1].Action)
	want(t, "actor", st.worker.Name, seen.Items[0].Actor)
	why := call[struct{ Relation string }](t, api, "GET "+at+"/explanation", 200)
	want(t, "relation", "assigned", why.Relation)
}

// refused makes a call that the service must refuse. The host turns problems into answers; without it they are a fault
// of the kind that huma gives to errors that it does not know, so the kind is read from its text.
func refused(t *testing.T, c *client, route string, kind problem.Kind, args ...any) {
	t.Helper()
	method, path, _ := strings.Cut(route, " ")
	answer := c.DoCtx(tenants.WithScope(t.Context(), c.as), method, path, args...)
	if answer.Code < 400 || !says(answer, kind.String()) {
		t.Errorf("%s: status %d, want %s: %s", route, answer.Code, kind, answer.Body)
	}
}

func says(answer *httptest.ResponseRecorder, kind string) bool {
	var fault struct{ Errors []struct{ Message string } }
	if err := json.Unmarshal(answer.Body.Bytes(), &fault); err != nil {
		return false
	}
	for _, e := range fault.Errors {
		if len(e.Message) >= len(kind) && e.Message[:len(kind)] == kind {
			return true
		}
	}
	return false
}

func TestOperationsOfOthers(t *testing.T) {
	st := newStage(t)
	body, guest := st.other(t, "mazara", "coordinator")
	st.share(t, body, "identity", "documents")
	shared := "/case-files/pantelleria~" + st.ref
	api := st.client(t, guest)
	header := call[casefile.CaseFileBody](t, api, "GET "+shared, 200)
	want(t, "sections", []string{"identity", "documents"}, header.Sections)
	want(t, "documents", 0, len(call[list[document.DocumentBody]](t, api, "GET "+shared+"/documents", 200).Items))
	for _, path := range []string{shared + "/notes", shared + "/viewings", "/case-files/" + st.ref} {
		refused(t, api, "GET "+path, problem.NotFound)
	}
	refused(t, api, "POST "+shared+"/steps", problem.Forbidden, map[string]any{"step": "archivia", "reason": "x"})
	colleague := st.client(t, st.as(t, "social_worker"))
	for _, path := range []string{"", "/notes", "/documents", "/viewings", "/explanation"} {
		refused(t, colleague, "GET /case-files/"+st.ref+path, problem.NotFound)
	}
	refused(t, colleague, "POST /case-files", problem.NotFound, map[string]any{"person_id": newID(t)})
}
