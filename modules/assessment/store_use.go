package assessment

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// uses measures how much each instrument is used, by the assessments made with it.
func uses(deps modules.Deps) []modules.UseSource {
	return []modules.UseSource{{Kind: kit.KindAssessment, Find: func(ctx context.Context, s tenants.Scope) (found []modules.Use, err error) {
		var b pgx.Batch
		b.Queue(`select u.key, u.days30, u.days90, u.days180, u.records, u.people, u.last from assessment.used() u`).Query(func(rows pgx.Rows) error {
			found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[modules.Use])
			return err
		})
		if err := deps.DB.Read(ctx, s, &b); err != nil {
			return nil, fmt.Errorf("measure the use of instruments: %w", err)
		}
		return found, nil
	}}}
}
