package reader_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/reader"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func newStage(t *testing.T) *moduletest.Stage {
	t.Helper()
	return moduletest.NewStage(t,
		modules.Module{ID: "registry", Essential: true, Migrations: os.DirFS("../../modules/registry/migrations")},
		modules.Module{ID: "kit", Essential: true, Migrations: os.DirFS("../../modules/kit/migrations")},
		modules.Module{ID: "practice", Essential: true, Migrations: os.DirFS("../../modules/practice/migrations")},
		onboarding.Module(),
	)
}

// TestTheTableHasNoFormula has a role of the body's own whose name a spreadsheet would compute.
func TestTheTableHasNoFormula(t *testing.T) {
	st := newStage(t)
	body := st.On(t, "pantelleria")
	for _, made := range []string{
		`insert into platform.body_roles (tenant_id, id, title_it) values ($1, 'item:R-1', '=1+1')`,
		`insert into platform.policy_rules (tenant_id, role, relation, object, action, effect) values ($1, 'item:R-1', 'body', 'identity', 'read', 'allow')`,
	} {
		if _, err := st.Owner.Exec(t.Context(), made, body.ID); err != nil {
			t.Fatal(err)
		}
	}
	st.Operator(t, body, "item:R-1")
	if err := st.Deps.Policies.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	site := moduletest.NewSite(t, st.Database, st.Deps, st.List)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/pantelleria/console/ruoli/chi-legge?formato=csv", http.NoBody)
	r.AddCookie(site.SignIn(t, st.Operator(t, body, "tenant_admin")))
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	if table := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(table, ";'=1+1;") || strings.Contains(table, ";=1+1") {
		t.Errorf("%d: %s", w.Code, table)
	}
}

func TestWhoReadsWhat(t *testing.T) {
	st := newStage(t)
	body := st.On(t, "pantelleria")
	admin, worker, desk := st.Operator(t, body, "tenant_admin"), st.Operator(t, body, "social_worker"), st.Operator(t, body, "access_desk")
	service := reader.NewService(st.Deps)
	kinds, err := service.Find(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	readers := func(name string) []reader.Reader {
		at := slices.IndexFunc(kinds, func(k reader.DataKind) bool { return k.Name == name })
		if at < 0 {
			t.Fatalf("nothing says who reads %s", name)
		}
		return kinds[at].Readers
	}
	of := func(name string, s tenants.Scope) *reader.Reader {
		found := readers(name)
		at := slices.IndexFunc(found, func(r reader.Reader) bool { return r.Account == s.Account })
		if at < 0 {
			return nil
		}
		return &found[at]
	}
	if r := of("diary", worker); r == nil || r.Bond != policies.Team || r.Desk || !slices.Equal(r.Roles, []string{"social_worker"}) {
		t.Errorf("the worker reads diaries so: %+v", r)
	}
	if r := of("identity", desk); r == nil || r.Bond != policies.Body || !r.Desk {
		t.Errorf("the desk reads who people are so: %+v", r)
	}
	if len(readers("diary")) != 1 || of("diary", desk) != nil || of("identity", admin) != nil {
		t.Errorf("diaries are read by %+v", readers("diary"))
	}
	if r := of("access_rule:read", admin); r == nil || r.Bond != "" || of("access_rule:read", worker) != nil {
		t.Errorf("rules are read by %+v", readers("access_rule:read"))
	}
	var told int
	if err := st.Owner.QueryRow(t.Context(), `select count(*) from audit.events where tenant_id = $1 and action = 'reader.list'`, body.ID).Scan(&told); err != nil || told != 1 {
		t.Errorf("%d events, %v", told, err)
	}
}
