package export_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/archive"
	"staffetta/onboarding/export"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stage is a body with an administrator and an officer for data protection, another body, and somebody who receives.
type stage struct {
	*moduletest.Stage
	service            *export.Service
	admin, dpo, abroad tenants.Scope
	key, public        string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	from := func(id modules.ID) modules.Module {
		return modules.Module{ID: id, Essential: true, Migrations: os.DirFS("../../modules/" + string(id) + "/migrations")}
	}
	kits := from("practice")
	kits.Records = []modules.Record{{Table: "practice.signing_keys", Bytes: modules.Bytes{Sealed: map[string]string{"sealed": "kit key {number} of body {tenant_id}"}, Open: []string{"public"}}}}
	st := &stage{Stage: moduletest.NewStage(t, from("registry"), from("kit"), kits, onboarding.Module())}
	body := st.On(t, "pantelleria")
	st.service = export.NewService(st.Deps)
	st.admin, st.dpo = st.Operator(t, body, "tenant_admin"), st.Operator(t, body, "dpo")
	st.abroad = st.Operator(t, st.On(t, "mazara"), "dpo")
	var err error
	st.key, st.public, err = export.NewKey()
	fatal(t, err)
	return st
}

// ask asks for an export and returns its id.
func (st *stage) ask(t *testing.T) uuid.UUID {
	t.Helper()
	id := uuid.New()
	fatal(t, st.service.Ask(t.Context(), st.admin, export.Request{ID: id, Receiver: "Comune di Trapani", Recipient: st.public, Reason: "cambio di gestore"}))
	return id
}

func (st *stage) state(t *testing.T, id uuid.UUID) export.State {
	t.Helper()
	e, err := st.service.Get(t.Context(), st.admin, id)
	fatal(t, err)
	return e.State
}

// Two people, and the key as who receives gave it to the second one, make an archive that only who receives can open.
func TestTwoPeopleMakeAnExport(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	id := st.ask(t)
	fatal(t, st.service.Agree(t.Context(), st.dpo, id, " "+st.public+"\n"))
	fatal(t, st.service.Make(t.Context(), tenants.Scope{Tenant: st.admin.Tenant}, id))
	e, content, err := st.service.Fetch(t.Context(), st.admin, id)
	fatal(t, err)
	raw, err := io.ReadAll(content)
	fatal(t, err)
	fatal(t, content.Close())
	if e.State != export.Ready || int64(len(raw)) != e.Size || bytes.Contains(raw, []byte("manifest")) {
		t.Errorf("an archive of %d bytes, %+v", len(raw), e)
	}
	plain, size, err := export.Opened(bytes.NewReader(raw), int64(len(raw)), strings.NewReader(st.key))
	fatal(t, err)
	m, err := archive.ReadManifest(plain, size)
	if err != nil || m.Body.Slug != "pantelleria" || m.Rows() == 0 {
		t.Errorf("the manifest %+v, %v", m.Body, err)
	}
	if _, _, err := st.service.Fetch(t.Context(), st.abroad, id); !problem.Is(err, problem.NotFound) {
		t.Errorf("another body fetches it: %v", err)
	}
	fatal(t, st.service.Forget(t.Context(), tenants.Scope{Tenant: st.admin.Tenant}, id))
	if _, _, err := st.service.Fetch(t.Context(), st.dpo, id); !problem.Is(err, problem.NotFound) || st.state(t, id) != export.Expired {
		t.Errorf("after its days: %v, %s", err, st.state(t, id))
	}
}

// Nobody agrees alone, with another key, twice, or from another body; each try is in the audit and makes nothing.
func TestAnExportThatIsNotAgreedUpon(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	id := st.ask(t)
	_, other, err := export.NewKey()
	fatal(t, err)
	for name, test := range map[string]struct {
		who  tenants.Scope
		key  string
		want problem.Kind
	}{
		"who asked":      {st.admin, st.public, problem.Forbidden},
		"another key":    {st.dpo, other, problem.Invalid},
		"no key":         {st.dpo, "", problem.Invalid},
		"another body's": {st.abroad, st.public, problem.NotFound},
	} {
		if err := st.service.Agree(t.Context(), test.who, id, test.key); !problem.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fatal(t, st.service.Make(t.Context(), tenants.Scope{Tenant: st.admin.Tenant}, id))
	if st.state(t, id) != export.Asked {
		t.Errorf("it is %s", st.state(t, id))
	}
	var tries int
	fatal(t, st.Owner.QueryRow(t.Context(), `select count(*) from audit.events where action = 'export.mismatch' and tenant_id = $1`, st.admin.Tenant).Scan(&tries))
	if tries != 3 {
		t.Errorf("%d tries are in the audit", tries)
	}
	err = st.service.Ask(t.Context(), st.admin, export.Request{ID: uuid.New(), Receiver: "Altri", Recipient: other, Reason: "x"})
	if !problem.Is(err, problem.Conflict) {
		t.Errorf("a second one beside it: %v", err)
	}
	fatal(t, st.service.Refuse(t.Context(), st.dpo, id, "non so chi sia"))
	if err := st.service.Agree(t.Context(), st.dpo, id, st.public); !problem.Is(err, problem.Conflict) {
		t.Errorf("after the refusal: %v", err)
	}
	next := st.ask(t)
	fatal(t, st.service.Withdraw(t.Context(), st.admin, next))
	if err := st.service.Refuse(t.Context(), st.dpo, next, "tardi"); !problem.Is(err, problem.Conflict) {
		t.Errorf("refused after it was taken back: %v", err)
	}
}

// What reads past sections and authors is for the transaction's body alone, and only while an export is being made.
func TestNothingIsReadWithoutAnAgreement(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	calls := []string{
		`select onboarding.exported_rows('registry.persons', '{}')`, `select onboarding.exported_rows('platform.sessions', '{}')`,
		`select onboarding.exported_accounts()`, `select onboarding.exported_bodies('{1}')`, `select onboarding.exported_signers()`, `select onboarding.exported_versions()`,
	}
	st.ask(t)
	for _, call := range calls {
		err := st.DB.Report(t.Context(), tenants.Scope{Tenant: st.admin.Tenant}, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), call)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", call, err)
		}
	}
	err := st.DB.InTx(t.Context(), st.admin, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update onboarding.exports set recipient = 'age1' || repeat('a', 58)`)
		return err
	})
	if err == nil {
		t.Error("the receiver of an export can be changed")
	}
	err = st.DB.InTx(t.Context(), st.admin, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update onboarding.exports set state = 'agreed', decided_by = asked_by`)
		return err
	})
	if err == nil {
		t.Error("one person can decide alone")
	}
}

func TestWhatIsNotAsked(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	for name, r := range map[string]export.Request{
		"no receiver":   {Recipient: st.public, Reason: "x"},
		"no reason":     {Receiver: "x", Recipient: st.public},
		"a secret key":  {Receiver: "x", Recipient: st.key, Reason: "x"},
		"no key at all": {Receiver: "x", Recipient: "age1" + strings.Repeat("q", 58), Reason: "x"},
		"too long":      {Receiver: strings.Repeat("x", 201), Recipient: st.public, Reason: "x"},
	} {
		r.ID = uuid.New()
		if err := st.service.Ask(t.Context(), st.admin, r); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
