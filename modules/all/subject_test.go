package all_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/modules/moduletest"
	"staffetta/onboarding/subject"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// askedBody is an old body of which Rosa D’Aloìa, the person of its case, asks something.
type askedBody struct {
	*oldBody
	deps                        modules.Deps
	asked                       *subject.Service
	registrar, colleague, admin tenants.Scope
}

func newAskedBody(t *testing.T) *askedBody {
	t.Helper()
	b := &askedBody{oldBody: newOldBody(t)}
	b.run(t, `delete from onboarding.restrictions`)
	b.run(t, `delete from onboarding.subject_copies`)
	b.run(t, `delete from onboarding.subject_steps`)
	b.run(t, `delete from onboarding.subject_requests`)
	b.run(t, `update registry.persons set surname = 'D’Aloìa', surname_key = 'daloia', name = 'Rosa', name_key = 'rosa', code_kind = 'tax_code', tax_code = 'DLARSO80A41E974B'`)
	var permissions []policies.Permission
	var grants []policies.RoleGrant
	for _, m := range all.Modules() {
		permissions, grants = append(permissions, m.Permissions...), append(grants, m.Grants...)
	}
	engine, err := policies.NewEngine(t.Context(), b.DB, permissions, grants)
	if err != nil {
		t.Fatal(err)
	}
	b.deps = modules.Deps{
		DB: b.DB, Audit: audit.NewRecorder(t.Context(), b.DB), Jobs: unworked{}, Policies: engine,
		Platform: modules.Platform{Modules: all.Modules(), Folders: b.docs, Files: b.docs.(modules.Files), Mail: modules.Correspondence{Words: moduletest.Messages(t, all.Modules()...)}},
	}
	b.asked = subject.NewService(b.deps)
	b.registrar, b.colleague = b.Operator(t, b.body, "social_worker"), b.Operator(t, b.body, "social_worker")
	b.admin = b.Operator(t, b.body, "tenant_admin")
	return b
}

func (b *askedBody) arrival(kind string) subject.Arrival {
	return subject.Arrival{
		ID: uuid.Must(uuid.NewV7()), Kind: kind, Subject: subject.Named{Surname: "d'aloìa", Name: "ROSA"}, Asker: "self", Identity: "carta d’identità vista",
		Channel: "desk", Words: "Vuole sapere che cosa c’è scritto", ReceivedOn: yesterday(),
	}
}

// ask registers a request of the person.
func (b *askedBody) ask(t *testing.T, kind string) uuid.UUID {
	t.Helper()
	a := b.arrival(kind)
	for range 2 { // a form that is sent twice
		if err := b.asked.Register(t.Context(), b.registrar, a); err != nil {
			t.Fatal(err)
		}
	}
	return a.ID
}

func (b *askedBody) read(t *testing.T, id uuid.UUID) (subject.Request, []subject.Step) {
	t.Helper()
	r, steps, err := b.asked.Get(t.Context(), b.dpo, id)
	if err != nil {
		t.Fatal(err)
	}
	return r, steps
}

var granted = subject.Reply{Outcome: "granted", Words: "Data copia, prot. 7", On: yesterday()}

// TestARequestRunsItsTerm takes a request from its arrival over an extension to a refusal with reason and remedies.
func TestARequestRunsItsTerm(t *testing.T) {
	t.Parallel()
	b := newAskedBody(t)
	id := b.ask(t, "access")
	r, _ := b.read(t, id)
	if r.Number != 1 || r.Person == nil || *r.Person != b.person || !r.DueOn.Equal(nextMonth(r.ReceivedOn, 1)) {
		t.Errorf("it is registered as %+v", r)
	}
	for _, do := range []func() error{
		func() error { return b.asked.Take(t.Context(), b.dpo, id) },
		func() error { return b.asked.Note(t.Context(), b.registrar, id, "ha mostrato la delega") },
		func() error { return b.asked.Extend(t.Context(), b.dpo, id, "la cartella è lunga") },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	if r, _ = b.read(t, id); r.State != subject.Working || !r.DueOn.Equal(nextMonth(r.ReceivedOn, 3)) {
		t.Errorf("extended it is %+v", r)
	}
	if err := b.asked.Extend(t.Context(), b.dpo, id, "di nuovo più tempo"); !fails(err, "conflict") {
		t.Errorf("a second extension: %v", err)
	}
	refusal := subject.Reply{Outcome: "refused", Words: "Risposta prot. 12", On: r.ReceivedOn}
	if err := b.asked.Answer(t.Context(), b.dpo, id, refusal); !fails(err, "invalid") {
		t.Errorf("refused without reason: %v", err)
	}
	refusal.Reason, refusal.Remedies = "non è la persona", "reclamo al Garante"
	if err := b.asked.Answer(t.Context(), b.dpo, id, refusal); err != nil {
		t.Fatal(err)
	}
	if err := b.asked.Withdraw(t.Context(), b.dpo, id, "ci ripensa"); !fails(err, "conflict") {
		t.Errorf("withdrawn after the answer: %v", err)
	}
	if err := b.asked.Note(t.Context(), b.registrar, id, "torna a chiedere"); !fails(err, "conflict") {
		t.Errorf("a note after the answer: %v", err)
	}
	r, steps := b.read(t, id)
	var kinds []string
	for _, step := range steps {
		kinds = append(kinds, step.Kind)
	}
	if r.State != subject.Answered || r.Reason == "" || !slices.Equal(kinds, []string{"answer", "extend", "note", "take", "register"}) {
		t.Errorf("answered it is %+v, %v", r, kinds)
	}
}

// yesterday is a day on which something can have come.
func yesterday() time.Time { return time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -1) }

// fails tells whether an error is of a kind, which it names first.
func fails(err error, kind string) bool {
	return err != nil && strings.HasPrefix(err.Error(), kind+" ")
}

// nextMonth is the day some months later, or the last of its month: as the database counts.
func nextMonth(day time.Time, months int) time.Time {
	first := time.Date(day.Year(), day.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day.Day(), last)-1)
}

// TestALateRequestIsNotExtended lets the term pass.
func TestALateRequestIsNotExtended(t *testing.T) {
	t.Parallel()
	b := newAskedBody(t)
	a := b.arrival("rectification")
	a.ReceivedOn = a.ReceivedOn.AddDate(0, 0, -40)
	if err := b.asked.Register(t.Context(), b.registrar, a); err != nil {
		t.Fatal(err)
	}
	if err := b.asked.Extend(t.Context(), b.dpo, a.ID, "serve più tempo"); !fails(err, "conflict") {
		t.Errorf("extended when it was late: %v", err)
	}
	found, err := subject.Checks(b.asked)[0].Find(t.Context(), b.admin)
	if err != nil || found.State != modules.Wrong {
		t.Errorf("the console says %+v, %v", found, err)
	}
	duties, err := subject.Duties(b.asked)[0].Find(t.Context(), b.dpo)
	if err != nil || len(duties) != 1 || !duties[0].Due.Equal(nextMonth(a.ReceivedOn, 1)) {
		t.Errorf("it awaits the officer as %+v, %v", duties, err)
	}
}

// TestWhoSeesARequest wants the content to be seen by who registered it and who handles requests, numbers and terms by others of the
// body, and nothing by another body.
func TestWhoSeesARequest(t *testing.T) {
	t.Parallel()
	b := newAskedBody(t)
	id := b.ask(t, "access")
	for name, test := range map[string]struct {
		who     tenants.Scope
		listed  int
		content bool
	}{
		"who registered it": {b.registrar, 1, true}, "the officer": {b.dpo, 1, true}, "a colleague": {b.colleague, 1, false},
		"the administrator": {b.admin, 1, false}, "another body": {b.foreign, 0, false},
	} {
		found, err := b.asked.Find(t.Context(), test.who)
		if err != nil || len(found) != test.listed || len(found) > 0 && (found[0].Subject != "") != test.content {
			t.Errorf("%s is shown %+v, %v", name, found, err)
		}
		_, _, err = b.asked.Get(t.Context(), test.who, id)
		if test.content != (err == nil) || err != nil && !fails(err, "not_found") {
			t.Errorf("%s reads it: %v", name, err)
		}
		if err := b.asked.Note(t.Context(), test.who, id, "una nota"); test.content != (err == nil) {
			t.Errorf("%s notes something: %v", name, err)
		}
	}
	for name, sql := range map[string]string{
		"in another's name":  `insert into onboarding.subject_requests (id, number, kind, subject_name, asker, identity, channel, words, received_on, registered_by, registered_name) select gen_random_uuid(), 2, 'access', 'X', 'self', 'vista', 'desk', 'parole', now(), gen_random_uuid(), 'X'`,
		"by changing words":  `update onboarding.subject_requests set words = 'altre parole'`,
		"by changing a step": `update onboarding.subject_steps set words = 'altro'`,
		"by removing it":     `delete from onboarding.subject_requests`,
	} {
		if err := b.DB.InTx(t.Context(), b.dpo, func(tx tenants.Tx) error { _, err := tx.Exec(t.Context(), sql); return err }); err == nil {
			t.Errorf("it is done %s", name)
		}
	}
}

// TestNobodyIsTakenForAnother wants two of one name to be told apart, and nobody to be a request's person unless named.
func TestNobodyIsTakenForAnother(t *testing.T) {
	t.Parallel()
	b := newAskedBody(t)
	b.run(t, `insert into registry.persons (tenant_id, id, code_kind, surname, surname_key, name, name_key, birth_date) values ($1, gen_random_uuid(), 'none', 'D’Aloia', 'daloia', 'Rosa', 'rosa', '1950-01-01')`, b.body.ID)
	a := b.arrival("access")
	if err := b.asked.Register(t.Context(), b.registrar, a); !fails(err, "invalid") {
		t.Errorf("two are called so: %v", err)
	}
	a.Subject = subject.Named{Surname: "Ignoto", Name: "Mario"}
	if err := b.asked.Register(t.Context(), b.registrar, a); err != nil {
		t.Fatal(err)
	}
	if r, _ := b.read(t, a.ID); r.Person != nil {
		t.Errorf("somebody unknown is %s", r.Person)
	}
	if err := b.asked.Name(t.Context(), b.registrar, a.ID, subject.Named{TaxCode: "XXXXXX80A41E974B"}); !fails(err, "invalid") {
		t.Errorf("a code of nobody: %v", err)
	}
	if err := b.asked.Name(t.Context(), b.registrar, a.ID, subject.Named{TaxCode: "dlarso80a41e974b"}); err != nil {
		t.Fatal(err)
	}
	if r, _ := b.read(t, a.ID); r.Person == nil || *r.Person != b.person {
		t.Errorf("who has the code is %v", r.Person)
	}
	if err := b.asked.Name(t.Context(), b.registrar, a.ID, subject.Named{TaxCode: "dlarso80a41e974b"}); !fails(err, "conflict") {
		t.Errorf("who is named is named again: %v", err)
	}
	guardian := b.arrival("access")
	guardian.Asker = "guardian"
	if err := b.asked.Register(t.Context(), b.registrar, guardian); !fails(err, "invalid") {
		t.Errorf("a guardian without a name: %v", err)
	}
	if err := b.asked.Register(t.Context(), b.foreign, b.arrival("access")); err != nil {
		t.Fatal(err)
	}
	found, err := b.asked.Find(t.Context(), b.foreign)
	if err != nil || len(found) != 1 || found[0].Person != nil || found[0].Number != 1 {
		t.Errorf("another body finds %+v, %v", found, err)
	}
}

// TestAnOpenRequestStopsDisposal keeps what somebody asks about until they are answered, and the answered request for its own term.
func TestAnOpenRequestStopsDisposal(t *testing.T) {
	t.Parallel()
	b := newAskedBody(t)
	if got := b.ready(t, "case"); got != [3]int{1, 0, 0} {
		t.Fatalf("before: %v", got)
	}
	id := b.ask(t, "erasure")
	if got := b.ready(t, "case"); got != [3]int{0, 1, 0} {
		t.Errorf("while it is open: %v", got)
	}
	b.wantRefused(t)
	if err := b.asked.Answer(t.Context(), b.dpo, id, granted); err != nil {
		t.Fatal(err)
	}
	if got := b.ready(t, "case"); got != [3]int{1, 0, 0} {
		t.Errorf("answered: %v", got)
	}
	b.run(t, `update onboarding.subject_requests set ended_at = now() - interval '11 years'`)
	if got := b.ready(t, "request"); got != [3]int{1, 0, 0} {
		t.Errorf("the request itself: %v", got)
	}
	list := b.propose(t, "request")
	if err := b.service.Agree(t.Context(), b.admin, list, b.agreed(t, list)); err != nil {
		t.Fatal(err)
	}
	if d := b.remove(t, list); d.Counts["request"]["gone"] != 1 || b.count(t, "onboarding.subject_steps", b.body.ID) != 0 {
		t.Errorf("it went as %+v", d)
	}
}
