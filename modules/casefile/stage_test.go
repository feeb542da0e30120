package casefile_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/casefile/access"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is a body with a case of Rosa Bianco, held by a social worker, over a real database, queue and disk.
type stage struct {
	*moduletest.Stage
	deps    modules.Deps
	cases   *casefile.Service
	persons *registry.Service
	body    tenants.Tenant
	worker  tenants.Scope
	rosa    uuid.UUID
	ref     string // of Rosa's case
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t, registry.Module(), kit.Module(), casefile.Module())}
	st.deps, st.body = st.Deps, st.On(t, "pantelleria")
	st.cases, st.persons = casefile.NewService(st.deps), registry.NewService(st.deps)
	st.worker = st.as(t, "social_worker")
	st.rosa = st.person(t, st.worker, "Bianco", "Rosa")
	st.ref = st.open(t, st.worker, st.rosa).ID.String()
	return st
}

func (st *stage) as(t *testing.T, roles ...string) tenants.Scope {
	t.Helper()
	return st.Operator(t, st.body, roles...)
}

// other makes another body and somebody of it.
func (st *stage) other(t *testing.T, slug, role string) (tenants.Tenant, tenants.Scope) {
	t.Helper()
	body := st.Body(t, slug)
	must(t, st.deps.Bodies.Reload(t.Context()))
	return body, st.Operator(t, body, role)
}

func (st *stage) person(t *testing.T, s tenants.Scope, surname, name string) uuid.UUID {
	t.Helper()
	p, err := st.persons.Create(t.Context(), s, registry.NewPerson{
		ID: newID(t), Details: registry.Details{Surname: surname, Name: name, NoCodeReason: "unknown"},
	})
	must(t, err)
	return p.ID
}

func (st *stage) open(t *testing.T, s tenants.Scope, person uuid.UUID) casefile.CaseFile {
	t.Helper()
	c, err := st.cases.Create(t.Context(), s, casefile.Opening{ID: newID(t), Person: person, Area: "disabili", Summary: "Richiesta della figlia"})
	must(t, err)
	return c
}

// access opens Rosa's case, which must succeed.
func (st *stage) access(t *testing.T, s tenants.Scope, section string) *casefile.Access {
	t.Helper()
	a, err := st.cases.Open(t.Context(), s, st.ref, section)
	must(t, err)
	return a
}

// own opens Rosa's case as somebody of its body, which must succeed.
func (st *stage) own(t *testing.T, s tenants.Scope) *access.Own {
	t.Helper()
	a, err := st.cases.OpenOwn(t.Context(), s, st.ref)
	must(t, err)
	return a
}

// onTeam puts somebody on the team of Rosa's case.
func (st *stage) onTeam(t *testing.T, s tenants.Scope) {
	t.Helper()
	st.exec(t, `insert into casefile.assignments (tenant_id, id, case_id, account_id, account_name, part, assigned_by)
		values ($1, $2, $3, $4, $5, 'team', $4)`, st.body.ID, newID(t), st.ref, s.Account, s.Name)
}

// share shows sections of Rosa's case to a body under an agreement in force, and returns the share.
func (st *stage) share(t *testing.T, with tenants.Tenant, sections ...string) (share uuid.UUID) {
	t.Helper()
	agreement := newID(t)
	share = newID(t)
	st.exec(t, `insert into policies.agreements (id, title, state, purposes, sections, valid)
		values ($1, 'Presa in carico comune', 'active', '{cura}', '{assessment}', tstzrange(now() - interval '1 day', now() + interval '1 day'))`, agreement)
	st.exec(t, `insert into policies.agreements_parties (agreement_id, tenant_id, side) values ($1, $2, 'proposer'), ($1, $3, 'party')`, agreement, st.body.ID, with.ID)
	for _, section := range sections {
		st.exec(t, `insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, valid)
			values ($1, $2, $3, $4, $5, $6, $7, tstzrange(now() - interval '1 hour', now() + interval '1 hour'))`,
			st.body.ID, newID(t), share, agreement, st.ref, section, with.ID)
	}
	return share
}

// later moves the one clock of the database.
func (st *stage) later(t *testing.T, interval string) {
	t.Helper()
	st.exec(t, `create or replace function app.now() returns timestamptz language sql stable parallel safe as
		$$ select statement_timestamp() + interval '`+interval+`' $$`)
}

func (st *stage) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := st.Owner.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// ask reads one value behind the walls.
func ask[T any](t *testing.T, st *stage, sql string, args ...any) (value T) {
	t.Helper()
	if err := st.Owner.QueryRow(t.Context(), sql, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

// events counts the events about Rosa's case in the body's chain that fn causes, by action.
func (st *stage) events(t *testing.T, fn func()) map[string]int {
	t.Helper()
	count := func() map[string]int {
		rows, err := st.Owner.Query(t.Context(), `select action, count(*) from audit.events where tenant_id = $1 and case_id = $2 group by action`, st.body.ID, st.ref)
		must(t, err)
		defer rows.Close()
		counted := map[string]int{}
		for rows.Next() {
			var action string
			var n int
			must(t, rows.Scan(&action, &n))
			counted[action] = n
		}
		return counted
	}
	before := count()
	fn()
	caused := map[string]int{}
	for action, n := range count() {
		if n != before[action] {
			caused[action] = n - before[action]
		}
	}
	return caused
}

func want[T any](t *testing.T, what string, wanted, got T) {
	t.Helper()
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func wantKind(t *testing.T, err error, kind problem.Kind) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Errorf("error is %v, want kind %v", err, kind)
	}
}

func wantField(t *testing.T, err error, name string) {
	t.Helper()
	for _, f := range problem.Of(err).Fields {
		if f.Name == name {
			return
		}
	}
	t.Errorf("error is %v, want the field %s", err, name)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newID(t *testing.T) uuid.UUID {
	t.Helper()
	id, err := uuid.NewV7()
	must(t, err)
	return id
}

// today is the day in Italy, which the program goes by.
func today() time.Time {
	now := time.Now().In(rome)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

var rome = func() *time.Location {
	location, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic(err) // the tests need the time zones of the system
	}
	return location
}()
