package credit

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// Find gathers the credits of a kit of the own body that is to be published under a number: for the accepted proposals
// whose change is in one of the item versions of the kit.
func Find(ctx context.Context, tx tenants.Tx, practice uuid.UUID, number string, versions []uuid.UUID) ([]Credit, error) {
	rows, err := tx.Query(ctx, `select p.kind, p.key, p.title_it, p.title_en, p.reusing_body, p.reason, coalesce(nullif(p.credited_release, ''), $2)
		from practice.proposals p
		where p.ceding_tenant = app.tenant() and p.practice_id = $1 and p.state = 'accepted'
			and exists (select from kit.item_versions v where v.tenant_id = app.tenant() and v.id = any ($3) and v.kind = p.kind and v.key = p.key
				and v.number >= p.accepted_number)
		order by p.answered_at, p.id limit 1000`, practice, number, versions)
	if err != nil {
		return nil, fmt.Errorf("find the credits of a kit: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Credit, error) {
		var c Credit
		return c, row.Scan(&c.Kind, &c.Key, &c.Title.IT, &c.Title.EN, &c.Body, &c.Reason.IT, &c.Release)
	})
}

// Record notes which proposals a kit that was just published credits for the first time.
func Record(ctx context.Context, tx tenants.Tx, kit uuid.UUID) error {
	if _, err := tx.Exec(ctx, `select practice.credit_proposals($1)`, kit); err != nil {
		return fmt.Errorf("record the credits of a kit: %w", err)
	}
	return nil
}
