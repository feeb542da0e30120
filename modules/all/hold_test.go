package all_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/onboarding/retention"
	"staffetta/tenants"
)

// beside begins a change and does not commit it before what has to wait for it waits; where nothing does, it is committed when that is over.
// It returns what came of the two.
func (b *oldBody) beside(t *testing.T, change func(tenants.Tx) error, waits func(context.Context) error) (changed, waited error) {
	t.Helper()
	ctx := t.Context()
	begun, done := make(chan int, 1), make(chan error, 1)
	over := make(chan error, 1)
	go func() {
		over <- b.DB.InTx(ctx, b.dpo, func(tx tenants.Tx) error {
			var pid int
			if err := change(tx); err != nil {
				return err
			}
			if err := tx.QueryRow(ctx, `select pg_backend_pid()`).Scan(&pid); err != nil {
				return err
			}
			begun <- pid
			for blocked := false; !blocked; {
				select {
				case err := <-done:
					done <- err
					return nil
				default:
				}
				if err := tx.QueryRow(ctx, `select exists (select from pg_locks l where not l.granted and $1 = any (pg_blocking_pids(l.pid)))`, pid).Scan(&blocked); err != nil {
					return err
				}
			}
			return nil
		})
	}()
	select {
	case <-begun:
	case err := <-over:
		t.Fatalf("it did not begin: %v", err)
	}
	done <- waits(ctx)
	return <-over, <-done
}

// TestTwoWhoDecideAtOnce takes a list back while somebody agrees to it, and ends a hold while somebody else does: the second is told.
func TestTwoWhoDecideAtOnce(t *testing.T) {
	t.Parallel()
	b := newOldBody(t)
	id := b.propose(t, "case")
	changed, waited := b.beside(t, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update onboarding.disposals set state = 'agreed', decided_by = app.account(), authorisation = '1', authorised_on = now()`)
		return err
	}, func(ctx context.Context) error { return b.service.Withdraw(ctx, b.proposer, id) })
	if changed != nil || !isConflict(waited) {
		t.Errorf("agreed %v, taken back meanwhile %v", changed, waited)
	}
	hold := b.hold(t, "case_id", b.file)
	changed, waited = b.beside(t, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update onboarding.holds set ended_by = app.account(), ended_name = 'X', ended_at = app.now(), end_reason = 'finita'`)
		return err
	}, func(ctx context.Context) error { return b.service.Release(ctx, b.proposer, hold, "causa finita") })
	if changed != nil || !isConflict(waited) {
		t.Errorf("ended %v, ended meanwhile %v", changed, waited)
	}
}

// hold holds something past the service.
func (b *oldBody) hold(t *testing.T, column string, of uuid.UUID) (id uuid.UUID) {
	t.Helper()
	id = uuid.Must(uuid.NewV7())
	b.run(t, `insert into onboarding.holds (tenant_id, id, `+pgx.Identifier{column}.Sanitize()+`, reason, held_by, held_name) values ($1, $2, $3, 'causa pendente', $4, 'Anna')`,
		b.body.ID, id, of, b.account)
	return id
}

func isConflict(err error) bool { return err != nil && strings.HasPrefix(err.Error(), "conflict") }

// TestAHoldWaitsForTheDisposal sets a hold while the case goes: it is refused, instead of going with the case.
func TestAHoldWaitsForTheDisposal(t *testing.T) {
	t.Parallel()
	b := newOldBody(t)
	var number string
	if err := b.Owner.QueryRow(t.Context(), `select number from casefile.cases where id = $1`, b.file).Scan(&number); err != nil {
		t.Fatal(err)
	}
	id := b.propose(t, "case")
	if err := b.service.Agree(t.Context(), b.dpo, id, b.agreed(t, id)); err != nil {
		t.Fatal(err)
	}
	changed, waited := b.beside(t, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `select onboarding.dispose($1, '{}', '{}', '{}')`, id)
		return err
	}, func(ctx context.Context) error {
		return b.service.Keep(ctx, b.proposer, retention.NewHold{ID: uuid.New(), Number: number, Reason: "causa pendente"})
	})
	if changed != nil || !isConflict(waited) || b.count(t, "onboarding.holds", b.body.ID) != 0 || b.count(t, "casefile.cases", b.body.ID) != 0 {
		t.Errorf("removed %v, held meanwhile %v", changed, waited)
	}
}

// TestWhoIsHeld holds a person, as somebody who must not see who it is: their case stays, one where they are beside somebody else, and
// what only names a held case.
func TestWhoIsHeld(t *testing.T) {
	t.Parallel()
	b := newOldBody(t)
	b.run(t, `delete from policies.case_subjects`)
	want := func(what, kind string, ready, held int) {
		t.Helper()
		if got := b.ready(t, kind); got != [3]int{ready, held, 0} {
			t.Errorf("%s, %s: %v", what, kind, got)
		}
	}
	admin := b.Operator(t, b.body, "tenant_admin")
	hold := uuid.New()
	if err := b.service.Keep(t.Context(), admin, retention.NewHold{ID: uuid.New(), Person: uuid.New(), Reason: "causa pendente"}); err == nil {
		t.Errorf("a person that is none: %v", err)
	}
	if err := b.service.Keep(t.Context(), b.foreign, retention.NewHold{ID: uuid.New(), Person: b.person, Reason: "causa pendente"}); err == nil {
		t.Errorf("another body's person: %v", err)
	}
	if err := b.service.Keep(t.Context(), admin, retention.NewHold{ID: hold, Person: b.person, Reason: "causa pendente"}); err != nil {
		t.Fatal(err)
	}
	want("the case's person is held", "case", 0, 1)
	b.run(t, `update onboarding.holds set until = '2020-01-01'`)
	want("the hold is over", "case", 1, 0)

	b.run(t, `delete from onboarding.holds`)
	other := uuid.New()
	b.hold(t, "person_id", other)
	want("somebody else is held", "case", 1, 0)
	b.run(t, `insert into policies.case_subjects (tenant_id, case_id, person_id, section) values ($1, $2, $3, 'identity')`, b.body.ID, b.file, other)
	want("somebody whom the case is about", "case", 0, 1)

	b.tell(t)
	b.run(t, `update intake.drafts set updated_at = '2014-01-01', typed = 'persona=' || $1::text`, uuid.NewString())
	b.run(t, `update casefile.notices set at = '2014-01-01', path = '/sportello/' || $1::text, reference = ''`, uuid.NewString())
	b.run(t, `update ledger.contests c set answered_at = '2014-01-01', answer = 'sì', finding = 'justified', event_id = e.id, event_at = e.at
		from audit.events e where e.case_id = $1 and e.action = 'case.read'`, b.file)
	want("a draft of nobody", "draft", 1, 0)
	want("a notice of nothing", "notice", 1, 0)
	want("an event of the case", "contest", 0, 1)
	b.run(t, `update intake.drafts set typed = 'persona=' || $1::text`, other.String())
	b.run(t, `update casefile.notices set path = '/cartelle/' || $1::text || '/diario'`, b.file.String())
	want("a draft that names them", "draft", 0, 1)
	want("a notice that leads to the case", "notice", 0, 1)
	b.run(t, `update casefile.notices set path = '/scrivania', reference = (select number from casefile.cases where id = $1)`, b.file)
	want("a notice with its number", "notice", 0, 1)
}
