package office_test

import (
	"context"
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
	"staffetta/onboarding/member"
	"staffetta/onboarding/office"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stage is a body with an administrator, and another body.
type stage struct {
	*moduletest.Stage
	offices       *office.Service
	members       *member.Service
	admin, abroad tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t,
		modules.Module{ID: "registry", Essential: true, Migrations: os.DirFS("../../modules/registry/migrations")},
		modules.Module{ID: "kit", Essential: true, Migrations: os.DirFS("../../modules/kit/migrations")},
		modules.Module{ID: "practice", Essential: true, Migrations: os.DirFS("../../modules/practice/migrations")},
		onboarding.Module())}
	st.offices, st.members = office.NewService(st.Deps), member.NewService(st.Deps)
	st.admin = st.Operator(t, st.On(t, "pantelleria"), "tenant_admin")
	st.abroad = st.Operator(t, st.On(t, "mazara"), "tenant_admin")
	return st
}

func sheet(name string) office.Sheet { return office.Sheet{Name: name, Address: "Via Roma 1"} }

func (st *stage) open(t *testing.T, who tenants.Scope, name string) int32 {
	t.Helper()
	id, err := st.offices.Create(t.Context(), who, uuid.New(), sheet(name))
	fatal(t, err)
	return id
}

// An office is numbered in its body, changed over the version that was seen, and another body's is not there.
func TestAnOfficeIsOpenedAndChanged(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	form, first := uuid.New(), sheet("Centro territoriale 1")
	first.Hours[0] = []office.Opening{{From: 540, To: 750}, {From: 900, To: 1050}}
	first.Areas, first.Targets = []string{" San Berillo ", "", "San Berillo", "Librino"}, []string{"anziani"}
	id, err := st.offices.Create(t.Context(), st.admin, form, first)
	fatal(t, err)
	if again, err := st.offices.Create(t.Context(), st.admin, form, first); err != nil || again != id || id != 1 {
		t.Errorf("the same form again makes %d after %d, %v", again, id, err)
	}
	if second := st.open(t, st.admin, "Centro territoriale 2"); second != 2 {
		t.Errorf("the second office is number %d", second)
	}
	got, err := st.offices.Get(t.Context(), st.admin, id)
	fatal(t, err)
	want := first
	want.Areas, want.Closed, want.From = []string{"San Berillo", "Librino"}, []office.Closed{}, language.Day(time.Now())
	if diff := cmp.Diff(want, got.Sheet); diff != "" {
		t.Errorf("the office (-want +got):\n%s", diff)
	}
	changed := sheet("Centro Librino")
	fatal(t, st.offices.Change(t.Context(), st.admin, id, got.Version, changed))
	if err := st.offices.Change(t.Context(), st.admin, id, got.Version, changed); !problem.Is(err, problem.Conflict) {
		t.Errorf("over a version that is gone: %v", err)
	}
	if err := st.offices.Change(t.Context(), st.abroad, id, 2, changed); !problem.Is(err, problem.NotFound) {
		t.Errorf("another body changes it: %v", err)
	}
	if found, err := st.offices.Find(t.Context(), st.abroad); err != nil || len(found) != 0 {
		t.Errorf("another body finds %v, %v", found, err)
	}
}

func TestWhatIsNoOffice(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.open(t, st.admin, "Centro")
	for name, test := range map[string]struct {
		change func(*office.Sheet)
		field  string
	}{
		"without a name":         {func(s *office.Sheet) { s.Name = " " }, "nome"},
		"another one's name":     {func(s *office.Sheet) { s.Name = "CENTRO" }, "nome"},
		"without an address":     {func(s *office.Sheet) { s.Address = "" }, "indirizzo"},
		"a telephone in letters": {func(s *office.Sheet) { s.Phone = "zero nove" }, "telefono"},
		"no address of mail":     {func(s *office.Sheet) { s.Email = "sede" }, "email"},
		"for nobody known":       {func(s *office.Sheet) { s.Targets = []string{"marziani"} }, "utenza"},
		"open backwards":         {func(s *office.Sheet) { s.Hours[1] = []office.Opening{{From: 750, To: 540}} }, "martedi"},
		"open twice at once":     {func(s *office.Sheet) { s.Hours[6] = []office.Opening{{From: 540, To: 750}, {From: 700, To: 800}} }, "domenica"},
	} {
		s := sheet("Sede")
		test.change(&s)
		_, err := st.offices.Create(t.Context(), st.admin, uuid.New(), s)
		if fields := problem.Of(err).Fields; !problem.Is(err, problem.Invalid) || len(fields) == 0 || fields[0].Name != test.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHoursAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "9-12:30": "09:00–12:30", "8.30 - 13, 15–17:30": "08:30–13:00, 15:00–17:30", "9-12; 14-16": "09:00–12:00, 14:00–16:00", "0-24": "00:00–24:00",
	} {
		openings, ok := office.ParseDay(text)
		if got := office.Text(openings); !ok || got != want {
			t.Errorf("%q is read as %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{"mattina", "9", "9-", "25-26", "9-12 e 14-16", "9:75-12"} {
		if openings, ok := office.ParseDay(text); ok {
			t.Errorf("%q is read as %v", text, openings)
		}
	}
}

// memberships are the roles of an account with office and days.
func (st *stage) memberships(t *testing.T, account uuid.UUID) (found []tenants.Membership) {
	t.Helper()
	fatal(t, st.DB.Platform(t.Context(), func(tx tenants.Tx) (err error) {
		found, err = tenants.FindMemberships(context.Background(), tx, st.admin.Tenant, account)
		return err
	}))
	return found
}

// Who works at an office that closes goes on at its successor from the next day on, and there sees what is addressed to the
// closed one, also when that one closes too; without a successor they go on for the whole body.
func TestWhatBecomesOfAnOfficeThatCloses(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	one, two, three := st.open(t, st.admin, "Uno"), st.open(t, st.admin, "Due"), st.open(t, st.admin, "Tre")
	account, err := st.members.Admit(t.Context(), st.admin, member.Admission{
		ID: uuid.New(), Name: "Rosa Bianchi", TaxCode: "BNCRSO80A41H501B", Term: member.Term{Roles: []string{"social_worker"}, Office: one},
	})
	fatal(t, err)
	today := language.Day(time.Now())
	burden, err := st.offices.Weigh(t.Context(), st.admin, one)
	if diff := cmp.Diff(office.Burden{People: []office.Worker{{Name: "Rosa Bianchi", Role: "social_worker"}}}, burden); err != nil || diff != "" {
		t.Errorf("at the office stand, %v:\n%s", err, diff)
	}
	fatal(t, st.offices.Close(t.Context(), st.admin, one, office.Closing{LastDay: today, Successor: two, Seen: 1}))
	want := []tenants.Membership{
		{Role: "social_worker", OfficeID: one, Closed: []int32{}, Name: "Rosa Bianchi", From: today, To: today},
		{Role: "social_worker", OfficeID: two, Closed: []int32{one}, Name: "Rosa Bianchi", From: today.AddDate(0, 0, 1)},
	}
	if diff := cmp.Diff(want, st.memberships(t, account)); diff != "" {
		t.Errorf("they hold (-want +got):\n%s", diff)
	}
	fatal(t, st.offices.Close(t.Context(), st.admin, two, office.Closing{LastDay: today, Successor: three, Seen: 1}))
	if held := st.memberships(t, account); held[len(held)-1].OfficeID != three || !cmp.Equal(held[len(held)-1].Offices(), []int32{three, one, two}) {
		t.Errorf("after the second end they hold %+v", held)
	}
	fatal(t, st.offices.Close(t.Context(), st.admin, three, office.Closing{LastDay: today, Seen: 1}))
	held := st.memberships(t, account)
	if last := held[len(held)-1]; last.OfficeID != 0 || !last.To.IsZero() {
		t.Errorf("without a successor they hold %+v", held)
	}
	for name, c := range map[string]office.Closing{"again": {LastDay: today, Seen: 2}, "as it was before": {LastDay: today, Seen: 1}} {
		if err := st.offices.Close(t.Context(), st.admin, one, c); !problem.Is(err, problem.Conflict) {
			t.Errorf("closed %s: %v", name, err)
		}
	}
}

// Cases of another body that are shown to an office are not left to nobody.
func TestAnOfficeWithSharesNeedsASuccessor(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	one, two := st.open(t, st.admin, "Uno"), st.open(t, st.admin, "Due")
	_, err := st.Owner.Exec(t.Context(), `with a as (insert into policies.agreements (id, title, purposes, sections, valid) values (gen_random_uuid(), 'Accordo', '{continuity}', '{diary}', '[2026-01-01,)') returning id)
		insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, grantee_office, valid)
		select $1, gen_random_uuid(), gen_random_uuid(), a.id, gen_random_uuid(), 'diary', $2, $3, tstzrange(now(), null) from a`, st.abroad.Tenant, st.admin.Tenant, one)
	fatal(t, err)
	c := office.Closing{LastDay: language.Day(time.Now()), Seen: 1}
	if err := st.offices.Close(t.Context(), st.admin, one, c); !problem.Is(err, problem.Invalid) {
		t.Errorf("closed without a successor: %v", err)
	}
	for name, successor := range map[string]int32{"itself": one, "an office that there is not": 9} {
		c.Successor = successor
		if err := st.offices.Close(t.Context(), st.admin, one, c); !problem.Is(err, problem.Invalid) {
			t.Errorf("closed into %s: %v", name, err)
		}
	}
	c.Successor = two
	fatal(t, st.offices.Close(t.Context(), st.admin, one, c))
}

// An office is closed on the days that are written and on national feasts, those of the year alone.
func TestDaysWhenItIsClosed(t *testing.T) {
	t.Parallel()
	on := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		fatal(t, err)
		return d
	}
	all, ok := office.ParseClosed("24/12/2026 - 6/1/2027  Ferie\n\n 19/05/2027\n")
	if !ok || len(all) != 2 || all[0].String() != "24/12/2026-06/01/2027 Ferie" || all[1].String() != "19/05/2027" {
		t.Fatalf("read %v, %v", all, ok)
	}
	for _, text := range []string{"domani", "31/02/2027", "24/12/2026-", "24/12/26", "24/12/2026-boh"} {
		if all, ok := office.ParseClosed(text); ok {
			t.Errorf("%q is read as %v", text, all)
		}
	}
	o := office.Office{Sheet: office.Sheet{Closed: all}}
	for day, want := range map[string]string{
		"2026-12-23": "open", "2026-12-24": "Ferie", "2026-12-25": "Natale", "2027-01-05": "Ferie", "2027-01-07": "open", "2027-05-19": "",
		"2027-03-29": "Pasquetta", "2026-10-04": "San Francesco d’Assisi", "2025-10-04": "open", "2025-01-01": "Capodanno",
	} {
		why, closed := o.IsClosed(on(day))
		if !closed {
			why = "open"
		}
		if why != want {
			t.Errorf("on %s the office is %q, not %q", day, why, want)
		}
	}
}

// The days are kept in their order, once each, and refused where they make no sense.
func TestDaysWhenItIsClosedAreKept(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	s := sheet("Centro")
	s.Closed, _ = office.ParseClosed("19/05/2027 Santo patrono\n24/12/2026-06/01/2027 Ferie\n19/05/2027 Santo patrono")
	id, err := st.offices.Create(t.Context(), st.admin, uuid.New(), s)
	fatal(t, err)
	got, err := st.offices.Get(t.Context(), st.admin, id)
	fatal(t, err)
	if len(got.Closed) != 2 || got.Closed[0].Why != "Ferie" || got.Closed[1].Why != "Santo patrono" {
		t.Errorf("kept are %v", got.Closed)
	}
	got.Closed = nil
	fatal(t, st.offices.Change(t.Context(), st.admin, id, got.Version, got.Sheet))
	if got, err = st.offices.Get(t.Context(), st.admin, id); err != nil || len(got.Closed) != 0 {
		t.Errorf("after they were taken out there are %v, %v", got.Closed, err)
	}
	for name, text := range map[string]string{
		"backwards": "06/01/2027-24/12/2026", "too many words": "01/02/2027 " + strings.Repeat("a", 121), "what nobody can read": "01/02/2027 a\u202eb",
	} {
		s.Closed, _ = office.ParseClosed(text)
		if err := st.offices.Change(t.Context(), st.admin, id, got.Version, s); !problem.Is(err, problem.Invalid) || problem.Of(err).Fields[0].Name != "chiusure" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
