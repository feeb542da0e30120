package practice_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/uuid"

	"staffetta/modules/practice"
	"staffetta/tenants"
)

// caller calls the operations as somebody.
type caller struct {
	t   *testing.T
	api humatest.TestAPI
	ctx context.Context
}

func (c caller) call(method, path string, want int, args ...any) map[string]any {
	c.t.Helper()
	response := c.api.DoCtx(c.ctx, method, path, args...)
	if response.Code != want {
		c.t.Fatalf("%s %s: %d, want %d: %s", method, path, response.Code, want, response.Body)
	}
	var body map[string]any
	fatal(c.t, json.Unmarshal(response.Body.Bytes(), &body))
	return body
}

// The journey of a kit from one body to another, through the API.
func TestJourneyThroughTheAPI(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	parts, err := practice.Module().New(st.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	giver := caller{t, api, tenants.WithScope(t.Context(), st.giving)}
	colleague := caller{t, api, tenants.WithScope(t.Context(), st.Operator(t, st.giver, "tenant_admin"))}
	taker := caller{t, api, tenants.WithScope(t.Context(), st.taking)}

	p := st.install(t, question("QU-01", "chiama il 347 1234567"))
	got := giver.call("GET", "/practices/"+p.ID.String(), 200)
	if got["key"] != "PROVA" || got["state"] != "draft" {
		t.Fatalf("practice: %v", got)
	}
	id := uuid.Must(uuid.NewV7()).String()
	created := map[string]any{
		"key": "ALTRA", "title": map[string]string{"it": "Altra pratica"}, "owner": "Comune", "licence": "CC-BY-4.0", "sheet": got["sheet"],
	}
	for range 2 {
		if made := giver.call("POST", "/practices", 201, "Idempotency-Key: "+id, created); made["id"] != id {
			t.Errorf("created: %v", made)
		}
	}
	created["title"] = map[string]string{"it": "Altro titolo"}
	if changed := giver.call("PUT", "/practices/"+id, 200, `If-Match: "1"`, created); changed["revision"] != 2.0 {
		t.Errorf("changed: %v", changed)
	}

	items, err := st.items.Find(t.Context(), st.giving, "")
	fatal(t, err)
	kit := uuid.Must(uuid.NewV7()).String()
	report := giver.call("PUT", "/practices/"+p.ID.String()+"/kits/"+kit, 200, map[string]any{
		"release": "1.0.0", "versions": []string{items[0].Current.ID.String()},
	})
	finding := report["findings"].([]any)[0].(map[string]any)
	if report["clear"] != false || finding["rule"] != "phone" {
		t.Fatalf("report: %v", report)
	}
	at, why := "/kits/"+kit+"/findings/"+finding["id"].(string), map[string]any{"reason": "numero di esempio"}
	if justified := giver.call("POST", at+"/justify", 200, why); justified["clear"] != false {
		t.Fatalf("one person clears it: %v", justified)
	}
	if cleared := colleague.call("POST", at+"/confirm", 200, why); cleared["clear"] != true {
		t.Fatalf("cleared: %v", cleared)
	}
	if published := giver.call("POST", "/kits/"+kit+"/publish", 200); published["state"] != "published" || len(published["hash"].(string)) != 64 {
		t.Fatalf("published: %v", published)
	}

	offers := taker.call("GET", "/offers?q=prova", 200)["items"].([]any)
	if len(offers) != 1 || offers[0].(map[string]any)["practice"] != p.ID.String() {
		t.Fatalf("offers: %v", offers)
	}
	adoption := taker.call("POST", "/adoptions", 201, map[string]any{"practice": p.ID.String()})["id"].(string)
	if plan := taker.call("GET", "/adoptions/"+adoption+"/plan", 200); plan["new"] != 1.0 || plan["conflict"] != 0.0 {
		t.Errorf("plan: %v", plan)
	}
	if run := taker.call("POST", "/adoptions/"+adoption+"/apply", 200, map[string]any{}); run["changed"] != true || run["new"] != 1.0 {
		t.Errorf("run: %v", run)
	}
	if run := taker.call("POST", "/adoptions/"+adoption+"/apply", 200, map[string]any{}); run["changed"] != false || run["id"] != nil {
		t.Errorf("second run: %v", run)
	}
	if seen := giver.call("GET", "/adoptions/"+adoption, 200); seen["side"] != "ceding" || seen["stage"] != 1.0 {
		t.Errorf("the ceding body sees %v", seen)
	}
	third := api.DoCtx(tenants.WithScope(t.Context(), st.third), http.MethodGet, "/adoptions/"+adoption)
	if third.Code == http.StatusOK || strings.Contains(third.Body.String(), p.ID.String()) {
		t.Errorf("a stranger: %d %s", third.Code, third.Body)
	}
}
