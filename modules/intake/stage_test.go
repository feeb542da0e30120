package intake_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/practice/cid"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is a body with the access desk over a real database.
type stage struct {
	*moduletest.Stage
	deps   modules.Deps
	intake *intake.Service
	items  *kit.Items
	body   tenants.Tenant
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t, registry.Module(), kit.Module(), casefile.Module(), intake.Module())}
	st.deps, st.body = st.Deps, st.On(t, "pantelleria")
	st.intake, st.items = intake.NewService(st.deps), kit.NewItems(st.deps)
	return st
}

// publish puts items of the CID kit into the actor's body.
func (st *stage) publish(t *testing.T, s tenants.Scope, keys ...string) {
	t.Helper()
	sources, err := cid.Items()
	must(t, err)
	var changes []kit.Change
	for _, source := range sources {
		if slices.Contains(keys, source.Key) {
			changes = append(changes, kit.Change{Source: source, Adaptation: kit.Local, Reason: "Prima pubblicazione"})
		}
	}
	if len(changes) != len(keys) {
		t.Fatalf("the kit has %d of the items %v", len(changes), keys)
	}
	st.put(t, s, changes...)
}

func (st *stage) put(t *testing.T, s tenants.Scope, changes ...kit.Change) {
	t.Helper()
	must(t, st.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
		_, err := st.items.Put(t.Context(), tx, s, changes)
		return errors.Join(err, audit.Write(t.Context(), tx, s, audit.Event{Action: "adoption.apply"})) // whoever puts items says why
	}))
}

// reword publishes the next version of a form, with other words.
func (st *stage) reword(t *testing.T, key, old, new string) {
	t.Helper()
	s := st.as(t, "practice_owner")
	item, err := st.items.Item(t.Context(), s, kit.KindForm, key)
	must(t, err)
	content := strings.ReplaceAll(string(item.Current.Content), old, new)
	if content == string(item.Current.Content) {
		t.Fatalf("the form %s has not the words %q", key, old)
	}
	st.put(t, s, kit.Change{Adaptation: kit.Local, Reason: "Parole più chiare", Source: kit.Source{
		Kind: item.Kind, Key: key, Title: kit.Text{IT: item.Title.It, EN: item.Title.En}, Owner: item.Owner, Licence: item.Licence, Content: []byte(content),
	}})
}

func (st *stage) as(t *testing.T, roles ...string) tenants.Scope {
	t.Helper()
	return st.Operator(t, st.body, roles...)
}

func (st *stage) person(t *testing.T, s tenants.Scope, surname string) registry.Person {
	t.Helper()
	n := registry.NewPerson{Details: registry.Details{NoCodeReason: "unknown", Surname: surname, Name: "Rosa"}}
	person, err := registry.NewService(st.deps).Create(t.Context(), s, n)
	if err != nil {
		t.Fatal(err)
	}
	return person
}

func (st *stage) create(t *testing.T, s tenants.Scope, n intake.NewContact) intake.Contact {
	t.Helper()
	made, err := st.intake.CreateContact(t.Context(), s, n)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// openCase puts a case that began with a contact into the database, with the rights of who opens it.
func (st *stage) openCase(t *testing.T, s tenants.Scope, person, contact uuid.UUID) uuid.UUID {
	t.Helper()
	id := newID(t)
	ctx := t.Context()
	err := st.DB.InTx(ctx, st.deps.Policies.Confine(s, policies.Body), func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `insert into casefile.cases (id, number, person_id, contact_id, state, state_label, opened_at, opened_by)
			values ($1, '2026/1', $2, $3, 'open', 'Aperta', now(), $4)`, id, person, contact, s.Account)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "case.create", Relation: "body", Object: id, Case: id})
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// grant shows the section intake of a case to another body under an active agreement.
func (st *stage) grant(t *testing.T, caseID uuid.UUID, to tenants.Tenant) {
	t.Helper()
	agreement := newID(t)
	for _, statement := range []struct {
		sql  string
		args []any
	}{
		{`insert into policies.agreements (id, title, state, purposes, sections, valid)
			values ($1, 'Accordo', 'active', '{consulenza}', '{intake}', tstzrange(now() - interval '1 day', now() + interval '1 day'))`, []any{agreement}},
		{
			`insert into policies.agreements_parties (agreement_id, tenant_id, side) values ($1, $2, 'party'), ($1, $3, 'party')`,
			[]any{agreement, st.body.ID, to.ID},
		},
		{
			`insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, valid)
			values ($1, $2, $2, $3, $4, 'intake', $5, tstzrange(now() - interval '1 hour', now() + interval '1 hour'))`,
			[]any{st.body.ID, newID(t), agreement, caseID, to.ID},
		},
	} {
		_, err := st.Owner.Exec(t.Context(), statement.sql, statement.args...)
		must(t, err)
	}
}

func (st *stage) wantActions(t *testing.T, want map[string]int) {
	t.Helper()
	rows, err := st.Owner.Query(t.Context(), `select action, count(*) from audit.events where tenant_id = $1 and action like 'contact.%' group by action`, st.body.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got := map[string]int{}
	for rows.Next() {
		var action string
		var n int
		if err := rows.Scan(&action, &n); err != nil {
			t.Fatal(err)
		}
		got[action] = n
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

func wantKind(t *testing.T, err error, kind problem.Kind) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Errorf("error is %v, want kind %v", err, kind)
	}
}

func newID(t *testing.T) uuid.UUID {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
