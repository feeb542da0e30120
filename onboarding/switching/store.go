package switching

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// switchModules turns modules on or off and returns all that are on then.
func switchModules(ctx context.Context, tx tenants.Tx, ids []string, on bool) ([]string, error) {
	rows, err := tx.Query(ctx, `select onboarding.switch_modules($1, $2)`, ids, on)
	if err != nil {
		return nil, fmt.Errorf("switch modules: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("switch modules: %w", err)
	}
	return found, nil
}
