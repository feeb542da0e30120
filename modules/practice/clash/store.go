package clash

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/kit"
	"staffetta/tenants"
)

// Find reads, by kit.Place, what the body has to decide in an adoption.
func Find(ctx context.Context, tx tenants.Tx, of uuid.UUID) (map[string]Conflict, error) {
	rows, err := tx.Query(ctx, `select c.kind, c.key, c.sum, c.state = 'answered', c.answer, c.reason, c.fields, c.author_name
		from practice.conflicts c where c.tenant_id = app.tenant() and c.adoption_id = $1 and c.state <> 'over'`, of)
	if err != nil {
		return nil, fmt.Errorf("find the conflicts of an adoption: %w", err)
	}
	found := map[string]Conflict{}
	var c Conflict
	var fields string
	_, err = pgx.ForEachRow(rows, []any{&c.Kind, &c.Key, &c.Sum, &c.Answered, &c.Answer, &c.Reason, &fields, &c.Author}, func() error {
		c.Fields = nil
		if err := json.Unmarshal([]byte(fields), &c.Fields); err != nil {
			return fmt.Errorf("read the answers to %s: %w", kit.Place(c.Kind, c.Key), err)
		}
		found[kit.Place(c.Kind, c.Key)] = c
		return nil
	})
	return found, err
}

// Save keeps the conflicts of a kit as they stand; those about other items are over.
func Save(ctx context.Context, tx tenants.Tx, of, kitID uuid.UUID, all []Conflict) error {
	var b pgx.Batch
	places := make([]string, len(all))
	for i, c := range all {
		fields, err := json.Marshal(c.Fields)
		if err != nil {
			return fmt.Errorf("write the answers to %s: %w", kit.Place(c.Kind, c.Key), err)
		}
		state := "open"
		if c.Answered {
			state = "answered"
		}
		places[i] = kit.Place(c.Kind, c.Key)
		b.Queue(`insert into practice.conflicts as c (adoption_id, kind, key, kit_id, sum, state, answer, reason, fields, author_name)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			on conflict (tenant_id, adoption_id, kind, key) do update set kit_id = excluded.kit_id, sum = excluded.sum, state = excluded.state,
				answer = excluded.answer, reason = excluded.reason, fields = excluded.fields, author_name = excluded.author_name, changed_at = app.now(),
				opened_at = case when c.state = 'over' or c.sum <> excluded.sum then app.now() else c.opened_at end`,
			of, c.Kind, c.Key, kitID, c.Sum, state, c.Answer, c.Reason, string(fields), c.Author)
	}
	b.Queue(`update practice.conflicts c set state = 'over', changed_at = app.now()
		where c.tenant_id = app.tenant() and c.adoption_id = $1 and c.state <> 'over' and c.kind || '/' || c.key <> all ($2)`, of, places)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("keep the conflicts of an adoption: %w", err)
	}
	return nil
}

// Close ends all conflicts of an adoption and tells how many there were.
func Close(ctx context.Context, tx tenants.Tx, of uuid.UUID) (int, error) {
	tag, err := tx.Exec(ctx, `update practice.conflicts c set state = 'over', changed_at = app.now()
		where c.tenant_id = app.tenant() and c.adoption_id = $1 and c.state <> 'over'`, of)
	if err != nil {
		return 0, fmt.Errorf("end the conflicts of an adoption: %w", err)
	}
	return int(tag.RowsAffected()), nil
}

func findWaiting(ctx context.Context, db *tenants.DB, s tenants.Scope) (found []waiting, err error) {
	var b pgx.Batch
	b.Queue(`select c.adoption_id, c.kit_id, k.release, k.title_it, k.title_en, count(*)::int, max(c.opened_at)
		from practice.conflicts c join commons.kits k on k.id = c.kit_id join practice.adoptions a on a.id = c.adoption_id
		where c.tenant_id = $1 and c.state = 'open' and a.state <> 'ended'
		group by c.adoption_id, c.kit_id, k.release, k.title_it, k.title_en order by 7, 1 limit 200`, s.Tenant).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (waiting, error) {
				var w waiting
				return w, row.Scan(&w.Adoption, &w.Kit, &w.Release, &w.Title.It, &w.Title.En, &w.Open, &w.Since)
			})
			return err
		})
	if err := db.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find conflicts without an answer: %w", err)
	}
	return found, nil
}
