package registry_test

import (
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is a body with the registry over a real database.
type stage struct {
	*moduletest.Stage
	deps     modules.Deps
	registry *registry.Service
	body     tenants.Tenant
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t, registry.Module())}
	st.deps, st.body = st.Deps, st.On(t, "pantelleria")
	st.registry = registry.NewService(st.deps)
	return st
}

func (st *stage) as(t *testing.T, roles ...string) tenants.Scope {
	t.Helper()
	return st.Operator(t, st.body, roles...)
}

func (st *stage) create(t *testing.T, s tenants.Scope, d registry.Details) registry.Person {
	t.Helper()
	person, err := st.registry.Create(t.Context(), s, registry.NewPerson{Details: d})
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	return person
}

// actions counts the audit events of the body by action.
func (st *stage) actions(t *testing.T) map[string]int {
	t.Helper()
	rows, err := st.Owner.Query(t.Context(), `select action, count(*) from audit.events where tenant_id = $1 group by action`, st.body.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	counted := map[string]int{}
	for rows.Next() {
		var action string
		var n int
		if err := rows.Scan(&action, &n); err != nil {
			t.Fatal(err)
		}
		counted[action] = n
	}
	return counted
}

func wantKind(t *testing.T, err error, kind problem.Kind) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Errorf("error is %v, want kind %v", err, kind)
	}
}

func wantActions(t *testing.T, st *stage, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, st.actions(t)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
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

func files(t *testing.T, source fs.FS, pattern string) []string {
	t.Helper()
	found, err := fs.Glob(source, pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return found
}
