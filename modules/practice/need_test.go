package practice_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/practice"
	"staffetta/modules/practice/need"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

// A need from its first words to the practice that serves it, on the pages of both bodies.
func TestNeedOnPages(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := release.CID()
	fatal(t, err)
	p, err := release.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	st.publish(t, p, "1.0.0")
	si := newSite(t, st)
	giver, taker := si.as(t, st.giving), si.as(t, st.taking)

	taker.visit(t, "/fabbisogni", nil).want(t, 200, "L&#39;ente non ha scritto fabbisogni", "/fabbisogni/nuovo")
	empty := taker.visit(t, "/fabbisogni/nuovo", nil).want(t, 200, "Non scrivere dati di persone")
	taker.visit(t, "/fabbisogni", empty.fill("title", "Ab", "staff", "molte", "deadline", "domani")).want(t, 422, "Scrivi un numero da 0 a 500", "Scegli un giorno", `value="molte"`)
	form := empty.fill("title", "Uno sportello per <b>famiglie</b>", "purpose", "Le famiglie non sanno a chi chiedere", "audience", "caregiver, 347 1234567", "area", "disabili",
		"budget", "50000", "staff", "4", "deadline", "2099-01-31")
	made := taker.visit(t, "/fabbisogni", form).want(t, 303)
	if again := taker.visit(t, "/fabbisogni", form); again.to != made.to {
		t.Errorf("a second submit led to %s, the first to %s", again.to, made.to)
	}
	taker.visit(t, made.to, nil).want(t, 200, "Lo vede solo il tuo ente", "Uno sportello per &lt;b&gt;famiglie", "Fino a 50.000 euro", "31/01/2099", "Pubblica per tutti gli enti")
	giver.visit(t, made.to, nil).want(t, 404)

	taker.visit(t, made.to+"/pubblica", url.Values{"x": {"y"}}).want(t, 422, "Per chi: Contiene un numero di telefono")
	giver.visit(t, made.to, nil).want(t, 404)
	edit := taker.visit(t, made.to+"/modifica", nil).want(t, 200, "347 1234567", `value="4"`)
	taker.visit(t, made.to+"/modifica", edit.fill("purpose", "Le famiglie non sanno a chi chiedere", "audience", "caregiver", "area", "disabili", "budget", "50000")).want(t, 303)
	if stale := taker.visit(t, made.to+"/modifica", edit.fill("purpose", "Altro")); stale.status != http.StatusConflict {
		t.Errorf("a stale change answers %d", stale.status)
	}
	taker.visit(t, made.to+"/pubblica", url.Values{"x": {"y"}}).want(t, 303)
	giver.visit(t, "/fabbisogni", nil).want(t, 200, st.taker.Name, made.to)
	seen := giver.visit(t, made.to, nil).want(t, 200, st.taker.Name, "caregiver")
	if strings.Contains(seen.main(), "/modifica") || strings.Contains(seen.main(), "Operatore") {
		t.Errorf("another body sees more than the need:\n%s", seen.main())
	}
	giver.visit(t, made.to+"/modifica", nil).want(t, 404)
	giver.visit(t, made.to+"/modifica", edit.fill()).want(t, 404)
	giver.visit(t, made.to+"/chiudi", url.Values{"esito": {"met"}}).want(t, 404)
	giver.visit(t, made.to+"/pratiche", nil).want(t, 404)

	title := cid.Practice.Title.It[:3]
	taker.visit(t, made.to+"/pratiche", nil).want(t, 200, title, "/pratiche/"+p.ID.String(), "mancanze", "Come si danno i punti")
	taker.visit(t, made.to+"/pratiche/"+p.ID.String(), nil).want(t, 200, "La stessa area", "Il programma non ha questi dati", "Non conta", "I costi del kit sono dimostrativi",
		"Nessuno ha il ruolo", "/adozioni/nuova?pratica="+p.ID.String())
	taker.visit(t, "/pratiche-adatte", nil).want(t, 200, title)
	taker.visit(t, "/pratiche-adatte/"+p.ID.String(), nil).want(t, 200, "Si guarda solo per un fabbisogno")
	taker.visit(t, "/pratiche-adatte/"+uuid.NewString(), nil).want(t, 404)
	giver.visit(t, "/fabbisogni/compatibili", nil).want(t, 200, made.to, st.taker.Name, title)
	taker.visit(t, "/fabbisogni/compatibili", nil).want(t, 200, "Nessun fabbisogno da confrontare")

	taker.visit(t, made.to+"/chiudi", url.Values{"esito": {"withdrawn"}}).want(t, 303)
	giver.visit(t, made.to, nil).want(t, 404)
	taker.visit(t, made.to+"/pubblica", url.Values{"x": {"y"}}).want(t, 303)
	taker.visit(t, made.to+"/chiudi", url.Values{"esito": {"met"}}).want(t, 303)
	taker.visit(t, made.to, nil).want(t, 200, "Soddisfatto")
	if again := taker.visit(t, made.to+"/pubblica", url.Values{"x": {"y"}}); again.status != http.StatusConflict {
		t.Errorf("a need that is met is published again: %d", again.status)
	}
	giver.visit(t, "/fabbisogni", nil).want(t, 200, "Nessun altro ente ha pubblicato fabbisogni")
}

// What a published need says stays checked when it is changed, and a change reaches everybody.
func TestPublishedNeedIsChangedForEverybody(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	v := need.NewService(st.deps)
	n, err := v.Create(t.Context(), st.taking, need.PracticeNeed{ID: uuid.Must(uuid.NewV7()), Title: "Serve uno sportello", Purpose: "Ascolto"})
	fatal(t, err)
	_, err = v.Close(t.Context(), st.taking, n.ID, need.Met)
	wantKind(t, err, problem.Conflict)
	n, err = v.Publish(t.Context(), st.taking, n.ID)
	fatal(t, err)
	n.Purpose = "Scrivete a rosalia@esempio.it"
	_, err = v.Update(t.Context(), st.taking, n)
	wantKind(t, err, problem.Invalid)
	seen, err := v.Get(t.Context(), st.third, n.ID)
	fatal(t, err)
	if seen.Purpose != "Ascolto" || seen.Body != st.taker.Name {
		t.Errorf("others see %+v", seen)
	}
	n.Purpose = "Ascolto e accompagnamento"
	_, err = v.Update(t.Context(), st.taking, n)
	fatal(t, err)
	if seen, err = v.Get(t.Context(), st.third, n.ID); err != nil || seen.Purpose != n.Purpose {
		t.Errorf("others see %+v, %v", seen, err)
	}
	for name, sql := range map[string]string{
		"publishes": `select practice.publish_need('` + n.ID.String() + `')`, "closes": `select practice.close_need('` + n.ID.String() + `', 'met')`,
		"writes": `update commons.needs set title = 'mia' where id = '` + n.ID.String() + `'`,
	} {
		if err := st.DB.InTx(t.Context(), st.third, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		}); err == nil {
			t.Errorf("another body %s it", name)
		}
	}
}

func TestNeedThroughTheAPI(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	parts, err := practice.Module().New(st.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	giver, taker := caller{t, api, tenants.WithScope(t.Context(), st.giving)}, caller{t, api, tenants.WithScope(t.Context(), st.taking)}
	id, sent := uuid.Must(uuid.NewV7()).String(), map[string]any{"title": "Serve una pratica di prova", "purpose": "Risolvere un problema", "staff": 2, "deadline": "2099-01-31"}
	for range 2 {
		if made := taker.call("POST", "/practice-needs", 201, "Idempotency-Key: "+id, sent); made["id"] != id || made["state"] != "draft" || made["own"] != true {
			t.Errorf("created: %v", made)
		}
	}
	sent["area"] = "disabili"
	if changed := taker.call("PUT", "/practice-needs/"+id, 200, `If-Match: "1"`, sent); changed["revision"] != 2.0 || changed["area"] != "disabili" {
		t.Errorf("changed: %v", changed)
	}
	if published := taker.call("POST", "/practice-needs/"+id+"/publication", 200); published["state"] != "published" {
		t.Errorf("published: %v", published)
	}
	if seen := giver.call("GET", "/practice-needs", 200)["items"].([]any); len(seen) != 1 || seen[0].(map[string]any)["own"] != false {
		t.Errorf("others see %v", seen)
	}
	found := taker.call("GET", "/practice-needs/"+id+"/matches", 200)["items"].([]any)
	if len(found) != 1 || found[0].(map[string]any)["practice"] != p.ID.String() || found[0].(map[string]any)["gaps"] == nil {
		t.Fatalf("matches: %v", found)
	}
	points, sum := found[0].(map[string]any)["points"].(float64), 0.0
	for _, part := range found[0].(map[string]any)["parts"].([]any) {
		sum += part.(map[string]any)["points"].(float64)
	}
	if points != sum || points == 0 {
		t.Errorf("%v points, the parts sum to %v", points, sum)
	}
	if own := giver.call("GET", "/practice-matches", 200)["items"].([]any); len(own) != 0 {
		t.Errorf("a body is offered its own practice: %v", own)
	}
	served := giver.call("GET", "/served-needs", 200)["items"].([]any)
	if len(served) != 1 || served[0].(map[string]any)["need"] != id || served[0].(map[string]any)["match"].(map[string]any)["gaps"] != nil {
		t.Errorf("served: %v", served)
	}
	if closed := taker.call("POST", "/practice-needs/"+id+"/closing", 200, map[string]any{"outcome": "met"}); closed["state"] != "met" {
		t.Errorf("closed: %v", closed)
	}
	offers := taker.call("GET", "/offers?q=prova&sort=newest&limit=1", 200)["items"].([]any)
	if len(offers) != 1 || offers[0].(map[string]any)["maturity"] != "offered" || offers[0].(map[string]any)["use_measured"] != false {
		t.Errorf("offers: %v", offers)
	}
}
