package assessment_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules/assessment"
	"staffetta/tenants"
)

type apiAssessment struct {
	ID      string
	State   string
	Score   *float64
	Band    string
	Version int
	Lines   []struct {
		Key    string
		Points *float64
	}
	Answers   map[string]any
	Proposals []struct{ Target, Value string }
	Status    int
}

func TestOperations(t *testing.T) {
	st := newStage(t)
	parts, err := assessment.Module().New(st.deps)
	must(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	ctx := tenants.WithScope(t.Context(), st.worker)
	at := "/case-files/" + st.ref + "/assessments"
	var got apiAssessment
	read := func(status, want int, body []byte) {
		t.Helper()
		got = apiAssessment{}
		if err := json.Unmarshal(body, &got); err != nil || status != want {
			t.Fatalf("status %d, want %d: %s %v", status, want, body, err)
		}
	}
	id := newID(t)
	for range 2 {
		made := api.PostCtx(ctx, at, "Idempotency-Key: "+id.String(), map[string]any{"instrument": "AS-01", "done_on": "2026-03-02", "answers": map[string]any{"hygiene": "5"}})
		read(made.Code, http.StatusCreated, made.Body.Bytes())
		if got.ID != id.String() || got.State != "draft" || got.Score != nil {
			t.Errorf("created %+v", got)
		}
	}
	wantCount(t, st, 1)
	current := api.GetCtx(ctx, at+"/"+id.String())
	read(current.Code, http.StatusOK, current.Body.Bytes())
	tag := "If-Match: " + current.Header().Get("ETag")
	changed := api.PutCtx(ctx, at+"/"+id.String(), tag, map[string]any{"done_on": "2026-03-02", "answers": best()})
	read(changed.Code, http.StatusOK, changed.Body.Bytes())
	if again := api.PostCtx(ctx, at+"/"+id.String()+"/finalisation", tag); again.Code < 400 {
		t.Errorf("an old version is finalised: %d", again.Code)
	}
	final := api.PostCtx(ctx, at+"/"+id.String()+"/finalisation", "If-Match: "+changed.Header().Get("ETag"))
	read(final.Code, http.StatusOK, final.Body.Bytes())
	if got.State != "final" || got.Score == nil || *got.Score != 100 || got.Band != "independent" {
		t.Errorf("final %+v", got)
	}
	result := api.GetCtx(ctx, at+"/"+id.String())
	read(result.Code, http.StatusOK, result.Body.Bytes())
	if len(got.Lines) != 10 || len(got.Proposals) == 0 || got.Answers["stairs"] != "10" {
		t.Errorf("result %+v", got)
	}
	var list struct{ Items []apiAssessment }
	if err := json.Unmarshal(api.GetCtx(ctx, at).Body.Bytes(), &list); err != nil || len(list.Items) != 1 {
		t.Errorf("list %+v %v", list, err)
	}
	var instruments struct {
		Items []struct {
			Key       string
			Questions []struct{ Key string }
		}
	}
	if err := json.Unmarshal(api.GetCtx(ctx, "/assessment-instruments").Body.Bytes(), &instruments); err != nil || len(instruments.Items) != 1 || len(instruments.Items[0].Questions) != 11 {
		t.Errorf("instruments %+v %v", instruments, err)
	}
}

func TestDocumentBoundsEveryText(t *testing.T) {
	st := newStage(t)
	parts, err := assessment.Module().New(st.deps)
	must(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	var unbounded []string
	for name, schema := range api.OpenAPI().Components.Schemas.Map() {
		if name == "ErrorModel" || name == "ErrorDetail" {
			continue
		}
		for field, property := range schema.Properties {
			if property.Type == "string" && property.MaxLength == nil && property.Format == "" && property.Enum == nil {
				unbounded = append(unbounded, name+"."+field)
			}
		}
	}
	if diff := cmp.Diff([]string(nil), unbounded); diff != "" {
		t.Errorf("texts without a bound:\n%s", diff)
	}
}

func TestStoredDraftIsFinalisedOnlyWhenComplete(t *testing.T) {
	st := newStage(t)
	draft, err := st.service.SaveDraft(t.Context(), st.worker, st.ref, barthel(t, except(best(), "stairs", "")))
	must(t, err)
	_, err = st.service.FinaliseStored(t.Context(), st.worker, st.ref, draft.ID, draft.Version)
	wantKind(t, err, problem.Invalid)
	_, err = st.service.FinaliseStored(t.Context(), st.as(t, "coordinator"), st.ref, draft.ID, draft.Version)
	wantKind(t, err, problem.Forbidden)
}
