package archive

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"staffetta/policies/audit"
	"staffetta/tenants"
)

// insert takes over the staged rows as they are: what triggers did when they were first written is in the rows.
func (r relation) insert(ctx context.Context, tx tenants.Tx, t Table) error {
	var columns, values []string
	for _, c := range r.Columns {
		if slices.Contains(t.LeftOut, c.Name) {
			continue
		}
		name := pgx.Identifier{c.Name}.Sanitize()
		columns, values = append(columns, name), append(values, "x."+name)
	}
	table := r.sqlName()
	done, err := tx.Exec(ctx, fmt.Sprintf(`insert into %[1]s (%[2]s) overriding system value select %[3]s
		from incoming i cross join lateral jsonb_populate_record(null::%[1]s, i.line) x order by i.number`, table, strings.Join(columns, ", "), strings.Join(values, ", ")))
	if err != nil {
		return err
	}
	if done.RowsAffected() != t.Rows {
		return fmt.Errorf("%d rows of %d were taken", done.RowsAffected(), t.Rows)
	}
	return r.count(ctx, tx)
}

// count lets sequences go on behind the numbers that came.
func (r relation) count(ctx context.Context, tx tenants.Tx) error {
	var batch pgx.Batch
	for _, c := range r.Columns {
		if c.Counted {
			batch.Queue(fmt.Sprintf(`select setval(pg_get_serial_sequence($1, $2), max(x.%[1]s)) from %[2]s x having max(x.%[1]s) is not null`,
				pgx.Identifier{c.Name}.Sanitize(), r.sqlName()), r.Name, c.Name)
		}
	}
	return tx.SendBatch(ctx, &batch).Close()
}

// triggers switches the triggers of all tables that are filled off or on again, so that nobody is told of what happened
// long ago and nothing is written twice.
func (r *reader) triggers(ctx context.Context, word string) error {
	var batch pgx.Batch
	for _, t := range r.manifest.Tables {
		if one, ok := r.relations[t.Name]; ok {
			batch.Queue(fmt.Sprintf(`alter table %s %s trigger user`, one.sqlName(), word))
		}
	}
	return r.Tx.SendBatch(ctx, &batch).Close()
}

// readBodies makes the body under its number, and the others that its rows name as closed ones, which nobody meets.
func (r *reader) readBodies(ctx context.Context) error {
	if err := audit.HoldSealer(ctx, r.Tx); err != nil {
		return err
	}
	if err := r.triggers(ctx, "disable"); err != nil {
		return fmt.Errorf("quiet the triggers: %w", err)
	}
	platform := 0
	if err := r.Tx.QueryRow(ctx, `select t.id from platform.tenants t where t.kind = 'platform'`).Scan(&platform); err != nil {
		return fmt.Errorf("find the platform's body: %w", err)
	}
	err := r.stage(ctx, bodiesTable, func(one row) error {
		if (one.text("kind") == string(tenants.Platform)) != (one.text("id") == fmt.Sprint(platform)) {
			return fmt.Errorf("%w: the platform has another number here", ErrOccupied)
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = r.Tx.Exec(ctx, `insert into platform.tenants (id, slug, ipa, name, kind, state, istat, belfiore, tax_code, pec, created_at, activated_at)
		overriding system value
		select x.id, x.slug, x.ipa, x.name, x.kind, coalesce(x.state, 'closed'), x.istat, x.belfiore, x.tax_code, x.pec, coalesce(x.created_at, app.now()), x.activated_at
		from incoming i cross join lateral jsonb_populate_record(null::platform.tenants, i.line) x where x.kind <> 'platform' order by i.number`)
	if err != nil {
		return fmt.Errorf("make the bodies: %w", err)
	}
	return r.relations[bodiesTable].count(ctx, r.Tx)
}

// readAccounts makes the accounts, found again by a token of this installation's key.
func (r *reader) readAccounts(ctx context.Context) error {
	err := r.stage(ctx, accountsTable, func(one row) error {
		token := r.Key.Token(one.text("tax_code"))
		if err := one.seal(r.Key, sealedCode.Sealed); err != nil {
			return err
		}
		one["cf_sealed"] = one["tax_code"]
		delete(one, "tax_code")
		return one.set("cf_token", hexed(token))
	})
	if err != nil {
		return err
	}
	_, err = r.Tx.Exec(ctx, `insert into platform.accounts (id, cf_token, cf_sealed, created_at)
		select x.id, x.cf_token, x.cf_sealed, app.now() from incoming i cross join lateral jsonb_populate_record(null::platform.accounts, i.line) x`)
	if err != nil {
		return fmt.Errorf("make the accounts: %w", err)
	}
	return nil
}

// readSigners keeps the public keys of those who countersigned: with nothing sealed, they verify and cannot sign.
func (r *reader) readSigners(ctx context.Context) error {
	if err := r.stage(ctx, signersTable, func(row) error { return nil }); err != nil {
		return err
	}
	_, err := r.Tx.Exec(ctx, `insert into audit.keys (tenant_id, number, public, sealed)
		select x.tenant_id, x.number, x.public, '' from incoming i cross join lateral jsonb_populate_record(null::audit.keys, i.line) x`)
	if err != nil {
		return fmt.Errorf("keep the keys of those who countersigned: %w", err)
	}
	return nil
}

// settle writes down that the body came here, has triggers work again, the audit's roots made for the days that had none yet,
// and everybody who keeps something in memory read it again.
func (r *reader) settle(ctx context.Context) error {
	// What is in the chain already must not come to it again: for the sealer it is of the oldest transaction.
	_, err := r.Tx.Exec(ctx, `update audit.events e set txid = '1' where exists (select from audit.chain c
		where c.tenant_id = e.tenant_id and c.event_id = e.id and c.event_at = e.at)`)
	if err != nil {
		return fmt.Errorf("settle what is sealed: %w", err)
	}
	if _, err := r.Tx.Exec(ctx, `select set_config('app.tenant', $1, true)`, fmt.Sprint(r.manifest.Body.ID)); err != nil {
		return fmt.Errorf("become the body: %w", err)
	}
	event := audit.Event{Action: "body.import", Payload: map[string]any{
		"program": r.manifest.Program, "at": r.manifest.At, "tables": len(r.manifest.Tables), "documents": len(r.manifest.Documents),
	}}
	if err := audit.Write(ctx, r.Tx, tenants.Scope{Tenant: r.manifest.Body.ID, Name: "staffetta import"}, event); err != nil {
		return err
	}
	if _, err := r.Tx.Exec(ctx, `set constraints all immediate`); err != nil {
		return fmt.Errorf("check what rows refer to: %w", err)
	}
	if err := r.triggers(ctx, "enable"); err != nil {
		return fmt.Errorf("wake the triggers: %w", err)
	}
	_, err = r.Tx.Exec(ctx, `with again as (update audit.sealed set rooted = null)
		select pg_notify('staffetta_tenants', ''), pg_notify('staffetta_policies', '')`)
	if err != nil {
		return fmt.Errorf("tell the program: %w", err)
	}
	return nil
}
