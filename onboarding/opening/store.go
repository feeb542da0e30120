package opening

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// maxHistory bounds how much of the history is shown.
const maxHistory = 50

func (v *Service) findOpenings(ctx context.Context, s tenants.Scope) (found []Opening, err error) {
	var batch pgx.Batch
	batch.Queue(fmt.Sprintf(`select o.id, o.opens, o.name, o.reason, o.at from onboarding.openings o where o.tenant_id = $1
		order by o.at desc, o.opens limit %d`, maxHistory), s.Tenant).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, pgx.RowToStructByName[Opening])
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find when the body went live: %w", err)
	}
	return found, nil
}

func openBody(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) error {
	if _, err := tx.Exec(ctx, `select onboarding.open_body($1, $2)`, id, s.Name); err != nil {
		return fmt.Errorf("bring a body live: %w", err)
	}
	return nil
}

func takeBack(ctx context.Context, tx tenants.Tx, s tenants.Scope, o Opening) error {
	if _, err := tx.Exec(ctx, `select onboarding.take_back_opening($1, $2, $3)`, o.ID, s.Name, o.Reason); err != nil {
		return fmt.Errorf("put a body back on trial: %w", err)
	}
	return nil
}
