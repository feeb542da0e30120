package practice_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/practice"
	"staffetta/modules/practice/board"
)

const somebodysCode = "RSSMRA80A01H501U"

// leaving are all texts that the operations of the module take, by operation and field: with a body that says them to another
// body, %q for the text, or why they do not leave the body that says them.
var leaving = map[string]string{
	"POST /adoptions/{id}/notes text":                                  `{"text": %q}`,
	"POST /adoptions/{id}/return reason":                               `{"seen": 6, "target": 3, "reason": %q}`,
	"POST /adoptions/{id}/statements items[].note":                     `{"items": [{"kind": "interest", "note": %q}]}`,
	"POST /adoptions/{id}/statements items[].value":                    `{"items": [{"kind": "document", "stage": 3, "note": "Delibera", "day": "2026-03-01", "value": %q}]}`,
	"POST /adoptions/{id}/statements items[].link":                     `{"items": [{"kind": "interest", "note": "Per chi arriva", "link": "https://esempio.it/` + somebodysCode + `"}]}`,
	"POST /adoptions/{id}/statements items[].owner":                    `{"items": [{"kind": "asset", "key": "equipment", "value": "Ausili", "owner": %q}]}`,
	"PUT /adoptions/{id}/stages/{stage}/owner name":                    `{"name": %q}`,
	"PUT /adoptions/{id}/lead reason":                                  `{"lead": "LEAD", "reason": %q}`,
	"POST /improvement-proposals/{proposal}/messages text":             `{"text": %q}`,
	"POST /improvement-proposals/{proposal}/refusal reason":            `{"reason": %q}`,
	"POST /improvement-proposals/{proposal}/acceptance note":           `{"note": %q}`,
	"POST /practice-needs title":                                       aDraft,
	"POST /practice-needs purpose":                                     aDraft,
	"POST /practice-needs audience":                                    aDraft,
	"POST /practice-needs area":                                        ofAList,
	"PUT /practice-needs/{need} title":                                 aDraft,
	"PUT /practice-needs/{need} purpose":                               aDraft,
	"PUT /practice-needs/{need} audience":                              aDraft,
	"PUT /practice-needs/{need} area":                                  ofAList,
	"POST /adoptions/{id}/improvement-proposals reason":                aDraft,
	"POST /adoptions/{id}/improvement-proposals evidence":              aDraft,
	"POST /adoptions/{id}/improvement-proposals link":                  aDraft,
	"POST /adoptions/{id}/improvement-proposals key":                   ofAList,
	"POST /adoptions/{id}/improvement-proposals places[]":              ofAList,
	"PUT /improvement-proposals/{proposal} reason":                     aDraft,
	"PUT /improvement-proposals/{proposal} evidence":                   aDraft,
	"PUT /improvement-proposals/{proposal} link":                       aDraft,
	"PUT /improvement-proposals/{proposal} places[]":                   ofAList,
	"POST /improvement-proposals/{proposal}/trial answers[].path":      ofAList,
	"POST /improvement-proposals/{proposal}/acceptance answers[].path": ofAList,
	"POST /improvement-proposals/{proposal}/acceptance consent.mark":   ofAList,
	"POST /practices key":                                              aDraft,
	"POST /practices licence":                                          aDraft,
	"POST /practices owner":                                            aDraft,
	"POST /practices title.it":                                         aDraft,
	"POST /practices title.en":                                         aDraft,
	"PUT /practices/{id} key":                                          aDraft,
	"PUT /practices/{id} licence":                                      aDraft,
	"PUT /practices/{id} owner":                                        aDraft,
	"PUT /practices/{id} title.it":                                     aDraft,
	"PUT /practices/{id} title.en":                                     aDraft,
	"PUT /practices/{id}/kits/{kit} versions[]":                        ofAList,
	"POST /kits/{id}/findings/{finding}/justify reason":                "why a finding may stand, for the own body",
	"POST /kits/{id}/findings/{finding}/confirm reason":                "why a finding may stand, for the own body",
	"POST /adoptions/{id}/statements items[].key":                      ofAList,
	"POST /adoptions/{id}/statements items[].author":                   "is told, and not taken",
	"POST /adoptions/{id}/advance reason":                              "is kept of a step back alone",
	"PUT /adoptions/{id}/lead lead":                                    ofAList,
	"PUT /adoptions/{id}/lead instead_of":                              ofAList,
	"POST /adoptions/{id}/trainees course":                             ofAList,
	"POST /adoptions/{id}/trainees name":                               "colleagues of the own body, whom it alone sees",
	"POST /adoptions/{id}/applications/{run}/undo digest":              ofAList,
	"POST /adoptions/{id}/apply digest":                                ofAList,
	"POST /adoptions/{id}/apply decisions[].item":                      ofAList,
	"POST /adoptions/{id}/apply decisions[].fields[].path":             ofAList,
	"POST /adoptions/{id}/apply decisions[].reason":                    "the other side sees counts alone",
	"PUT /adoptions/{id}/conflicts digest":                             ofAList,
	"PUT /adoptions/{id}/conflicts decisions[].item":                   ofAList,
	"PUT /adoptions/{id}/conflicts decisions[].fields[].path":          ofAList,
	"PUT /adoptions/{id}/conflicts decisions[].reason":                 "the other side sees counts alone",
}

// Why texts do not leave the body.
const (
	aDraft  = "a draft, which is checked when it goes out"
	ofAList = "names something, or is refused"
)

// A text that another body will read does not go out with what tells who a person is, whichever operation takes it; a new text
// must be looked at here.
func TestNoOperationLetsPersonalDataLeave(t *testing.T) {
	t.Parallel()
	st := newGivingBack(t)
	a, sent := st.adoption, st.sent(t, "Che cosa ti serve?", "Un modulo", questionPlace)
	st.set(t, a, 6)
	parts, err := practice.Module().New(st.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	si := newSite(t, st.stage)
	host, cookies := si.API(t), map[string]*http.Cookie{st.taking.Slug: si.SignIn(t, st.taking), st.giving.Slug: si.SignIn(t, st.giving)}
	seen := map[string]bool{}
	for _, field := range texts(api.OpenAPI()) {
		body, known := leaving[field]
		seen[field] = true
		if !known {
			t.Errorf("%q: does it leave the body?", field)
		}
		if !strings.HasPrefix(body, "{") {
			continue
		}
		if strings.Contains(body, "%q") {
			body = fmt.Sprintf(body, "Chiamare "+somebodysCode+" il martedì")
		}
		words := strings.Fields(field)
		path := strings.NewReplacer("{id}", a.ID.String(), "{stage}", "6", "{proposal}", sent.ID.String()).Replace(words[1])
		who := st.taking
		if strings.HasSuffix(path, "/acceptance") || strings.HasSuffix(path, "/refusal") {
			who = st.giving
		}
		r := httptest.NewRequestWithContext(t.Context(), words[0], "/api/v1/"+who.Slug+path, strings.NewReader(strings.ReplaceAll(body, "LEAD", st.third.Slug)))
		r.AddCookie(cookies[who.Slug])
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("If-Match", fmt.Sprintf("%q", fmt.Sprint(sent.Revision)))
		said := httptest.NewRecorder()
		host.ServeHTTP(said, r)
		if said.Code != http.StatusUnprocessableEntity || !strings.Contains(said.Body.String(), "Contiene un codice fiscale") {
			t.Errorf("%s: %d %s", field, said.Code, said.Body)
		}
	}
	for field := range leaving {
		if !seen[field] {
			t.Errorf("%q: there is no such text", field)
		}
	}
	var tables []string
	fatal(t, st.Owner.QueryRow(t.Context(), `select array_agg(format('%I.%I', schemaname, tablename)) from pg_tables where schemaname in ('practice', 'commons')`).Scan(&tables))
	for _, table := range tables {
		if st.count(t, `select count(*) from `+table+` x where x::text like '%`+somebodysCode+`%'`) > 0 {
			t.Errorf("the code stands in %s", table)
		}
	}
}

// texts are the free texts of all bodies that the operations take.
func texts(api *huma.OpenAPI) (found []string) {
	for path, item := range api.Paths {
		for method, operation := range map[string]*huma.Operation{"POST": item.Post, "PUT": item.Put, "PATCH": item.Patch} {
			if operation == nil || operation.RequestBody == nil {
				continue
			}
			for _, content := range operation.RequestBody.Content {
				walkTexts(api.Components.Schemas, content.Schema, "", func(at string) { found = append(found, method+" "+path+" "+at) })
			}
		}
	}
	slices.Sort(found)
	return found
}

func walkTexts(known huma.Registry, schema *huma.Schema, at string, text func(at string)) {
	for schema.Ref != "" {
		schema = known.SchemaFromRef(schema.Ref)
	}
	short := schema.MaxLength != nil && *schema.MaxLength <= 40
	if schema.Type == huma.TypeString && len(schema.Enum) == 0 && schema.Format == "" && schema.Pattern == "" && !short {
		text(at)
	}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		walkTexts(known, schema.Properties[name], strings.TrimPrefix(at+"."+name, "."), text)
	}
	if schema.Items != nil {
		walkTexts(known, schema.Items, at+"[]", text)
	}
}

// What a body writes for itself alone is its own, and the name of who answers for something may be that of somebody registered.
func TestWhatStaysAndWhoAnswersMayNamePersons(t *testing.T) {
	t.Parallel()
	st, a, _ := begun(t)
	st.settle(t)
	st.giving = st.Operator(t, st.giver, "practice_owner", "social_worker")
	boards := board.NewService(st.deps)
	line := func(text string, private bool) error {
		return boards.Write(t.Context(), st.giving, a.ID, board.Line{ID: uuid.Must(uuid.NewV7()), Text: text, Private: private})
	}
	wantKind(t, line("Ne ha parlato Calogera Zummo", false), problem.Invalid)
	fatal(t, line("Ne ha parlato Calogera Zummo, "+somebodysCode, true))
	fatal(t, line("Ne ha parlato la referente", false))
	fatal(t, boards.Appoint(t.Context(), st.giving, a.ID, board.Owner{Stage: 2, Name: "Calogera Zummo"}))
	wantKind(t, boards.Appoint(t.Context(), st.giving, a.ID, board.Owner{Stage: 2, Name: "Calogera Zummo 347 1234567"}), problem.Invalid)
}
