package conduct

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

func (v *Service) findReading(ctx context.Context, s tenants.Scope) (at time.Time, err error) {
	var b pgx.Batch
	b.Queue(`select r.read_at from onboarding.conduct_readings r where r.tenant_id = $1 and r.account_id = $2 and r.edition = $3`, s.Tenant, s.Account, Edition).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&at}, func() error { return nil })
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return time.Time{}, fmt.Errorf("get who has read the code of conduct: %w", err)
	}
	return at, nil
}

// awaits tells whether the actor works in the body today and has not read the edition.
func (v *Service) awaits(ctx context.Context, s tenants.Scope) (waits bool, err error) {
	var b pgx.Batch
	b.Queue(`select exists (select from platform.held_roles() h where h.account_id = $2 and h.valid_from <= app.now()::date)
		and not exists (select from onboarding.conduct_readings r where r.tenant_id = $1 and r.account_id = $2 and r.edition = $3)`, s.Tenant, s.Account, Edition).
		QueryRow(func(row pgx.Row) error { return row.Scan(&waits) })
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return false, fmt.Errorf("get who is to read the code of conduct: %w", err)
	}
	return waits, nil
}

// keepReading tells whether the actor had not read the edition before.
func keepReading(ctx context.Context, tx tenants.Tx, s tenants.Scope) (first bool, err error) {
	tag, err := tx.Exec(ctx, `insert into onboarding.conduct_readings (tenant_id, account_id, edition) values ($1, $2, $3) on conflict do nothing`, s.Tenant, s.Account, Edition)
	if err != nil {
		return false, fmt.Errorf("keep who has read the code of conduct: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
