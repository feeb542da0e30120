package practice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2/humatest"

	"staffetta/api/rest"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/board/turn"
	"staffetta/tenants"
)

// turns are the adoptions that wait for a body.
func (st *stage) turns(t *testing.T, s tenants.Scope) []modules.Duty {
	t.Helper()
	found, err := turn.NewService(st.deps).Find(t.Context(), s)
	fatal(t, err)
	return found
}

func wantTurn(t *testing.T, found []modules.Duty, label string, n int) {
	t.Helper()
	switch {
	case label == "" && len(found) > 0:
		t.Errorf("it is the body's turn: %v", found)
	case label != "" && (len(found) != 1 || found[0].Label.Key != label || found[0].Label.Args["n"] != n):
		t.Errorf("found %v, want %s of %d", found, label, n)
	}
}

// Each step waits for one body, which is told so, and not the other one.
func TestTheBodyWhoseTurnItIsHasADuty(t *testing.T) {
	t.Parallel()
	st, a, _ := begun(t)
	wantTurn(t, st.turns(t, st.taking), "practice.duty.turn", 1)
	wantTurn(t, st.turns(t, st.giving), "", 0)
	wantTurn(t, st.turns(t, st.third), "", 0)
	st.set(t, a, 2)
	for _, s := range []tenants.Scope{st.taking, st.giving} {
		wantTurn(t, st.turns(t, s), "practice.duty.turn_shared", 1)
	}
	st.set(t, a, 3)
	wantTurn(t, st.turns(t, st.giving), "practice.duty.turn", 2)
	boards := board.NewService(st.deps)
	fatal(t, boards.State(t.Context(), st.giving, a.ID,
		board.Statement{ID: modules.FormID(""), Kind: board.Act, Value: "DG 1", Day: time.Now().AddDate(0, 0, -1)}, board.Statement{ID: modules.FormID(""), Kind: board.Privacy, Value: "none"}))
	wantTurn(t, st.turns(t, st.giving), "", 0)
	wantTurn(t, st.turns(t, st.taking), "practice.duty.turn", 2)
	st.set(t, a, adoption.StageDelivery)
	wantTurn(t, st.turns(t, st.giving), "practice.duty.turn", 1)
	wantTurn(t, st.turns(t, st.taking), "", 0)
	st.set(t, a, adoption.StageGoLive+1)
	wantTurn(t, st.turns(t, st.taking), "", 0) // what comes then has its day
}

// The day is that on which the adoption came to its stage, not that on which the board changed last.
func TestATurnCountsFromTheStage(t *testing.T) {
	t.Parallel()
	st, a, at := begun(t)
	_, err := st.Owner.Exec(t.Context(), `update practice.adoptions_journal set at = at - interval '20 days' where adoption_id = $1`, a.ID)
	fatal(t, err)
	page := newSite(t, st).as(t, st.taking).visit(t, "/adozioni", nil)
	page.want(t, 200, "Dal "+time.Now().In(language.Rome).AddDate(0, 0, -20).Format("2/1/2006")+" tocca al tuo ente", a.Title.It+", "+st.giver.Name, at)
}

// Who waits reminds the other body once in some days; it is a duty there and a line of the journal.
func TestWhoWaitsRemindsTheOtherBody(t *testing.T) {
	t.Parallel()
	st, a, at := begun(t)
	si := newSite(t, st)
	taker, giver := si.as(t, st.taking), si.as(t, st.giving)
	if own := taker.visit(t, at, nil).want(t, 200); strings.Contains(own.main(), "/sollecita") {
		t.Error("who is waited for is offered to remind")
	}
	taker.visit(t, at+"/sollecita", map[string][]string{"seen": {"1"}}).want(t, 303)
	page := giver.visit(t, at, nil).want(t, 200, "Sollecita "+st.taker.Name)
	giver.visit(t, at+"/sollecita", page.fill("seen", "2")).want(t, 303)
	if n := st.reminders(t); n != 0 {
		t.Fatalf("%d reminders from a stage that nobody saw, and of who waits for nobody", n)
	}
	giver.visit(t, at+"/sollecita", page.fill()).want(t, 303)
	giver.visit(t, at+"/sollecita", page.fill()).want(t, 303)
	if n := st.reminders(t); n != 1 {
		t.Fatalf("%d reminders", n)
	}
	if again := giver.visit(t, at, nil).want(t, 200, "ha sollecitato "+st.taker.Name, "Sollecito all&#39;altro ente"); strings.Contains(again.main(), "/sollecita") {
		t.Error("one can remind again at once")
	}
	wantTurn(t, st.turns(t, st.taking), "practice.duty.reminded", 1)
	taker.visit(t, "/adozioni", nil).want(t, 200, "Sollecito del "+st.giver.Name)
	if n := st.count(t, `select count(*) from audit.events where action = 'adoption.remind' and tenant_id = $1`, st.giver.ID); n != 1 {
		t.Errorf("%d events", n)
	}

	_, err := st.Owner.Exec(t.Context(), `update practice.adoptions_journal set at = at - make_interval(days => $1) where event = 'reminded'`, board.Quiet)
	fatal(t, err)
	wantKind(t, turn.NewService(st.deps).Remind(t.Context(), st.third, a.ID, 1), problem.NotFound)
	fatal(t, turn.NewService(st.deps).Remind(t.Context(), st.giving, a.ID, 1))
	if n := st.reminders(t); n != 2 {
		t.Errorf("%d reminders after a week", n)
	}
}

func (st *stage) reminders(t *testing.T) int {
	t.Helper()
	return st.count(t, `select count(*) from practice.adoptions_journal where event = 'reminded'`)
}

func TestRemindingThroughTheAPI(t *testing.T) {
	t.Parallel()
	st, a, _ := begun(t)
	si := newSite(t, st)
	_, _, err := rest.Document(si.List, si.Parts) // whose errors are those of the API
	fatal(t, err)
	parts, err := practice.Module().New(st.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	giver, taker := caller{t, api, tenants.WithScope(t.Context(), st.giving)}, caller{t, api, tenants.WithScope(t.Context(), st.taking)}
	at := "/adoptions/" + a.ID.String() + "/reminders"
	taker.call("POST", at, 409, map[string]any{"seen": 1})
	giver.call("POST", at, 409, map[string]any{"seen": 3})
	giver.call("POST", at, 200, map[string]any{"seen": 1})
	giver.call("POST", at, 409, map[string]any{"seen": 1})
}
