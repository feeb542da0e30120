package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

const day = 24 * time.Hour

// bodiesSQL finds the bodies that have a chain by as many steps along its key.
const bodiesSQL = `
	with recursive bodies as (
		(select tenant_id from audit.chain order by tenant_id limit 1)
		union all
		select (select c.tenant_id from audit.chain c where c.tenant_id > b.tenant_id order by c.tenant_id limit 1)
		from bodies b where b.tenant_id is not null)`

// rootColumns are the columns of a root r in the order of scanRoot.
const rootColumns = `r.tenant_id, r.day::text, r.first_seq, r.last_seq, r.head, r.previous, r.countersigners, r.made_at, r.hash`

func scanRoot(row pgx.CollectableRow) (r Root, err error) {
	err = row.Scan(&r.Body, &r.Day, &r.First, &r.Last, &r.Head, &r.Previous, &r.Countersigners, &r.MadeAt, &r.Hash)
	return r, err
}

// makeRoots makes, once after the end of a day, the roots of every chain that has grown since its last one. After days
// on which no sealer ran, one root covers them.
func makeRoots(ctx context.Context, tx tenants.Tx, now time.Time) error {
	today := now.UTC().Truncate(day)
	yesterday := today.Add(-day).Format(time.DateOnly)
	var made bool
	if err := tx.QueryRow(ctx, `select coalesce(rooted >= $1::text::date, false) from audit.sealed`, yesterday).Scan(&made); err != nil || made {
		return err
	}
	roots, err := findGrown(ctx, tx, today)
	if err != nil {
		return err
	}
	candidates, err := findCandidates(ctx, tx)
	if err != nil {
		return err
	}
	var batch pgx.Batch
	for _, r := range roots {
		r.Day, r.MadeAt = yesterday, now.UTC()
		r.Countersigners = choose(r.Body, r.Day, candidates[r.Body])
		r.Hash = r.sum()
		batch.Queue(`insert into audit.roots (tenant_id, day, first_seq, last_seq, head, previous, countersigners, made_at, hash)
			values ($1, $2::text::date, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
			r.Body, r.Day, r.First, r.Last, r.Head, r.Previous, r.Countersigners, r.MadeAt, r.Hash)
	}
	batch.Queue(`update audit.sealed set rooted = $1::text::date`, yesterday)
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return fmt.Errorf("keep the roots of %s: %w", yesterday, err)
	}
	return nil
}

// findGrown returns, for each chain with links of before the instant that are under no root, what its next root says of it.
func findGrown(ctx context.Context, tx tenants.Tx, before time.Time) ([]Root, error) {
	rows, err := tx.Query(ctx, bodiesSQL+`
		select b.tenant_id, coalesce(r.last_seq, 0) + 1, h.seq, h.hash, coalesce(r.hash, '')
		from bodies b
		cross join lateral (select c.seq, c.hash from audit.chain c
			where c.tenant_id = b.tenant_id and (c.sealed_at is null or c.sealed_at < $1) order by c.seq desc limit 1) h
		left join lateral (select x.last_seq, x.hash from audit.roots x where x.tenant_id = b.tenant_id order by x.day desc limit 1) r on true
		where h.seq > coalesce(r.last_seq, 0)`, before)
	if err != nil {
		return nil, fmt.Errorf("find the chains that have grown: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Root, err error) {
		return r, row.Scan(&r.Body, &r.First, &r.Last, &r.Head, &r.Previous)
	})
}

// findCandidates returns who may countersign, by body.
func findCandidates(ctx context.Context, tx tenants.Tx) (map[int32][]int32, error) {
	rows, err := tx.Query(ctx, `select c.body, c.countersigner from audit.countersigners() c`)
	if err != nil {
		return nil, fmt.Errorf("find who may countersign: %w", err)
	}
	candidates := map[int32][]int32{}
	var body, by int32
	_, err = pgx.ForEachRow(rows, []any{&body, &by}, func() error {
		candidates[body] = append(candidates[body], by)
		return nil
	})
	return candidates, err
}
