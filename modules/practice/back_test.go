package practice_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/upgrade"
	"staffetta/policies"
	"staffetta/tenants"
)

// upgraded is an adoption that has applied a second kit, with a role that shows something else than before, and that run.
func (st *stage) upgraded(t *testing.T) (adoption.Adoption, uuid.UUID) {
	t.Helper()
	a := st.telling(t)
	run, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{
		Seen: st.plan(t, a).Digest(), Acknowledged: true, Decisions: map[string]upgrade.Decision{"question/QU-03": {Answer: upgrade.TakeKit}},
	})
	fatal(t, err)
	return a, run.ID
}

// While somebody is changing an item that a run wrote, and after somebody changed it, nothing goes back, and everybody is told why.
func TestNothingGoesBackOverLaterWork(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a, run := st.upgraded(t)
	taker, api := newSite(t, st).as(t, st.taking), st.operations(t)
	at := "/applicazioni/" + run.String() + "/ritorno"
	refused := func(when string) {
		t.Helper()
		u, err := st.upgrades.PlanUndo(t.Context(), st.taking, a.ID, run)
		fatal(t, err)
		before := st.everything(t)
		_, err = st.upgrades.Undo(t.Context(), st.taking, a.ID, upgrade.Back{Run: run, Seen: u.Digest(), Acknowledged: true})
		if got := problem.Of(err); !problem.Is(err, problem.Conflict) || got.Message.Key != "practice.error.edited" || got.Message.Args["names"] != "QU-02" {
			t.Errorf("%s: %v", when, err)
		}
		page := taker.visit(t, "/adozioni/"+a.ID.String()+at, nil).want(t, 200, "QU-02 è stato cambiato dopo")
		taker.visit(t, "/adozioni/"+a.ID.String()+at, page.fill("visto", "si")).want(t, 409, "è stato cambiato QU-02")
		told := caller{t, api, tenants.WithScope(t.Context(), st.taking)}.call("GET", "/adoptions/"+a.ID.String()+"/applications/"+run.String()+"/undo", 200)
		if diff := cmp.Diff([]any{"QU-02"}, told["edited"]); diff != "" {
			t.Errorf("%s, the API tells (-want +got):\n%s", when, diff)
		}
		st.wantUntouched(t, when, before)
	}
	item, err := st.items.Item(t.Context(), st.taking, kit.KindQuestion, "QU-02")
	fatal(t, err)
	item, err = st.items.SaveDraft(t.Context(), st.taking, kit.Edit{Source: question("QU-02", "Il nostro"), Revision: item.Revision})
	fatal(t, err)
	refused("while it is changed")
	_, err = st.items.Publish(t.Context(), st.taking, kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "Da noi è così"})
	fatal(t, err)
	refused("once it was changed")
}

// Who goes back has read who gains and who loses, by the dry run that holds now: through the API and on the page. The audit tells
// how many items went back, and whose they are.
func TestWhoGoesBackHasReadWhoLoses(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a, run := st.upgraded(t)
	api := st.operations(t)
	at := "/adoptions/" + a.ID.String() + "/applications/" + run.String() + "/undo"
	ctx := tenants.WithScope(t.Context(), st.taking)
	plan := caller{t, api, ctx}.call("GET", at, 200)
	if len(plan["sights"].([]any)) != 2 || len(plan["items"].([]any)) != 5 || len(plan["edited"].([]any)) > 0 {
		t.Fatalf("the API tells of going back %v", plan)
	}
	before := st.everything(t)
	for lacking, back := range map[string]upgrade.Back{
		modules.ConsentField + " " + modules.MarkField: {}, modules.ConsentField: {Seen: plan["digest"].(string)}, modules.MarkField: {Acknowledged: true},
	} {
		back.Run = run
		_, err := st.upgrades.Undo(t.Context(), st.taking, a.ID, back)
		var fields []string
		for _, field := range problem.Of(err).Fields {
			fields = append(fields, field.Name)
		}
		if !problem.Is(err, problem.Invalid) || strings.Join(fields, " ") != lacking {
			t.Errorf("without %s: %v, %v", lacking, fields, err)
		}
	}
	for _, body := range []any{map[string]any{}, map[string]any{"digest": plan["digest"]}, map[string]any{"acknowledged": true, "digest": "another one"}} {
		if got := api.PostCtx(ctx, at, body); got.Code == http.StatusOK {
			t.Errorf("the API goes back by %v", body)
		}
	}
	taker := newSite(t, st).as(t, st.taking)
	runs, err := st.upgrades.Runs(t.Context(), st.taking, a.ID)
	fatal(t, err)
	when := func(n int) string { return runs[n].At.In(language.Rome).Format("02/01/2006, 15:04") }
	taker.visit(t, "/adozioni/"+a.ID.String()+"/applicazioni", nil).want(t, 200, // each says to what one goes back
		"Torna al kit 1.0.0 del "+when(1), "Torna a com&#39;era prima del kit ("+when(1)+")")
	way := "/adozioni/" + a.ID.String() + "/applicazioni/" + run.String() + "/ritorno"
	page := taker.visit(t, way, nil).want(t, 200, policies.SectionLabel("identity").It, `name="visto"`,
		"con il kit 1.0.0 del "+when(1), ">Torna al kit 1.0.0 del "+when(1))
	taker.visit(t, way, page.fill()).want(t, 422, `id="visto-errore"`)
	taker.visit(t, way, url.Values{"letto": {"another one"}, "visto": {"si"}}).want(t, 409)
	st.wantUntouched(t, "by who has not read", before)

	done := caller{t, api, ctx}.call("POST", at, 200, map[string]any{"acknowledged": true, "digest": plan["digest"]})
	if done["restored"] != 5.0 || done["changed"] != true || done["release"] != "1.0.0" {
		t.Errorf("gone back: %v", done)
	}
	if got := st.text(t, `select concat_ws(' ', payload->>'restored', payload->>'release', payload->>'undoes', actor_name) from audit.events where action = 'adoption.undo' and object_id = $1`, a.ID); got != "5 1.0.0 "+run.String()+" "+st.taking.Name {
		t.Errorf("the audit tells %q", got)
	}
	taker.visit(t, way, page.fill("visto", "si")).want(t, 409, "rileggi che cosa torna indietro")
}

// operations are those of the module, as the API calls them.
func (st *stage) operations(t *testing.T) humatest.TestAPI {
	t.Helper()
	parts, err := practice.Module().New(st.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	return api
}
