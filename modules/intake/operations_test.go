package intake_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"

	"staffetta/modules/intake"
	"staffetta/tenants"
)

func TestOperations(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "access_desk")
	parts, err := intake.Module().New(st.deps)
	if err != nil {
		t.Fatal(err)
	}
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	ctx := tenants.WithScope(t.Context(), s)
	read := func(body []byte, into any) {
		t.Helper()
		if err := json.Unmarshal(body, into); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
	}
	id := newID(t)
	body := map[string]any{
		"person_id": st.person(t, s, "Bianco").ID, "channel": "phone", "interlocutor": "relative", "reason": "sent", "needs": []string{"safety"},
	}
	for range 2 {
		if made := api.PostCtx(ctx, "/contacts", "Idempotency-Key: "+id.String(), body); made.Code != http.StatusCreated || made.Header().Get("ETag") != `"1"` {
			t.Fatalf("create: %d %s", made.Code, made.Body)
		}
	}
	var contact intake.ContactBody
	closed := api.PostCtx(ctx, "/contacts/"+id.String()+"/close", `If-Match: "1"`, map[string]any{"outcome": "signposting", "signposting": "ASP"})
	read(closed.Body.Bytes(), &contact)
	if closed.Code != http.StatusOK || contact.State != intake.Closed || contact.Signposting != "ASP" || contact.Version != 2 {
		t.Errorf("close: %d %s", closed.Code, closed.Body)
	}
	got := api.GetCtx(ctx, "/contacts/"+id.String())
	read(got.Body.Bytes(), &contact)
	if got.Code != http.StatusOK || len(contact.Needs) != 1 || contact.Person == nil {
		t.Errorf("get: %d %s", got.Code, got.Body)
	}
	var list struct {
		Items []intake.ContactBody
		Next  string
	}
	read(api.GetCtx(ctx, "/contacts?desk=true").Body.Bytes(), &list)
	if len(list.Items) != 1 || list.Items[0].ID != id || list.Next != "" {
		t.Errorf("list: %+v", list)
	}
	body["channel"] = "pigeon"
	if bad := api.PostCtx(ctx, "/contacts", body); bad.Code != http.StatusUnprocessableEntity {
		t.Errorf("an unknown channel gave %d", bad.Code)
	}
}

func TestFormOperations(t *testing.T) {
	st, s, c := newDesk(t)
	newSite(t, st, s).host.API(t) // which answers for errors as the program does
	parts, err := intake.Module().New(st.deps)
	must(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	ctx, at := tenants.WithScope(t.Context(), s), "/contacts/"+c.ID.String()+"/forms"
	read := func(body []byte, into any) {
		t.Helper()
		if err := json.Unmarshal(body, into); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
	}
	id := newID(t)
	draft := map[string]any{"form": "FO-01", "answers": map[string]any{"channel": "phone"}}
	for range 2 {
		if made := api.PostCtx(ctx, at, "Idempotency-Key: "+id.String(), draft); made.Code != http.StatusCreated || made.Header().Get("ETag") != `"1"` {
			t.Fatalf("create: %d %s", made.Code, made.Body)
		}
	}
	whole := map[string]any{"answers": told(), "final": true}
	for version, want := range map[string]int{`"7"`: http.StatusConflict, `"x"`: http.StatusConflict} {
		if put := api.PutCtx(ctx, at+"/"+id.String(), "If-Match: "+version, whole); put.Code != want {
			t.Errorf("If-Match %s gave %d, want %d", version, put.Code, want)
		}
	}
	if put := api.PutCtx(ctx, at+"/"+id.String(), `If-Match: "1"`, whole); put.Code != http.StatusOK || put.Header().Get("ETag") != `"2"` {
		t.Errorf("update: %d %s", put.Code, put.Body)
	}
	var got intake.FilledFormBody
	read(api.GetCtx(ctx, at+"/"+id.String()).Body.Bytes(), &got)
	if got.State != intake.FormFinal || got.Edition != 1 || got.Answers["channel"] != "phone" || len(got.Lines) != len(told()) {
		t.Errorf("get: %+v", got)
	}
	var list struct {
		Items []intake.FormBody
		Next  string
	}
	read(api.GetCtx(ctx, at).Body.Bytes(), &list)
	if len(list.Items) != 1 || list.Items[0].ID != id || list.Items[0].Form != "FO-01" || list.Next != "" {
		t.Errorf("list: %+v", list)
	}
	if foreign := api.GetCtx(tenants.WithScope(t.Context(), st.Operator(t, st.Body(t, "marsala"), "coordinator")), at); foreign.Code != http.StatusNotFound {
		t.Errorf("another body gets %d, want %d", foreign.Code, http.StatusNotFound)
	}
	var contact intake.ContactBody
	open := st.create(t, s, intake.NewContact{Details: arrival(nil)})
	read(api.GetCtx(ctx, "/contacts/"+open.ID.String()).Body.Bytes(), &contact)
	if want := (intake.Term{Days: 5, Working: true}).Due(open.At).Format("2006-01-02"); contact.Due != want {
		t.Errorf("due %q, want %q", contact.Due, want)
	}
}
