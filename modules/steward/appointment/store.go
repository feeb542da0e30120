package appointment

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

func (v *Service) appoint(ctx context.Context, platform int32, a Appointment) (account uuid.UUID, err error) {
	err = v.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		if account, err = tenants.EnsureAccount(ctx, tx, v.deps.Platform.Seal, a.TaxCode); err != nil {
			return err
		}
		return tenants.CreateMembership(ctx, tx, platform, account, tenants.Membership{Role: a.Role, Name: a.Name})
	})
	return account, err
}

// end lets a role end before today, so that the next request does not have it, and the sessions of who has none left.
func (v *Service) end(ctx context.Context, platform int32, a Appointment) (account uuid.UUID, err error) {
	err = v.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		err := tx.QueryRow(ctx, `update platform.memberships m set valid_from = least(m.valid_from, app.now()::date - 1), valid_to = app.now()::date - 1
			from platform.accounts a where m.tenant_id = $1 and m.account_id = a.id and a.cf_token = $2 and m.role = $3 and m.valid_to is null
			returning m.account_id`, platform, v.deps.Platform.Seal.Token(a.TaxCode), a.Role).Scan(&account)
		if errors.Is(err, pgx.ErrNoRows) {
			return problem.New(problem.NotFound, "steward.appointment.none")
		}
		if err != nil {
			return fmt.Errorf("end an appointment: %w", err)
		}
		_, err = tx.Exec(ctx, `update platform.sessions s set ended_at = app.now() where s.tenant_id = $1 and s.account_id = $2 and s.ended_at is null
			and not exists (select from platform.memberships m where m.tenant_id = $1 and m.account_id = $2 and m.valid_to is null)`, platform, account)
		if err != nil {
			return fmt.Errorf("end the sessions of who was appointed: %w", err)
		}
		return nil
	})
	return account, err
}

func (v *Service) find(ctx context.Context, platform int32) (held []Held, err error) {
	err = v.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, `select m.display_name, m.role, m.valid_from from platform.memberships m
			where m.tenant_id = $1 and m.role = any($2) and (m.valid_to is null or m.valid_to >= app.now()::date) order by m.display_name, m.role`, platform, Roles)
		if err != nil {
			return fmt.Errorf("find who runs the platform: %w", err)
		}
		held, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Held])
		return err
	})
	return held, err
}
