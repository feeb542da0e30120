package team_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/office"
	"staffetta/onboarding/team"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stage is a body with an administrator, two social workers and an office, and another body.
type stage struct {
	*moduletest.Stage
	teams         *team.Service
	admin, abroad tenants.Scope
	ada, bea      tenants.Scope
	office        int32
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t,
		modules.Module{ID: "registry", Essential: true, Migrations: os.DirFS("../../modules/registry/migrations")},
		modules.Module{ID: "kit", Essential: true, Migrations: os.DirFS("../../modules/kit/migrations")},
		modules.Module{ID: "practice", Essential: true, Migrations: os.DirFS("../../modules/practice/migrations")},
		onboarding.Module())}
	st.teams = team.NewService(st.Deps)
	body := st.On(t, "pantelleria")
	st.admin, st.ada, st.bea = st.Operator(t, body, "tenant_admin"), st.Operator(t, body, "social_worker"), st.Operator(t, body, "social_worker")
	st.abroad = st.Operator(t, st.On(t, "mazara"), "tenant_admin")
	var err error
	st.office, err = office.NewService(st.Deps).Create(t.Context(), st.admin, uuid.New(), office.Sheet{Name: "Centro", Address: "Via Roma 1"})
	fatal(t, err)
	return st
}

// made is a team of the body.
func (st *stage) made(t *testing.T, name string) uuid.UUID {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	fatal(t, st.teams.Create(t.Context(), st.admin, id, team.Sheet{Name: name, Office: st.office}))
	return id
}

func (st *stage) get(t *testing.T, id uuid.UUID) team.Team {
	t.Helper()
	got, err := st.teams.Get(t.Context(), st.admin, id)
	fatal(t, err)
	return got
}

func on(text string) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return language.Day(day)
}

func between(from, to string) (term team.Term) {
	term.From = on(from)
	if to != "" {
		term.To = on(to)
	}
	return term
}

func refused(t *testing.T, name string, err error, fields ...string) {
	t.Helper()
	var got []string
	for _, field := range problem.Of(err).Fields {
		got = append(got, field.Name)
	}
	if diff := cmp.Diff(fields, got); diff != "" {
		t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
	}
}

// A team is made once for a form, changed over the version that was seen, and another body's is not there.
func TestATeamIsMadeAndChanged(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	id := st.made(t, " Famiglie ")
	fatal(t, st.teams.Create(t.Context(), st.admin, id, team.Sheet{Name: "Famiglie"})) // the same form again
	got := st.get(t, id)
	want := team.Team{ID: id, Version: 1, Sheet: team.Sheet{Name: "Famiglie", Office: st.office, Term: team.Term{From: language.Day(time.Now())}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("made (-want +got):\n%s", diff)
	}
	sheet := team.Sheet{Name: "Famiglie e minori", Term: between("2026-01-01", "2026-12-31")}
	fatal(t, st.teams.Change(t.Context(), st.admin, id, 1, sheet))
	if got := st.get(t, id); got.Version != 2 || !cmp.Equal(got.Sheet, sheet) {
		t.Errorf("changed to %+v", got)
	}
	if err := st.teams.Change(t.Context(), st.admin, id, 1, sheet); !problem.Is(err, problem.Conflict) {
		t.Errorf("over another version: %v", err)
	}
	for name, err := range map[string]error{
		"changed": st.teams.Change(t.Context(), st.abroad, id, 2, sheet),
		"joined":  st.teams.Join(t.Context(), st.abroad, id, team.Member{ID: uuid.New(), Account: st.abroad.Account}),
		"left":    st.teams.Leave(t.Context(), st.abroad, id, uuid.New(), time.Time{}),
	} {
		if !problem.Is(err, problem.NotFound) {
			t.Errorf("%s by another body: %v", name, err)
		}
	}
	if _, err := st.teams.Get(t.Context(), st.abroad, id); !problem.Is(err, problem.NotFound) {
		t.Errorf("read by another body: %v", err)
	}
}

func TestATeamIsRefusedByField(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.made(t, "Anziani")
	for name, one := range map[string]struct {
		sheet team.Sheet
		field string
	}{
		"no name":           {team.Sheet{Name: " "}, "nome"},
		"a long one":        {team.Sheet{Name: strings.Repeat("x", 121)}, "nome"},
		"taken":             {team.Sheet{Name: "ANZIANI"}, "nome"},
		"no such office":    {team.Sheet{Name: "Altra", Office: 99}, "sede"},
		"ended before then": {team.Sheet{Name: "Altra", Term: between("2026-05-02", "2026-05-01")}, "al"},
	} {
		refused(t, name, st.teams.Create(t.Context(), st.admin, uuid.New(), one.sheet), one.field)
	}
}

// Somebody is in a team once on a day, one leads it on a day, and whoever is not of the body is not in it.
func TestWhoIsInATeam(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	id := st.made(t, "Disabilità")
	join := func(who tenants.Scope, leads bool, term team.Term) (uuid.UUID, error) {
		place := uuid.Must(uuid.NewV7())
		return place, st.teams.Join(t.Context(), st.admin, id, team.Member{ID: place, Account: who.Account, Leads: leads, Term: term})
	}
	ada, err := join(st.ada, true, between("2026-01-01", ""))
	fatal(t, err)
	fatal(t, st.teams.Join(t.Context(), st.admin, id, team.Member{ID: ada, Account: st.ada.Account, Leads: true, Term: between("2026-01-01", "")})) // the same form again
	_, err = join(st.ada, false, between("2026-03-01", "2026-03-31"))
	refused(t, "twice", err, "persona")
	_, err = join(st.bea, true, between("2025-12-01", "2026-01-01"))
	refused(t, "two lead", err, "guida")
	_, err = join(st.abroad, false, between("2026-01-01", ""))
	refused(t, "of another body", err, "persona")
	_, err = join(st.bea, false, between("2026-02-02", "2026-02-01"))
	refused(t, "no day", err, "al")
	_, err = join(st.bea, true, between("2025-12-01", "2025-12-31"))
	fatal(t, err)

	refused(t, "out before in", st.teams.Leave(t.Context(), st.admin, id, ada, on("2025-12-31")), "al")
	fatal(t, st.teams.Leave(t.Context(), st.admin, id, ada, on("2026-06-30")))
	_, err = join(st.bea, true, between("2026-07-01", ""))
	fatal(t, err)
	for day, want := range map[string]string{"2025-11-30": "", "2025-12-31": st.bea.Name, "2026-01-01": st.ada.Name, "2026-06-30": st.ada.Name, "2026-07-01": st.bea.Name} {
		got := ""
		for _, m := range st.get(t, id).Now(on(day)) {
			got += m.Name
		}
		if got != want {
			t.Errorf("on %s: %q, not %q", day, got, want)
		}
	}
}
