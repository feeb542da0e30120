package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// line is one line of an export: a JSON object with one of these. The heading comes first, then keys, roots,
// countersignatures and links in their order, what is in no chain, and the ending.
type line struct {
	Heading          *heading          `json:"export,omitempty"`
	Key              *Key              `json:"key,omitempty"`
	Root             *Root             `json:"root,omitempty"`
	Countersignature *Countersignature `json:"countersignature,omitempty"`
	Link             *link             `json:"link,omitempty"`
	Stray            *stray            `json:"stray,omitempty"`
	Ending           *ending           `json:"end,omitempty"`
}

// heading says whose chain follows and how far roots and retention had come.
type heading struct {
	Version       int        `json:"version"`
	Body          int32      `json:"body"`
	At            time.Time  `json:"at"`
	Rooted        string     `json:"rooted,omitempty"` // the last day whose roots are made
	DroppedBefore *time.Time `json:"dropped_before,omitempty"`
}

// stray is an event that should be in the chain and is not.
type stray struct {
	ID uuid.UUID `json:"id"`
	At time.Time `json:"at"`
}

// ending tells a whole export from one that was cut short.
type ending struct {
	Lines int `json:"lines"`
}

const exportVersion = 1

// Export writes the audit of a body as lines of JSON, for VerifyExport to check where there is no database.
func Export(ctx context.Context, db *tenants.DB, tenant int32, w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return snapshot(ctx, db, func(tx tenants.Tx) error {
		return walk(ctx, tx, tenant, func(l line) error { return encoder.Encode(l) })
	})
}

// ExportKeys writes the public keys of all bodies, to be kept apart from the database.
func ExportKeys(ctx context.Context, db *tenants.DB, w io.Writer) error {
	encoder := json.NewEncoder(w)
	return db.Audit(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, `select k.tenant_id, k.number, k.public from audit.keys k order by k.tenant_id, k.number`)
		if err != nil {
			return fmt.Errorf("read the keys: %w", err)
		}
		keys, err := pgx.CollectRows(rows, scanKey)
		for _, k := range keys {
			err = errors.Join(err, encoder.Encode(line{Key: &k}))
		}
		return err
	})
}

// ReadKeys reads what ExportKeys wrote.
func ReadKeys(r io.Reader) (keys []Key, err error) {
	err = decode(r, func(l line) error {
		if l.Key == nil {
			return errors.New("it is no key")
		}
		keys = append(keys, *l.Key)
		return nil
	})
	return keys, err
}

// decode reads the lines of an export or of keys.
func decode(r io.Reader, visit func(line) error) error {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	for n := 1; ; n++ {
		var l line
		err := decoder.Decode(&l)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = visit(l)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
}

// snapshot runs fn over the audit as it is at one instant.
func snapshot(ctx context.Context, db *tenants.DB, fn func(tx tenants.Tx) error) error {
	return db.Audit(ctx, func(tx tenants.Tx) error {
		if _, err := tx.Exec(ctx, `set transaction isolation level repeatable read, read only`); err != nil {
			return fmt.Errorf("hold the audit still: %w", err)
		}
		return fn(tx)
	})
}

// walk visits all that proves the audit of one body.
func walk(ctx context.Context, tx tenants.Tx, tenant int32, visit func(line) error) error {
	n := 0
	count := func(l line) error {
		n++
		return visit(l)
	}
	h := heading{Version: exportVersion, Body: tenant}
	err := tx.QueryRow(ctx, `
		select app.now(), coalesce(s.rooted::text, ''), (select t.dropped_before from audit.terms t where t.tenant_id = $1)
		from audit.sealed s`, tenant).Scan(&h.At, &h.Rooted, &h.DroppedBefore)
	if err != nil {
		return fmt.Errorf("read how far the audit is sealed: %w", err)
	}
	if err := count(line{Heading: &h}); err != nil {
		return err
	}
	for _, part := range []func(context.Context, tenants.Tx, int32, func(line) error) error{
		walkKeys, walkRoots, walkCountersignatures, walkLinks, walkStrays,
	} {
		if err := part(ctx, tx, tenant, count); err != nil {
			return fmt.Errorf("read the audit of body %d: %w", tenant, err)
		}
	}
	return visit(line{Ending: &ending{Lines: n}})
}

// each visits the rows of a query one by one.
func each[T any](rows pgx.Rows, scan pgx.RowToFunc[T], visit func(T) error) error {
	defer rows.Close()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return err
		}
		if err := visit(one); err != nil {
			return err
		}
	}
	return rows.Err()
}

func scanKey(row pgx.CollectableRow) (k Key, err error) {
	return k, row.Scan(&k.Body, &k.Number, &k.Public)
}

func walkKeys(ctx context.Context, tx tenants.Tx, tenant int32, visit func(line) error) error {
	rows, err := tx.Query(ctx, `select k.tenant_id, k.number, k.public from audit.keys k
		where k.tenant_id in (select c.tenant_id from audit.countersignatures c where c.body = $1) order by k.tenant_id, k.number`, tenant)
	if err != nil {
		return err
	}
	return each(rows, scanKey, func(k Key) error { return visit(line{Key: &k}) })
}

func walkRoots(ctx context.Context, tx tenants.Tx, tenant int32, visit func(line) error) error {
	rows, err := tx.Query(ctx, `select `+rootColumns+` from audit.roots r where r.tenant_id = $1 order by r.day`, tenant)
	if err != nil {
		return err
	}
	return each(rows, scanRoot, func(r Root) error { return visit(line{Root: &r}) })
}

func walkCountersignatures(ctx context.Context, tx tenants.Tx, tenant int32, visit func(line) error) error {
	rows, err := tx.Query(ctx, `
		select c.tenant_id, c.body, c.day::text, c.key_number, c.root, c.signed_at, c.signature
		from audit.countersignatures c where c.body = $1 order by c.day, c.tenant_id`, tenant)
	if err != nil {
		return err
	}
	scan := func(row pgx.CollectableRow) (c Countersignature, err error) {
		return c, row.Scan(&c.By, &c.Body, &c.Day, &c.Key, &c.Root, &c.At, &c.Signature)
	}
	return each(rows, scan, func(c Countersignature) error { return visit(line{Countersignature: &c}) })
}

func walkLinks(ctx context.Context, tx tenants.Tx, tenant int32, visit func(line) error) error {
	rows, err := tx.Query(ctx, fmt.Sprintf(`
		select c.seq, c.event_id, c.event_at, c.form, c.sealed_at, c.hash,
			case when e.id is null then null when c.form = %d then %s else %s end, coalesce(e.payload_hash, ''), e.payload::text
		from audit.chain c left join audit.events e on e.tenant_id = c.tenant_id and e.id = c.event_id and e.at = c.event_at
		where c.tenant_id = $1 order by c.seq`, joinedForm, joinedSQL, namedSQL), tenant)
	if err != nil {
		return err
	}
	scan := func(row pgx.CollectableRow) (l link, err error) {
		var payload *string
		err = row.Scan(&l.Seq, &l.ID, &l.At, &l.Form, &l.SealedAt, &l.Hash, &l.Event, &l.PayloadHash, &payload)
		if payload != nil {
			l.Payload = json.RawMessage(*payload)
		}
		return l, err
	}
	return each(rows, scan, func(l link) error { return visit(line{Link: &l}) })
}

// walkStrays visits events that should have been sealed long ago, or that no sealer would ever come to.
func walkStrays(ctx context.Context, tx tenants.Tx, tenant int32, visit func(line) error) error {
	rows, err := tx.Query(ctx, `
		select e.id, e.at from audit.events e, audit.sealed s
		where e.tenant_id = $1 and (e.txid < s.upto or e.txid >= pg_snapshot_xmax(pg_current_snapshot()))
			and not exists (select 1 from audit.chain c where c.tenant_id = e.tenant_id and c.event_id = e.id and c.event_at = e.at)
		order by e.at limit 100`, tenant)
	if err != nil {
		return err
	}
	scan := func(row pgx.CollectableRow) (s stray, err error) { return s, row.Scan(&s.ID, &s.At) }
	return each(rows, scan, func(s stray) error { return visit(line{Stray: &s}) })
}
