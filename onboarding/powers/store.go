package powers

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/modules"
	"staffetta/tenants"
)

// Confirm confirms the powers of the contact of an entry, by somebody else who works at it; the database refuses who began it.
// It tells whether nobody had before.
func Confirm(ctx context.Context, tx tenants.Tx, entry uuid.UUID, name string) (first bool, err error) {
	if err := tx.QueryRow(ctx, `select onboarding.confirm_powers($1, left($2, 120))`, entry, name).Scan(&first); err != nil {
		return false, fmt.Errorf("confirm powers: %w", err)
	}
	return first, nil
}

// Confirmed tells whether a second person has confirmed the powers of who entered with the body of the transaction. Without it
// the body can be tried and does not go live. One that came without an entry, by a command of who runs the platform, needs none.
func Confirmed(ctx context.Context, tx tenants.Tx) (confirmed bool, err error) {
	if err := tx.QueryRow(ctx, `select onboarding.powers_confirmed()`).Scan(&confirmed); err != nil {
		return false, fmt.Errorf("ask for the confirmation of powers: %w", err)
	}
	return confirmed, nil
}

func (v *Service) get(ctx context.Context, s tenants.Scope) (p Powers, err error) {
	var b pgx.Batch
	b.Queue(`select e.entry, e.confirmed_name, e.confirmed_at from onboarding.own_entry() e`).Query(func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&p.Entry, &p.By, (*zeronull.Timestamptz)(&p.At)}, func() error { return nil })
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return Powers{}, fmt.Errorf("get who entered with the body: %w", err)
	}
	return p, nil
}

// countAsked counts the entries of the body that wait for the actor to confirm them: none or one.
func countAsked(ctx context.Context, tx tenants.Tx, _ tenants.Scope) (p modules.Pile, err error) {
	err = tx.QueryRow(ctx, `select count(*), (array_agg(a.entry))[1], max(a.since) from onboarding.powers_asked() a`).
		Scan(&p.Count, (*zeronull.UUID)(&p.First), (*zeronull.Timestamptz)(&p.Since))
	if err != nil {
		return p, fmt.Errorf("ask whose powers wait: %w", err)
	}
	return p, nil
}
