package registry_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/uuid"

	"staffetta/modules/registry"
	"staffetta/tenants"
)

func TestOperations(t *testing.T) {
	st := newStage(t)
	parts, err := registry.Module().New(st.deps)
	if err != nil {
		t.Fatal(err)
	}
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	ctx := tenants.WithScope(t.Context(), st.as(t, "social_worker"))
	read := func(body []byte, into any) {
		t.Helper()
		if err := json.Unmarshal(body, into); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
	}
	id := newID(t)
	var person struct {
		ID        uuid.UUID
		BirthDate string `json:"birth_date"`
		Version   int
		Warnings  []struct{ Field string }
		Contacts  struct{ Mobile string }
	}
	body := map[string]any{"tax_code": rosaCode, "surname": "Verdi", "name": "Rosa", "contacts": map[string]any{"mobile": "333 1234567"}}
	for range 2 {
		made := api.PostCtx(ctx, "/persons", "Idempotency-Key: "+id.String(), body)
		if made.Code != http.StatusCreated || made.Header().Get("ETag") != `"1"` {
			t.Fatalf("create: %d %s", made.Code, made.Body)
		}
		read(made.Body.Bytes(), &person)
		if person.ID != id || person.BirthDate != "1985-04-03" || len(person.Warnings) != 1 || person.Warnings[0].Field != "surname" {
			t.Errorf("created %+v", person)
		}
	}
	got := api.GetCtx(ctx, "/persons/"+id.String())
	read(got.Body.Bytes(), &person)
	if got.Code != http.StatusOK || person.Contacts.Mobile != "333 1234567" {
		t.Errorf("get: %d %s", got.Code, got.Body)
	}
	delete(body, "contacts")
	body["surname"] = "Bianco"
	changed := api.PutCtx(ctx, "/persons/"+id.String(), `If-Match: "1"`, body)
	read(changed.Body.Bytes(), &person)
	if changed.Code != http.StatusOK || person.Version != 2 || len(person.Warnings) != 0 {
		t.Errorf("update: %d %s", changed.Code, changed.Body)
	}
	if late := api.PutCtx(ctx, "/persons/"+id.String(), `If-Match: "1"`, body); late.Code < 400 {
		t.Errorf("an update of an old version gave %d", late.Code)
	}
	var list struct {
		Items []struct {
			ID      uuid.UUID
			Score   int
			Reasons []string
			Members []struct{ Name string }
		}
		Next string
	}
	read(api.GetCtx(ctx, "/persons?q=bianco").Body.Bytes(), &list)
	if len(list.Items) != 1 || list.Items[0].ID != id || list.Next != "" {
		t.Errorf("list: %+v", list)
	}
	read(api.PostCtx(ctx, "/persons/duplicates", body).Body.Bytes(), &list)
	if len(list.Items) != 1 || list.Items[0].Score != 100 || !slices.Equal(list.Items[0].Reasons, []string{"code", "birth", "name"}) {
		t.Errorf("duplicates: %+v", list)
	}
	var near struct {
		ID         uuid.UUID
		Duplicates []struct {
			ID      uuid.UUID
			Reasons []string
		}
	}
	typo := api.PostCtx(ctx, "/persons", map[string]any{"no_code_reason": "unknown", "surname": "Bainco", "name": "Rosa", "birth_date": "1985-04-03"})
	read(typo.Body.Bytes(), &near)
	if typo.Code != http.StatusCreated || len(near.Duplicates) != 1 || near.Duplicates[0].ID != id || near.Duplicates[0].Reasons[1] != "surname_near" {
		t.Errorf("created with a letter wrong: %d %s", typo.Code, typo.Body)
	}
	var made struct{ ID uuid.UUID }
	read(api.PostCtx(ctx, "/persons/"+id.String()+"/households", map[string]any{"kind": "isee", "relation": "head"}).Body.Bytes(), &made)
	child := newID(t)
	api.PostCtx(ctx, "/persons", "Idempotency-Key: "+child.String(), map[string]any{"no_code_reason": "newborn", "surname": "Bianco", "name": "Luca"})
	added := api.PostCtx(ctx, "/households/"+made.ID.String()+"/members", map[string]any{"person_id": child, "relation": "child"})
	if added.Code >= 300 {
		t.Errorf("add a member: %d %s", added.Code, added.Body)
	}
	read(api.GetCtx(ctx, "/persons/"+child.String()+"/households").Body.Bytes(), &list)
	if len(list.Items) != 1 || len(list.Items[0].Members) != 2 || list.Items[0].Members[1].Name != "Luca Bianco" {
		t.Errorf("households: %+v", list)
	}
	if bad := api.PostCtx(ctx, "/persons", map[string]any{"tax_code": 5}); bad.Code != http.StatusUnprocessableEntity {
		t.Errorf("a wrong type gave %d", bad.Code)
	}
}
