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
		t.Errorf("the page of the person says %+v, %v", hints, err)
	}
	for who, s := range map[string]tenants.Scope{"a colleague": b.colleague, "somebody of another body": b.foreign} {
		if told := b.restricted(t, s); told != (s.Tenant == b.body.ID) {
			t.Errorf("%s is told of the restriction: %v", who, told)
		}
	}
	b.wantRegistered(t, false)
	if err := b.asked.Answer(t.Context(), b.dpo, id, granted); err != nil {
		t.Fatal(err)
	}
	b.wantWritten(t, false)
	if limits, err := b.asked.Limits(t.Context(), b.dpo, id); err != nil || !limits {
		t.Errorf("the answered request limits: %v, %v", limits, err)
	}
	correction := b.ask(t, "rectification")
	b.wantRegistered(t, true)
	if err := b.asked.Withdraw(t.Context(), b.dpo, correction, "non serve più"); err != nil {
		t.Fatal(err)
	}
	b.wantRegistered(t, false)
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
	b.wantRegistered(t, true)
	if b.restricted(t, b.colleague) {
		t.Error("the case says that it is restricted after that was lifted")
	}
}

// restricted tells whether somebody is told that the data of the case is restricted.
func (b *askedBody) restricted(t *testing.T, s tenants.Scope) (told bool) {
	t.Helper()
	err := b.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
		return tx.QueryRow(t.Context(), `select casefile.restricted_since($1) is not null`, b.file).Scan(&told)
	})
	if err != nil {
		t.Fatal(err)
	}
	return told
}

// wantRegistered has a colleague write how to reach the person, and who they are.
func (b *askedBody) wantRegistered(t *testing.T, want bool) {
	t.Helper()
	for what, sql := range map[string]string{
		"contacts": `update registry.contacts set phone = phone where person_id = $1`, "person": `update registry.persons set name = name where id = $1`,
		"household": `with h as (insert into registry.households (id, kind) values (gen_random_uuid(), 'registry') returning id)
			insert into registry.members (id, household_id, kind, person_id, relation, valid_from, valid_to)
			select gen_random_uuid(), h.id, 'registry', $1, 'head', '2020-01-01', '2020-01-02' from h`,
	} {
		s := policies.ForJob(tenants.Scope{Tenant: b.body.ID}, policies.SectionIDs()...)
		err := b.DB.InTx(t.Context(), s.WithSections(policies.SectionIDs(), policies.SectionIDs()), func(tx tenants.Tx) error {
			done, err := tx.Exec(t.Context(), sql, b.person)
			if err == nil && done.RowsAffected() == 0 {
				t.Errorf("there is no %s to write", what)
			}
			return err
		})
		if (err == nil) != want || err != nil && !strings.Contains(err.Error(), "web.error.restricted") {
			t.Errorf("%s: %v", what, err)
		}
	}
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

// wantGuarded wants what is inserted and updated in every declared table of case files looked at; TestRecordsCoverTheTables wants every
// table of the catalogue that names cases declared.
func (b *askedBody) wantGuarded(t *testing.T) {
	t.Helper()
	const inserted, updated = 4, 16 // pg_trigger.tgtype
	for _, r := range records() {
		want := inserted | updated
		if r.CaseColumn == "" || unrestricted[r.Table] != "" {
			want = 0
		}
		var guarded int
		err := b.Owner.QueryRow(t.Context(), `select coalesce(bit_or(tgtype), 0) & $2 from pg_trigger
			where tgrelid = $1::regclass and tgname like 'keep\_restricted%' and tgenabled = 'O'`, r.Table, inserted|updated).Scan(&guarded)
		if err != nil || guarded != want {
			t.Errorf("%s is kept on %d, not on %d: %v", r.Table, guarded, want, err)
		}
	}
}

// TestWhatIsCorrectedIsShown wants the request to show what was changed since, with values only for who sees the registry.
func TestWhatIsCorrectedIsShown(t *testing.T) {
	t.Parallel()
	b := newCopiedBody(t)
	id := b.ask(t, "rectification")
	b.run(t, `delete from registry.contacts`)
	b.run(t, `update registry.changes set changed_at = now() - interval '1 year'`)
	b.wantDuties(t, 1)
	b.run(t, `update registry.changes set field = 'surname', old_value = 'Vecchio', new_value = 'Nuovo', changed_at = now()`)
	r, _ := b.read(t, id)
	for name, test := range map[string]struct {
		who  tenants.Scope
		want string
	}{"who registered it": {b.registrar, "surname Vecchio Nuovo"}, "the officer": {b.dpo, "surname"}} {
		_, changes, err := b.asked.Effects(t.Context(), test.who, r)
		if err != nil || len(changes) != 1 || changes[0].Seen != strings.Contains(test.want, "Nuovo") || strings.TrimSpace(fmt.Sprint(changes[0].Field, " ", changes[0].Old, " ", changes[0].New)) != test.want {
			t.Errorf("%s is shown %+v, %v", name, changes, err)
		}
	}
	b.wantDuties(t, 0)
	b.run(t, `update registry.changes set changed_at = now() - interval '1 year'`)
	b.run(t, `insert into registry.contacts (tenant_id, id, person_id, mobile, created_name) values ($1, gen_random_uuid(), $2, '333 1', 'Chi corregge')`, b.body.ID, b.person)
	if _, changes, err := b.asked.Effects(t.Context(), b.registrar, r); err != nil || len(changes) != 1 || changes[0].Field != "mobile" || changes[0].Old != "" || changes[0].New != "333 1" {
		t.Errorf("a corrected telephone is shown as %+v, %v", changes, err)
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
}

// wantDuties wants so many corrections on the desk of who keeps the registry.
func (b *askedBody) wantDuties(t *testing.T, want int) {
	t.Helper()
	sources := subject.Duties(b.asked)
	at := slices.IndexFunc(sources, func(d modules.DutySource) bool { return d.Permission == subject.Register })
	if duties, err := sources[at].Find(t.Context(), b.dpo); err != nil || len(duties) > 0 {
		t.Errorf("who may not correct is to correct %+v, %v", duties, err)
	}
	duties, err := sources[at].Find(t.Context(), b.colleague)
	if err != nil || len(duties) != want || want > 0 && duties[0].Path != "/persone/"+b.person.String() {
		t.Errorf("what is to be corrected is %+v, %v", duties, err)
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
