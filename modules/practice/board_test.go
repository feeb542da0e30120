package practice_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/uuid"

	"staffetta/api/rest"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// checked is a small kit whose gates ask something: a checklist, a course, an indicator and a question.
func checked() []kit.Source {
	text := func(it string) map[string]string { return map[string]string{"it": it} }
	return []kit.Source{
		question("QU-01", "Uno"),
		source(kit.KindChecklist, "TE-01", map[string]any{
			"purpose": text("Prima di partire"), "areas": []any{map[string]any{"key": "staff", "label": text("Persone")}},
			"questions": []any{
				map[string]any{"key": "owner", "area": "staff", "question": text("C'è un responsabile?"), "blocking": true, "ifNo": text("Nominarlo")},
				map[string]any{"key": "course", "area": "staff", "question": text("Il corso è stato fatto?"), "items": []string{"TR-01"}},
			},
		}),
		source(kit.KindTraining, "TR-01", map[string]any{
			"format": "course", "hours": 2, "audience": []string{"access_desk"}, "goals": []any{text("Capire")}, "method": text("In presenza"), "check": text("Prova"),
			"programme": []any{map[string]any{"key": "one", "title": text("Uno"), "minutes": 120, "content": text("Contenuto")}},
		}),
	}
}

// begun is a stage with an adoption of that kit, and its board's path.
func begun(t *testing.T) (*stage, adoption.Adoption, string) {
	t.Helper()
	st := newStage(t)
	p := st.install(t, checked()...)
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	return st, a, "/adozioni/" + a.ID.String()
}

func (st *stage) stageOf(t *testing.T, a adoption.Adoption) int {
	t.Helper()
	return st.count(t, `select stage from practice.adoptions where id = $1`, a.ID)
}

func TestAShutGateSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	st, a, at := begun(t)
	si := newSite(t, st)
	taker, giver := si.as(t, st.taking), si.as(t, st.giving)
	page := taker.visit(t, at, nil).want(t, 200, "ha detto che cosa gli serve", "/riscontri/nuovo?tipo=interest", "Manca 1 condizione")
	if strings.Contains(page.main(), "/avanza") {
		t.Error("a shut gate offers the way on")
	}
	taker.visit(t, at+"/avanza", url.Values{"seen": {"1"}, "target": {"2"}}).want(t, 303)
	if st.stageOf(t, a) != 1 {
		t.Fatal("the adoption went through a shut gate")
	}
	giver.visit(t, at, nil).want(t, 200, "Tocca al "+st.taker.Name)
	giver.visit(t, at+"/riscontri/nuovo?tipo=interest", nil).want(t, 404)

	form := taker.visit(t, at+"/riscontri/nuovo?tipo=interest", nil).want(t, 200, "per chi")
	taker.visit(t, at+"/riscontri", form.fill()).want(t, 422, "Errore:")
	sent := form.fill("note", "Per le <b>persone</b> anziane dell'isola")
	taker.visit(t, at+"/riscontri", sent).want(t, 303)
	taker.visit(t, at+"/riscontri", sent).want(t, 303)
	if n := st.count(t, `select count(*) from practice.adoptions_statements where adoption_id = $1`, a.ID); n != 1 {
		t.Errorf("sent twice, %d statements", n)
	}
	giver.visit(t, at+"/fasi/1", nil).want(t, 200, "&lt;b&gt;persone&lt;/b&gt;", st.taking.Name)
	open := taker.visit(t, at, nil).want(t, 200, "Tutto pronto", at+"/avanza")
	taker.visit(t, at+"/avanza", open.fill()).want(t, 303)
	taker.visit(t, at, nil).want(t, 200, "2. Analisi di trasferibilità", "Rispondi alle domande")
	if st.stageOf(t, a) != 2 {
		t.Error("the adoption did not move on")
	}
	if n := st.count(t, `select count(*) from audit.events where action in ('adoption.state', 'adoption.advance') and tenant_id = $1`, st.taker.ID); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestApplyingPassesNoGate(t *testing.T) {
	t.Parallel()
	st, a, _ := begun(t)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	if got := st.stageOf(t, a); got != adoption.StageInterest {
		t.Errorf("applying the kit moved the adoption to %d", got)
	}
}

func TestGoingBackNeedsAReason(t *testing.T) {
	t.Parallel()
	st, a, at := begun(t)
	si := newSite(t, st)
	taker, giver := si.as(t, st.taking), si.as(t, st.giving)
	taker.visit(t, at+"/torna", nil).want(t, 404)
	st.set(t, a, 6)
	ask := giver.visit(t, at+"/torna", nil).want(t, 200, "5. Adattamento", "1. Manifestazione")
	giver.visit(t, at+"/torna", ask.fill("target", "3")).want(t, 422, "Errore:")
	giver.visit(t, at+"/torna", ask.fill("target", "7", "reason", "avanti")).want(t, 422)
	giver.visit(t, at+"/torna", ask.fill("target", "3", "seen", "5", "reason", "x")).want(t, 409)
	if st.stageOf(t, a) != 6 {
		t.Fatal("the adoption moved without a reason")
	}
	giver.visit(t, at+"/torna", ask.fill("target", "3", "reason", "L'atto va rifatto")).want(t, 303)
	taker.visit(t, at, nil).want(t, 200, "Tornati alla fase 3. Accordo", "L&#39;atto va rifatto", st.giver.Name)
	if st.stageOf(t, a) != 3 {
		t.Error("the adoption did not go back")
	}
}

// set puts an adoption to a stage, to begin there.
func (st *stage) set(t *testing.T, a adoption.Adoption, stage int) {
	t.Helper()
	_, err := st.Owner.Exec(t.Context(), `update practice.adoptions set stage = $2 where id = $1`, a.ID, stage)
	fatal(t, err)
}

func TestNotesOfABodyStayItsOwn(t *testing.T) {
	t.Parallel()
	st, a, at := begun(t)
	si := newSite(t, st)
	taker, giver := si.as(t, st.taking), si.as(t, st.giving)
	page := taker.visit(t, at, nil).want(t, 200, "Solo "+st.taker.Name)
	own := page.fill("text", "Dubbi sui costi", "private", "yes")
	taker.visit(t, at+"/giornale", own).want(t, 303)
	taker.visit(t, at+"/giornale", own).want(t, 303)
	taker.visit(t, at+"/giornale", taker.visit(t, at, nil).fill("text", "Ci vediamo lunedì", "private", "no")).want(t, 303)
	taker.visit(t, at+"/giornale", page.fill("text", "  ")).want(t, 422, "Errore:")
	taker.visit(t, at, nil).want(t, 200, "Dubbi sui costi", "Ci vediamo lunedì")
	seen := giver.visit(t, at, nil).want(t, 200, "Ci vediamo lunedì")
	if strings.Contains(seen.body, "Dubbi") {
		t.Error("the other body reads the own notes")
	}
	if n := st.count(t, `select count(*) from practice.adoption_notes where adoption_id = $1`, a.ID); n != 1 {
		t.Errorf("sent twice, %d notes", n)
	}
}

func TestAStrangerSeesNoBoard(t *testing.T) {
	t.Parallel()
	st, a, at := begun(t)
	si := newSite(t, st)
	third := si.as(t, st.third)
	for _, path := range []string{at, at + "/fasi/1", at + "/torna", at + "/analisi", at + "/riscontri/nuovo?tipo=act"} {
		third.visit(t, path, nil).want(t, 404)
	}
	filled := url.Values{"seen": {"1"}, "target": {"2"}, "text": {"x"}, "kind": {"act"}, "value": {"1"}, "day": {"2026-01-01"}, "reason": {"x"}, "owner": {"x"}}
	for _, path := range []string{"/avanza", "/torna", "/giornale", "/riscontri", "/analisi", "/fasi/1/responsabile", "/riscontri/" + uuid.NewString() + "/ritira"} {
		third.visit(t, at+path, filled).want(t, 404)
	}
	if n := st.count(t, `select count(*) from practice.adoptions_statements where adoption_id = $1`, a.ID); n != 0 {
		t.Errorf("a stranger wrote %d statements", n)
	}
	// The functions of the database refuse it too.
	for _, sql := range []string{
		`select practice.working_side($1)`, `select practice.state_on_board($1, '{}')`, `select practice.withdraw_statement($1, $1)`,
		`select practice.own_stage($1, 1, 'x', null)`, `select practice.step_adoption($1, 1, 2, 'x', '')`, `select practice.note_in_journal($1, $1, 'x', 'x')`,
	} {
		err := st.DB.InTx(t.Context(), st.third, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), sql, a.ID)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "no such adoption") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// appears tells whether a field stands where it appears with its answer, unfolded, and is not called optional.
func appears(page answer, id string) bool {
	before, after, _ := strings.Cut(page.main(), `for="`+id+`"`)
	label, _, _ := strings.Cut(after, "</label>")
	around := before[strings.LastIndex(before, `class="se-manca"`)+1:]
	return around != before && !strings.Contains(around, "details") && !strings.Contains(label, "facoltativo")
}

func TestTheChecklistIsAnsweredWithItsGaps(t *testing.T) {
	t.Parallel()
	st, a, at := begun(t)
	st.set(t, a, 2)
	si := newSite(t, st)
	taker, giver := si.as(t, st.taking), si.as(t, st.giving)
	page := taker.visit(t, at+"/analisi", nil).want(t, 200, "responsabile?", "Blocca l&#39;avvio", "Corsi registrati in questo percorso: 0 di 1", "proposta dai dati")
	for _, id := range []string{"owner-TE-01-owner", "owner-TE-01-course"} {
		if !appears(page, id) {
			t.Errorf("%s does not stand with its answer", id)
		}
	}
	page = taker.visit(t, at+"/analisi", page.fill("value.TE-01/owner", "forse")).want(t, 422, "Errore:")
	taker.visit(t, at+"/analisi", page.fill("value.TE-01/owner", "yes", "note.TE-01/owner", "Decreto 4", "value.TE-01/course", "no")).want(t, 303)
	taker.visit(t, at, nil).want(t, 200, "Ne manca 1. Per ogni")
	page = giver.visit(t, at+"/analisi", nil).want(t, 200, "Decreto 4", "Risposta di "+st.taking.Name)
	giver.visit(t, at+"/analisi", page.fill("value.TE-01/owner", "yes", "value.TE-01/course", "no", "owner.TE-01/course", "Formazione", "day.TE-01/course", "boh")).want(t, 422)
	giver.visit(t, at+"/analisi", page.fill("value.TE-01/owner", "yes", "value.TE-01/course", "no", "owner.TE-01/course", "Formazione", "day.TE-01/course", "2031-05-01")).want(t, 303)
	giver.visit(t, at, nil).want(t, 200, "Tutto pronto")
	if n := st.count(t, `select count(*) from practice.adoptions_statements where adoption_id = $1 and replaced_at is null`, a.ID); n != 2 {
		t.Errorf("%d answers stand", n)
	}
	if n := st.count(t, `select count(*) from practice.adoptions_statements where adoption_id = $1 and replaced_at is not null`, a.ID); n != 1 {
		t.Errorf("%d answers were kept: what nobody changed is not written again", n)
	}
}

func TestOwnersAndStatementsOfAStage(t *testing.T) {
	t.Parallel()
	st, _, at := begun(t)
	si := newSite(t, st)
	taker, giver := si.as(t, st.taking), si.as(t, st.giving)
	page := taker.visit(t, at+"/fasi/3", nil).want(t, 200, "Non indicato", "Registra l&#39;atto del nostro ente")
	taker.visit(t, at+"/fasi/3/responsabile", page.fill("owner", "", "due", "2031-01-31")).want(t, 422)
	taker.visit(t, at+"/fasi/3/responsabile", page.fill("owner", "Anna Vella, Segreteria", "due", "2031-01-31")).want(t, 303)
	giver.visit(t, at+"/fasi/3", nil).want(t, 200, "Anna Vella, Segreteria", "31")
	for _, path := range []string{"/fasi/11", "/fasi/03", "/fasi/-1", "/fasi/x"} {
		taker.visit(t, at+path, nil).want(t, 404)
	}
	form := taker.visit(t, at+"/riscontri/nuovo?tipo=act", nil)
	taker.visit(t, at+"/riscontri", form.fill("value", "DC 12", "day", "2031-01-31")).want(t, 422, "non nel futuro")
	taker.visit(t, at+"/riscontri", form.fill("value", "DC 12", "day", "2026-01-31", "link", "javascript:alert(1)")).want(t, 422, "https://")
	taker.visit(t, at+"/riscontri", form.fill("value", "DC 12", "day", "2026-01-31", "link", "https://comune.example.it/dc12")).want(t, 303)
	mine := taker.visit(t, at+"/fasi/3", nil).want(t, 200, "DC 12", "Ritira")
	theirs := giver.visit(t, at+"/fasi/3", nil).want(t, 200, "DC 12")
	if strings.Contains(theirs.main(), "/ritira") {
		t.Error("the other body is offered to withdraw it")
	}
	path := between(mine.main(), `/riscontri/`, `/ritira`)
	giver.visit(t, at+"/riscontri/"+path+"/ritira", url.Values{"x": {"y"}}).want(t, 404)
	taker.visit(t, at+"/riscontri/"+path+"/ritira", url.Values{"x": {"y"}}).want(t, 303)
	if after := taker.visit(t, at+"/fasi/3", nil); strings.Contains(after.body, "DC 12") {
		t.Error("the statement still stands")
	}
}

func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	for !strings.Contains(rest[:min(len(rest), 45)], after) && rest != "" {
		_, rest, _ = strings.Cut(rest, before)
	}
	inside, _, _ := strings.Cut(rest, after)
	return inside
}

// The board of the whole CID kit, through the API, from interest to the evaluation.
func TestBoardThroughTheAPI(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := release.CID()
	fatal(t, err)
	p, err := release.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	st.publishAll(t, p)
	a := st.start(t, p)
	si := newSite(t, st)
	_, _, err = rest.Document(si.List, si.Parts) // whose errors are those of the API
	fatal(t, err)
	parts, err := practice.Module().New(st.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	giver, taker := caller{t, api, tenants.WithScope(t.Context(), st.giving)}, caller{t, api, tenants.WithScope(t.Context(), st.taking)}
	at := "/adoptions/" + a.ID.String()
	state := func(c caller, want int, items ...map[string]any) map[string]any {
		t.Helper()
		return c.call("POST", at+"/statements", want, map[string]any{"items": items})
	}
	day := time.Now().AddDate(0, -1, 0).Format(time.DateOnly)
	taker.call("POST", at+"/advance", 409, map[string]any{"seen": 1, "target": 2})
	refused := problem.Of(board.NewService(st.deps).Advance(t.Context(), st.taking, a.ID, 1, 3))
	if len(refused.Fields) != 2 || refused.Fields[0].Name != "interest" || refused.Fields[1].Name != "answered" {
		t.Errorf("the refusal does not name what lacks: %v", refused)
	}
	state(giver, 422, map[string]any{"kind": "interest", "note": "x"})
	state(taker, 200, map[string]any{"kind": "interest", "note": "Uno sportello per le persone con disabilità dell'isola"})
	if b := taker.call("POST", at+"/advance", 200, map[string]any{"seen": 1, "target": 2}); b["stage"] != 2.0 {
		t.Fatalf("board: %v", b["stage"])
	}
	taker.call("POST", at+"/advance", 409, map[string]any{"seen": 1, "target": 2})
	state(taker, 422, map[string]any{"kind": "answer", "key": "TE-01/nothing", "value": "yes"})
	answers := filled(missing(taker.call("GET", at+"/board", 200), 2, "answered"), map[string]any{"kind": "answer", "value": "yes"})
	if len(answers) != 14 {
		t.Fatalf("%d questions are open", len(answers))
	}
	state(taker, 200, answers...)
	for _, c := range []caller{giver, taker} {
		state(c, 200, map[string]any{"kind": "act", "value": "DC 1", "day": day}, map[string]any{"kind": "privacy", "value": "none"})
	}
	state(taker, 422, map[string]any{"kind": "delivery", "value": "1.0.0"})
	state(giver, 200, map[string]any{"kind": "delivery", "value": "1.0.0"})
	dry := taker.call("GET", at+"/plan", 200)
	taker.call("POST", at+"/apply", 200, map[string]any{"digest": dry["digest"], "acknowledged": true})
	state(taker, 422, map[string]any{"kind": "first_case", "day": day})
	b := taker.call("GET", at+"/board", 200)
	rest := prepared(t, b, cid.Items, day)
	state(taker, 200, rest...)
	late := time.Now().Format(time.DateOnly)
	state(taker, 200, map[string]any{"kind": "first_case", "day": day})
	state(taker, 422, map[string]any{"kind": "baseline", "key": "KP-01", "day": late, "amount": 1, "note": "Dopo"})
	if b := giver.call("GET", at+"/board", 200); b["reach"] != 8.0 || b["stage"] != 2.0 {
		t.Fatalf("reach %v from %v", b["reach"], b["stage"])
	}
	giver.call("POST", at+"/advance", 409, map[string]any{"seen": 2, "target": 9})
	if b := taker.call("POST", at+"/advance", 200, map[string]any{"seen": 2, "target": 8}); b["stage"] != 8.0 {
		t.Errorf("stage %v", b["stage"])
	}
	if b := taker.call("PUT", at+"/stages/8/owner", 200, map[string]any{"name": "Ufficio di piano", "due": "2031-01-31"}); !strings.Contains(toText(b), "Ufficio di piano") {
		t.Error("the owner is not on the board")
	}
	wantValues(t, taker.call("GET", at+"/board", 200), giver.call("GET", at+"/board", 200))
	taker.call("POST", at+"/return", 422, map[string]any{"seen": 8, "target": 6})
	if b := taker.call("POST", at+"/return", 200, map[string]any{"seen": 8, "target": 6, "reason": "un corso da rifare"}); b["stage"] != 6.0 {
		t.Errorf("stage %v", b["stage"])
	}
	third := api.DoCtx(tenants.WithScope(t.Context(), st.third), http.MethodGet, at+"/board")
	if third.Code != http.StatusNotFound {
		t.Errorf("a stranger gets %d", third.Code)
	}
}

// prepared is everything that a board lacks before the start.
func prepared(t *testing.T, b map[string]any, items []kit.Source, day string) []map[string]any {
	t.Helper()
	rest := filled(missing(b, 6, "sessions"), map[string]any{"kind": "session", "day": day, "amount": 2, "people": 9})
	for _, one := range filled(missing(b, 7, "baseline"), map[string]any{"kind": "baseline", "day": day, "note": "Registro cartaceo"}) {
		one["quantities"] = counted(t, items, one["key"].(string))
		rest = append(rest, one)
	}
	rest = append(rest, map[string]any{"kind": "visit", "day": day, "amount": 6, "people": 4})
	if len(rest) != 7+1+8 {
		t.Fatalf("%d statements: %v", len(rest), rest)
	}
	return rest
}

// wantValues sees that a value is computed by its formula, and that the other body does not read from what.
func wantValues(t *testing.T, own, other map[string]any) {
	t.Helper()
	if v := baselines(own)["KP-01"]; v["amount"] != 1000.0 || toText(v["quantities"].(map[string]any)) != `{"contacts":10,"residents":10}` {
		t.Errorf("the value of KP-01: %v", v)
	}
	if v := baselines(other)["KP-01"]; v["amount"] != 1000.0 || v["quantities"] != nil {
		t.Errorf("the other body reads %v", v)
	}
}

// counted is ten of everything that the formula of an indicator needs.
func counted(t *testing.T, items []kit.Source, key string) map[string]any {
	t.Helper()
	quantities := map[string]any{}
	for _, item := range items {
		if item.Key != key {
			continue
		}
		rule, err := kit.ParseIndicator(item.Content)
		fatal(t, err)
		for _, m := range rule.Measures {
			quantities[m.Key] = 10
			if m.List {
				quantities[m.Key] = []int{10, 10, 10, 10, 10}
			}
		}
	}
	return quantities
}

// baselines are the values from which a board starts, by their indicator.
func baselines(b map[string]any) map[string]map[string]any {
	found := map[string]map[string]any{}
	for _, one := range b["statements"].([]any) {
		if s := one.(map[string]any); s["kind"] == "baseline" {
			found[s["key"].(string)] = s
		}
	}
	return found
}

// publishAll publishes everything that the giver has; what looks like personal data is justified.
func (st *stage) publishAll(t *testing.T, p release.Practice) {
	t.Helper()
	report := st.compose(t, p, "1.0.0")
	if report.Kit.Open() > 0 {
		t.Fatalf("findings: %+v", report.Kit.Findings)
	}
	_, err := st.releases.Publish(t.Context(), st.giving, report.Kit.ID)
	fatal(t, err)
}

// filled says the same about each key.
func filled(keys []string, statement map[string]any) []map[string]any {
	var list []map[string]any
	for _, key := range keys {
		one := maps.Clone(statement)
		one["key"] = key
		list = append(list, one)
	}
	return list
}

// missing is what lacks to a condition of a stage.
func missing(b map[string]any, stage int, key string) []string {
	var list []string
	for _, c := range b["stages"].([]any)[stage].(map[string]any)["conditions"].([]any) {
		if condition := c.(map[string]any); condition["key"] == key {
			for _, one := range condition["missing"].([]any) {
				list = append(list, one.(string))
			}
		}
	}
	return list
}

func toText(body map[string]any) string {
	raw, _ := json.Marshal(body)
	return string(raw)
}

func TestTheLedgerTellsWhatBecameOfEachItem(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"), question("QU-02", "Due"), question("QU-03", "Tre"))
	st.publish(t, p, "1.0.0")
	st.edit(t, st.taking, question("QU-03", "Tre nostro"))
	a := st.start(t, p)
	si := newSite(t, st)
	taker, giver := si.as(t, st.taking), si.as(t, st.giving)
	at := "/adozioni/" + a.ID.String()
	taker.visit(t, at+"/registro", nil).want(t, 200, "non è ancora applicato")
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: map[string]upgrade.Decision{
		"question/QU-03": {Answer: upgrade.KeepOurs, Reason: "Orari dell'isola"},
	}})
	fatal(t, err)
	st.edit(t, st.taking, question("QU-02", "Due cambiato"))
	page := taker.visit(t, at+"/registro", nil).want(t, 200, "QU-01 Voce QU-01", "Adottato", "Adattato", "answer.it", "Orari dell&#39;isola", "prova")
	if n := strings.Count(page.main(), "answer.it"); n != 2 {
		t.Errorf("%d items differ:\n%s", n, page.main())
	}
	seen := giver.visit(t, at+"/registro", nil).want(t, 200, "Adattati")
	for _, own := range []string{"QU-0", "Orari", "answer.it"} {
		if strings.Contains(seen.main(), own) {
			t.Errorf("the ceding body reads %q", own)
		}
	}
	si.as(t, st.third).visit(t, at+"/registro", nil).want(t, 404)
}

// A statement that stands already is passed over: those after it are written all the same.
func TestStatementsAfterAKnownOneAreKept(t *testing.T) {
	t.Parallel()
	st, a, _ := begun(t)
	b := board.NewService(st.deps)
	document := func(note string) board.Statement {
		return board.Statement{ID: uuid.Must(uuid.NewV7()), Kind: board.Document, Stage: 1, Note: note, Day: time.Now()}
	}
	known := document("uno")
	fatal(t, b.State(t.Context(), st.taking, a.ID, known))
	fatal(t, b.State(t.Context(), st.taking, a.ID, known, document("due"), document("tre")))
	if n := st.count(t, `select count(*) from practice.adoptions_statements where adoption_id = $1`, a.ID); n != 3 {
		t.Errorf("%d statements stand, want 3", n)
	}
	tomorrow := document("domani")
	tomorrow.Day = time.Now().AddDate(0, 0, 1)
	wantKind(t, b.State(t.Context(), st.taking, a.ID, tomorrow), problem.Invalid)
}

// The same line again is no event.
func TestALineIsToldOnce(t *testing.T) {
	t.Parallel()
	st, a, _ := begun(t)
	b := board.NewService(st.deps)
	for _, private := range []bool{false, true} {
		line := board.Line{ID: uuid.Must(uuid.NewV7()), Text: "Ci vediamo lunedì", Private: private}
		for range 2 {
			fatal(t, b.Write(t.Context(), st.taking, a.ID, line))
		}
	}
	if n := st.count(t, `select count(*) from audit.events where object_id = $1 and action = 'adoption.note'`, a.ID); n != 2 {
		t.Errorf("%d events of two lines", n)
	}
}
