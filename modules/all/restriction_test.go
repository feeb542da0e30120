package all_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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
