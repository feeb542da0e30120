package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

const (
	// UsualTerm is for how many years a body keeps the payloads of its events unless it has set a term of its own.
	UsualTerm = 10
	// dropBatch bounds how many payloads one transaction drops.
	dropBatch = 5000
)

// upkeep is how the audit names what the platform does with it.
const upkeep = "sistema"

// term is for how long a body keeps payloads, and up to where they are dropped.
type term struct {
	body   int32
	years  int
	before time.Time // zero if nothing is dropped yet
}

// DropPayloads drops the payloads that are older than the term of their body and returns how many. Sequence and hashes
// stay, so that the chain still verifies; what was dropped stands in the chain itself as audit.drop.
func DropPayloads(ctx context.Context, db *tenants.DB) (dropped int64, err error) {
	var terms []term
	var now time.Time
	err = db.Audit(ctx, func(tx tenants.Tx) (err error) {
		if err := tx.QueryRow(ctx, `select app.now()`).Scan(&now); err != nil {
			return fmt.Errorf("read the clock: %w", err)
		}
		terms, err = findTerms(ctx, tx)
		return err
	})
	for _, t := range terms {
		for more := err == nil; more; {
			var n int64
			err = errors.Join(err, db.Audit(ctx, func(tx tenants.Tx) (err error) {
				n, err = dropSome(ctx, tx, &t, now)
				return err
			}))
			dropped += n
			more = err == nil && n == dropBatch
		}
	}
	if err != nil {
		return dropped, fmt.Errorf("drop old payloads of the audit: %w", err)
	}
	return dropped, nil
}

func findTerms(ctx context.Context, tx tenants.Tx) ([]term, error) {
	rows, err := tx.Query(ctx, bodiesSQL+fmt.Sprintf(`
		select b.tenant_id, coalesce(t.years, %d), t.dropped_before
		from bodies b left join audit.terms t on t.tenant_id = b.tenant_id where b.tenant_id is not null`, UsualTerm))
	if err != nil {
		return nil, fmt.Errorf("find the terms of bodies: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t term, err error) {
		var before *time.Time
		err = row.Scan(&t.body, &t.years, &before)
		if before != nil {
			t.before = *before
		}
		return t, err
	})
}

// dropSome drops one batch of a body, the oldest first, and notes up to where it came.
func dropSome(ctx context.Context, tx tenants.Tx, t *term, now time.Time) (int64, error) {
	cutoff := now.AddDate(-t.years, 0, 0)
	var n int64
	var last *time.Time
	err := tx.QueryRow(ctx, fmt.Sprintf(`
		with old as (
			select e.at, e.id from audit.events e
			where e.tenant_id = $1 and e.at >= $2 and e.at < $3 and e.payload is not null order by e.at, e.id limit %d),
		gone as (
			update audit.events e set payload = null from old where e.tenant_id = $1 and e.at = old.at and e.id = old.id returning e.at)
		select count(*), max(g.at) from gone g`, dropBatch), t.body, t.before, cutoff).Scan(&n, &last)
	if err != nil {
		return 0, fmt.Errorf("drop payloads of body %d: %w", t.body, err)
	}
	if n == 0 {
		return 0, nil
	}
	if t.before = cutoff; n == dropBatch {
		t.before = *last
	}
	_, err = tx.Exec(ctx, `insert into audit.terms (tenant_id, years, dropped_before) values ($1, $2, $3)
		on conflict (tenant_id) do update set dropped_before = excluded.dropped_before`, t.body, t.years, t.before)
	if err != nil {
		return 0, fmt.Errorf("note the payloads dropped of body %d: %w", t.body, err)
	}
	return n, writeUpkeep(ctx, tx, now, t.body, Event{Action: "audit.drop", Payload: map[string]any{"before": t.before.UTC(), "payloads": n}})
}

// SetTerm sets for how many years a body keeps the payloads of its events, 1 to 100.
func SetTerm(ctx context.Context, db *tenants.DB, tenant int32, years int) error {
	if years < 1 || years > 100 {
		return fmt.Errorf("a term of %d years: it must be from 1 to 100", years)
	}
	return db.Audit(ctx, func(tx tenants.Tx) error {
		var now time.Time
		err := tx.QueryRow(ctx, `insert into audit.terms (tenant_id, years) values ($1, $2)
			on conflict (tenant_id) do update set years = excluded.years returning app.now()`, tenant, years).Scan(&now)
		if err != nil {
			return fmt.Errorf("set the term of body %d: %w", tenant, err)
		}
		return writeUpkeep(ctx, tx, now, tenant, Event{Action: "audit.term", Payload: map[string]any{"years": years}})
	})
}

// writeUpkeep writes what the platform does with a body's audit into that body's chain.
func writeUpkeep(ctx context.Context, tx tenants.Tx, now time.Time, tenant int32, e Event) error {
	r, err := newRow(tenants.Scope{Tenant: tenant, Name: upkeep}, e, now)
	if err != nil {
		return err
	}
	return insertRow(ctx, tx, r)
}
