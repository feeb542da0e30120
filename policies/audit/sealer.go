package audit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// sealerLock lets one instance seal at a time.
const sealerLock = 0x5EA1

// sealBatch bounds how many events one transaction seals.
const sealBatch = 20_000

// link is an event as the chain covers it.
type link struct {
	tenant  int32
	id      uuid.UUID
	at      time.Time
	covered string // every stored column but the payload, as PostgreSQL writes them
	payload []byte // hash of the payload
}

// coveredSQL lists what a hash covers besides sequence, previous hash and payload hash.
const coveredSQL = `concat_ws('|', e.tenant_id, e.id, extract(epoch from e.at)::numeric, e.actor_tenant, e.account_id, e.actor_name,
	e.assurance, e.purpose, e.request_id, e.action, e.relation, e.object_id, e.case_id, array_to_string(e.sections, ','), e.share_id,
	array_to_string(e.cases, ','))`

func (l link) hash(seq int64, previous []byte) []byte {
	h := sha256.New()
	var number [8]byte
	binary.BigEndian.PutUint64(number[:], uint64(seq))
	h.Write(number[:])
	h.Write(previous)
	h.Write(l.payload)
	h.Write([]byte(l.covered))
	return h.Sum(nil)
}

// Seal chains every event of a transaction older than all running ones, each body
// on a chain of its own, and returns how many it sealed. Another instance sealing
// at the same time makes it return 0.
func Seal(ctx context.Context, db *tenants.DB) (sealed int, err error) {
	err = db.Audit(ctx, func(tx tenants.Tx) error {
		var mine bool
		if err := tx.QueryRow(ctx, `select pg_try_advisory_xact_lock($1)`, int64(sealerLock)).Scan(&mine); err != nil || !mine {
			return err
		}
		links, upto, err := findUnsealed(ctx, tx)
		if err != nil {
			return err
		}
		if err := chain(ctx, tx, links); err != nil {
			return err
		}
		sealed = len(links)
		_, err = tx.Exec(ctx, `update audit.sealed set upto = $1::text::xid8 where upto < $1::text::xid8`, upto)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("seal the audit: %w", err)
	}
	return sealed, nil
}

// findUnsealed returns the next events in order and the transaction below which
// all are then in the chain.
func findUnsealed(ctx context.Context, tx tenants.Tx) ([]link, string, error) {
	var upto string
	if err := tx.QueryRow(ctx, `select pg_snapshot_xmin(pg_current_snapshot())::text`).Scan(&upto); err != nil {
		return nil, "", fmt.Errorf("read the oldest running transaction: %w", err)
	}
	rows, err := tx.Query(ctx, fmt.Sprintf(`
		select e.tenant_id, e.id, e.at, e.txid::text, %s, e.payload_hash
		from audit.events e, audit.sealed s
		where e.txid >= s.upto and e.txid < $1::text::xid8
			and not exists (select 1 from audit.chain c where c.tenant_id = e.tenant_id and c.event_id = e.id)
		order by e.txid, e.id limit %d`, coveredSQL, sealBatch), upto)
	if err != nil {
		return nil, "", fmt.Errorf("find unsealed events: %w", err)
	}
	var last string
	links, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (link, error) {
		var l link
		return l, row.Scan(&l.tenant, &l.id, &l.at, &last, &l.covered, &l.payload)
	})
	if len(links) == sealBatch {
		upto = last // the rest of this transaction follows in the next batch
	}
	return links, upto, err
}

// chain appends links to the chains of their bodies.
func chain(ctx context.Context, tx tenants.Tx, links []link) error {
	heads := map[int32]*head{}
	var tenantIDs []int32
	var seqs []int64
	var ids []uuid.UUID
	var ats []time.Time
	var hashes [][]byte
	for _, l := range links {
		h, ok := heads[l.tenant]
		if !ok {
			var err error
			if h, err = findHead(ctx, tx, l.tenant); err != nil {
				return err
			}
			heads[l.tenant] = h
		}
		h.seq++
		h.hash = l.hash(h.seq, h.hash)
		tenantIDs, seqs, ids = append(tenantIDs, l.tenant), append(seqs, h.seq), append(ids, l.id)
		ats, hashes = append(ats, l.at), append(hashes, h.hash)
	}
	_, err := tx.Exec(ctx, `insert into audit.chain (tenant_id, seq, event_id, event_at, hash)
		select * from unnest($1::int[], $2::bigint[], $3::uuid[], $4::timestamptz[], $5::bytea[])`, tenantIDs, seqs, ids, ats, hashes)
	if err != nil {
		return fmt.Errorf("append to the chains: %w", err)
	}
	return nil
}

type head struct {
	seq  int64
	hash []byte
}

func findHead(ctx context.Context, tx tenants.Tx, tenant int32) (*head, error) {
	h := &head{}
	rows, err := tx.Query(ctx, `select seq, hash from audit.chain where tenant_id = $1 order by seq desc limit 1`, tenant)
	if err != nil {
		return nil, fmt.Errorf("find the head of a chain: %w", err)
	}
	_, err = pgx.ForEachRow(rows, []any{&h.seq, &h.hash}, func() error { return nil })
	return h, err
}
