package switching

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// findPeople finds the people of the body with the roles that they hold today.
func (v *Service) findPeople(ctx context.Context, s tenants.Scope) (map[uuid.UUID][]string, error) {
	people := map[uuid.UUID][]string{}
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, `select h.account_id, h.role from platform.held_roles() h where h.valid_from <= app.now()::date order by h.role`)
		if err != nil {
			return err
		}
		var account uuid.UUID
		var role string
		_, err = pgx.ForEachRow(rows, []any{&account, &role}, func() error {
			people[account] = append(people[account], role)
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find who holds which role: %w", err)
	}
	return people, nil
}

// switchModules turns modules on or off and returns all that are on then.
func switchModules(ctx context.Context, tx tenants.Tx, ids []string, on bool) ([]string, error) {
	rows, err := tx.Query(ctx, `select s.module from onboarding.switch_modules($1, $2) s`, ids, on)
	if err != nil {
		return nil, fmt.Errorf("switch modules: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("switch modules: %w", err)
	}
	return found, nil
}
