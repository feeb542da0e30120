package leaving_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/leaving"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stage is a body with an administrator and an officer for data protection, and another body.
type stage struct {
	*moduletest.Stage
	service            *leaving.Service
	body               tenants.Tenant
	admin, dpo, abroad tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	from := func(id modules.ID) modules.Module {
		return modules.Module{ID: id, Essential: true, Migrations: os.DirFS("../../modules/" + string(id) + "/migrations")}
	}
	st := &stage{Stage: moduletest.NewStage(t, from("registry"), from("kit"), onboarding.Module())}
	st.body = st.On(t, "pantelleria")
	st.service = leaving.NewService(st.Deps)
	st.admin, st.dpo = st.Operator(t, st.body, "tenant_admin"), st.Operator(t, st.body, "dpo")
	st.abroad = st.Operator(t, st.On(t, "mazara"), "dpo")
	return st
}

func (st *stage) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := st.Owner.Exec(t.Context(), sql, args...)
	fatal(t, err)
}

func (st *stage) read(t *testing.T) modules.Consent {
	t.Helper()
	o, err := st.service.Get(t.Context(), st.admin)
	fatal(t, err)
	return modules.Consent{Mark: o.Mark, Acknowledged: true}
}

func (st *stage) ask(t *testing.T) uuid.UUID {
	t.Helper()
	id := uuid.New()
	fatal(t, st.service.Ask(t.Context(), st.admin, leaving.Request{ID: id, Reason: "Passiamo all’unione", Waiver: "Non c’è nulla da portare via"}, st.read(t)))
	return id
}

// close has the body leave, which is kept from it by what an error says, "" for nothing.
func (st *stage) close(t *testing.T, id uuid.UUID, kept string) tenants.State {
	t.Helper()
	err := st.service.Close(t.Context(), tenants.Scope{Tenant: st.body.ID, Slug: st.body.Slug, Name: "sistema"}, id)
	if (err == nil) != (kept == "") || err != nil && !strings.Contains(err.Error(), kept) {
		t.Errorf("the body is kept by %v, want %q", err, kept)
	}
	body, err := st.Deps.Bodies.ByID(st.body.ID)
	fatal(t, err)
	return body.State
}

// Nobody asks without an archive or a waiver, without having read, or twice; nobody agrees alone, unread or from another body.
func TestTwoPeopleDecide(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	want := func(what string, err error, kind problem.Kind) {
		t.Helper()
		if !problem.Is(err, kind) {
			t.Errorf("%s: %v", what, err)
		}
	}
	ask := func(r leaving.Request, c modules.Consent) error {
		r.ID = uuid.New()
		return st.service.Ask(t.Context(), st.admin, r, c)
	}
	full := leaving.Request{Reason: "Passiamo all’unione", Waiver: "Nulla da portare via"}
	want("no archive", ask(leaving.Request{Reason: "Passiamo"}, st.read(t)), problem.Invalid)
	want("no reason", ask(leaving.Request{Waiver: "Nulla"}, st.read(t)), problem.Invalid)
	want("unread", ask(full, modules.Consent{Mark: st.read(t).Mark}), problem.Invalid)
	want("something else was read", ask(full, modules.Consent{Mark: "x", Acknowledged: true}), problem.Conflict)
	id := st.ask(t)
	want("twice", ask(full, st.read(t)), problem.Conflict)
	want("alone", st.service.Agree(t.Context(), st.admin, id, st.read(t)), problem.Forbidden)
	want("another body's", st.service.Agree(t.Context(), st.abroad, id, st.read(t)), problem.NotFound)
	want("unread by the other", st.service.Agree(t.Context(), st.dpo, id, modules.Consent{Mark: st.read(t).Mark}), problem.Invalid)
	want("no words", st.service.Refuse(t.Context(), st.dpo, id, " "), problem.Invalid)
	fatal(t, st.service.Refuse(t.Context(), st.dpo, id, "Restiamo"))
	want("after the refusal", st.service.Agree(t.Context(), st.dpo, id, st.read(t)), problem.Conflict)
	next := st.ask(t)
	want("stopped without a reason", st.service.Stop(t.Context(), st.admin, next, " "), problem.Invalid)
	fatal(t, st.service.Stop(t.Context(), st.admin, next, "Abbiamo cambiato idea"))
	want("after it was taken back", st.service.Refuse(t.Context(), st.dpo, next, "Tardi"), problem.Conflict)
	err := st.DB.InTx(t.Context(), st.admin, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update onboarding.leavings set state = 'agreed', decided_by = asked_by, due_at = now()`)
		return err
	})
	if err == nil {
		t.Error("one person can decide alone")
	}
}

// An archive that was fetched lately takes the place of a waiver.
func TestAnArchiveWasFetched(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.exec(t, `insert into onboarding.exports (tenant_id, id, state, receiver, recipient, reason, asked_by, asked_name, decided_by, fetched_name, fetched_at, manifest_sum)
		values ($1, $2, 'expired', 'Unione', 'age1' || repeat('q', 58), 'uscita', $3, 'Ada', $4, 'Ada', now() - interval '29 days', repeat('a', 64))`,
		st.body.ID, uuid.New(), st.admin.Account, st.dpo.Account)
	id := uuid.New()
	fatal(t, st.service.Ask(t.Context(), st.admin, leaving.Request{ID: id, Reason: "Passiamo all’unione"}, st.read(t)))
	fatal(t, st.service.Stop(t.Context(), st.admin, id, "Restiamo"))
	st.exec(t, `update onboarding.exports set fetched_at = now() - interval '31 days'`)
	if err := st.service.Ask(t.Context(), st.admin, leaving.Request{ID: uuid.New(), Reason: "Passiamo"}, st.read(t)); !problem.Is(err, problem.Invalid) {
		t.Errorf("with an archive of last month: %v", err)
	}
}

// A live body leaves after thirty days, unless that was taken back; its slug is then as unknown, nobody has a session or a role there.
func TestTheTermCanBeTakenBack(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	first := st.ask(t)
	fatal(t, st.service.Agree(t.Context(), st.dpo, first, st.read(t)))
	if state := st.close(t, first, "the body leaves at"); state != tenants.Active {
		t.Errorf("before its day the body is %s", state)
	}
	err := st.DB.InTx(t.Context(), st.admin, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `select onboarding.shut_body()`)
		return err
	})
	if !problem.Is(err, problem.Conflict) { // the database knows the day, too
		t.Errorf("shut before its day: %v", err)
	}
	fatal(t, st.service.Stop(t.Context(), st.dpo, first, "Restiamo"))
	st.exec(t, `update onboarding.leavings set due_at = now() - interval '1 hour'`)
	if state := st.close(t, first, ""); state != tenants.Active {
		t.Errorf("after it was stopped the body is %s", state)
	}
	second := st.ask(t)
	fatal(t, st.service.Agree(t.Context(), st.dpo, second, st.read(t)))
	o, err := st.service.Get(t.Context(), st.admin)
	fatal(t, err)
	if left := time.Until(*o.Current().DueAt); left > leaving.Term || left < leaving.Term-time.Hour {
		t.Errorf("it is closed in %v", left)
	}
	st.exec(t, `update onboarding.leavings set due_at = now() - interval '1 hour' where state = 'agreed'`)
	if state := st.close(t, second, ""); state != tenants.Closed {
		t.Errorf("after its day the body is %s", state)
	}
	var left int
	fatal(t, st.Owner.QueryRow(t.Context(), `select (select count(*) from platform.memberships where tenant_id = $1) + (select count(*) from platform.sessions where tenant_id = $1)
		+ (select count(*) from platform.accounts where id in ($2, $3))`, st.body.ID, st.admin.Account, st.dpo.Account).Scan(&left))
	if left != 0 {
		t.Errorf("%d roles, sessions and accounts are left", left)
	}
}

// A body on trial leaves at once.
func TestATrialLeavesAtOnce(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.exec(t, `update platform.tenants set state = 'entering' where id = $1`, st.body.ID)
	fatal(t, st.Deps.Bodies.Reload(t.Context()))
	id := st.ask(t)
	fatal(t, st.service.Agree(t.Context(), st.dpo, id, st.read(t)))
	if state := st.close(t, id, ""); state != tenants.Closed {
		t.Errorf("the body is %s", state)
	}
}

// A body that went live and took that back has people in it: it leaves after its term.
func TestABodyThatWasLiveHasItsTerm(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.exec(t, `update platform.tenants set state = 'entering' where id = $1`, st.body.ID)
	st.exec(t, `insert into onboarding.openings (tenant_id, id, opens, account_id, name, reason) values ($1, gen_random_uuid(), true, $2, 'Ada', ''),
		($1, gen_random_uuid(), false, $2, 'Ada', 'Troppo presto')`, st.body.ID, st.admin.Account)
	fatal(t, st.Deps.Bodies.Reload(t.Context()))
	id := st.ask(t)
	fatal(t, st.service.Agree(t.Context(), st.dpo, id, st.read(t)))
	o, err := st.service.Get(t.Context(), st.admin)
	fatal(t, err)
	if left := time.Until(*o.Current().DueAt); o.Trial || left < leaving.Term-time.Hour {
		t.Errorf("it leaves in %v, on trial %v", left, o.Trial)
	}
	if state := st.close(t, id, "the body leaves at"); state != tenants.Entering {
		t.Errorf("the body is %s", state)
	}
}

// While something is held the body neither asks nor agrees to leave; held after that, it stays past its day, until the hold ends.
func TestWhatIsHeldKeepsTheBody(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	hold := func(until any) {
		t.Helper()
		st.exec(t, `insert into onboarding.holds (tenant_id, id, person_id, reason, until, held_by, held_name)
			values ($1, gen_random_uuid(), gen_random_uuid(), 'causa pendente', $2, $3, 'Ada')`, st.body.ID, until, st.dpo.Account)
	}
	release := func() {
		st.exec(t, `update onboarding.holds set ended_by = held_by, ended_at = now(), end_reason = 'causa finita' where ended_at is null`)
	}
	hold("2020-01-01")
	if o, err := st.service.Get(t.Context(), st.admin); err != nil || o.Held != 0 {
		t.Errorf("a hold of 2020 counts: %d, %v", o.Held, err)
	}
	hold(nil)
	if o, err := st.service.Get(t.Context(), st.admin); err != nil || o.Held != 1 {
		t.Errorf("%d are held, %v", o.Held, err)
	}
	err := st.service.Ask(t.Context(), st.admin, leaving.Request{ID: uuid.New(), Reason: "Passiamo", Waiver: "Nulla"}, st.read(t))
	if !problem.Is(err, problem.Conflict) {
		t.Errorf("asked: %v", err)
	}
	release()
	id := st.ask(t)
	hold(nil)
	if err := st.service.Agree(t.Context(), st.dpo, id, st.read(t)); !problem.Is(err, problem.Conflict) {
		t.Errorf("agreed: %v", err)
	}
	release()
	fatal(t, st.service.Agree(t.Context(), st.dpo, id, st.read(t)))
	st.exec(t, `update onboarding.leavings set due_at = now() - interval '1 hour'`)
	hold(nil)
	job := tenants.Scope{Tenant: st.body.ID, Slug: st.body.Slug, Name: "sistema"}
	if err := st.service.Close(t.Context(), job, id); err == nil {
		t.Errorf("closed: %v", err)
	}
	err = st.DB.InTx(t.Context(), job, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `select onboarding.shut_body()`)
		return err
	})
	if !problem.Is(err, problem.Conflict) {
		t.Errorf("shut: %v", err)
	}
	release()
	if state := st.close(t, id, ""); state != tenants.Closed {
		t.Errorf("after the hold the body is %s", state)
	}
}
