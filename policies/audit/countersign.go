package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// signingWindow is for how many days after its day a root can still be countersigned.
const signingWindow = 60

// Vault seals the private keys of bodies with the master key of the deployment.
type Vault interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// Key is the public half of a key by which a body signs, Ed25519 (RFC 8032).
type Key struct {
	Body   int32  `json:"body"`
	Number int32  `json:"number"`
	Public []byte `json:"public"`
}

// Countersignature is the word of another body that it saw a root, with the instant (it: controfirma).
type Countersignature struct {
	By        int32     `json:"by"`
	Body      int32     `json:"body"`
	Day       string    `json:"day"`
	Key       int32     `json:"key"`
	Root      []byte    `json:"root"` // hash of the root
	At        time.Time `json:"at"`
	Signature []byte    `json:"signature"`
}

// message is what is signed.
func (c Countersignature) message() []byte {
	return fmt.Appendf(nil, "staffetta audit countersignature 1\nby %d\nkey %d\nbody %d\nday %s\nroot %x\nat %s\n",
		c.By, c.Key, c.Body, c.Day, c.Root, c.At.UTC().Format(time.RFC3339Nano))
}

// FindCountersigners lists the bodies that roots wait for.
func FindCountersigners(ctx context.Context, db *tenants.DB) (bodies []int32, err error) {
	err = db.Audit(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, fmt.Sprintf(`
			select distinct w.id from audit.roots r cross join unnest(r.countersigners) as w (id)
			where r.day > app.now()::date - %d
				and not exists (select from audit.countersignatures c where c.tenant_id = w.id and c.body = r.tenant_id and c.day = r.day)
			order by w.id`, signingWindow))
		if err != nil {
			return err
		}
		bodies, err = pgx.CollectRows(rows, pgx.RowTo[int32])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find the bodies that roots wait for: %w", err)
	}
	return bodies, nil
}

// Countersign has the body of the scope sign the roots that wait for it and returns how many it signed. A root that is
// not what its hash says stays unsigned, and is an error after the others are signed.
func Countersign(ctx context.Context, db *tenants.DB, vault Vault, s tenants.Scope) (signed int, err error) {
	var refused []error
	err = db.InTx(ctx, s, func(tx tenants.Tx) error {
		roots, now, err := findWaiting(ctx, tx, s.Tenant)
		if err != nil || len(roots) == 0 {
			return err
		}
		number, private, err := ensureKey(ctx, tx, vault, s.Tenant)
		if err != nil {
			return err
		}
		var batch pgx.Batch
		for _, r := range roots {
			if !r.holds() {
				refused = append(refused, fmt.Errorf("the root of body %d of %s is not what its hash says", r.Body, r.Day))
				continue
			}
			c := Countersignature{By: s.Tenant, Body: r.Body, Day: r.Day, Key: number, Root: r.Hash, At: now}
			c.Signature = ed25519.Sign(private, c.message())
			batch.Queue(`insert into audit.countersignatures (tenant_id, body, day, key_number, root, signed_at, signature)
				values ($1, $2, $3::text::date, $4, $5, $6, $7) on conflict do nothing`, c.By, c.Body, c.Day, c.Key, c.Root, c.At, c.Signature)
		}
		signed = batch.Len()
		return tx.SendBatch(ctx, &batch).Close()
	})
	if err = errors.Join(append(refused, err)...); err != nil {
		return signed, fmt.Errorf("countersign for body %d: %w", s.Tenant, err)
	}
	return signed, nil
}

// findWaiting returns the roots that the body has yet to countersign, with the instant.
func findWaiting(ctx context.Context, tx tenants.Tx, tenant int32) (roots []Root, now time.Time, err error) {
	if err := tx.QueryRow(ctx, `select app.now()`).Scan(&now); err != nil {
		return nil, now, fmt.Errorf("read the clock: %w", err)
	}
	rows, err := tx.Query(ctx, fmt.Sprintf(`
		select %s from audit.roots r
		where r.day > app.now()::date - %d and $1 = any (r.countersigners)
			and not exists (select from audit.countersignatures c where c.tenant_id = $1 and c.body = r.tenant_id and c.day = r.day)
		order by r.day, r.tenant_id limit 1000`, rootColumns, signingWindow), tenant)
	if err != nil {
		return nil, now, fmt.Errorf("find the roots that wait: %w", err)
	}
	roots, err = pgx.CollectRows(rows, scanRoot)
	return roots, now, err
}

// ensureKey returns the newest key of the body, which it makes when there is none. One that came from another installation has
// nothing sealed: it verifies and does not sign.
func ensureKey(ctx context.Context, tx tenants.Tx, vault Vault, tenant int32) (number int32, private ed25519.PrivateKey, err error) {
	const newest = `select number, sealed from audit.keys where tenant_id = $1 and sealed <> '' order by number desc limit 1`
	var sealed []byte
	err = tx.QueryRow(ctx, newest, tenant).Scan(&number, &sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		if err := createKey(ctx, tx, vault, tenant); err != nil {
			return 0, nil, err
		}
		err = tx.QueryRow(ctx, newest, tenant).Scan(&number, &sealed)
	}
	if err != nil {
		return 0, nil, fmt.Errorf("read the signing key: %w", err)
	}
	seed, err := vault.Open(sealed, keyContext(tenant, number))
	if err != nil || len(seed) != ed25519.SeedSize {
		return 0, nil, errors.Join(errors.New("open the signing key: is this the master key it was sealed with?"), err)
	}
	return number, ed25519.NewKeyFromSeed(seed), nil
}

// createKey makes the next key of a body. When two do at once, the first one stays.
func createKey(ctx context.Context, tx tenants.Tx, vault Vault, tenant int32) error {
	var number int32
	if err := tx.QueryRow(ctx, `select coalesce(max(number), 0) + 1 from audit.keys where tenant_id = $1`, tenant).Scan(&number); err != nil {
		return fmt.Errorf("number the signing key: %w", err)
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make a signing key: %w", err)
	}
	sealed, err := vault.Seal(private.Seed(), keyContext(tenant, number))
	if err != nil {
		return fmt.Errorf("seal the signing key: %w", err)
	}
	_, err = tx.Exec(ctx, `insert into audit.keys (tenant_id, number, public, sealed) values ($1, $2, $3, $4) on conflict do nothing`, tenant, number, []byte(public), sealed)
	if err != nil {
		return fmt.Errorf("keep the signing key: %w", err)
	}
	return nil
}

func keyContext(tenant, number int32) []byte {
	return fmt.Appendf(nil, "audit key %d of body %d", number, tenant)
}
