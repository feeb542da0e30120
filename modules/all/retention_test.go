package all_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	jobs "github.com/riverqueue/river"

	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/onboarding/retention"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// TestEveryRecordSaysHowLongItIsKept wants a known term of every table about people, each said once.
func TestEveryRecordSaysHowLongItIsKept(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{modules.AsTheBody: true}
	for _, term := range modules.FindTerms(all.Modules()) {
		if kinds[term.Kind] || term.Years < 1 {
			t.Errorf("the term %s is said twice, or is %d years", term.Kind, term.Years)
		}
		kinds[term.Kind] = true
	}
	for _, r := range records() {
		people := r.CaseColumn != "" || r.PersonColumn != "" || r.People
		if people && r.Retention == "" || r.Retention != "" && !kinds[r.Retention] {
			t.Errorf("the record %s is kept %q", r.Table, r.Retention)
		}
	}
}

// unworked leaves jobs to the test, which does their work itself.
type unworked struct{}

func (unworked) Enqueue(context.Context, tenants.Tx, jobs.JobArgs) error { return nil }

// oldBody is a body whose only case was closed eleven years ago, with two people who decide and one of another body.
type oldBody struct {
	*theater
	service                *retention.Service
	proposer, dpo, foreign tenants.Scope
	sum                    string
	docs                   modules.Folders
	file, person, contact  uuid.UUID
}

func newOldBody(t *testing.T) *oldBody {
	t.Helper()
	th := newTheater(t)
	docs := disk(t)
	sum, err := docs.Put(t.Context(), th.body.ID, []byte("relazione"))
	if err != nil {
		t.Fatal(err)
	}
	th.run(t, `update casefile.documents set sha256 = $1 where tenant_id = $2`, sum, th.body.ID)
	th.run(t, `delete from onboarding.disposal_items`)
	th.run(t, `delete from onboarding.disposals`)
	th.run(t, `delete from onboarding.holds`)
	th.run(t, `delete from onboarding.terms`)
	b := &oldBody{theater: th, sum: sum, docs: docs}
	if err := th.Owner.QueryRow(t.Context(), `select c.id, p.id, o.id from casefile.cases c, registry.persons p, intake.contacts o
		where c.tenant_id = $1 and p.tenant_id = $1 and o.tenant_id = $1`, th.body.ID).Scan(&b.file, &b.person, &b.contact); err != nil {
		t.Fatal(err)
	}
	th.run(t, `update casefile.cases set closed_at = now() - interval '11 years', person_id = $1`, b.person)
	for _, table := range []string{"intake.contacts", "policies.case_grants", "policies.case_subjects", "policies.case_openings", "policies.case_tokens", "sharing.shares_details"} {
		th.run(t, `update `+table+` set case_id = $1`, b.file)
	}
	th.run(t, `update policies.case_subjects set person_id = $1`, b.person)
	th.run(t, `update policies.case_grants set valid = '[2014-01-01,2015-01-01)'`)
	th.run(t, `update sharing.shares set state = 'closed'`)
	b.service = retention.NewService(modules.Deps{
		DB: th.DB, Audit: audit.NewRecorder(t.Context(), th.DB), Jobs: unworked{}, Platform: modules.Platform{Modules: all.Modules(), Folders: docs},
	})
	b.proposer, b.dpo = th.Operator(t, th.body, "coordinator"), th.Operator(t, th.body, "dpo")
	b.foreign = th.Operator(t, th.partner, "dpo")
	return b
}

func (b *oldBody) propose(t *testing.T, kinds ...string) uuid.UUID {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	if err := b.service.Propose(t.Context(), b.proposer, retention.Proposal{ID: id, Kinds: kinds}); err != nil {
		t.Fatal(err)
	}
	return id
}

// agreed is what the second person states of a list.
func (b *oldBody) agreed(t *testing.T, id uuid.UUID) retention.Agreement {
	t.Helper()
	items, err := b.service.List(t.Context(), b.dpo, id)
	if err != nil {
		t.Fatal(err)
	}
	return retention.Agreement{Authorisation: "prot. 1234/2026", On: time.Now().AddDate(0, 0, -1), ListSum: retention.SumOf(items)}
}

// ready is how much of a kind may go, is held and is shared.
func (b *oldBody) ready(t *testing.T, kind string) [3]int {
	t.Helper()
	found, err := b.service.Due(t.Context(), b.proposer)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(found, func(d retention.Due) bool { return d.Kind == kind })
	return [3]int{found[at].Ready, found[at].Held, found[at].Shared}
}

func (b *oldBody) remove(t *testing.T, id uuid.UUID) retention.Disposal {
	t.Helper()
	job := tenants.Scope{Tenant: b.body.ID, Name: "sistema"}
	for done := 0; done < 2; { // the job that is tried again changes nothing
		err := b.service.Remove(t.Context(), job, id)
		if err == nil {
			done++
			continue
		}
		if !strings.Contains(err.Error(), "not sealed yet") {
			t.Fatal(err)
		}
		b.seal(t) // which waits for the transactions of the other tests
	}
	d, err := b.service.Get(t.Context(), b.dpo, id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestWhatIsOverGoes takes a case from its term through both people to its end: it is in no declared table any more, its documents are
// gone, the list is left without a name, and the audit verifies; then its person goes.
func TestWhatIsOverGoes(t *testing.T) {
	t.Parallel()
	b := newOldBody(t)
	id := b.propose(t, "case")
	a := b.agreed(t, id)
	for name, test := range map[string]struct {
		who tenants.Scope
		a   retention.Agreement
	}{
		"who proposed":     {b.proposer, a},
		"another body":     {b.foreign, a},
		"no authorisation": {b.dpo, retention.Agreement{On: a.On, ListSum: a.ListSum}},
		"another list":     {b.dpo, retention.Agreement{Authorisation: "1", On: a.On, ListSum: strings.Repeat("0", 64)}},
	} {
		if err := b.service.Agree(t.Context(), test.who, id, test.a); err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.remove(t, id)
	if b.count(t, "casefile.cases", b.body.ID) != 1 {
		t.Fatal("a list that nobody agreed to is removed")
	}
	if err := b.service.Agree(t.Context(), b.dpo, id, a); err != nil {
		t.Fatal(err)
	}
	b.tell(t)
	before, exported := b.faults(t), b.exported(t)
	d := b.remove(t, id)
	b.seal(t)
	if d.State != retention.Done || d.Counts["case"]["gone"] != 1 || d.Gone["case casefile.notes"].Rows != 1 || len(d.Files) != 0 {
		t.Errorf("the list says %+v", d)
	}
	for _, r := range records() {
		if r.CaseColumn == "" || r.Table == "sharing.shares_details" {
			continue
		}
		if n := b.count(t, r.Table, b.body.ID); n > 0 {
			t.Errorf("%s has %d rows left", r.Table, n)
		}
	}
	if _, err := b.docs.(modules.Files).Get(t.Context(), b.body.ID, b.sum); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a document is there: %v", err)
	}
	if after := b.faults(t); !slices.Equal(before, after) {
		t.Errorf("the audit had the faults %v, and has %v", before, after)
	}
	if after := b.exported(t); !slices.Equal(exported, after) {
		t.Errorf("the export had the faults %v, and has %v", exported, after)
	}
	b.wantPayloads(t, id)
	if b.count(t, "registry.persons", b.body.ID) != 1 || b.count(t, "kit.items", b.body.ID) != 1 {
		t.Error("more went than the case")
	}
	b.run(t, `update registry.persons set updated_at = '2020-01-01'`)
	b.run(t, `update registry.changes set changed_at = '2020-01-01'`)
	b.run(t, `update registry.contacts set valid_from = '2020-01-01', valid_to = null`)
	b.run(t, `update registry.members set created_at = '2020-01-01'`)
	next := b.propose(t, "person")
	if err := b.service.Agree(t.Context(), b.dpo, next, b.agreed(t, next)); err != nil {
		t.Fatal(err)
	}
	b.remove(t, next)
	for _, table := range []string{"registry.persons", "registry.contacts", "registry.members", "registry.households", "registry.changes"} {
		if n := b.count(t, table, b.body.ID); n > 0 {
			t.Errorf("%s has %d rows of the person left", table, n)
		}
	}
}

// tell writes an event about the case, with words, and seals the chain.
func (b *oldBody) tell(t *testing.T) {
	t.Helper()
	err := b.DB.InTx(t.Context(), b.proposer, func(tx tenants.Tx) error {
		return errors.Join(
			audit.Write(t.Context(), tx, b.proposer, audit.Event{Action: "case.read", Case: b.file, Payload: map[string]any{"reason": "un motivo"}}),
			audit.Write(t.Context(), tx, b.proposer, audit.Event{Action: "contact.close", Object: b.contact, Payload: map[string]any{"reason": "un motivo"}}),
			audit.Write(t.Context(), tx, b.proposer, audit.Event{Action: "case.list", Cases: []uuid.UUID{b.file}, Payload: map[string]any{"words": "Rossi"}}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	b.seal(t)
}

// seal seals until every event has its place; the transactions of other tests keep it waiting.
func (b *oldBody) seal(t *testing.T) {
	t.Helper()
	for waiting := true; waiting; {
		if _, err := audit.Seal(t.Context(), b.DB); err != nil {
			t.Fatal(err)
		}
		err := b.Owner.QueryRow(t.Context(), `select exists (select from audit.events e where e.tenant_id = $1
			and not exists (select from audit.chain c where c.tenant_id = e.tenant_id and c.event_id = e.id))`, b.body.ID).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// exported are the faults of an export of the body's audit.
func (b *oldBody) exported(t *testing.T) (found []string) {
	t.Helper()
	var file bytes.Buffer
	if err := audit.Export(t.Context(), b.DB, b.body.ID, &file); err != nil {
		t.Fatal(err)
	}
	_, faults, err := audit.VerifyExport(&file, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		found = append(found, f.String())
	}
	return found
}

// wantPayloads wants the audit to say nothing of the removed case beside who did what when, and to find what somebody removes by hand: of
// the disposal, and of the case after it.
func (b *oldBody) wantPayloads(t *testing.T, disposal uuid.UUID) {
	t.Helper()
	var left, gone int
	err := b.Owner.QueryRow(t.Context(), `select count(*) filter (where e.payload is not null), count(*) filter (where e.payload is null)
		from audit.events e where e.tenant_id = $1 and (e.case_id = $2 or e.object_id = $3 or e.cases = array[$2::uuid])`, b.body.ID, b.file, b.contact).Scan(&left, &gone)
	if err != nil || left > 0 || gone < 3 {
		t.Errorf("%d payloads of the case are left, %d gone, %v", left, gone, err)
	}
	was := len(b.faults(t))
	b.tell(t)
	b.run(t, `update audit.events set payload = null where payload is not null and (case_id = $1 or object_id = $2 or cases = array[$1::uuid])`, b.file, b.contact)
	b.run(t, `update audit.events set payload = null where action = 'disposal.propose' and object_id = $1`, disposal)
	if found := len(b.faults(t)); found != was+4 {
		t.Errorf("of four payloads removed by hand %d are found", found-was)
	}
}

// faults are those of the body's audit; the rows that stand for any make some from the beginning.
func (b *oldBody) faults(t *testing.T) (found []string) {
	t.Helper()
	_, faults, err := audit.Verify(t.Context(), b.DB)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		if f.Body == b.body.ID {
			found = append(found, f.String())
		}
	}
	return found
}

// TestWhatIsHeldStays holds a case before and after two people agreed that it goes; what is shared or kept for longer stays, too.
func TestWhatIsHeldStays(t *testing.T) {
	t.Parallel()
	b := newOldBody(t)
	var number string
	if err := b.Owner.QueryRow(t.Context(), `select number from casefile.cases where id = $1`, b.file).Scan(&number); err != nil {
		t.Fatal(err)
	}
	id := b.propose(t, "case")
	if err := b.service.Agree(t.Context(), b.dpo, id, b.agreed(t, id)); err != nil {
		t.Fatal(err)
	}
	hold := uuid.Must(uuid.NewV7())
	if err := b.service.Keep(t.Context(), b.proposer, retention.NewHold{ID: hold, Number: "nessuna", Reason: "causa pendente"}); err == nil {
		t.Errorf("a number that is none: %v", err)
	}
	if err := b.service.Keep(t.Context(), b.proposer, retention.NewHold{ID: hold, Number: number, Reason: "causa pendente"}); err != nil {
		t.Fatal(err)
	}
	if d := b.remove(t, id); d.Counts["case"]["held"] != 1 || len(d.Gone) != 0 || b.count(t, "casefile.cases", b.body.ID) != 1 {
		t.Errorf("what was held after the agreement: %+v", d)
	}
	if got := b.ready(t, "case"); got != [3]int{0, 1, 0} {
		t.Errorf("while it is held: %v", got)
	}
	b.wantRefused(t)
	if err := b.service.Release(t.Context(), b.foreign, hold, "non serve più"); err == nil {
		t.Errorf("another body ends it: %v", err)
	}
	if err := b.service.Release(t.Context(), b.dpo, hold, "causa finita"); err != nil {
		t.Fatal(err)
	}
	b.run(t, `update policies.case_grants set valid = '[2014-01-01,2044-01-01)'`)
	if got := b.ready(t, "case"); got != [3]int{0, 0, 1} {
		t.Errorf("while another body sees it: %v", got)
	}
	b.wantRefused(t)
	b.run(t, `update policies.case_grants set valid = '[2014-01-01,2015-01-01)'`)
	if err := b.service.SetTerm(t.Context(), b.dpo, "case", 12, "piano di conservazione"); err != nil {
		t.Fatal(err)
	}
	if got := b.ready(t, "case"); got != [3]int{} {
		t.Errorf("with a longer term: %v", got)
	}
	if err := b.service.SetTerm(t.Context(), b.dpo, "case", 11, "di nuovo come prima"); err != nil {
		t.Fatal(err)
	}
	if got := b.ready(t, "case"); got != [3]int{1, 0, 0} {
		t.Errorf("when it is over: %v", got)
	}
}

// wantRefused has the program itself write the case into a list: the database refuses it.
func (b *oldBody) wantRefused(t *testing.T) {
	t.Helper()
	err := b.DB.InTx(t.Context(), b.proposer, func(tx tenants.Tx) error {
		id := uuid.Must(uuid.NewV7())
		if _, err := tx.Exec(t.Context(), `insert into onboarding.disposals (id, terms, proposed_by, proposed_name) values ($1, '{"case": 1}', $2, 'X')`, id, b.proposer.Account); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `insert into onboarding.disposal_items (disposal_id, id, kind, since) values ($1, $2, 'case', now())`, id, b.file)
		return err
	})
	if err == nil {
		t.Errorf("what is held or shared is listed: %v", err)
	}
}

// TestNobodyDecidesAloneInTheDatabase tries to get round the service.
func TestNobodyDecidesAloneInTheDatabase(t *testing.T) {
	t.Parallel()
	b := newOldBody(t)
	id := b.propose(t, "case")
	for name, sql := range map[string]string{
		"in one's own name":    `update onboarding.disposals set state = 'agreed', decided_by = app.account(), authorisation = '1', authorised_on = now()`,
		"in another's name":    `update onboarding.disposals set state = 'agreed', decided_by = gen_random_uuid(), authorisation = '1', authorised_on = now()`,
		"without any decision": `update onboarding.disposals set state = 'removed'`,
		"by removing the rows": `delete from casefile.cases`,
		"by the function":      `select onboarding.dispose(d.id, '{}', '{}', '{}') from onboarding.disposals d`,
		"by changing the list": `update onboarding.disposal_items set outcome = 'gone'`,
		"by forgetting holds":  `delete from onboarding.holds`,
	} {
		err := b.DB.InTx(t.Context(), b.proposer, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if err == nil {
			t.Errorf("decided %s", name)
		}
	}
	if d, err := b.service.Get(t.Context(), b.dpo, id); err != nil || d.State != retention.Proposed {
		t.Errorf("it is %s, %v", d.State, err)
	}
}
