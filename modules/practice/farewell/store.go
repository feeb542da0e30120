package farewell

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// findBonds finds the adoptions that end and counts the practices that stay.
func findBonds(ctx context.Context, tx tenants.Tx, s tenants.Scope) (found []adopted, published int, err error) {
	var batch pgx.Batch
	batch.Queue(`
		select k.title_it, k.title_en, coalesce(c.tenant_id, 0) from practice.adoptions a
		join practice.adoptions_parties me on me.adoption_id = a.id and me.tenant_id = $1 and me.side = 'reusing'
		left join practice.adoptions_parties c on c.adoption_id = a.id and c.side = 'ceding'
		join commons.kits k on k.id = a.kit_id where a.state <> 'ended' order by a.created_at, a.id limit 200`, s.Tenant).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (a adopted, err error) {
			return a, row.Scan(&a.Title.It, &a.Title.En, &a.Ceding)
		})
		return err
	})
	batch.Queue(`select count(*) from commons.practices p where p.tenant_id = $1`, s.Tenant).QueryRow(func(row pgx.Row) error { return row.Scan(&published) })
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return nil, 0, fmt.Errorf("find what ends of practices: %w", err)
	}
	return found, published, nil
}

// part ends what the body has with others over practices.
func part(ctx context.Context, tx tenants.Tx) error {
	if _, err := tx.Exec(ctx, `select practice.part()`); err != nil {
		return fmt.Errorf("take leave of who transfers practices: %w", err)
	}
	return nil
}
