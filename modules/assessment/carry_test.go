package assessment_test

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/assessment"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

type object = map[string]any

func clone(t *testing.T, content object) (same object) {
	t.Helper()
	raw, err := json.Marshal(content)
	must(t, err)
	must(t, json.Unmarshal(raw, &same))
	return same
}

// question finds a question of a content.
func question(content object, key string) object {
	for _, section := range content["sections"].([]any) {
		for _, item := range section.(object)["items"].([]any) {
			if item.(object)["key"] == key {
				return item.(object)
			}
		}
	}
	return nil
}

// renamed calls the question about stairs otherwise and says so, and that about bathing without saying so.
func renamed(content object) {
	question(content, "stairs")["key"] = "steps"
	question(content, "bathing")["key"] = "shower"
	content["changes"] = []any{object{"key": "stairs", "way": "rename", "from": "stairs", "to": "steps"}}
	delete(content, "tests")
}

func (st *stage) draftOf(t *testing.T, answers kit.Answers) assessment.Assessment {
	t.Helper()
	made, err := st.service.SaveDraft(t.Context(), st.worker, st.ref, barthel(t, answers))
	must(t, err)
	return made
}

// An open assessment goes on in the new version of its instrument when its author says so: once, whole, and nobody else's.
func TestADraftGoesOnInTheNewVersion(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	draft, final := st.draftOf(t, kit.Answers{"stairs": "8", "bathing": "4", "feeding": "10"}), st.finalise(t, barthel(t, best()))
	ask := assessment.Filling{ID: draft.ID, Version: draft.Version}
	same, err := st.service.CarryOn(ctx, st.worker, st.ref, ask)
	if err != nil || same.Version != draft.Version {
		t.Errorf("with nothing new it became %+v, %v", same, err)
	}
	edition := st.renew(t, renamed)
	for name, refused := range map[string]struct {
		scope tenants.Scope
		ask   assessment.Filling
		kind  problem.Kind
	}{
		"another author":  {st.as(t, "coordinator"), ask, problem.Forbidden},
		"a final one":     {st.worker, assessment.Filling{ID: final.ID, Version: final.Version}, problem.Conflict},
		"another version": {st.worker, assessment.Filling{ID: draft.ID, Version: 9}, problem.Conflict},
		"none":            {st.worker, assessment.Filling{ID: newID(t), Version: 1}, problem.NotFound},
		"another body":    {st.Operator(t, st.On(t, "marsala"), "social_worker"), ask, problem.NotFound},
	} {
		if _, err := st.service.CarryOn(ctx, refused.scope, st.ref, refused.ask); !problem.Is(err, refused.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 2 {
		_, err = st.service.CarryOn(ctx, st.worker, st.ref, ask)
		must(t, err)
	}
	got, err := st.get(t, st.worker, st.ref, draft.ID)
	must(t, err)
	if diff := cmp.Diff(kit.Answers{"steps": "8", "feeding": "10"}, got.Answers); diff != "" || got.Edition != edition.ID || got.Version != 2 {
		t.Errorf("it went on as %+v (-want +got):\n%s", got.Assessment, diff)
	}
	if left := got.Left(); len(left) != 1 || left[0].Question.Key != "bathing" || left[0].Answer != "4" || got.Earlier[0].Number != 1 || got.Earlier[0].Answers["stairs"] != "8" {
		t.Errorf("of what was answered before is kept %+v", got.Earlier)
	}
	old, err := st.get(t, st.worker, st.ref, final.ID)
	must(t, err)
	if diff := cmp.Diff(best(), old.Answers); diff != "" || old.Edition == edition.ID || old.Outcome.Score != 100 {
		t.Errorf("the final one changed (-want +got):\n%s", diff)
	}
	var told int
	must(t, st.Owner.QueryRow(ctx, `select count(*) from audit.events where action = 'assessment.carry' and object_id = $1`, draft.ID).Scan(&told))
	if told != 1 {
		t.Errorf("the audit tells it %d times", told)
	}
}

// A release that is taken back takes no answer with it: the question that comes back has its answer again.
func TestADraftGoesBackWithItsRelease(t *testing.T) {
	st := newStage(t)
	draft := st.draftOf(t, kit.Answers{"stairs": "8", "bathing": "4"})
	var was object
	st.renew(t, func(content object) { was = clone(t, content); renamed(content) })
	made, err := st.service.CarryOn(t.Context(), st.worker, st.ref, assessment.Filling{ID: draft.ID, Version: 1})
	must(t, err)
	changed, err := st.service.SaveDraft(t.Context(), st.worker, st.ref, assessment.Filling{
		ID: draft.ID, DoneOn: draft.DoneOn, Version: made.Version, Answers: kit.Answers{"steps": "8", "shower": "3", "feeding": "5"},
	})
	must(t, err)
	st.renew(t, func(content object) {
		clear(content)
		maps.Copy(content, was)
	})
	back, err := st.service.CarryOn(t.Context(), st.worker, st.ref, assessment.Filling{ID: draft.ID, Version: changed.Version})
	must(t, err)
	if diff := cmp.Diff(kit.Answers{"stairs": "8", "bathing": "4", "feeding": "5"}, back.Answers); diff != "" {
		t.Errorf("back it has (-want +got):\n%s", diff)
	}
	var left []string
	for _, one := range back.Left() {
		left = append(left, one.Question.Key)
	}
	if diff := cmp.Diff([]string{"bathing", "shower"}, left); diff != "" { // the answer to steps stands at stairs again
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

func TestTheNewVersionIsOfferedOnThePage(t *testing.T) {
	st := newStage(t)
	draft := st.draftOf(t, kit.Answers{"stairs": "8", "bathing": "4"})
	st.renew(t, renamed)
	si := newSite(t, st, st.worker)
	at := "/cartelle/" + st.ref + "/valutazioni/" + draft.ID.String()
	page := si.visit(t, at, nil).want(t, 200, "Di questa scala c’è una versione nuova", "Continua nella versione nuova")
	done := si.visit(t, at+"/continua", page.fill(kit.Answers{"stairs": "8", "bathing": "4"})).want(t, 303)
	si.visit(t, done.to, nil).want(t, 200, "Risposte date prima", "Bagno o doccia", `name="a.steps"`).lacks(t, "Continua nella versione nuova")
	whole := except(best(), "stairs", "", "bathing", "")
	whole["steps"], whole["shower"] = "10", "5"
	_, err := st.service.Finalise(t.Context(), st.worker, st.ref, assessment.Filling{ID: draft.ID, DoneOn: draft.DoneOn, Version: 2, Answers: whole})
	must(t, err)
	si.visit(t, at, nil).want(t, 200, "Risposte date prima")
}

// The database lets a draft go on in another version of its own instrument alone, and only with what was answered kept.
func TestADraftCannotTakeOtherQuestions(t *testing.T) {
	st := newStage(t)
	st.publish(t, st.as(t, "practice_owner"), "AS-02")
	draft := st.draftOf(t, kit.Answers{"stairs": "8"})
	edition := st.renew(t, renamed)
	other, err := st.items.Get(t.Context(), st.worker, kit.KindAssessment, "AS-02")
	must(t, err)
	for name, tc := range map[string]struct {
		version uuid.UUID
		earlier string
		refused bool
	}{
		"another instrument": {other.ID, `[{}]`, true},
		"nothing kept":       {edition.ID, `[]`, true},
		"the same one":       {draft.Edition, `[{}]`, true},
		"as it must be":      {edition.ID, `[{"version":"` + draft.Edition.String() + `"}]`, false},
	} {
		access, err := st.service.Open(t.Context(), st.worker, st.ref)
		must(t, err)
		err = st.DB.InTx(t.Context(), access.Scope, func(tx tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), `update assessment.assessments set item_version_id = $2, earlier = $3 where tenant_id = app.tenant() and id = $1`,
				draft.ID, tc.version, tc.earlier)
			if err == nil && tag.RowsAffected() != 1 {
				t.Errorf("%s: %d rows", name, tag.RowsAffected())
			}
			if err == nil {
				return problem.New(problem.Conflict, "web.error.conflict") // undone: the next one finds it as it was
			}
			return err
		})
		if refused := !problem.Is(err, problem.Conflict); refused != tc.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatDraftsHoldIsCounted(t *testing.T) {
	st := newStage(t)
	for _, stairs := range []string{"8", "8", "5"} {
		st.draftOf(t, kit.Answers{"stairs": stairs})
	}
	edition := st.finalise(t, barthel(t, best())).Edition
	admin := st.as(t, "practice_owner")
	elsewhere := st.On(t, "marsala")
	for _, body := range []int32{admin.Tenant, elsewhere.ID} {
		st.SwitchOn(t, body, "registry", "kit", "casefile", "assessment")
	}
	st.Measured(t)
	count := func(s tenants.Scope) (got []modules.StoredAnswers) {
		must(t, st.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
			about := modules.ItemName{Kind: kit.KindAssessment, Key: "AS-01"}
			all, err := st.Deps.Platform.Uses.Answers(t.Context(), tx, s, []modules.ItemName{about})
			got = all[about]
			return err
		}))
		return got
	}
	want := []modules.StoredAnswers{
		{Key: "AS-01", Version: edition, Open: false, Records: 1},
		{Key: "AS-01", Version: edition, Open: true, Records: 3},
		{Key: "AS-01", Version: edition, Open: true, Question: "stairs", Value: "5", Records: 1},
		{Key: "AS-01", Version: edition, Open: true, Question: "stairs", Value: "8", Records: 2},
	}
	if diff := cmp.Diff(want, count(admin)); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	if got := count(st.Operator(t, elsewhere, "practice_owner")); len(got) > 0 {
		t.Errorf("another body counts %+v", got)
	}
}

// What is ticked and not saved yet goes on too, in one step; what is new is said before.
func TestWhatIsTickedGoesOnInTheNewVersion(t *testing.T) {
	st := newStage(t)
	draft := st.draftOf(t, kit.Answers{"stairs": "8"})
	st.renew(t, renamed)
	si := newSite(t, st, st.worker)
	at := "/cartelle/" + st.ref + "/valutazioni/" + draft.ID.String()
	page := si.visit(t, at, nil).want(t, 200, "1 domanda nuova: «Bagno o doccia", "1 domanda tolta: «Bagno o doccia", `formaction="/pantelleria`+at+`/continua"`)
	si.visit(t, at+"/continua", page.fill(kit.Answers{"stairs": "8", "feeding": "7"})).want(t, 422, "Scegli una delle risposte proposte")
	ticked := page.fill(kit.Answers{"stairs": "8", "feeding": "10"}, "data", "2026-03-04")
	for range 2 { // the second time it is there already
		si.visit(t, at+"/continua", ticked).want(t, 303)
		got, err := st.get(t, st.worker, st.ref, draft.ID)
		must(t, err)
		if diff := cmp.Diff(kit.Answers{"steps": "8", "feeding": "10"}, got.Answers); diff != "" || got.Version != 2 || got.DoneOn.Day() != 4 {
			t.Errorf("it went on as %+v (-want +got):\n%s", got.Assessment, diff)
		}
	}
	si.visit(t, at+"/continua", page.fill(kit.Answers{"feeding": "5"})).want(t, 409, "Quello già salvato")
}
