package profile

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// findContact returns where the contact of the entry of the scope's body is reached, as an unsaved profile; empty without an entry.
func (v *Service) findContact(ctx context.Context, s tenants.Scope) (p tenants.Profile, err error) {
	var b pgx.Batch
	b.Queue(`select c.phone, c.email from onboarding.entry_contact() c`).Query(func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&p.Phone, &p.Email}, func() error { return nil })
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return tenants.Profile{}, fmt.Errorf("get where the contact of the entry is reached: %w", err)
	}
	return p, nil
}
