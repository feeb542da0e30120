package all_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/onboarding/subject"
	"staffetta/policies"
	"staffetta/tenants"
)

// unrestricted are tables of case files that are written while the data of the person is restricted, with why.
var unrestricted = map[string]string{
	"casefile.assignments": "who follows a case may change", "casefile.marks": "protecting stays possible", "ledger.exemptions": "protecting stays possible",
	"onboarding.holds": "keeping stays possible",
}

// TestRestrictedDataIsNotWritten restricts and lifts: every declared table of case files refuses meanwhile, unless it says why not.
func TestRestrictedDataIsNotWritten(t *testing.T) {
	t.Parallel()
	b := newCopiedBody(t)
	id := b.ask(t, "restriction")
	if err := b.asked.Restrict(t.Context(), b.registrar, id, "contesta i dati"); err != nil {
		t.Fatal(err)
	}
	if err := b.asked.Restrict(t.Context(), b.dpo, id, "di nuovo lo stesso"); !fails(err, "conflict") {
		t.Errorf("restricted twice: %v", err)
	}
	b.wantGuarded(t)
	b.wantWritten(t, false)
	hints, err := subject.Hints(b.asked)[0].Find(t.Context(), b.colleague, modules.Hinted{Person: b.person})
	if err != nil || len(hints) != 1 {
		t.Errorf("the case says %+v, %v", hints, err)
	}
	if err := b.asked.Answer(t.Context(), b.dpo, id, granted); err != nil {
		t.Fatal(err)
	}
	b.wantWritten(t, false)
	if err := b.asked.Lift(t.Context(), b.foreign, id, "non serve più"); !fails(err, "not_found") {
		t.Errorf("another body lifts it: %v", err)
	}
	if err := b.asked.Lift(t.Context(), b.dpo, id, "dati verificati"); err != nil {
		t.Fatal(err)
	}
	if err := b.asked.Lift(t.Context(), b.dpo, id, "un’altra volta"); !fails(err, "conflict") {
		t.Errorf("lifted twice: %v", err)
	}
	b.wantWritten(t, true)
}

// wantWritten has a worker write a reason into the case.
func (b *askedBody) wantWritten(t *testing.T, want bool) {
	t.Helper()
	s := policies.ForJob(tenants.Scope{Tenant: b.body.ID}, policies.SectionIDs()...)
	err := b.DB.InTx(t.Context(), s.WithSections(policies.SectionIDs(), policies.SectionIDs()), func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update casefile.cases set area = area where id = $1`, b.file)
		return err
	})
	if (err == nil) != want || err != nil && !strings.Contains(err.Error(), "web.error.restricted") {
		t.Errorf("it is written: %v", err)
	}
}

// wantGuarded wants the trigger on every declared table of case files.
func (b *askedBody) wantGuarded(t *testing.T) {
	t.Helper()
	for _, r := range records() {
		var guarded bool
		err := b.Owner.QueryRow(t.Context(), `select exists (select from pg_trigger where tgrelid = $1::regclass and tgname = 'keep_restricted')`, r.Table).Scan(&guarded)
		if err != nil || guarded == (r.CaseColumn == "" || unrestricted[r.Table] != "") {
			t.Errorf("%s is kept: %v, %v", r.Table, guarded, err)
		}
	}
}

// TestWhatIsCorrectedIsShown wants the request to show what was changed since, with values only for who sees the registry.
func TestWhatIsCorrectedIsShown(t *testing.T) {
	t.Parallel()
	b := newCopiedBody(t)
	id := b.ask(t, "rectification")
	b.run(t, `update registry.changes set field = 'surname', old_value = 'Vecchio', new_value = 'Nuovo', changed_at = now()`)
	r, _ := b.read(t, id)
	for name, test := range map[string]struct {
		who  tenants.Scope
		want string
	}{"who registered it": {b.registrar, "surname Vecchio Nuovo"}, "the officer": {b.dpo, "surname"}} {
		_, changes, err := b.asked.Effects(t.Context(), test.who, r)
		if err != nil || len(changes) != 1 || strings.TrimSpace(fmt.Sprint(changes[0].Field, " ", changes[0].Old, " ", changes[0].New)) != test.want {
			t.Errorf("%s is shown %+v, %v", name, changes, err)
		}
	}
	hints := subject.Hints(b.asked)
	for name, test := range map[string]struct {
		who   tenants.Scope
		leads bool
	}{"who registered it": {b.registrar, true}, "a colleague": {b.colleague, false}} {
		found, err := hints[1].Find(t.Context(), test.who, modules.Hinted{Person: b.person})
		if err != nil || len(found) != 1 || (found[0].Path != "") != test.leads {
			t.Errorf("%s finds on the page of the person %+v, %v", name, found, err)
		}
	}
	if !slices.ContainsFunc(hints, func(h modules.HintSource) bool { return h.OfCase }) {
		t.Error("nothing is said on the case")
	}
}

// A case of somebody whose data is restricted is not offered and does not pass, and no other one is opened for them; once that is
// lifted it passes.
func TestARestrictedCaseDoesNotPass(t *testing.T) {
	t.Parallel()
	p := newPassage(t)
	person := p.text("registry.persons", "id")
	p.exec(t, `delete from onboarding.restrictions`)
	p.exec(t, `insert into onboarding.restrictions (tenant_id, id, request_id, person_id, reason, set_by, set_name)
		select tenant_id, gen_random_uuid(), id, $2, 'contesta i dati', gen_random_uuid(), 'A' from onboarding.subject_requests where tenant_id = $1 limit 1`, p.body.ID, person)
	restricted := func(what string, err error) {
		t.Helper()
		if !fails(err, "conflict") || !strings.Contains(err.Error(), "web.error.restricted") {
			t.Errorf("%s: %v", what, err)
		}
	}
	worker := p.giver.WithSections([]string{"identity"}, []string{"identity"})
	opening := `insert into casefile.cases select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'number', '2026/' || $2::text))).* from casefile.cases c where c.id = $1`
	restricted("it passes", p.take(t))
	p.exec(t, `update sharing.shares set state = 'withdrawn' where id = $1`, p.share)
	restricted("it is offered", p.tryOffer(t, p.giver, p.taker.Tenant, uuid.New()))
	restricted("another case is opened", p.through(t, worker, opening, p.file, "900001"))
	p.exec(t, `update onboarding.restrictions set lifted_at = now(), lifted_name = 'A', lift_reason = 'verificati'`)
	if err := p.through(t, worker, opening, p.file, "900002"); err != nil {
		t.Errorf("once it is lifted no case is opened: %v", err)
	}
	again := uuid.New()
	p.offer(t, p.giver, p.taker.Tenant, again)
	if err := p.through(t, p.taker, handOverSQL, again); err != nil {
		t.Errorf("once it is lifted it does not pass: %v", err)
	}
}
