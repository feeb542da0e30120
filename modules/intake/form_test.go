package intake_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/policies"
	"staffetta/tenants"
)

// told are the answers of somebody who only asks for information.
func told(pairs ...any) kit.Answers {
	answers := kit.Answers{
		"channel": "phone", "speaker": "user", "reason": "spontaneous", "words": "Chiede <b>aiuto</b> 🌋", "target": "disability",
		"needs": []string{"safety"}, "urgent": false, "outcome": "information", "notice_given": true,
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if answers[pairs[i].(string)] = pairs[i+1]; pairs[i+1] == nil {
			delete(answers, pairs[i].(string))
		}
	}
	return answers
}

// newDesk is a stage with the first-access form and the workflow published, and a contact of Rosa Bianco.
func newDesk(t *testing.T) (*stage, tenants.Scope, intake.Contact) {
	t.Helper()
	st := newStage(t)
	st.publish(t, st.as(t, "practice_owner"), "FO-01", "FO-02", "WF-01", "VO-01")
	s := st.as(t, "social_worker")
	person := st.person(t, s, "Bianco")
	return st, s, st.create(t, s, intake.NewContact{
		Details: arrival(func(d *intake.Details) { d.Person = person.ID }), Closing: intake.Closing{Outcome: "taking_in_charge"},
	})
}

func filling(t *testing.T, c intake.Contact, answers kit.Answers) intake.FormFilling {
	t.Helper()
	return intake.FormFilling{ID: newID(t), Contact: c.ID, Key: "FO-01", Answers: answers}
}

func (st *stage) save(t *testing.T, s tenants.Scope, f intake.FormFilling) intake.Form {
	t.Helper()
	made, err := st.intake.SaveForm(t.Context(), s, f)
	if err != nil {
		t.Fatalf("save the form: %v", err)
	}
	return made
}

func TestALifeOfAForm(t *testing.T) {
	st, s, c := newDesk(t)
	ctx := t.Context()
	f := filling(t, c, kit.Answers{"channel": "phone", "speaker": "relative"})
	first := st.save(t, s, f)
	if again := st.save(t, s, f); again.Version != 1 || again.ID != first.ID {
		t.Errorf("the second submit gave %+v", again)
	}
	other := f
	other.Answers = told()
	_, err := st.intake.SaveForm(ctx, s, other) // as new, over what is stored
	wantKind(t, err, problem.Conflict)
	_, err = st.intake.SaveForm(ctx, st.as(t, "access_desk"), intake.FormFilling{ID: f.ID, Contact: c.ID, Version: 1, Answers: told()})
	wantKind(t, err, problem.Forbidden)

	f.Version, f.Final = 1, true
	_, err = st.intake.SaveForm(ctx, s, f)
	missing := []string{
		"answers.person_present kit.answer.required", "answers.reason kit.answer.required", "answers.words kit.answer.required",
		"answers.target kit.answer.required", "answers.needs kit.answer.required", "answers.urgent kit.answer.required", "answers.outcome kit.answer.required", "answers.notice_given kit.answer.required",
	}
	if diff := cmp.Diff(missing, faultsOf(t, err)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	f.Answers = told("sent_by", "hidden: nobody sent her")
	final := st.save(t, s, f)
	if !final.Final() || final.Version != 2 || final.FinalisedAt.IsZero() {
		t.Errorf("final %+v", final)
	}
	for _, version := range []int{1, 2} {
		f.Version = version
		if again := st.save(t, s, f); again.Version != 2 {
			t.Errorf("confirmed again it is %+v", again)
		}
	}
	f.Answers, f.Version = told("outcome", "guidance"), 2
	_, err = st.intake.SaveForm(ctx, s, f)
	wantKind(t, err, problem.Conflict)

	got, err := st.intake.GetForm(ctx, s, c.ID, f.ID)
	must(t, err)
	if diff := cmp.Diff(told(), got.Answers); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	st.wantActions(t, map[string]int{"contact.create": 1, "contact.form_draft": 1, "contact.form_final": 1, "contact.form_read": 1})
}

// TestTwoSubmitsAtOnce makes one form of many submits of one page.
func TestTwoSubmitsAtOnce(t *testing.T) {
	st, s, c := newDesk(t)
	f := filling(t, c, told())
	f.Final = true
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if made, err := st.intake.SaveForm(t.Context(), s, f); err != nil || made.Version != 1 {
				t.Errorf("made %+v, %v", made, err)
			}
		})
	}
	all.Wait()
	found, next, err := st.intake.FindForms(t.Context(), s, c.ID, uuid.Nil)
	if err != nil || len(found) != 1 || next != uuid.Nil {
		t.Errorf("%d forms, next %v, %v", len(found), next, err)
	}
}

func TestPinnedVersionStays(t *testing.T) {
	st, s, c := newDesk(t)
	ctx := t.Context()
	draft := st.save(t, s, filling(t, c, told()))
	st.reword(t, "FO-01", "Come è arrivata la richiesta", "In che modo ci contatta")
	f := filling(t, c, told())
	f.Edition = draft.Edition // a page that was rendered before
	seen := st.save(t, s, f)
	fresh := st.save(t, s, filling(t, c, told()))
	if seen.Edition != draft.Edition || fresh.Edition == draft.Edition {
		t.Errorf("editions %v, %v, %v", draft.Edition, seen.Edition, fresh.Edition)
	}
	st.save(t, s, intake.FormFilling{ID: draft.ID, Contact: c.ID, Version: 1, Final: true, Answers: told("outcome", "guidance")})
	for id, want := range map[uuid.UUID]string{draft.ID: "Come è arrivata la richiesta", fresh.ID: "In che modo ci contatta"} {
		got, err := st.intake.GetForm(ctx, s, c.ID, id)
		must(t, err)
		if label := got.Questions.Definition.Items()[0].Label.IT; label != want {
			t.Errorf("the first question is %q, want %q", label, want)
		}
	}
	owner := st.as(t, "practice_owner")
	item, err := st.items.Item(ctx, owner, kit.KindForm, "FO-01")
	must(t, err)
	must(t, st.items.Retire(ctx, owner, kit.Step{Kind: kit.KindForm, Key: "FO-01", Revision: item.Revision, Reason: "Non serve più"}))
	_, err = st.intake.SaveForm(ctx, s, filling(t, c, told()))
	wantKind(t, err, problem.NotFound)
	f = filling(t, c, told())
	f.Key, f.Edition = "FO-02", draft.Edition // the version of another form
	_, err = st.intake.SaveForm(ctx, s, f)
	wantKind(t, err, problem.NotFound)
	if _, err := st.intake.GetForm(ctx, s, c.ID, draft.ID); err != nil {
		t.Errorf("a form whose item was retired: %v", err)
	}
}

// TestFinalFormIsLocked tries to change forms past the service, as the role that serves requests.
func TestFinalFormIsLocked(t *testing.T) {
	st, s, c := newDesk(t)
	f := filling(t, c, told())
	draft := st.save(t, s, f)
	f.ID, f.Final = newID(t), true
	final := st.save(t, s, f)
	change := func(s tenants.Scope, set string, id uuid.UUID) (n int64, err error) {
		err = st.DB.InTx(t.Context(), st.deps.Policies.Confine(s, policies.Body), func(tx tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), `update intake.forms set `+set+` where tenant_id = $1 and id = $2`, st.body.ID, id)
			n = tag.RowsAffected()
			return err
		})
		return n, err
	}
	for name, try := range map[string]struct {
		as   tenants.Scope
		id   uuid.UUID
		want int64
	}{"own draft": {s, draft.ID, 1}, "own final": {s, final.ID, 0}, "another's draft": {st.as(t, "social_worker"), draft.ID, 0}} {
		if n, err := change(try.as, `answers = '{}'`, try.id); err != nil || n != try.want {
			t.Errorf("%s: %d rows changed, %v; want %d", name, n, err, try.want)
		}
	}
	for _, set := range []string{`case_id = null`, `earlier = '[{}]'`, `contact_id = contact_id`, `author_name = 'X'`} {
		if _, err := change(s, set, draft.ID); err == nil {
			t.Errorf("the role may set %s", set)
		}
	}
	st.Excuse(t, "intake.forms")
}

func TestStrangersSeeNoForm(t *testing.T) {
	st, s, c := newDesk(t)
	ctx := t.Context()
	f := st.save(t, s, filling(t, c, told()))
	elsewhere := st.Body(t, "marsala")
	st.publish(t, st.Operator(t, elsewhere, "practice_owner"), "FO-01") // a form of its own
	for name, stranger := range map[string]tenants.Scope{
		"another body": st.Operator(t, elsewhere, "coordinator"), "admin": st.as(t, "admin_officer"), "educator": st.as(t, "educator"),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := st.intake.GetForm(ctx, stranger, c.ID, f.ID)
			wantKind(t, err, problem.NotFound)
			_, _, err = st.intake.FindForms(ctx, stranger, c.ID, uuid.Nil)
			wantKind(t, err, problem.NotFound)
			_, err = st.intake.SaveForm(ctx, stranger, filling(t, c, told()))
			wantKind(t, err, problem.NotFound)
			_, err = st.intake.FormEditionFor(ctx, stranger, intake.FormFilling{Contact: c.ID, Key: "FO-01"})
			wantKind(t, err, problem.NotFound)
		})
	}
	another := st.create(t, s, intake.NewContact{Details: arrival(nil)})
	_, err := st.intake.GetForm(ctx, s, another.ID, f.ID)
	wantKind(t, err, problem.NotFound)
	_, err = st.intake.SaveForm(ctx, s, intake.FormFilling{ID: f.ID, Contact: another.ID, Key: "FO-01", Answers: told()})
	wantKind(t, err, problem.Conflict)
}

// TestFormsFollowTheCase opens a case from a contact and shows its section intake to another body.
func TestFormsFollowTheCase(t *testing.T) {
	st, s, c := newDesk(t)
	f := filling(t, c, told())
	f.Final = true
	final := st.save(t, s, f)
	desk := st.as(t, "access_desk")
	st.save(t, desk, filling(t, c, told())) // the draft of another author
	apart := st.save(t, s, filling(t, st.create(t, s, intake.NewContact{Details: arrival(nil)}), told()))
	caseID := st.openCase(t, s, *c.PersonID, c.ID)
	later := filling(t, c, told("channel", "email"))
	later.Final = true
	st.save(t, s, later)
	found, _, err := st.intake.FindForms(t.Context(), s, c.ID, uuid.Nil)
	must(t, err)
	for _, one := range found {
		if one.CaseID == nil || *one.CaseID != caseID {
			t.Errorf("the form %+v does not belong to the case", one)
		}
	}
	if got, err := st.intake.GetForm(t.Context(), s, apart.Contact, apart.ID); err != nil || got.CaseID != nil {
		t.Errorf("a form of another contact belongs to %v, %v", got.CaseID, err)
	}
	guestBody := st.Body(t, "mazara")
	guest := st.deps.Policies.Confine(st.Operator(t, guestBody, "coordinator"), policies.Guest)
	look := func() (forms, versions int) {
		t.Helper()
		var b pgx.Batch
		b.Queue(`select count(*) from intake.forms where tenant_id = $1`, st.body.ID).QueryRow(func(row pgx.Row) error { return row.Scan(&forms) })
		b.Queue(`select count(*) from kit.item_versions where tenant_id = $1`, st.body.ID).QueryRow(func(row pgx.Row) error { return row.Scan(&versions) })
		must(t, st.DB.Guest(t.Context(), guest, &b))
		return forms, versions
	}
	if forms, versions := look(); forms != 0 || versions != 0 {
		t.Errorf("without a grant a guest sees %d forms, %d versions", forms, versions)
	}
	st.grant(t, caseID, guestBody)
	if forms, versions := look(); forms != 2 || versions != 1 || len(found) != 3 {
		t.Errorf("under the grant a guest sees %d forms and %d versions of %d", forms, versions, len(found))
	}
	var b pgx.Batch
	var seen kit.Version
	kit.QueueVersion(&b, st.body.ID, final.Edition, &seen)
	must(t, st.DB.Guest(t.Context(), guest, &b))
	if seen.Key != "FO-01" {
		t.Errorf("the guest reads the version %+v", seen)
	}
}

func TestFormsOfTheWorkflowComeFirst(t *testing.T) {
	st, s, c := newDesk(t)
	keys := func() (keys []string) {
		t.Helper()
		editions, err := st.intake.FindFormEditions(t.Context(), s)
		must(t, err)
		for _, e := range editions {
			keys = append(keys, e.Key)
		}
		return keys
	}
	st.put(t, st.as(t, "practice_owner"), kit.Change{Adaptation: kit.Local, Reason: "Prova", Source: kit.Source{
		Kind: kit.KindForm, Key: "AA-00", Title: kit.Text{IT: "Prova"}, Owner: "Comune", Licence: "EUPL-1.2",
		Content: []byte(`{"sections":[{"key":"s","label":{"it":"Parte"},"items":[{"key":"q","label":{"it":"Domanda"},"type":"text"}]}]}`),
	}})
	if diff := cmp.Diff([]string{"FO-01", "AA-00", "FO-02"}, keys()); diff != "" {
		t.Errorf("forms (-want +got):\n%s", diff)
	}
	f := filling(t, c, kit.Answers{"q": "x", "none": "y"})
	f.Key = "AA-00"
	_, err := st.intake.SaveForm(t.Context(), s, f)
	if diff := cmp.Diff([]string{"answers.none kit.answer.unknown"}, faultsOf(t, err)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestFormsComeInPages(t *testing.T) {
	st, s, c := newDesk(t)
	want := map[uuid.UUID]bool{}
	for range 51 {
		want[st.save(t, s, filling(t, c, kit.Answers{})).ID] = true
	}
	first, next, err := st.intake.FindForms(t.Context(), s, c.ID, uuid.Nil)
	must(t, err)
	rest, end, err := st.intake.FindForms(t.Context(), s, c.ID, next)
	must(t, err)
	for _, f := range append(first, rest...) {
		delete(want, f.ID)
	}
	if len(first) != 50 || len(rest) != 1 || end != uuid.Nil || len(want) != 0 {
		t.Errorf("pages of %d and %d, then %v; %d are missing", len(first), len(rest), end, len(want))
	}
}

func TestAuditFailureServesNoForm(t *testing.T) {
	st, s, c := newDesk(t)
	f := st.save(t, s, filling(t, c, told()))
	_, err := st.Owner.Exec(t.Context(), `revoke insert on audit.events from staffetta_auditor`)
	must(t, err)
	got, err := st.intake.GetForm(t.Context(), s, c.ID, f.ID)
	wantKind(t, err, problem.Unavailable)
	if got.Answers != nil {
		t.Error("content came with a failed audit")
	}
	_, _, err = st.intake.FindForms(t.Context(), s, c.ID, uuid.Nil)
	wantKind(t, err, problem.Unavailable)
}
