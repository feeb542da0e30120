package entry_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"

	"staffetta/internal/problem"
	"staffetta/onboarding"
	"staffetta/onboarding/entry"
	"staffetta/tenants"
)

func TestAnotherPersonWorksAtTheEntry(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	ada, maria, carla := st.newcomer(t, "Ada Valenza", adaCode), st.newcomer(t, "Maria Errera", marCode), st.newcomer(t, "Carla Bonomo", otherOne)
	e, err := st.service.Create(ctx, ada, newID(t))
	failOn(t, err)
	_, err = st.service.Get(ctx, maria, e.ID)
	wantKind(t, err, problem.NotFound)
	failOn(t, st.service.AddPerson(ctx, ada, e.ID, entry.NewParticipant{Name: "Maria Errera", TaxCode: strings.ToLower(marCode)}))
	failOn(t, st.service.AddPerson(ctx, ada, e.ID, entry.NewParticipant{Name: "Maria", TaxCode: marCode})) // is there already

	// she sees it and fills it in; who was not added does not
	mine, err := st.service.Find(ctx, maria)
	failOn(t, err)
	if len(mine) != 1 || mine[0].ID != e.ID {
		t.Fatalf("the second person finds %d entries", len(mine))
	}
	failOn(t, st.service.ChooseMunicipality(ctx, maria, e.ID, 0, pantelleria))
	people, err := st.service.FindPeople(ctx, maria, e.ID)
	failOn(t, err)
	if len(people) != 2 || people[0].Name != "Ada Valenza" || people[1].Name != "Maria Errera" || people[1].Account != maria.Account {
		t.Errorf("at the entry work %+v", people)
	}
	_, err = st.service.FindPeople(ctx, carla, e.ID)
	wantKind(t, err, problem.NotFound)
	wantKind(t, st.service.AddPerson(ctx, carla, e.ID, entry.NewParticipant{Name: "Carla Bonomo", TaxCode: otherOne}), problem.NotFound)
	err = st.DB.InTx(ctx, carla, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `select onboarding.add_person($1, $2, 'Carla')`, e.ID, carla.Account)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "another") {
		t.Errorf("somebody joins by the database: %v", err)
	}
	wantField(t, st.service.AddPerson(ctx, ada, e.ID, entry.NewParticipant{Name: `=HYPERLINK("http://example.it")`, TaxCode: livCode}), "name", "onboarding.member.error.formula")
	err = st.service.AddPerson(ctx, ada, e.ID, entry.NewParticipant{TaxCode: "X"})
	wantField(t, err, "name", "web.field.required")
	wantField(t, err, "tax_code", "onboarding.tax_code.length")
	if events := st.texts(t, `select payload ->> 'step' from audit.events where action = 'entry.update' order by at`); !slices.Equal(events, []string{"body"}) {
		t.Errorf("the audit has the steps %v", events)
	}
	added := st.texts(t, `select actor_name || ' ' || (payload ->> 'account') from audit.events where action = 'entry.add_person' and object_id = $1`, e.ID)
	if !slices.Equal(added, []string{"Ada Valenza " + maria.Account.String()}) {
		t.Errorf("the audit says that %v let somebody in", added)
	}
}

func TestIPAIsCorrectedAndBecomesTheAddress(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	st.Body(t, "unione_isole")
	failOn(t, st.deps.Bodies.Reload(ctx))
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	wantKind(t, st.service.CorrectIPA(ctx, s, e.ID, 0, "pantel"), problem.Conflict) // no municipality yet
	e = st.filled(t, s, pantelleria)
	if e.IPA() != "c_g315" {
		t.Fatalf("the code is %s", e.IPA())
	}
	for text, key := range map[string]string{
		"": "ipa_wrong", "c g315": "ipa_wrong", "<b>": "ipa_wrong", "_x": "ipa_wrong", "api": "ipa_wrong", "unione_isole": "ipa_taken",
		"C_G273": "ipa_taken", // of Palermo, which has not entered yet
	} {
		wantField(t, st.service.CorrectIPA(ctx, s, e.ID, e.BodyVersion, text), "ipa", "onboarding.body."+key)
	}
	failOn(t, st.service.CorrectIPA(ctx, s, e.ID, e.BodyVersion, " C_Pantel "))
	wantKind(t, st.service.CorrectIPA(ctx, s, e.ID, e.BodyVersion, "c_other"), problem.Conflict) // from the version before
	if e = st.get(t, s, e.ID); e.IPA() != "c_pantel" {
		t.Fatalf("the corrected code is %s", e.IPA())
	}
	// another municipality begins with its own code again
	failOn(t, st.service.ChooseMunicipality(ctx, s, e.ID, e.BodyVersion, "081012"))
	if e = st.get(t, s, e.ID); e.IPA() == "c_pantel" {
		t.Error("the correction outlives the municipality")
	}
	failOn(t, st.service.ChooseMunicipality(ctx, s, e.ID, e.BodyVersion, pantelleria))
	failOn(t, st.service.CorrectIPA(ctx, s, e.ID, e.BodyVersion+1, "c_pantel"))
	live, err := st.goLive(t, s, e.ID)
	failOn(t, err)
	body, _, err := st.deps.Bodies.BySlug("c_pantel")
	failOn(t, err)
	if body.ID != live.Body || body.IPA != "c_pantel" || body.Belfiore != "G315" {
		t.Errorf("the body is %+v", body)
	}
}

func TestGoingLiveStandsInTheBodysOwnAudit(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	live, err := st.goLive(t, s, e.ID)
	failOn(t, err)
	_, err = st.goLive(t, s, e.ID)
	failOn(t, err)
	told := st.texts(t, `select actor_name || ' ' || object_id::text from audit.events where action = 'body.activate' and tenant_id = $1 and account_id = $2`, live.Body, s.Account)
	if !slices.Equal(told, []string{"Ada Valenza " + e.ID.String()}) {
		t.Errorf("the body's own audit says %v", told)
	}
}

func TestPeopleAndIPAOnThePages(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	si := newSite(t, st, s)
	at := "/attivazione/" + e.ID.String()
	si.visit(t, at, nil).want(t, 200, "Continua: Verifica e codice", "Chi segue questa attivazione", "Ada Valenza", "Aggiungi o togli persone")
	page := si.visit(t, at+"/persone", nil).want(t, 200, "sei tu")
	si.visit(t, at+"/persone", page.fill("name", "", "tax_code", "AAA")).want(t, 422, `href="#name"`, `href="#tax_code"`, `value="AAA"`)
	si.visit(t, at+"/persone", page.fill("name", "Maria Errera", "tax_code", marCode)).want(t, 303)
	si.visit(t, at, nil).want(t, 200, "Ada Valenza, Maria Errera")
	second := newSite(t, st, st.newcomer(t, "Maria Errera", marCode))
	second.visit(t, "/attivazione/mie", nil).want(t, 200, "Comune di Pantelleria")
	second.visit(t, at, nil).want(t, 200, "Ada Valenza, Maria Errera")

	body := si.visit(t, at+"/ente", nil).want(t, 200, "Il codice IPA non è giusto? Correggilo", `value="c_g315"`, `<details class="foglio">`)
	si.visit(t, at+"/ente/ipa", body.fill("ipa", "c g")).want(t, 422, `<details class="foglio" open>`, `href="#ipa"`, `value="c g"`)
	si.visit(t, at+"/ente/ipa", body.fill("ipa", "c_pantel")).want(t, 303)
	si.visit(t, at+"/ente/ipa", body.fill("ipa", "c_altro")).want(t, 409, "Un’altra persona ha salvato questo passo", `value="c_altro"`, "Ora è salvato: c_pantel")
	si.visit(t, at+"/verifica", nil).want(t, 200, "c_pantel")
	third := newSite(t, st, st.newcomer(t, "Carla Bonomo", otherOne))
	third.visit(t, at+"/persone", nil).want(t, 404)
	third.visit(t, at+"/ente/ipa", body.fill("ipa", "c_altro")).want(t, 404)
}

func TestPeopleAndIPAThroughTheAPI(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	parts, err := onboarding.Module().New(st.deps)
	failOn(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	ctx := tenants.WithScope(t.Context(), s)
	at := "/entries/" + e.ID.String()
	if got := api.PutCtx(ctx, at+"/ipa", "If-Match: 1", map[string]any{"ipa": "c_pantel"}); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), `"ipa":"c_pantel"`) {
		t.Errorf("ipa: %d %s", got.Code, got.Body)
	}
	if got := api.PostCtx(ctx, at+"/people", map[string]any{"name": "Maria Errera", "tax_code": marCode}); got.Code != http.StatusCreated || strings.Contains(got.Body.String(), marCode) {
		t.Errorf("add: %d %s", got.Code, got.Body)
	}
	if got := api.GetCtx(ctx, at+"/people"); got.Code != http.StatusOK || strings.Count(got.Body.String(), `"name"`) != 2 {
		t.Errorf("list: %d %s", got.Code, got.Body)
	}
}
