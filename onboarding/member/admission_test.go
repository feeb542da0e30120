package member_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/onboarding/member"
	"staffetta/onboarding/office"
	"staffetta/tenants"
)

// The tax codes of two people that there are not.
const (
	rosa  = "BNCRSO80A41H501B"
	mario = "RSSMRA80A01H501U"
)

func admission(code string, roles ...string) member.Admission {
	return member.Admission{ID: uuid.New(), Name: "Rosa Bianchi", TaxCode: code, Term: member.Term{Roles: roles}}
}

// events are what the audit of a body tells by action, oldest first.
func (st *stage) events(t *testing.T, tenant int32, actions ...string) []string {
	t.Helper()
	rows, err := st.Owner.Query(t.Context(), `select concat_ws(' ', action, payload->>'roles', payload->>'own', payload->'people'->0->>'role')
		from audit.events where tenant_id = $1 and action = any ($2) order by at`, tenant, actions)
	fatal(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	fatal(t, err)
	return got
}

// Somebody is let in by their tax code and holds the roles at the office and for the days that were said; the same form again
// changes nothing.
func TestSomebodyIsLetIn(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	place, err := office.NewService(st.Deps).Create(t.Context(), st.admin, uuid.New(), office.Sheet{Name: "Centro territoriale 1", Address: "Via Roma 1"})
	fatal(t, err)
	a := admission(" bnc rso 80a41 h501b ", "social_worker", "educator", "educator")
	a.Office, a.To = place, time.Now().AddDate(0, 0, 10)
	account, err := st.service.Admit(t.Context(), st.admin, a)
	fatal(t, err)
	person, err := st.service.GetPerson(t.Context(), st.admin, account)
	fatal(t, err)
	held := person.Held
	if len(held) != 2 || held[0].OfficeName != "Centro territoriale 1" || held[0].To.IsZero() || held[0].Name != "Rosa Bianchi" {
		t.Errorf("they hold %+v", held)
	}
	again, err := st.service.Admit(t.Context(), st.admin, a)
	if err != nil || again != account {
		t.Errorf("the same form again: %v, %v", again, err)
	}
	if _, err := st.service.Admit(t.Context(), st.admin, admission(rosa, "educator")); err != nil {
		t.Errorf("the same role for the whole body: %v", err)
	}
	if _, err := st.service.Admit(t.Context(), st.admin, admission(rosa, "educator")); !problem.Is(err, problem.Conflict) {
		t.Errorf("a role that is held: %v", err)
	}
	if got := st.events(t, st.body.ID, "person.admit"); len(got) != 2 {
		t.Errorf("the audit tells %q", got)
	}
}

// Who signs in elsewhere already and who never did are let in alike: the id of the account says nothing of when it was made.
func TestNobodyIsToldWhoSignsInElsewhere(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	_, err := st.service.Admit(t.Context(), st.abroad, admission(rosa, "educator"))
	fatal(t, err)
	for _, code := range []string{rosa, mario} {
		account, err := st.service.Admit(t.Context(), st.admin, admission(code, "educator"))
		if err != nil || account.Version() != 4 {
			t.Errorf("%s is let in as %s (version %d), %v", code, account, account.Version(), err)
		}
	}
	if held, err := st.service.Find(t.Context(), st.abroad); err != nil || len(held) != 2 {
		t.Errorf("the other body has %d holdings, %v", len(held), err)
	}
	var known int
	fatal(t, st.DB.InTx(t.Context(), st.abroad, func(tx tenants.Tx) error {
		return tx.QueryRow(t.Context(), `select count(*) from platform.known_colleagues($1)`, [][]byte{st.Key.Token(rosa), st.Key.Token(mario)}).Scan(&known)
	}))
	if known != 1 {
		t.Errorf("the other body knows %d of both, not its own one alone", known)
	}
}

func TestWhoIsNotLetIn(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	before, err := st.service.Find(t.Context(), st.admin)
	fatal(t, err)
	for name, test := range map[string]struct {
		change func(*member.Admission)
		field  string
	}{
		"without a name":            {func(a *member.Admission) { a.Name = " " }, "nome"},
		"a formula":                 {func(a *member.Admission) { a.Name = `=HYPERLINK("http://example.it")` }, "nome"},
		"a formula in wide signs":   {func(a *member.Admission) { a.Name = "＝1+1" }, "nome"},
		"without a code":            {func(a *member.Admission) { a.TaxCode = "" }, "codice"},
		"a wrong code":              {func(a *member.Admission) { a.TaxCode = "BNCRSO80A41H501C" }, "codice"},
		"the code of a company":     {func(a *member.Admission) { a.TaxCode = "00524150878" }, "codice"},
		"without a role":            {func(a *member.Admission) { a.Roles = nil }, "ruoli"},
		"a role of the platform":    {func(a *member.Admission) { a.Roles = []string{"platform_operator"} }, "ruoli"},
		"roles that exclude":        {func(a *member.Admission) { a.Roles = []string{"tenant_admin", "social_worker"} }, "ruoli"},
		"administrator and officer": {func(a *member.Admission) { a.Roles = []string{"tenant_admin", "dpo"} }, "ruoli"},
		"from yesterday":            {func(a *member.Admission) { a.From = time.Now().AddDate(0, 0, -2) }, "dal"},
		"until before it begins":    {func(a *member.Admission) { a.To = time.Now().AddDate(0, 0, -2) }, "al"},
	} {
		a := admission(rosa, "educator")
		test.change(&a)
		_, err := st.service.Admit(t.Context(), st.admin, a)
		if fields := problem.Of(err).Fields; !problem.Is(err, problem.Invalid) || len(fields) == 0 || fields[0].Name != test.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	far := admission(rosa, "educator")
	far.Office = 77
	if _, err := st.service.Admit(t.Context(), st.admin, far); !problem.Is(err, problem.NotFound) {
		t.Errorf("at an office that there is not: %v", err)
	}
	after, err := st.service.Find(t.Context(), st.admin)
	if diff := cmp.Diff(before, after); err != nil || diff != "" {
		t.Errorf("somebody was let in, %v:\n%s", err, diff)
	}
}

// An administrator does not come to cases by letting in themselves, nor by a second role, nor into another body: it is refused
// and written down.
func TestNobodyPromotesThemselves(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	boss, err := st.service.Admit(t.Context(), st.admin, admission(rosa, "tenant_admin"))
	fatal(t, err)
	self := st.admin
	self.Account = boss
	if _, err := st.service.Admit(t.Context(), self, admission(rosa, "social_worker")); !problem.Is(err, problem.Invalid) {
		t.Errorf("by letting in themselves: %v", err)
	}
	g := st.gift("social_worker")
	g.Account = boss
	if err := st.service.Give(t.Context(), self, g); !problem.Is(err, problem.Invalid) {
		t.Errorf("by a second role: %v", err)
	}
	want := []string{`role.refuse ["social_worker"] true`, `role.refuse ["social_worker"] true`}
	if diff := cmp.Diff(want, st.events(t, st.body.ID, "role.refuse")); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
	if p, err := st.service.GetPerson(t.Context(), self, boss); err != nil || len(p.Held) != 1 {
		t.Errorf("they hold %v, %v", p.Held, err)
	}
	err = st.DB.InTx(t.Context(), self, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into platform.memberships (id, tenant_id, account_id, role, display_name) values ($1, $2, $3, 'tenant_admin', 'Io')`,
			uuid.New(), st.abroad.Tenant, boss)
		return err
	})
	if err == nil {
		t.Error("a body writes the memberships of another")
	}
}

// Who loses the last role is signed in no longer, and who keeps another is.
func TestWithTheLastRoleSessionsEnd(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	_, err := st.Owner.Exec(t.Context(), `insert into platform.sessions (id_hash, id, tenant_id, account_id, purpose, assurance, provider, display_name, created_at, idle_until, absolute_until)
		values ('\x01', gen_random_uuid(), $1, $2, 'operator', 2, 'demo', 'Anna', now(), now() + interval '1 hour', now() + interval '1 hour')`, st.body.ID, st.worker.Account)
	fatal(t, err)
	open := func() (n int) {
		fatal(t, st.Owner.QueryRow(t.Context(), `select count(*) from platform.sessions where account_id = $1 and ended_at is null`, st.worker.Account).Scan(&n))
		return n
	}
	g := st.gift("educator")
	fatal(t, st.service.Give(t.Context(), st.admin, g))
	fatal(t, st.service.End(t.Context(), st.admin, member.Ending{Membership: g.ID, Reason: "Fine incarico"}))
	if open() != 1 {
		t.Error("the session has ended though a role is left")
	}
	they, err := st.service.GetPerson(t.Context(), st.admin, st.worker.Account)
	fatal(t, err)
	fatal(t, st.service.End(t.Context(), st.admin, member.Ending{Membership: they.Held[0].ID, Reason: "Fine incarico"}))
	if open() != 0 {
		t.Error("the session is open without any role")
	}
}

// A role that nobody holds today or in some weeks is told with its first day.
func TestUncoveredRolesAreTold(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	dpo := admission(rosa, "dpo")
	dpo.To = time.Now().AddDate(0, 0, 9)
	_, err := st.service.Admit(t.Context(), st.admin, dpo)
	fatal(t, err)
	gaps, err := st.service.Uncovered(t.Context(), st.admin)
	fatal(t, err)
	from := map[string]string{}
	for _, gap := range gaps {
		from[gap.Role] = gap.From.Format(time.DateOnly)
	}
	today := time.Time{}.Format(time.DateOnly)
	want := map[string]string{"dpo": time.Now().AddDate(0, 0, 10).Format(time.DateOnly), "coordinator": today, "access_desk": today}
	if diff := cmp.Diff(want, from); diff != "" {
		t.Errorf("nobody holds (-want +got):\n%s", diff)
	}
}

// The last day is the end of an unbroken time from today on.
func TestTheLastDayIsAnnounced(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	held := func(from, to int) member.Holding {
		h := member.Holding{From: today.AddDate(0, 0, from)}
		if to != 0 {
			h.To = today.AddDate(0, 0, to)
		}
		return h
	}
	for name, test := range map[string]struct {
		held []member.Holding
		want int // 0 for no end
	}{
		"no end":            {[]member.Holding{held(-9, 5), held(-1, 0)}, 0},
		"one after another": {[]member.Holding{held(6, 9), held(-9, 5)}, 9},
		"a gap":             {[]member.Holding{held(-9, 5), held(7, 0)}, 5},
	} {
		got, want := member.LastDay(test.held, today), time.Time{}
		if test.want != 0 {
			want = today.AddDate(0, 0, test.want)
		}
		if !got.Equal(want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// The administrator cannot be the data protection officer as well, with a second role either.
func TestTheAdministratorIsNotTheOfficer(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	err := st.service.Give(t.Context(), st.admin, member.Gift{ID: uuid.New(), Account: st.admin.Account, Role: "dpo"})
	if !problem.Is(err, problem.Invalid) {
		t.Errorf("the second role: %v", err)
	}
	if got := st.events(t, st.body.ID, "role.refuse", "role.give"); len(got) != 1 {
		t.Errorf("the audit tells %q", got)
	}
}
