package practice_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// service is the public sheet of a service.
func service(key, summary string) kit.Source {
	text := func(it string) map[string]string { return map[string]string{"it": it} }
	texts := func(it string) []any { return []any{text(it)} }
	return source(kit.KindService, key, map[string]any{
		"summary": text(summary), "description": text("Uno sportello"), "audience": texts("Famiglie"), "how": texts("Si telefona"), "needed": texts("Un documento"),
		"outcome": texts("Un aiuto"), "times": []any{map[string]any{"label": text("Risposta"), "text": text("Subito")}}, "costs": text("Gratuito"),
		"access": text("In piazza"), "conditions": texts("Nessuna"), "contacts": text("0923 1"), "codings": map[string]any{"local": "L1", "istat": []string{"disabili"}},
	})
}

// served is an adoption of a kit with two services and a question, as two bodies begin it.
func (st *stage) served(t *testing.T) (taken, third adoption.Adoption) {
	t.Helper()
	p := st.install(t, service("SV-01", "Ascolto"), service("SV-02", "Ausili"), question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	third, err := st.adoptions.Start(t.Context(), st.third, uuid.Must(uuid.NewV7()), p.ID)
	fatal(t, err)
	return st.start(t, p), third
}

func (st *stage) apply(t *testing.T, s tenants.Scope, a adoption.Adoption) upgrade.Application {
	t.Helper()
	plan, err := st.upgrades.Plan(t.Context(), s, a.ID, uuid.Nil)
	fatal(t, err)
	run, err := st.upgrades.Apply(t.Context(), s, a.ID, upgrade.Choice{Seen: plan.Digest(), Acknowledged: true})
	fatal(t, err)
	return run
}

// wantSeen compares what citizens find in the guide of a body.
func (st *stage) wantSeen(t *testing.T, when string, body tenants.Tenant, want ...string) {
	t.Helper()
	g, citizen := guide.NewService(st.deps), tenants.Scope{Tenant: body.ID, Slug: body.Slug}
	sheets, _, err := g.Find(t.Context(), citizen, guide.Query{})
	fatal(t, err)
	var found []string
	for _, sheet := range sheets {
		found = append(found, sheet.Key)
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("%s, citizens see (-want +got):\n%s", when, diff)
	}
	for _, key := range []string{"SV-01", "SV-02"} {
		if _, err := g.Get(t.Context(), citizen, key); (err == nil) != strings.Contains(strings.Join(want, " "), key) || err != nil && !problem.Is(err, problem.NotFound) {
			t.Errorf("%s, %s: %v", when, key, err)
		}
	}
}

// What a kit brings waits until the practice starts, whoever takes it there; the other body that adopts it is not there yet.
func TestServicesWaitForTheStart(t *testing.T) {
	t.Parallel()
	for name, mover := range map[string]func(*stage) tenants.Scope{
		"the reusing body moves": func(st *stage) tenants.Scope { return st.taking }, "the ceding body moves": func(st *stage) tenants.Scope { return st.giving },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newStage(t)
			a, other := st.served(t)
			if n := st.plan(t, a).Waiting(); n != 2 {
				t.Errorf("the dry run tells %d services", n)
			}
			st.apply(t, st.taking, a)
			st.apply(t, st.third, other)
			st.wantSeen(t, "after applying", st.taker)
			st.wantSeen(t, "where they were written", st.giver, "SV-01", "SV-02")
			st.set(t, a, adoption.StageGoLive-2)
			moves := board.NewService(st.deps)
			fatal(t, moves.Advance(t.Context(), mover(st), a.ID, adoption.StageGoLive-2, adoption.StageGoLive-1))
			st.wantSeen(t, "a stage before", st.taker)
			fatal(t, moves.Advance(t.Context(), mover(st), a.ID, adoption.StageGoLive-1, adoption.StageGoLive))
			st.wantSeen(t, "at the start", st.taker, "SV-01", "SV-02")
			st.wantSeen(t, "where nothing has started", st.other)
			if n := st.count(t, `select count(*) from audit.events where tenant_id = $1 and action = 'guide.show' and actor_tenant = $2 and object_id = $3`,
				st.taker.ID, mover(st).Tenant, a.ID); n != 1 {
				t.Errorf("%d events tell of it", n)
			}
			fatal(t, moves.Return(t.Context(), st.taking, a.ID, board.Step{Seen: adoption.StageGoLive, Target: 3, Reason: "Manca l'atto"}))
			st.wantSeen(t, "taken back", st.taker, "SV-01", "SV-02")
		})
	}
}

// What was chosen of a service stays over upgrades; out of use and back before the start, it waits again.
func TestTheChoiceOfServicesStays(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	g := guide.NewService(st.deps)
	a, _ := st.served(t)
	first := st.apply(t, st.taking, a)
	fatal(t, g.Show(t.Context(), st.taking, []string{"SV-01"}, true))
	for _, key := range []string{"SV-01", "SV-02"} {
		st.edit(t, st.giving, service(key, "Più chiaro"))
	}
	st.edit(t, st.giving, service("SV-03", "Nuovo"))
	p, _, err := st.releases.Find(t.Context(), st.giving, "")
	fatal(t, err)
	st.publish(t, p[0], "1.1.0")
	if n := st.plan(t, a).Waiting(); n != 1 {
		t.Errorf("the dry run of the upgrade tells %d services", n)
	}
	second := st.apply(t, st.taking, a)
	st.wantSeen(t, "upgraded", st.taker, "SV-01")
	st.undo(t, a, second)
	st.wantSeen(t, "back from the upgrade", st.taker, "SV-01")
	st.undo(t, a, first)
	st.wantSeen(t, "back from the kit", st.taker)
	st.apply(t, st.taking, a)
	st.wantSeen(t, "applied again", st.taker)
	st.set(t, a, adoption.StageGoLive)
	st.edit(t, st.giving, service("SV-04", "Ancora uno"))
	st.publish(t, p[0], "1.2.0")
	if n := st.plan(t, a).Waiting(); n != 0 {
		t.Errorf("after the start %d services would wait", n)
	}
	st.apply(t, st.taking, a)
	st.wantSeen(t, "upgraded after the start", st.taker, "SV-04")
}

func (st *stage) undo(t *testing.T, a adoption.Adoption, run upgrade.Application) {
	t.Helper()
	u, err := st.upgrades.PlanUndo(t.Context(), st.taking, a.ID, run.ID)
	fatal(t, err)
	_, err = st.upgrades.Undo(t.Context(), st.taking, a.ID, upgrade.Back{Run: run.ID, Seen: u.Digest(), Acknowledged: true})
	fatal(t, err)
}

// An undoing that is undone brings a service back into use: before the start it waits.
func TestServicesThatComeBackWait(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a, _ := st.served(t)
	first := st.apply(t, st.taking, a)
	fatal(t, guide.NewService(st.deps).Show(t.Context(), st.taking, []string{"SV-01", "SV-02"}, true))
	st.undo(t, a, first)
	runs, err := st.upgrades.Runs(t.Context(), st.taking, a.ID)
	fatal(t, err)
	st.undo(t, a, upgrade.Application{ID: runs[0].ID})
	if item, err := st.items.Item(t.Context(), st.taking, kit.KindService, "SV-01"); err != nil || item.State != kit.Published {
		t.Fatalf("the service is %s: %v", item.State, err)
	}
	st.wantSeen(t, "back", st.taker)
}

// A service that the body has written itself stays in its guide when a kit with the same one comes.
func TestServicesOfTheBodyDoNotWait(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.edit(t, st.taking, service("SV-01", "Il nostro ascolto"))
	a, _ := st.served(t)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{
		Seen: st.plan(t, a).Digest(), Decisions: map[string]upgrade.Decision{"service/SV-01": {Answer: upgrade.TakeKit}},
	})
	fatal(t, err)
	st.wantSeen(t, "after applying", st.taker, "SV-01")
}

// The dry run, the board and the stage of the start say what citizens will see; the API counts it.
func TestPagesTellWhichServicesWait(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a, _ := st.served(t)
	si := newSite(t, st)
	taker, giver, at := si.as(t, st.taking), si.as(t, st.giving), "/adozioni/"+a.ID.String()
	const waits = "2 servizi aspettano nella guida: i cittadini li vedono dall’avvio (fase 7)."
	taker.visit(t, at+"/prova", nil).want(t, 200, waits)
	if file := taker.visit(t, at+"/prova/file", nil).want(t, 200); !strings.Contains(file.body, waits) {
		t.Errorf("the file does not tell of them: %s", file.body)
	}
	told := caller{t, st.operations(t), tenants.WithScope(t.Context(), st.taking)}.call("GET", "/adoptions/"+a.ID.String()+"/plan", 200)
	if told["waiting_services"] != 2.0 {
		t.Errorf("the API tells %v", told["waiting_services"])
	}
	st.apply(t, st.taking, a)
	if again := taker.visit(t, at+"/prova", nil).want(t, 200); strings.Contains(again.body, "aspettano nella guida") {
		t.Error("what is applied still waits to come")
	}
	st.set(t, a, adoption.StageGoLive-1)
	taker.visit(t, at, nil).want(t, 200, "I cittadini vedranno 2 servizi in più", at+"/fasi/7")
	taker.visit(t, at+"/fasi/7", nil).want(t, 200, "Che cosa vedranno i cittadini", "Voce SV-01", "Voce SV-02", "/guida")
	for path, page := range map[string]answer{"fasi/6": taker.visit(t, at+"/fasi/6", nil), "theirs": giver.visit(t, at+"/fasi/7", nil)} {
		if page.want(t, 200); strings.Contains(page.main(), "vedranno i cittadini") {
			t.Errorf("%s lists the services", path)
		}
	}
	anybody := visitor{site: si, prefix: "/" + st.taker.Slug}
	anybody.visit(t, "/servizi/SV-01", nil).want(t, 404)
	anybody.visit(t, "/servizi/SV-01/condizioni", nil).want(t, 404)
	if list := anybody.visit(t, "/servizi?q=ascolto", nil).want(t, 200); strings.Contains(list.main(), "SV-01") {
		t.Error("the search finds what waits")
	}
	taker.visit(t, at+"/avanza", url.Values{"seen": {"6"}, "target": {"7"}}).want(t, 303)
	anybody.visit(t, "/servizi", nil).want(t, 200, "Voce SV-01", "Voce SV-02")
	anybody.visit(t, "/servizi/SV-01/condizioni", nil).want(t, 200)
	if after := taker.visit(t, at+"/fasi/7", nil).want(t, 200); strings.Contains(after.main(), "vedranno i cittadini") {
		t.Error("after the start the page still announces them")
	}
}
