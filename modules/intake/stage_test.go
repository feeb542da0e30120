package intake_test

import (
	"context"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/migrations"
	"staffetta/modules"
	"staffetta/modules/intake"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is a body with the access desk over a real database.
type stage struct {
	*testdb.Database
	deps   modules.Deps
	intake *intake.Service
	body   tenants.Tenant
}

func newStage(t *testing.T) *stage {
	t.Helper()
	persons, desk := registry.Module(), intake.Module()
	d := testdb.New(t,
		migrations.Line{ID: "registry", FS: persons.Migrations},
		migrations.Line{ID: "kit", FS: os.DirFS("../kit/migrations")},
		migrations.Line{ID: "casefile", FS: os.DirFS("../casefile/migrations")},
		migrations.Line{ID: "intake", FS: desk.Migrations})
	ctx, cancel := context.WithCancel(context.Background())
	engine, err := policies.NewEngine(ctx, d.DB, append(persons.Permissions, desk.Permissions...), append(persons.Grants, desk.Grants...))
	if err != nil {
		t.Fatal(err)
	}
	recorder := audit.NewRecorder(ctx, d.DB)
	t.Cleanup(func() { cancel(); <-recorder.Stopped() })
	deps := modules.Deps{DB: d.DB, Policies: engine, Audit: recorder}
	return &stage{Database: d, deps: deps, intake: intake.NewService(deps), body: d.Body(t, "pantelleria")}
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
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
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
