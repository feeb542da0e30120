package intake_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/modules/practice/cid"
	"staffetta/tenants"
)

// renew publishes the first access as release 2.0.0 of the kit asks it, which declares how earlier answers are read.
func (st *stage) renew(t *testing.T) {
	t.Helper()
	sources, err := cid.ItemsOf("2.0.0")
	must(t, err)
	at := slices.IndexFunc(sources, func(s kit.Source) bool { return s.Key == "FO-01" })
	st.put(t, st.as(t, "practice_owner"), kit.Change{Source: sources[at], Adaptation: kit.Local, Reason: "Kit 2.0.0"})
}

func TestADraftGoesOnInTheNewVersion(t *testing.T) {
	st, s, c := newDesk(t)
	ctx := t.Context()
	draft := st.save(t, s, filling(t, c, kit.Answers{"channel": "remote", "speaker": "institution", "person_present": true, "words": "Aiuto a casa"}))
	closed := filling(t, c, told())
	closed.Final = true
	final := st.save(t, s, closed)
	ask := intake.Carrying{Contact: c.ID, ID: draft.ID, Version: draft.Version}
	same, err := st.intake.CarryForm(ctx, s, ask)
	if err != nil || same.Version != draft.Version {
		t.Errorf("with nothing new it became %+v, %v", same, err)
	}
	st.renew(t)
	shown, err := st.intake.GetForm(ctx, s, c.ID, draft.ID)
	must(t, err)
	if shown.Newer == nil || shown.Questions.Number != 1 || shown.Answers["words"] != "Aiuto a casa" {
		t.Errorf("before going on it is %+v", shown)
	}
	_, err = st.intake.CarryForm(ctx, st.as(t, "access_desk"), ask)
	wantKind(t, err, problem.Forbidden)
	_, err = st.intake.CarryForm(ctx, s, intake.Carrying{Contact: c.ID, ID: final.ID, Version: final.Version})
	wantKind(t, err, problem.Conflict)
	_, err = st.intake.CarryForm(ctx, s, intake.Carrying{Contact: c.ID, ID: draft.ID, Version: 9})
	wantKind(t, err, problem.Conflict)
	_, err = st.intake.CarryForm(ctx, s, intake.Carrying{Contact: c.ID, ID: newID(t), Version: 1})
	wantKind(t, err, problem.NotFound)
	for range 2 {
		_, err = st.intake.CarryForm(ctx, s, ask)
		must(t, err)
	}
	got, err := st.intake.GetForm(ctx, s, c.ID, draft.ID)
	must(t, err)
	want := kit.Answers{"channel": "online", "speaker": "body", "person_present": true, "request": "Aiuto a casa"}
	if diff := cmp.Diff(want, got.Answers); diff != "" || got.Questions.Number != 2 || got.Newer != nil || got.Version != 2 || len(got.Left()) > 0 {
		t.Errorf("it went on as %+v (-want +got):\n%s", got.Form, diff)
	}
	if len(got.Earlier) != 1 || got.Earlier[0].Number != 1 || got.Earlier[0].Answers["speaker"] != "institution" {
		t.Errorf("of what was answered before is kept %+v", got.Earlier)
	}
	old, err := st.intake.GetForm(ctx, s, c.ID, final.ID)
	must(t, err)
	if diff := cmp.Diff(told(), old.Answers); diff != "" || old.Questions.Number != 1 || old.Newer != nil {
		t.Errorf("the final one changed (-want +got):\n%s", diff)
	}
	st.wantActions(t, map[string]int{"contact.create": 1, "contact.form_draft": 1, "contact.form_final": 1, "contact.form_carry": 1, "contact.form_read": 3})
}

// What has no place in the new version is kept and shown, also once the form is final and over further versions.
func TestAnAnswerWithoutAPlaceStaysWritten(t *testing.T) {
	st, s, c := newDesk(t)
	draft := st.save(t, s, filling(t, c, kit.Answers{"channel": "phone", "words": "Aiuto", "supports": "La figlia"}))
	st.reword(t, "FO-01", `"key":"words"`, `"key":"spoken"`)
	si := newSite(t, st, s)
	at := "/sportello/" + c.ID.String() + "/moduli/" + draft.ID.String()
	page := si.visit(t, at, nil).want(t, 200, "Di questo modulo c’è una versione nuova", "Continua nella versione nuova")
	done := si.visit(t, at+"/continua", page.fill()).want(t, 303)
	si.visit(t, done.to, nil).want(t, 200, "Risposte date prima", "Che cosa chiede, con le sue parole", "Aiuto", `value="phone" checked`).lacks(t, "Continua nella versione nuova")
	st.reword(t, "FO-01", `"value":"phone"`, `"value":"call"`)
	again, err := st.intake.CarryForm(t.Context(), s, intake.Carrying{Contact: c.ID, ID: draft.ID, Version: 2})
	must(t, err)
	var left []any
	for _, one := range again.Left() {
		left = append(left, one.Answer)
	}
	if diff := cmp.Diff([]any{"Aiuto", "phone"}, left); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	whole := told("channel", "call", "spoken", "Aiuto", "words", nil)
	st.save(t, s, intake.FormFilling{ID: draft.ID, Contact: c.ID, Version: again.Version, Answers: whole, Final: true})
	si.visit(t, at, nil).want(t, 200, "Risposte date prima", "Per telefono")
}

// The database lets a form go on in another version of its own questions alone, and only with what was answered kept.
func TestAFormCannotTakeOtherQuestions(t *testing.T) {
	st, s, c := newDesk(t)
	draft := st.save(t, s, filling(t, c, kit.Answers{"channel": "phone"}))
	st.renew(t)
	other, err := st.items.Get(t.Context(), s, kit.KindForm, "FO-02")
	must(t, err)
	newer, err := st.items.Get(t.Context(), s, kit.KindForm, "FO-01")
	must(t, err)
	const sql = `update intake.forms set item_version_id = $2, earlier = $3 where tenant_id = app.tenant() and id = $1`
	for name, tc := range map[string]struct {
		version uuid.UUID
		earlier string
		refused bool
	}{
		"another form":  {other.ID, `[{}]`, true},
		"nothing kept":  {newer.ID, `[]`, true},
		"the same one":  {draft.Edition, `[{}]`, true},
		"as it must be": {newer.ID, `[{"version":"` + draft.Edition.String() + `"}]`, false},
	} {
		confined := st.deps.Policies.Confine(s, "body")
		err := st.DB.InTx(t.Context(), confined, func(tx tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), sql, draft.ID, tc.version, tc.earlier)
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

func TestWhatOpenFormsHoldIsCounted(t *testing.T) {
	st, s, c := newDesk(t)
	for _, speaker := range []string{"institution", "institution", "person"} {
		st.save(t, s, filling(t, c, kit.Answers{"speaker": speaker, "words": "Riservato", "needs": []string{"safety", "belonging"}}))
	}
	final := filling(t, c, told())
	final.Final = true
	edition := st.save(t, s, final).Edition
	admin := st.as(t, "practice_owner")
	st.SwitchOn(t, admin.Tenant, "intake")
	st.Measured(t)
	var counted map[modules.ItemName][]modules.StoredAnswers
	about := modules.ItemName{Kind: kit.KindForm, Key: "FO-01"}
	must(t, st.DB.InTx(t.Context(), admin, func(tx tenants.Tx) (err error) {
		counted, err = st.Deps.Platform.Uses.Answers(t.Context(), tx, admin, []modules.ItemName{{Kind: kit.KindForm, Key: "FO-00"}, about, {Kind: kit.KindRole, Key: "RU-01"}})
		return err
	}))
	want := []modules.StoredAnswers{
		{Key: "FO-01", Version: edition, Open: false, Records: 1},
		{Key: "FO-01", Version: edition, Open: true, Records: 3},
		{Key: "FO-01", Version: edition, Open: true, Question: "needs", Value: "belonging", Records: 3},
		{Key: "FO-01", Version: edition, Open: true, Question: "needs", Value: "safety", Records: 3},
		{Key: "FO-01", Version: edition, Open: true, Question: "speaker", Value: "institution", Records: 2},
		{Key: "FO-01", Version: edition, Open: true, Question: "speaker", Value: "person", Records: 1},
		{Key: "FO-01", Version: edition, Open: true, Question: "words", Records: 3},
	}
	if diff := cmp.Diff(map[modules.ItemName][]modules.StoredAnswers{about: want}, counted); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
}
