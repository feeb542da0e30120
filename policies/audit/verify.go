package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// Fault is something that Verify found in the chain of a body.
type Fault struct {
	Tenant int32
	Seq    int64
	Event  uuid.UUID
	What   string // missing sequence, missing event, changed event, changed payload, unsealed event
}

// Verify walks the chains of all bodies and returns how many events it checked
// and every place where an event was removed, changed or put in another order.
func Verify(ctx context.Context, db *tenants.DB) (checked int, faults []Fault, err error) {
	err = db.Audit(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, fmt.Sprintf(`
			select c.tenant_id, c.seq, c.event_id, c.hash, e.id is not null, coalesce(%s, ''), coalesce(e.payload_hash, ''),
				e.payload::text
			from audit.chain c left join audit.events e on e.tenant_id = c.tenant_id and e.id = c.event_id and e.at = c.event_at
			order by c.tenant_id, c.seq`, coveredSQL))
		if err != nil {
			return fmt.Errorf("read the chains: %w", err)
		}
		v := verifier{}
		var s sealedEvent
		_, err = pgx.ForEachRow(rows, []any{&s.tenant, &s.seq, &s.id, &s.stored, &s.exists, &s.covered, &s.payload, &s.content}, func() error {
			v.check(s)
			return nil
		})
		checked, faults = v.checked, v.faults
		if err != nil {
			return fmt.Errorf("walk the chains: %w", err)
		}
		late, err := findLate(ctx, tx)
		faults = append(faults, late...)
		return err
	})
	return checked, faults, err
}

type sealedEvent struct {
	link
	seq     int64
	stored  []byte
	exists  bool
	content *string
}

type verifier struct {
	tenant  int32
	seq     int64
	hash    []byte
	checked int
	faults  []Fault
}

func (v *verifier) check(s sealedEvent) {
	if s.tenant != v.tenant {
		v.tenant, v.seq, v.hash = s.tenant, 0, nil
	}
	v.checked++
	fault := func(what string) { v.faults = append(v.faults, Fault{s.tenant, s.seq, s.id, what}) }
	if s.seq != v.seq+1 {
		fault("missing sequence")
	}
	switch {
	case !s.exists:
		fault("missing event")
	case !bytes.Equal(s.hash(s.seq, v.hash), s.stored):
		fault("changed event")
	case s.content != nil && !samePayload(*s.content, s.payload):
		fault("changed payload")
	}
	v.seq, v.hash = s.seq, bytes.Clone(s.stored)
}

// samePayload compares a stored payload with its hash. PostgreSQL keeps jsonb in a
// form of its own, so it is written again as Go writes it.
func samePayload(content string, hash []byte) bool {
	again, err := canonical(content)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(again)
	return bytes.Equal(sum[:], hash)
}

// findLate finds events that should have been sealed long ago.
func findLate(ctx context.Context, tx tenants.Tx) ([]Fault, error) {
	rows, err := tx.Query(ctx, `
		select e.tenant_id, e.id from audit.events e, audit.sealed s
		where e.txid < s.upto and not exists (select 1 from audit.chain c where c.tenant_id = e.tenant_id and c.event_id = e.id)
		order by e.at limit 100`)
	if err != nil {
		return nil, fmt.Errorf("find unsealed events: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Fault, error) {
		f := Fault{What: "unsealed event"}
		return f, row.Scan(&f.Tenant, &f.Event)
	})
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
