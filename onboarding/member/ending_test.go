package member_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/onboarding/member"
)

// A role that runs gets a last day, which can be moved; with why, and no day that is over.
func TestARoleGetsALastDay(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	today := language.Day(time.Now())
	g := st.gift("educator")
	fatal(t, st.service.Give(t.Context(), st.admin, g))
	end := func(days int, reason string) error {
		return st.service.End(t.Context(), st.admin, member.Ending{Membership: g.ID, Last: today.AddDate(0, 0, days), Reason: reason})
	}
	for _, days := range []int{9, 3, 20, 0} {
		fatal(t, end(days, "Fine contratto"))
		p, err := st.service.GetPerson(t.Context(), st.admin, st.worker.Account)
		fatal(t, err)
		for _, h := range p.Held {
			if h.ID == g.ID && !h.To.Equal(today.AddDate(0, 0, days)) {
				t.Errorf("with its last day in %d days it ends on %v", days, h.To)
			}
		}
		if got := st.roles(t, st.worker.Account); len(got) != 2 {
			t.Errorf("until its last day in %d days they hold %v", days, got)
		}
	}
	later := st.gift("educator", 30, 40)
	fatal(t, st.service.Give(t.Context(), st.admin, later))
	for what, err := range map[string]error{
		"without a reason": end(2, " "), "a day that is over": end(-1, "Fine"),
		"a last day before the first": st.service.End(t.Context(), st.admin, member.Ending{Membership: later.ID, Last: today.AddDate(0, 0, 29), Reason: "Fine"}),
	} {
		if !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := end(35, "Proroga"); !problem.Is(err, problem.Conflict) {
		t.Errorf("into days on which it is held: %v", err)
	}
	if err := st.service.End(t.Context(), st.abroad, member.Ending{Membership: g.ID, Last: today, Reason: "Fine"}); !problem.Is(err, problem.NotFound) {
		t.Errorf("another body's: %v", err)
	}
	if got := st.events(t, st.body.ID, "role.bound"); len(got) != 4 {
		t.Errorf("the audit tells %q", got)
	}
}

// Who has no role any more is found, and can be given one again without a tax code, under the same name; another body does not see them.
func TestWhoHasNoRoleStaysKnown(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	before, err := st.service.GetPerson(t.Context(), st.admin, st.worker.Account)
	fatal(t, err)
	fatal(t, st.service.End(t.Context(), st.admin, member.Ending{Membership: before.Held[0].ID, Reason: "Trasferita"}))
	p, err := st.service.GetPerson(t.Context(), st.admin, st.worker.Account)
	if err != nil || len(p.Held) != 0 || p.Name != before.Name || p.Last.IsZero() {
		t.Errorf("without roles they are %+v, %v", p, err)
	}
	former, err := st.service.FindFormer(t.Context(), st.admin)
	if err != nil || len(former) != 1 || former[0].Account != st.worker.Account {
		t.Errorf("without roles are %+v, %v", former, err)
	}
	if _, err := st.service.GetPerson(t.Context(), st.abroad, st.worker.Account); !problem.Is(err, problem.NotFound) {
		t.Errorf("another body knows them: %v", err)
	}
	fatal(t, st.service.Give(t.Context(), st.admin, st.gift("educator")))
	again, err := st.service.GetPerson(t.Context(), st.admin, st.worker.Account)
	if err != nil || len(again.Held) != 1 || again.Name != before.Name {
		t.Errorf("given a role again they are %+v, %v", again, err)
	}
	if _, err := st.service.GetPerson(t.Context(), st.admin, uuid.New()); !problem.Is(err, problem.NotFound) {
		t.Errorf("nobody: %v", err)
	}
}

// Looking at one person is one event, which names them.
func TestAPersonIsReadOnce(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	for _, roles := range []int{1, 0} {
		_, err := st.Owner.Exec(t.Context(), `delete from audit.events where tenant_id = $1 and action = 'role.list'`, st.body.ID)
		fatal(t, err)
		p, err := st.service.GetPerson(t.Context(), st.admin, st.worker.Account)
		if err != nil || len(p.Held) != roles || p.Account != st.worker.Account {
			t.Errorf("they are %+v, %v", p, err)
		}
		var events, named int
		fatal(t, st.Owner.QueryRow(t.Context(), `select count(*), count(*) filter (where object_id = $2) from audit.events where tenant_id = $1 and action = 'role.list'`,
			st.body.ID, st.worker.Account).Scan(&events, &named))
		if events != 1 || named != 1 {
			t.Errorf("with %d roles: %d events, %d of the person", roles, events, named)
		}
		for _, h := range p.Held {
			fatal(t, st.service.End(t.Context(), st.admin, member.Ending{Membership: h.ID, Reason: "Trasferita"}))
		}
	}
}

// The last administrator is told why their role stays, and nothing of somebody else's change.
func TestTheLastAdministratorIsToldWhy(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	me, err := st.service.GetPerson(t.Context(), st.admin, st.admin.Account)
	fatal(t, err)
	for _, last := range []time.Time{{}, time.Now()} {
		err := st.service.End(t.Context(), st.admin, member.Ending{Membership: me.Held[0].ID, Last: last, Reason: "Lascio"})
		if got := problem.Of(err).Message.Key; got != "onboarding.member.error.last" {
			t.Errorf("until %v they are told %s", last, got)
		}
	}
}
