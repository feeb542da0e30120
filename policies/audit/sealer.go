package audit

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// sealerLock lets one instance seal at a time.
const sealerLock = 0x5EA1

// sealBatch bounds how many events one transaction seals.
const sealBatch = 20_000

// unsealed is an event that waits for its place in the chain of its body.
type unsealed struct {
	tenant int32
	link
}

// Seal chains every event of a transaction older than all running ones, each body
// on a chain of its own, and returns how many it sealed; once after the end of a day,
// UTC, it makes the roots of the day. Another instance sealing at the same time makes
// it return 0.
func Seal(ctx context.Context, db *tenants.DB) (sealed int, err error) {
	err = db.Audit(ctx, func(tx tenants.Tx) error {
		var mine bool
		if err := tx.QueryRow(ctx, `select pg_try_advisory_xact_lock($1)`, int64(sealerLock)).Scan(&mine); err != nil || !mine {
			return err
		}
		var now time.Time
		if err := tx.QueryRow(ctx, `select app.now()`).Scan(&now); err != nil {
			return fmt.Errorf("read the clock: %w", err)
		}
		if err := makeRoots(ctx, tx, now); err != nil {
			return err
		}
		links, upto, err := findUnsealed(ctx, tx)
		if err != nil {
			return err
		}
		if err := chain(ctx, tx, now, links); err != nil {
			return err
		}
		sealed = len(links)
		if upto != "" {
			_, err = tx.Exec(ctx, `update audit.sealed set upto = $1::text::xid8 where upto <> $1::text::xid8`, upto)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("seal the audit: %w", err)
	}
	return sealed, nil
}

// findUnsealed returns the next events in order and the transaction below which all are then in the chain; "" leaves it
// as it is. A database that was restored into another server counts its transactions anew: then every event that is in
// no chain is looked for, once.
func findUnsealed(ctx context.Context, tx tenants.Tx) ([]unsealed, string, error) {
	var upto string
	var restored bool
	err := tx.QueryRow(ctx, `select pg_snapshot_xmin(pg_current_snapshot())::text, s.upto > pg_snapshot_xmax(pg_current_snapshot())
		from audit.sealed s`).Scan(&upto, &restored)
	if err != nil {
		return nil, "", fmt.Errorf("read the oldest running transaction: %w", err)
	}
	within := `e.txid >= s.upto and e.txid < $1::text::xid8`
	if restored {
		within = `(e.txid < $1::text::xid8 or e.txid >= pg_snapshot_xmax(pg_current_snapshot()))`
	}
	rows, err := tx.Query(ctx, fmt.Sprintf(`
		select e.tenant_id, e.id, e.at, e.txid::text, %s, e.payload_hash
		from audit.events e, audit.sealed s
		where %s and not exists (select 1 from audit.chain c where c.tenant_id = e.tenant_id and c.event_id = e.id)
		order by e.txid, e.id limit %d`, namedSQL, within, sealBatch), upto)
	if err != nil {
		return nil, "", fmt.Errorf("find unsealed events: %w", err)
	}
	var last string
	links, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (unsealed, error) {
		var l unsealed
		return l, row.Scan(&l.tenant, &l.ID, &l.At, &last, &l.Event, &l.PayloadHash)
	})
	if len(links) == sealBatch { // the rest follows in the next batch
		if upto = last; restored {
			upto = ""
		}
	}
	return links, upto, err
}

// chain appends links to the chains of their bodies.
func chain(ctx context.Context, tx tenants.Tx, now time.Time, links []unsealed) error {
	heads, err := findHeads(ctx, tx, links)
	if err != nil {
		return err
	}
	var tenantIDs []int32
	var seqs []int64
	var ids []uuid.UUID
	var ats []time.Time
	var hashes [][]byte
	for _, l := range links {
		h := heads[l.tenant]
		h.seq++
		l.Seq, l.Form, l.SealedAt = h.seq, namedForm, &now
		h.hash = l.sum(h.hash)
		tenantIDs, seqs, ids = append(tenantIDs, l.tenant), append(seqs, h.seq), append(ids, l.ID)
		ats, hashes = append(ats, l.At), append(hashes, h.hash)
	}
	_, err = tx.Exec(ctx, `insert into audit.chain (tenant_id, seq, event_id, event_at, hash, form, sealed_at)
		select u.tenant_id, u.seq, u.event_id, u.event_at, u.hash, $6, $7
		from unnest($1::int[], $2::bigint[], $3::uuid[], $4::timestamptz[], $5::bytea[]) as u (tenant_id, seq, event_id, event_at, hash)`,
		tenantIDs, seqs, ids, ats, hashes, namedForm, now)
	if err != nil {
		return fmt.Errorf("append to the chains: %w", err)
	}
	return nil
}

type head struct {
	seq  int64
	hash []byte
}

// findHeads finds where the chains of the bodies of links end, in one round trip: a batch may hold events of a thousand.
func findHeads(ctx context.Context, tx tenants.Tx, links []unsealed) (map[int32]*head, error) {
	heads := map[int32]*head{}
	for _, l := range links {
		heads[l.tenant] = &head{}
	}
	rows, err := tx.Query(ctx, `select u.tenant_id, c.seq, c.hash from unnest($1::int[]) as u (tenant_id)
		cross join lateral (select x.seq, x.hash from audit.chain x where x.tenant_id = u.tenant_id order by x.seq desc limit 1) c`,
		slices.Collect(maps.Keys(heads)))
	if err != nil {
		return nil, fmt.Errorf("find the heads of the chains: %w", err)
	}
	var tenant int32
	var h head
	_, err = pgx.ForEachRow(rows, []any{&tenant, &h.seq, &h.hash}, func() error {
		*heads[tenant] = head{h.seq, bytes.Clone(h.hash)}
		return nil
	})
	return heads, err
}

// HoldSealer keeps every instance from sealing until tx ends. Whoever locks the audit's tables calls it before: sealing
// takes them in another order.
func HoldSealer(ctx context.Context, tx tenants.Tx) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(sealerLock)); err != nil {
		return fmt.Errorf("hold the sealer: %w", err)
	}
	return nil
}

// RunSealer seals every second until ctx ends.
func RunSealer(ctx context.Context, db *tenants.DB, failed func(error)) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := Seal(ctx, db); err != nil && ctx.Err() == nil {
				failed(err)
			}
		}
	}
}
