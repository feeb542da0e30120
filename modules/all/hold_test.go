package all_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

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
