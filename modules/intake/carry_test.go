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
	draft := st.save(t, s, filling(t, c, kit.Answers{"channel": "other_remote", "speaker": "institution", "person_present": true, "words": "Aiuto a casa"}))
	closed := filling(t, c, told())
	closed.Final = true
	final := st.save(t, s, closed)
	ask := intake.FormFilling{Contact: c.ID, ID: draft.ID, Version: draft.Version}
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
	_, err = st.intake.CarryForm(ctx, s, intake.FormFilling{Contact: c.ID, ID: final.ID, Version: final.Version})
	wantKind(t, err, problem.Conflict)
	_, err = st.intake.CarryForm(ctx, s, intake.FormFilling{Contact: c.ID, ID: draft.ID, Version: 9})
	wantKind(t, err, problem.Conflict)
	_, err = st.intake.CarryForm(ctx, s, intake.FormFilling{Contact: c.ID, ID: newID(t), Version: 1})
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
	done := si.visit(t, at+"/continua", page.fillForm("", "channel", "phone", "words", "Aiuto", "supports", "La figlia")).want(t, 303)
	si.visit(t, done.to, nil).want(t, 200, "Risposte date prima", "Che cosa chiede, con le sue parole", "Aiuto", `value="phone" checked`).lacks(t, "Continua nella versione nuova")
	st.reword(t, "FO-01", `"value":"phone"`, `"value":"call"`)
	again, err := st.intake.CarryForm(t.Context(), s, intake.FormFilling{Contact: c.ID, ID: draft.ID, Version: 2})
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
	for _, speaker := range []string{"institution", "institution", "user"} {
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
		{Key: "FO-01", Version: edition, Open: true, Question: "speaker", Value: "user", Records: 1},
		{Key: "FO-01", Version: edition, Open: true, Question: "words", Records: 3},
	}
	if diff := cmp.Diff(map[modules.ItemName][]modules.StoredAnswers{about: want}, counted); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
}

// What is typed and not saved yet goes on too, in one step; what is new is said before.
func TestWhatIsTypedGoesOnInTheNewVersion(t *testing.T) {
	st, s, c := newDesk(t)
	draft := st.save(t, s, filling(t, c, kit.Answers{"channel": "phone", "words": "Aiuto"}))
	st.reword(t, "FO-01", "Come è arrivata la richiesta", "In che modo ci contatta")
	si := newSite(t, st, s)
	at := "/sportello/" + c.ID.String() + "/moduli/" + draft.ID.String()
	page := si.visit(t, at, nil).want(t, 200, "1 domanda riformulata: «In che modo ci contatta»", `formaction="/pantelleria`+at+`/continua"`)
	words := func() any {
		got, err := st.intake.GetForm(t.Context(), s, c.ID, draft.ID)
		must(t, err)
		return got.Answers["words"]
	}
	si.visit(t, at+"/continua", page.fillForm("", "channel", "pigeon", "words", "Resta")).want(t, 422, "Scegli una delle risposte proposte", "Resta")
	if words() != "Aiuto" {
		t.Errorf("a refused step saved %q", words())
	}
	typed := page.fillForm("", "channel", "phone", "words", "Aiuto a casa")
	for range 2 { // the second time it is there already
		done := si.visit(t, at+"/continua", typed).want(t, 303)
		si.visit(t, done.to, nil).want(t, 200, "Aiuto a casa", "In che modo ci contatta").lacks(t, "Continua nella versione nuova")
	}
	si.visit(t, at+"/continua", page.fillForm("", "channel", "phone", "words", "Altrove")).want(t, 409, "La bozza è cambiata altrove", "Altrove", "Aiuto a casa")
	if words() != "Aiuto a casa" {
		t.Errorf("it holds %q", words())
	}
	// a save of which the page never heard is no conflict, because it saved what the page shows
	st.reword(t, "FO-01", "In che modo ci contatta", "Come ci contatta")
	page = si.visit(t, at, nil).want(t, 200)
	same := page.fillForm("", "channel", "phone", "words", "Aiuto a casa, presto")
	si.visit(t, "/sportello/"+c.ID.String()+"/moduli/bozza", same).want(t, 200, `"version":3`)
	si.visit(t, at+"/continua", same).want(t, 303)
}

// A form is kept while it is filled in, and stands with the drafts of its author.
func TestAFormIsKeptWhileItIsFilledIn(t *testing.T) {
	st, s, c := newDesk(t)
	si := newSite(t, st, s)
	at := "/sportello/" + c.ID.String() + "/moduli"
	page := si.visit(t, at+"/nuovo?modulo=FO-01", nil).want(t, 200, `data-draft-url="/pantelleria`+at+`/bozza"`, "data-draft-status")
	typed := page.fillForm("", "words", "A")
	si.visit(t, at+"/bozza", typed).want(t, 200, `{"version":1}`)
	typed.Set("version", "1")
	typed.Set("a.words", "Aiuto")
	si.visit(t, at+"/bozza", typed).want(t, 200, `{"version":2}`)
	typed.Set("a.words", "Altro")
	si.visit(t, at+"/bozza", typed).want(t, 409)
	found, err := st.intake.FindFormDrafts(t.Context(), s, modules.DraftQuery{})
	must(t, err)
	path := at + "/" + typed.Get("id")
	if len(found.List) != 1 || found.Total != 1 || found.List[0].Path != path || found.List[0].Title.It != "Primo accesso" {
		t.Fatalf("the drafts are %+v", found)
	}
	si.visit(t, path, nil).want(t, 200, "Aiuto")
	rest, err := st.intake.FindFormDrafts(t.Context(), s, modules.DraftQuery{Since: found.List[0].Since, ID: found.List[0].ID})
	if err != nil || len(rest.List) != 0 || rest.Total != 1 {
		t.Errorf("after it come %+v, %v", rest, err)
	}
	if latest, err := st.intake.FindFormDrafts(t.Context(), s, modules.DraftQuery{Latest: true}); err != nil || len(latest.List) != 1 {
		t.Errorf("the latest are %+v, %v", latest, err)
	}
	if others, err := st.intake.FindFormDrafts(t.Context(), st.as(t, "access_desk"), modules.DraftQuery{}); err != nil || others.Total != 0 {
		t.Errorf("a colleague finds %+v, %v", others, err)
	}
}
