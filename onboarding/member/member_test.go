package member_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/member"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stage is a body with an administrator and a social worker, and another body.
type stage struct {
	*moduletest.Stage
	service               *member.Service
	body                  tenants.Tenant
	admin, worker, abroad tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t,
		modules.Module{ID: "registry", Essential: true, Migrations: os.DirFS("../../modules/registry/migrations")},
		modules.Module{ID: "kit", Essential: true, Migrations: os.DirFS("../../modules/kit/migrations")},
		modules.Module{ID: "practice", Essential: true, Migrations: os.DirFS("../../modules/practice/migrations")},
		onboarding.Module())}
	st.service, st.body = member.NewService(st.Deps), st.On(t, "pantelleria")
	st.admin, st.worker = st.Operator(t, st.body, "tenant_admin"), st.Operator(t, st.body, "social_worker")
	st.abroad = st.Operator(t, st.On(t, "mazara"), "tenant_admin")
	return st
}

// roles are those that an account holds today.
func (st *stage) roles(t *testing.T, account uuid.UUID) (roles []string) {
	t.Helper()
	fatal(t, st.DB.InTx(t.Context(), st.admin, func(tx tenants.Tx) error {
		colleagues, err := tenants.FindColleagues(context.Background(), tx)
		for _, c := range colleagues {
			if c.Account == account {
				roles = append(roles, c.Role)
			}
		}
		return err
	}))
	return roles
}

func (st *stage) gift(role string, days ...int) member.Gift {
	g := member.Gift{ID: uuid.New(), Account: st.worker.Account, Role: role}
	day := func(n int) time.Time { return time.Now().In(language.Rome).AddDate(0, 0, n) }
	if len(days) > 0 {
		g.From = day(days[0])
	}
	if len(days) > 1 {
		g.To = day(days[1])
	}
	return g
}

// A role holds from its first day to its last, and no longer once it is taken back, on the day itself too.
func TestARoleIsGivenAndTakenBack(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	g := st.gift("educator")
	fatal(t, st.service.Give(t.Context(), st.admin, g))
	if got := st.roles(t, st.worker.Account); len(got) != 2 {
		t.Errorf("with a second role they hold %v", got)
	}
	if err := st.service.Give(t.Context(), st.admin, st.gift("educator", 3, 5)); !problem.Is(err, problem.Conflict) {
		t.Errorf("the same role again: %v", err)
	}
	fatal(t, st.service.End(t.Context(), st.admin, member.Ending{Membership: g.ID, Reason: "Fine incarico"}))
	if got := st.roles(t, st.worker.Account); len(got) != 1 || got[0] != "social_worker" {
		t.Errorf("taken back on the day it was given, they hold %v", got)
	}
	if err := st.service.End(t.Context(), st.admin, member.Ending{Membership: g.ID, Reason: "Fine incarico"}); !problem.Is(err, problem.NotFound) {
		t.Errorf("taken back twice: %v", err)
	}
	later := st.gift("educator", 2, 9)
	fatal(t, st.service.Give(t.Context(), st.admin, later))
	if got := st.roles(t, st.worker.Account); len(got) != 1 {
		t.Errorf("before its first day they hold %v", got)
	}
	fatal(t, st.service.End(t.Context(), st.admin, member.Ending{Membership: later.ID, Reason: "Fine incarico"}))
	found, err := st.service.GetPerson(t.Context(), st.admin, st.worker.Account)
	if err != nil || len(found.Held) != 1 {
		t.Errorf("taken back before it began: %v, %v", found, err)
	}
}

// The audit tells for which days a role is given, and when it is taken back on which it was held: what never began to the day
// before its first.
func TestTheAuditTellsTheDaysOfARole(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	day := func(n int) string { return time.Now().In(language.Rome).AddDate(0, 0, n).Format(time.DateOnly) }
	now, later, old := st.gift("educator"), st.gift("access_desk", 2, 9), uuid.New()
	_, err := st.Owner.Exec(t.Context(), `insert into platform.memberships (id, tenant_id, account_id, role, display_name, valid_from)
		values ($1, $2, $3, 'case_manager', 'Anna', $4::text::date)`, old, st.body.ID, st.worker.Account, day(-10))
	fatal(t, err)
	for _, g := range []member.Gift{now, later} {
		fatal(t, st.service.Give(t.Context(), st.admin, g))
	}
	for _, id := range []uuid.UUID{now.ID, later.ID, old} {
		fatal(t, st.service.End(t.Context(), st.admin, member.Ending{Membership: id, Reason: "Fine incarico"}))
	}
	rows, err := st.Owner.Query(t.Context(), `select concat_ws(' ', action, payload->>'role', payload->>'from', payload->>'to', payload->>'membership')
		from audit.events where object_id = $1 and action in ('role.give', 'role.take') order by at`, st.worker.Account)
	fatal(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	fatal(t, err)
	want := []string{
		"role.give educator " + day(0) + "  " + now.ID.String(), "role.give access_desk " + day(2) + " " + day(9) + " " + later.ID.String(),
		"role.take educator " + day(0) + " " + day(-1) + " " + now.ID.String(), "role.take access_desk " + day(2) + " " + day(1) + " " + later.ID.String(),
		"role.take case_manager " + day(-10) + " " + day(-1) + " " + old.String(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
}

func TestWhatIsNotGiven(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	for name, test := range map[string]struct {
		who  tenants.Scope
		gift func(*member.Gift)
		want problem.Kind
	}{
		"a role of the platform":             {st.admin, func(g *member.Gift) { g.Role = "platform_operator" }, problem.Invalid},
		"a role that there is not":           {st.admin, func(g *member.Gift) { g.Role = "mayor" }, problem.Invalid},
		"a role of no item":                  {st.admin, func(g *member.Gift) { g.Role = policies.ItemRole("RU-01") }, problem.Invalid},
		"yesterday":                          {st.admin, func(g *member.Gift) { g.From = time.Now().AddDate(0, 0, -2) }, problem.Invalid},
		"backwards":                          {st.admin, func(g *member.Gift) { g.To = time.Now().AddDate(0, 0, -1) }, problem.Invalid},
		"who sees cases shall configure":     {st.admin, func(g *member.Gift) { g.Role = "tenant_admin" }, problem.Invalid},
		"who configures shall see cases":     {st.admin, func(g *member.Gift) { g.Account = st.admin.Account }, problem.Invalid},
		"who works in another body":          {st.admin, func(g *member.Gift) { g.Account = st.abroad.Account }, problem.NotFound},
		"nobody":                             {st.admin, func(g *member.Gift) { g.Account = uuid.New() }, problem.NotFound},
		"by another body, to who works here": {st.abroad, func(*member.Gift) {}, problem.NotFound},
	} {
		g := st.gift("educator")
		test.gift(&g)
		if err := st.service.Give(t.Context(), test.who, g); !problem.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := st.roles(t, st.worker.Account); len(got) != 1 {
		t.Errorf("they hold %v", got)
	}
}

// The last who looks after the rules keeps that; another body's roles are nothing to take.
func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	me, err := st.service.GetPerson(t.Context(), st.admin, st.admin.Account)
	fatal(t, err)
	if err := st.service.End(t.Context(), st.abroad, member.Ending{Membership: me.Held[0].ID, Reason: "Fine incarico"}); !problem.Is(err, problem.NotFound) {
		t.Errorf("another body takes it: %v", err)
	}
	if err := st.service.End(t.Context(), st.admin, member.Ending{Membership: me.Held[0].ID, Reason: "Fine incarico"}); !problem.Is(err, problem.Conflict) {
		t.Errorf("the last one goes: %v", err)
	}
	other := st.Operator(t, st.body, "practice_owner")
	give := func(days ...int) {
		g := st.gift("tenant_admin", days...)
		g.Account = other.Account
		fatal(t, st.service.Give(t.Context(), st.admin, g))
	}
	give(0, 20)
	if err := st.service.End(t.Context(), st.admin, member.Ending{Membership: me.Held[0].ID, Reason: "Fine incarico"}); !problem.Is(err, problem.Conflict) {
		t.Errorf("in three weeks nobody would look after the rules: %v", err)
	}
	give(21)
	if err := st.service.End(t.Context(), st.admin, member.Ending{Membership: me.Held[0].ID, Reason: "Fine incarico"}); !problem.Is(err, problem.Conflict) {
		t.Errorf("the one who stays begins later: %v", err)
	}
	st.Operator(t, st.body, "tenant_admin")
	fatal(t, st.service.End(t.Context(), st.admin, member.Ending{Membership: me.Held[0].ID, Reason: "Fine incarico"}))
}

// A list longer than a page is read to its end, also when the holding that ended a page has been taken back meanwhile.
func TestHoldingsComeInPages(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	_, err := st.Owner.Exec(t.Context(), `insert into platform.memberships (id, tenant_id, account_id, role, display_name, valid_from, valid_to)
		select gen_random_uuid(), $1, $2, r, 'Anna', current_date + n / 2, current_date + 2 * n from generate_series(2, 220) n, unnest(array['educator', 'social_worker']) r`,
		st.body.ID, st.worker.Account)
	fatal(t, err)
	want, err := st.service.Find(t.Context(), st.admin)
	fatal(t, err)
	var got []member.Holding
	for next, pages := "", 0; pages == 0 || next != ""; pages++ {
		var page []member.Holding
		page, next, err = st.service.FindPage(t.Context(), st.admin, next)
		fatal(t, err)
		if got = append(got, page...); next != "" && len(page) != 200 || pages > 2 {
			t.Fatalf("page %d has %d holdings", pages, len(page))
		}
		if pages == 0 {
			fatal(t, st.service.End(t.Context(), st.admin, member.Ending{Membership: page[len(page)-1].ID, Reason: "Fine incarico"}))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) != 440 {
		t.Errorf("%d holdings in pages are not the %d of the list:\n%s", len(got), len(want), diff)
	}
}
