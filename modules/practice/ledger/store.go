package ledger

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// findLedger reads what the own body made of the items of an adoption.
func findLedger(ctx context.Context, tx tenants.Tx, id uuid.UUID) ([]Line, error) {
	rows, err := tx.Query(ctx, `
		select a.kind, a.key, i.title_it, i.title_en, a.decision, a.reason, k.release, a.updated_at, b.content, coalesce(v.content, b.content), coalesce(v.reason, '')
		from practice.became a
		join commons.kits k on k.id = a.kit_id
		join commons.kit_items b on b.kit_id = a.kit_id and b.kind = a.kind and b.key = a.key
		join kit.items i on i.tenant_id = a.tenant_id and i.id = a.item_id
		left join kit.item_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id
		where a.tenant_id = app.tenant() and a.adoption_id = $1 and a.decision <> 'left' order by a.kind, a.key limit 5000`, id)
	if err != nil {
		return nil, fmt.Errorf("find what became of a kit: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Line, error) {
		var a applied
		var base, current string
		err := row.Scan(&a.Kind, &a.Key, &a.Title.IT, &a.Title.EN, &a.Decision, &a.Reason, &a.Release, &a.At, &base, &current, &a.changeReason)
		if err != nil {
			return Line{}, err
		}
		a.base, a.current = []byte(base), []byte(current)
		return a.line()
	})
}

// findUptake reads counts: the function tells none below three, and none of another body's practice.
func findUptake(ctx context.Context, tx tenants.Tx, practice uuid.UUID) ([]Uptake, error) {
	rows, err := tx.Query(ctx, `select u.kind, u.key, u.adopted, u.adapted, u.dropped from practice.item_uptake($1) u`, practice)
	if err != nil {
		return nil, fmt.Errorf("count what became of a practice: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Uptake])
}
