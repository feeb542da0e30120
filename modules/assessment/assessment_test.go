package assessment_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

func TestScoreAndBandAreComputedAndExplained(t *testing.T) {
	st := newStage(t)
	// walking 0 opens the question about the wheelchair, which then counts
	for _, test := range []struct {
		answers kit.Answers
		score   float64
		band    string
		lines   int
	}{
		{best(), 100, "independent", 10},
		{except(best(), "stairs", "8"), 98, "slight", 10},
		{except(best(), "walking", "0", "wheelchair", "4", "stairs", "0"), 79, "moderate", 11},
		{except(best(), "wheelchair", "5"), 100, "independent", 10}, // not asked, so it does not count
	} {
		made := st.finalise(t, barthel(t, test.answers))
		want := assessment.Outcome{Scored: true, Score: test.score, Max: 100, Band: test.band, BandLabel: made.Outcome.BandLabel}
		if diff := cmp.Diff(want, made.Outcome); diff != "" || made.Outcome.BandLabel.It == "" {
			t.Errorf("outcome (-want +got):\n%s", diff)
		}
		result, err := st.get(t, st.worker, st.ref, made.ID)
		must(t, err)
		sum := 0.0
		for _, line := range result.Explanation.Lines {
			sum += line.Points
		}
		if sum != test.score || result.Explanation.Total != test.score || result.Explanation.Band.Key != test.band || len(result.Explanation.Lines) != test.lines {
			t.Errorf("explanation of %v: lines %d add up to %v, total %v, band %v", test.score, len(result.Explanation.Lines), sum, result.Explanation.Total, result.Explanation.Band)
		}
		if result.Outcome.Score != test.score || result.Title.It != "Indice di Barthel (Shah)" || result.AuthorName != st.worker.Name {
			t.Errorf("stored %+v", result.Assessment)
		}
	}
}

func TestBadAnswersAreToldAtTheirQuestions(t *testing.T) {
	st := newStage(t)
	tomorrow := time.Now().AddDate(0, 0, 2)
	for name, test := range map[string]struct {
		filling assessment.Filling
		final   bool
		want    map[string]string
	}{
		"missing":  {barthel(t, except(best(), "stairs", "", "walking", "0")), true, map[string]string{"answers.stairs": "kit.answer.required", "answers.wheelchair": "kit.answer.required"}},
		"unknown":  {barthel(t, except(best(), "flying", "1")), false, map[string]string{"answers.flying": "kit.answer.unknown"}},
		"option":   {barthel(t, except(best(), "stairs", "7")), false, map[string]string{"answers.stairs": "kit.answer.option"}},
		"type":     {barthel(t, kit.Answers{"stairs": []any{"10"}}), false, map[string]string{"answers.stairs": "kit.answer.option"}},
		"no day":   {assessment.Filling{ID: newID(t), Instrument: "AS-01", Answers: best()}, true, map[string]string{"done_on": "assessment.error.day"}},
		"tomorrow": {assessment.Filling{ID: newID(t), Instrument: "AS-01", Answers: best(), DoneOn: tomorrow}, true, map[string]string{"done_on": "assessment.error.future"}},
		"a form":   {assessment.Filling{ID: newID(t), Instrument: "AS-01", DoneOn: day(2026, 1, 1), Values: map[string][]string{"a.stairs": {"<b>"}, "id": {"x"}}}, false, map[string]string{"answers.stairs": "kit.answer.option"}},
	} {
		save := st.service.SaveDraft
		if test.final {
			save = st.service.Finalise
		}
		_, err := save(t.Context(), st.worker, st.ref, test.filling)
		wantKind(t, err, problem.Invalid)
		got := map[string]string{}
		for _, f := range problem.Of(err).Fields {
			got[f.Name] = f.Message.Key
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	wantCount(t, st, 0)
}

func wantCount(t *testing.T, st *stage, want int) {
	t.Helper()
	var got int
	must(t, st.Owner.QueryRow(t.Context(), `select count(*) from assessment.assessments`).Scan(&got))
	if got != want {
		t.Errorf("%d assessments are stored, want %d", got, want)
	}
}

func TestDraftIsItsAuthorsAndFinalIsLocked(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	f := barthel(t, kit.Answers{"hygiene": "5"})
	draft, err := st.service.SaveDraft(ctx, st.worker, st.ref, f)
	must(t, err)
	if draft.Outcome.Scored || draft.Version != 1 || draft.State != assessment.Draft {
		t.Errorf("draft %+v", draft)
	}
	colleague := st.as(t, "coordinator")
	f.Version = 1
	_, err = st.service.SaveDraft(ctx, colleague, st.ref, f)
	wantKind(t, err, problem.Forbidden)
	f.Answers = best()
	second, err := st.service.SaveDraft(ctx, st.worker, st.ref, f)
	must(t, err)
	_, err = st.service.SaveDraft(ctx, st.worker, st.ref, f) // still knows version 1
	wantKind(t, err, problem.Conflict)
	f.Version = second.Version
	final := st.finalise(t, f)
	if !final.Final() || final.FinalisedAt.IsZero() || final.Version != 3 {
		t.Errorf("final %+v", final)
	}
	if again := st.finalise(t, f); again.Version != 3 {
		t.Errorf("the second submit made version %d", again.Version)
	}
	f.Answers = except(best(), "stairs", "0")
	for _, save := range []func() error{
		func() error { _, err := st.service.SaveDraft(ctx, st.worker, st.ref, f); return err },
		func() error { _, err := st.service.Finalise(ctx, st.worker, st.ref, f); return err },
		func() error { _, err := st.service.Finalise(ctx, colleague, st.ref, f); return err },
	} {
		wantKind(t, save(), problem.Conflict)
	}
	wantCount(t, st, 1)
	wantAudit(t, st, map[string]int{"assessment.draft": 2, "assessment.finalise": 1})
}

// wantAudit counts the events about changes of assessments.
func wantAudit(t *testing.T, st *stage, want map[string]int) {
	t.Helper()
	got := map[string]int{}
	rows, err := st.Owner.Query(t.Context(), `select action from audit.events where action like 'assessment.%' and case_id = $1 and sections = '{assessment}'`, st.ref)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var action string
		must(t, rows.Scan(&action))
		got[action]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// The wall itself, without the service: the database refuses what the service never asks for.
func TestDatabaseLocksFinalAndPin(t *testing.T) {
	st := newStage(t)
	draft, err := st.service.SaveDraft(t.Context(), st.worker, st.ref, barthel(t, best()))
	must(t, err)
	final := st.finalise(t, barthel(t, best()))
	confined := st.deps.Policies.Confine(st.worker, "assigned")
	change := func(s tenants.Scope, sql string, id uuid.UUID) (int64, error) {
		var n int64
		err := st.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), sql, id)
			n = tag.RowsAffected()
			return err
		})
		return n, err
	}
	const touch = `update assessment.assessments set done_on = done_on - 1 where id = $1`
	if n, err := change(confined, touch, draft.ID); err != nil || n != 1 {
		t.Errorf("the author changes a draft: %d rows, %v", n, err)
	}
	if n, err := change(confined, touch, final.ID); err != nil || n != 0 {
		t.Errorf("the author changes a final one: %d rows, %v", n, err)
	}
	other := st.deps.Policies.Confine(st.as(t, "coordinator"), "body")
	if n, err := change(other, touch, draft.ID); err != nil || n != 0 {
		t.Errorf("a colleague changes a draft: %d rows, %v", n, err)
	}
	for _, sql := range []string{
		`update assessment.assessments set instrument = 'AS-02' where id = $1`,
		`update assessment.assessments set author_account = gen_random_uuid() where id = $1`,
		`delete from assessment.assessments where id = $1`,
	} {
		if _, err := change(confined, sql, draft.ID); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	st.Excuse(t, "assessment.assessments")
}

func TestPinnedVersionSurvivesANewerOne(t *testing.T) {
	st := newStage(t)
	old := st.finalise(t, barthel(t, best()))
	begun, err := st.service.SaveDraft(t.Context(), st.worker, st.ref, barthel(t, kit.Answers{"hygiene": "5"}))
	must(t, err)
	version := st.renew(t, func(content map[string]any) {
		band := content["scoring"].(map[string]any)["bands"].([]any)[4].(map[string]any)
		band["label"] = map[string]any{"it": "Piena autonomia"}
	})
	result, err := st.get(t, st.worker, st.ref, old.ID)
	must(t, err)
	if result.Edition == version.ID || result.Instrument.Number != 1 || result.Explanation.Band.Label.IT != "Autonomia" {
		t.Errorf("the old one shows version %d, band %q", result.Instrument.Number, result.Explanation.Band.Label.IT)
	}
	continued := st.finalise(t, assessment.Filling{ID: begun.ID, Version: begun.Version, DoneOn: begun.DoneOn, Answers: best()})
	if continued.Edition != old.Edition || continued.Outcome.BandLabel.It != "Autonomia" {
		t.Errorf("the draft changed its version: %+v", continued)
	}
	seen := barthel(t, best())
	seen.Edition = old.Edition // the form was rendered before the new version came
	if made := st.finalise(t, seen); made.Edition != old.Edition {
		t.Error("the assessment pins another version than its author saw")
	}
	fresh := st.finalise(t, barthel(t, best()))
	if fresh.Edition != version.ID || fresh.Outcome.BandLabel.It != "Piena autonomia" {
		t.Errorf("the new one pins %v, band %q", fresh.Edition, fresh.Outcome.BandLabel.It)
	}
	foreign := barthel(t, best())
	foreign.Edition = newID(t)
	_, err = st.service.Finalise(t.Context(), st.worker, st.ref, foreign)
	wantKind(t, err, problem.NotFound)
}

func TestOthersDoNotSeeIt(t *testing.T) {
	st := newStage(t)
	final := st.finalise(t, barthel(t, best()))
	other := st.Body(t, "mazara")
	must(t, st.deps.Bodies.Reload(t.Context()))
	outsider := st.Operator(t, other, "coordinator")
	for name, read := range map[string]struct {
		s   tenants.Scope
		ref string
	}{
		"another body":                  {outsider, st.ref},
		"another body as a guest":       {outsider, "pantelleria~" + st.ref},
		"a role without the section":    {st.as(t, "admin_officer"), st.ref},
		"a psychologist without case":   {st.as(t, "psychologist"), st.ref},
		"a case that does not exist":    {st.worker, newID(t).String()},
		"no reference":                  {st.worker, "x"},
		"the case through its own slug": {st.worker, "pantelleria~" + st.ref},
	} {
		_, err := st.get(t, read.s, read.ref, final.ID)
		if wantKind(t, err, problem.NotFound); t.Failed() {
			t.Fatal(name)
		}
		_, err = st.service.SaveDraft(t.Context(), read.s, read.ref, barthel(t, kit.Answers{"hygiene": "<b>"}))
		if wantKind(t, err, problem.NotFound); t.Failed() {
			t.Fatal(name)
		}
	}
	second := st.openCase(t, st.worker).String()
	_, err := st.get(t, st.worker, second, final.ID)
	wantKind(t, err, problem.NotFound)
	// an id that another case holds is no way in
	stolen := barthel(t, best())
	stolen.ID = final.ID
	_, err = st.service.SaveDraft(t.Context(), st.worker, second, stolen)
	wantKind(t, err, problem.Conflict)
	wantCount(t, st, 1)
}

func TestGuestReadsFinalOnesWithTheOwnersForm(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	final := st.finalise(t, barthel(t, except(best(), "stairs", "8")))
	draft, err := st.service.SaveDraft(ctx, st.worker, st.ref, barthel(t, best()))
	must(t, err)
	other := st.Body(t, "mazara")
	must(t, st.deps.Bodies.Reload(ctx))
	guest, ref := st.Operator(t, other, "social_worker"), "pantelleria~"+st.ref
	st.share(t, other, "assessment")

	result, err := st.get(t, guest, ref, final.ID)
	must(t, err)
	if result.Outcome.Score != 98 || result.Instrument.Key != "AS-01" || len(result.Explanation.Lines) != 10 || result.AuthorName != st.worker.Name {
		t.Errorf("the guest sees %+v", result.Assessment)
	}
	_, err = st.get(t, guest, ref, draft.ID)
	wantKind(t, err, problem.NotFound)
	a, err := st.service.Open(ctx, guest, ref)
	must(t, err)
	found, _, err := st.service.Find(ctx, a, casefile.Cursor{})
	must(t, err)
	if len(found) != 1 || found[0].ID != final.ID {
		t.Errorf("the guest lists %d assessments", len(found))
	}
	_, err = st.service.SaveDraft(ctx, guest, ref, barthel(t, best()))
	wantKind(t, err, problem.Forbidden)
	// the owner's other instruments stay the owner's
	if n := guestVersions(t, st, a.Scope); n != 1 {
		t.Errorf("the guest sees %d versions of items, want the pinned one", n)
	}
	st.renew(t, func(content map[string]any) {
		delete(content, "proposes")
		delete(content, "tests") // they look at what it proposes
	})
	if n := guestVersions(t, st, a.Scope); n != 1 {
		t.Errorf("the guest sees %d versions of items, want the pinned one", n)
	}

	_, err = st.Owner.Exec(ctx, `update policies.case_grants set valid = tstzrange(lower(valid), now() - interval '1 minute')`)
	must(t, err)
	_, err = st.get(t, guest, ref, final.ID)
	wantKind(t, err, problem.NotFound)
	if n := guestVersions(t, st, a.Scope); n != 0 {
		t.Errorf("after the share the guest sees %d versions of items", n)
	}
}

func TestGrantOnAnotherSectionShowsNoAssessment(t *testing.T) {
	st := newStage(t)
	final := st.finalise(t, barthel(t, best()))
	other := st.Body(t, "mazara")
	must(t, st.deps.Bodies.Reload(t.Context()))
	st.share(t, other, "diary")
	_, err := st.get(t, st.Operator(t, other, "coordinator"), "pantelleria~"+st.ref, final.ID)
	wantKind(t, err, problem.NotFound)
}

func guestVersions(t *testing.T, st *stage, s tenants.Scope) int {
	t.Helper()
	var n int
	must(t, st.DB.GuestTx(t.Context(), s, func(tx tenants.Tx) error {
		return tx.QueryRow(t.Context(), `select count(*) from kit.item_versions`).Scan(&n)
	}))
	return n
}

func TestCompare(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	st.publish(t, st.as(t, "practice_owner"), "AS-02")
	later, earlier := barthel(t, best()), barthel(t, except(best(), "walking", "0", "wheelchair", "4", "stairs", "8"))
	earlier.DoneOn = day(2025, time.May, 4)
	after, before := st.finalise(t, later), st.finalise(t, earlier)
	a, err := st.service.Open(ctx, st.worker, st.ref)
	must(t, err)
	c, err := st.service.Compare(ctx, a, after.ID, before.ID)
	must(t, err)
	if c.Old.ID != before.ID || !c.Scored || c.Difference != 13 {
		t.Errorf("from %v to %v: %v", c.Old.Outcome.Score, c.New.Outcome.Score, c.Difference)
	}
	got := map[string]float64{}
	for _, line := range c.Lines {
		if key := line.Old.Key + line.New.Key; line.Difference != 0 {
			got[key] = line.Difference
		}
	}
	if diff := cmp.Diff(map[string]float64{"walkingwalking": 15, "wheelchair": -4, "stairsstairs": 2}, got); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	draft, err := st.service.SaveDraft(ctx, st.worker, st.ref, barthel(t, best()))
	must(t, err)
	iadl := st.finalise(t, assessment.Filling{ID: newID(t), Instrument: "AS-02", DoneOn: day(2026, 1, 1), Answers: kit.Answers{
		"phone": "a", "shopping": "a", "cooking": "a", "house": "a", "laundry": "a", "transport": "a", "medicine": "a", "money": "a",
	}})
	for other, kind := range map[uuid.UUID]problem.Kind{after.ID: problem.Invalid, draft.ID: problem.Invalid, iadl.ID: problem.Invalid, newID(t): problem.NotFound} {
		_, err := st.service.Compare(ctx, a, after.ID, other)
		wantKind(t, err, kind)
	}
}

func TestListGoesOnFromItsCursor(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	var want []uuid.UUID
	for n := range 52 {
		f := barthel(t, best())
		f.DoneOn = day(2026, 1, 1).AddDate(0, 0, n/2) // two on each day
		want = append(want, st.finalise(t, f).ID)
	}
	slices.Reverse(want)
	a, err := st.service.Open(ctx, st.worker, st.ref)
	must(t, err)
	var got []uuid.UUID
	first, next, err := st.service.Find(ctx, a, casefile.Cursor{})
	must(t, err)
	rest, end, err := st.service.Find(ctx, a, casefile.ParseCursor(next.String()))
	must(t, err)
	for _, one := range append(first, rest...) {
		got = append(got, one.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" || !end.IsZero() || len(first) != 50 {
		t.Errorf("pages of %d and %d, end %v (-want +got):\n%s", len(first), len(rest), end.IsZero(), diff)
	}
}

func TestImpactCountsForWhoReadsNoCase(t *testing.T) {
	st := newStage(t)
	st.finalise(t, barthel(t, best()))
	other := st.Body(t, "mazara")
	for _, test := range []struct {
		s    tenants.Scope
		key  string
		want int
	}{{st.as(t, "practice_owner"), "AS-01", 1}, {st.as(t, "practice_owner"), "AS-02", 0}, {st.Operator(t, other, "practice_owner"), "AS-01", 0}} {
		kind, owner, ok := st.deps.Platform.Kinds.Get(kit.KindAssessment)
		if !ok || owner != assessment.ID {
			t.Fatal("the module does not own its kind")
		}
		must(t, st.DB.InTx(t.Context(), test.s, func(tx tenants.Tx) error {
			n, err := kind.Impact(t.Context(), tx, test.s.Tenant, test.key)
			if n != test.want {
				t.Errorf("impact of %s is %d, want %d", test.key, n, test.want)
			}
			return err
		}))
	}
}

func TestSeriesNeedsTwoScores(t *testing.T) {
	one := func(instrument string, score float64, state assessment.State) assessment.Assessment {
		return assessment.Assessment{Instrument: instrument, State: state, Title: language.Text{It: instrument}, Outcome: assessment.Outcome{Scored: state == assessment.Final, Score: score}}
	}
	got := assessment.SeriesOf([]assessment.Assessment{
		one("A", 3, assessment.Final), one("B", 9, assessment.Final), one("A", 2, assessment.Draft), one("A", 1, assessment.Final), one("B", 8, assessment.Draft),
	})
	if len(got) != 1 || got[0].Instrument != "A" || len(got[0].Points) != 2 || got[0].Points[0].Outcome.Score != 1 {
		t.Errorf("series %+v", got)
	}
}
