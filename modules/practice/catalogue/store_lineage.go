package catalogue

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

func (v *Service) getDescent(ctx context.Context, s tenants.Scope, practice uuid.UUID) (Descent, error) {
	var b pgx.Batch
	var found Descent
	// Of each kit, its items are compared with those of the kit they came from, by kind and key.
	kin := func(where string) string {
		return `select p.id, p.body, k.title_it, k.title_en, l.release,
			(select count(*) from commons.kit_items a join commons.kit_items c on c.kind = a.kind and c.key = a.key
				where a.kit_id = l.taker and c.kit_id = l.source and a.sha256 = c.sha256)::int,
			(select count(*) from commons.kit_items a join commons.kit_items c on c.kind = a.kind and c.key = a.key
				where a.kit_id = l.taker and c.kit_id = l.source and a.sha256 <> c.sha256)::int
		from (select o.practice_id as taking, n.id as taker, (e ->> 'practice')::uuid as giving, (e ->> 'kit')::uuid as source, e ->> 'release' as release
			from commons.offers o join commons.kits n on n.id = o.kit_id cross join jsonb_array_elements(n.lineage) as e ` + where
	}
	collect := func(into *[]Kin) func(pgx.Rows) error {
		return func(rows pgx.Rows) (err error) {
			*into, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (k Kin, err error) {
				return k, row.Scan(&k.Practice, &k.Body, &k.Title.It, &k.Title.En, &k.Release, &k.Kept, &k.Changed)
			})
			return err
		}
	}
	b.Queue(kin(`where o.practice_id = $1) l join commons.practices p on p.id = l.giving join commons.kits k on k.id = l.source
		order by k.title_it, l.release limit 50`), practice).Query(collect(&found.Origins))
	b.Queue(kin(`where n.lineage @> jsonb_build_array(jsonb_build_object('practice', $1::uuid))) l
		join commons.practices p on p.id = l.taking join commons.kits k on k.id = l.taker
		where l.giving = $1 and l.taking <> $1 order by k.title_it, l.release limit 50`), practice).Query(collect(&found.Derived))
	b.Queue(`select t.release, t.bodies, t.adapted from practice.taken($1) t order by string_to_array(t.release, '.')::int[] limit 50`, practice).
		Query(func(rows pgx.Rows) (err error) {
			found.Taken, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Taken])
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return Descent{}, fmt.Errorf("find where a practice went: %w", err)
	}
	return found, nil
}
