package archive

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"staffetta/modules"
)

// The published tables that others hang from.
const (
	practicesTable = "commons.practices"
	kitsTable      = "commons.kits"
	keysTable      = "commons.signers"
)

// writePublic writes what the body published, and the published practices that its rows refer to, whole.
func (w *writer) writePublic(ctx context.Context) error {
	if err := w.wholePractices(ctx); err != nil {
		return err
	}
	for _, r := range w.relations {
		if r.way() != byPublic {
			continue
		}
		column, values, err := w.wanted(r)
		if err != nil {
			return err
		}
		without := r.leftOut(w.bytes[r.Name].Left)
		rows, err := r.published(ctx, w.Tx, column, values, without)
		if err == nil {
			err = w.write(r, without, rows)
		}
		if err != nil {
			return fmt.Errorf("table %s: %w", r.Name, err)
		}
	}
	return nil
}

// wholePractices finds all practices, kits and signers that go along.
func (w *writer) wholePractices(ctx context.Context) error {
	rows, err := w.Tx.Query(ctx, `select p.id::text, k.id::text, coalesce(k.signer::text, '') from commons.practices p
		left join commons.kits k on k.practice_id = p.id
		where p.tenant_id = $1 or p.id::text = any ($2::text[])
			or p.id in (select x.practice_id from commons.kits x where x.id::text = any ($3::text[]))`,
		w.Body.ID, w.values(practicesTable), w.values(kitsTable))
	if err != nil {
		return fmt.Errorf("find the practices: %w", err)
	}
	var practice, signer string
	var kit *string
	_, err = pgx.ForEachRow(rows, []any{&practice, &kit, &signer}, func() error {
		w.need(practicesTable, practice)
		if kit != nil {
			w.need(kitsTable, *kit)
		}
		if signer != "" {
			w.need(keysTable, signer)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("find the practices: %w", err)
	}
	return nil
}

func (w *writer) values(table string) []string {
	return nonNil(slices.Sorted(maps.Keys(w.public[table])))
}

// wanted says by which column, with which values, the rows of a published table are found.
func (w *writer) wanted(r relation) (column string, values []string, err error) {
	switch r.Name {
	case practicesTable, kitsTable:
		return "id", w.values(r.Name), nil
	case keysTable:
		return "public", w.values(r.Name), nil
	}
	for _, target := range []string{practicesTable, kitsTable} {
		for _, f := range r.Refers {
			if f.Target == target {
				return f.Columns[0], w.values(target), nil
			}
		}
	}
	if r.has("tenant_id") {
		return "tenant_id", []string{strconv.Itoa(int(w.Body.ID))}, nil
	}
	return "", nil, fmt.Errorf("nobody said which rows of %s go along", r.Name)
}

// writeSelf writes the accounts, the bodies and the keys of those who countersigned.
func (w *writer) writeSelf(ctx context.Context) error {
	if err := w.writeAccounts(ctx); err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	w.bodies[w.Body.ID] = true
	rows, err := w.Tx.Query(ctx, `select e from onboarding.exported_bodies($1) e`, slices.Sorted(maps.Keys(w.bodies)))
	if err != nil {
		return fmt.Errorf("bodies: %w", err)
	}
	if err := w.write(relation{Name: bodiesTable, Key: []string{"id"}}, nil, rows); err != nil {
		return fmt.Errorf("bodies: %w", err)
	}
	if rows, err = w.Tx.Query(ctx, `select e from onboarding.exported_signers() e`); err != nil {
		return fmt.Errorf("signers: %w", err)
	}
	return w.write(relation{Name: signersTable, Key: []string{"tenant_id", "number"}}, nil, rows)
}

// sealedCode is what the tax codes of accounts are sealed with.
var sealedCode = modules.Bytes{Sealed: map[string]string{"tax_code": "account"}}

// writeAccounts writes who has something in the body, with the tax code by which they sign in.
func (w *writer) writeAccounts(ctx context.Context) error {
	rows, err := w.Tx.Query(ctx, `select jsonb_build_object('id', a.id, 'tax_code', a.cf_sealed) from onboarding.exported_accounts() a`)
	if err != nil {
		return err
	}
	w.bytes[accountsTable] = sealedCode
	return w.write(relation{Name: accountsTable, Key: []string{"id"}}, nil, rows)
}

// hexed is how PostgreSQL writes bytes.
func hexed(b []byte) string { return hexMark + hex.EncodeToString(b) }
