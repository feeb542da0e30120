package opening_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/opening"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is a body on trial with an administrator, and a module that requires an office and advises a leaflet.
type stage struct {
	*moduletest.Stage
	service         *opening.Service
	body            tenants.Tenant
	admin           tenants.Scope
	office, leaflet modules.CheckState
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{}
	check := func(title string, required bool, state *modules.CheckState) modules.Check {
		return modules.Check{
			Title: title, Chapter: modules.ServiceChapter, Path: "/sedi", Permission: policies.ReadRules, Required: required,
			Find: func(context.Context, tenants.Scope) (modules.Finding, error) {
				return modules.Finding{State: *state}, nil
			},
		}
	}
	m := modules.Module{ID: "desk", Title: language.Text{It: "Sportello", En: "Desk"}}
	people := modules.Module{ID: "registry", Title: language.Text{It: "Anagrafica", En: "Registry"}, Essential: true, Migrations: os.DirFS("../../modules/registry/migrations")}
	st.Stage = moduletest.NewStage(t, m, people, onboarding.Module())
	st.Deps.Platform.Console.Add(m, modules.Parts{Checks: []modules.Check{check("office", true, &st.office), check("leaflet", false, &st.leaflet)}})
	st.body = st.On(t, "pantelleria", "desk")
	st.exec(t, `update platform.tenants set state = 'entering' where id = $1`, st.body.ID)
	fatal(t, st.Deps.Bodies.Reload(t.Context()))
	st.admin = st.Operator(t, st.body, "tenant_admin")
	st.service = opening.NewService(st.Deps)
	return st
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (st *stage) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := st.Owner.Exec(t.Context(), sql, args...)
	fatal(t, err)
}

func (st *stage) get(t *testing.T) opening.Outlook {
	t.Helper()
	o, err := st.service.Get(t.Context(), st.admin)
	fatal(t, err)
	return o
}

func (st *stage) open(t *testing.T, id uuid.UUID) error {
	t.Helper()
	return st.service.Open(t.Context(), st.admin, id, modules.Consent{Mark: st.get(t).Mark, Acknowledged: true})
}

func (st *stage) wantKind(t *testing.T, err error, kind problem.Kind) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Errorf("got %v, want %v", err, kind)
	}
}

// What is required keeps a body from going live, what is advised does not.
func TestOnlyWhatIsRequiredStops(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	if o := st.get(t); o.Ready() || len(o.Stops) != 1 || len(o.Advised) != 1 {
		t.Errorf("%d stop, %d advise", len(o.Stops), len(o.Advised))
	}
	st.wantKind(t, st.open(t, uuid.New()), problem.Conflict)
	st.office, st.leaflet = modules.Met, modules.Wrong
	st.wantKind(t, st.open(t, uuid.New()), problem.Conflict)
	st.leaflet = modules.Unmet
	read := st.get(t)
	st.wantKind(t, st.service.Open(t.Context(), st.admin, uuid.New(), modules.Consent{Mark: read.Mark}), problem.Invalid)
	st.leaflet = modules.Met // what was read is no longer so
	st.wantKind(t, st.service.Open(t.Context(), st.admin, uuid.New(), modules.Consent{Mark: read.Mark, Acknowledged: true}), problem.Conflict)
	fatal(t, st.open(t, uuid.New()))
	body, err := st.Deps.Bodies.ByID(st.body.ID)
	fatal(t, err)
	if body.State != tenants.Active {
		t.Errorf("the body is %s", body.State)
	}
}

// Going live is taken back within a day, and not later; the same decision twice is one.
func TestGoingLiveIsTakenBackWithinADay(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.office = modules.Met
	first, back := uuid.New(), uuid.New()
	fatal(t, st.open(t, first))
	fatal(t, st.open(t, first))
	st.wantKind(t, st.open(t, uuid.New()), problem.Conflict)
	st.wantKind(t, st.service.TakeBack(t.Context(), st.admin, back, " "), problem.Invalid)
	fatal(t, st.service.TakeBack(t.Context(), st.admin, back, "Mancano gli orari"))
	fatal(t, st.service.TakeBack(t.Context(), st.admin, back, "Mancano gli orari"))
	if o := st.get(t); !o.Trial || len(o.History) != 2 || o.History[0].Opens || o.History[0].Reason != "Mancano gli orari" {
		t.Errorf("%+v", o)
	}
	st.wantKind(t, st.service.TakeBack(t.Context(), st.admin, uuid.New(), "Ancora"), problem.Conflict)
	fatal(t, st.open(t, uuid.New()))
	if until := st.get(t).Until(time.Now()); until.IsZero() {
		t.Error("it cannot be taken back")
	}
	st.exec(t, `update onboarding.openings set at = at - interval '24 hours' where tenant_id = $1`, st.body.ID)
	if until := st.get(t).Until(time.Now()); !until.IsZero() {
		t.Errorf("it can be taken back until %v", until)
	}
	st.wantKind(t, st.service.TakeBack(t.Context(), st.admin, uuid.New(), "Tardi"), problem.Conflict)
	err := st.DB.InTx(t.Context(), st.admin, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `select onboarding.take_back_opening($1, 'Ada', 'Tardi')`, uuid.New())
		return err
	})
	st.wantKind(t, err, problem.Conflict) // the database refuses it too
	var told int
	fatal(t, st.Owner.QueryRow(t.Context(), `select count(*) from audit.events where tenant_id = $1 and action in ('body.open', 'body.take_back')`, st.body.ID).Scan(&told))
	if told != 3 {
		t.Errorf("%d events", told)
	}
}

// A body that was live from the start has no day to take that back.
func TestABodyWithoutATrialStaysLive(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	other := st.On(t, "marsala", "desk")
	admin := st.Operator(t, other, "tenant_admin")
	st.wantKind(t, st.service.TakeBack(t.Context(), admin, uuid.New(), "Prova"), problem.Conflict)
	st.wantKind(t, st.service.Open(t.Context(), admin, uuid.New(), modules.Consent{Acknowledged: true}), problem.Conflict)
}

// invent writes a person into the trial.
func (st *stage) invent(t *testing.T) {
	t.Helper()
	st.exec(t, `insert into registry.persons (tenant_id, id, code_kind, no_code_reason, surname, name, surname_key, name_key) values ($1, $2, 'none', 'unknown', 'Di Prova', 'Anna', 'DIPROVA', 'ANNA')`, st.body.ID, uuid.New())
}

func (st *stage) persons(t *testing.T) (n int) {
	t.Helper()
	fatal(t, st.Owner.QueryRow(t.Context(), `select count(*) from registry.persons where tenant_id = $1`, st.body.ID).Scan(&n))
	return n
}

// The first time, the people of the trial go, as many as were read; after that, who is there stays.
func TestTheTrialsPeopleGoOnce(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.office = modules.Met
	if o := st.get(t); o.Gone() != 0 {
		t.Errorf("of an empty trial go %v", o.People)
	}
	st.invent(t)
	read := st.get(t)
	if read.People["registry.persons"] != 1 {
		t.Errorf("there go %v", read.People)
	}
	st.invent(t) // meanwhile
	st.wantKind(t, st.service.Open(t.Context(), st.admin, uuid.New(), modules.Consent{Mark: read.Mark, Acknowledged: true}), problem.Conflict)
	if n := st.persons(t); n != 2 {
		t.Errorf("%d people are left of 2 after a refusal", n)
	}
	fatal(t, st.open(t, uuid.New()))
	if n := st.persons(t); n != 0 {
		t.Errorf("%d people of the trial are left", n)
	}
	st.invent(t)
	fatal(t, st.service.TakeBack(t.Context(), st.admin, uuid.New(), "Mancano gli orari"))
	if o := st.get(t); o.Gone() != 0 {
		t.Errorf("the second time there go %v", o.People)
	}
	fatal(t, st.open(t, uuid.New()))
	if n := st.persons(t); n != 1 {
		t.Errorf("the second time %d people are left", n)
	}
	var told int
	fatal(t, st.Owner.QueryRow(t.Context(), `select count(*) from audit.events where tenant_id = $1 and action = 'body.purge' and payload ->> 'registry.persons' = '2'`, st.body.ID).Scan(&told))
	if told != 1 {
		t.Errorf("%d events tell of it", told)
	}
}
