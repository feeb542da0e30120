package elsewhere

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/sharing/share"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// heard is what the database answers about one body; known is nil where too much was asked.
type heard struct {
	body  int32
	known *bool
}

// askBodies writes the questions into the audit and asks them, all at once.
func askBodies(ctx context.Context, tx tenants.Tx, scope tenants.Scope, questions []asked) error {
	var b pgx.Batch
	for i := range questions {
		q := &questions[i]
		told, err := audit.QueueTold(&b, scope, q.event())
		if err != nil {
			return err
		}
		b.Queue(`select k.body, k.known from policies.known_elsewhere($1, $2, $3, $4) k`, q.agreement, q.token, told.ID, told.At).Query(func(rows pgx.Rows) (err error) {
			q.heard, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (heard, error) {
				var h heard
				return h, row.Scan(&h.body, &h.known)
			})
			if err != nil {
				return share.Raised("ask who follows a person", err)
			}
			return nil
		})
	}
	return tx.SendBatch(ctx, &b).Close()
}

// findSealed reads the keys of agreements: those in use, or all that tokens are written with.
func findSealed(ctx context.Context, tx tenants.Tx, agreements []uuid.UUID, inUse bool) ([]sealedKey, error) {
	rows, err := tx.Query(ctx, `select k.agreement_id, k.generation, k.sealed from policies.agreement_keys k
		where k.agreement_id = any ($1) and (k.generation = policies.key_in_use(k.agreement_id)
			or not $2 and k.generation > policies.key_in_use(k.agreement_id)) order by k.agreement_id, k.generation`, agreements, inUse)
	if err != nil {
		return nil, fmt.Errorf("query the keys of agreements: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (sealedKey, error) {
		var k sealedKey
		return k, row.Scan(&k.agreement, &k.generation, &k.sealed)
	})
}

// findKeyless lists the live agreements of the body that have no key, or an old one alone.
func findKeyless(ctx context.Context, tx tenants.Tx, scope tenants.Scope) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, `select a.id from policies.agreements a
		where a.known_elsewhere and a.state = 'active' and a.valid @> app.now()
			and exists (select 1 from policies.agreements_edges e where e.agreement_id = a.id and e.from_tenant = $1)
			and not exists (select 1 from policies.agreement_keys k where k.agreement_id = a.id and k.made_at > app.now() - interval '90 days')
		order by a.id`, scope.Tenant)
	if err != nil {
		return nil, fmt.Errorf("query agreements without a key: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

func addKey(ctx context.Context, tx tenants.Tx, agreement uuid.UUID, sealed []byte) error {
	if _, err := tx.Exec(ctx, `select policies.add_agreement_key($1, $2)`, agreement, sealed); err != nil {
		return fmt.Errorf("add a key to an agreement: %w", err)
	}
	return nil
}

func findGaps(ctx context.Context, tx tenants.Tx) ([]gap, error) {
	rows, err := tx.Query(ctx, `select m.agreement_id, m.generation, m.case_id from sharing.missing_tokens() m`)
	if err != nil {
		return nil, fmt.Errorf("query missing tokens: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (gap, error) {
		var g gap
		return g, row.Scan(&g.agreement, &g.generation, &g.file)
	})
}

// findCodes reads the fiscal codes of the persons of cases.
func findCodes(ctx context.Context, tx tenants.Tx, scope tenants.Scope, files []uuid.UUID) (map[uuid.UUID]string, error) {
	rows, err := tx.Query(ctx, `select c.id, p.tax_code from casefile.cases c join registry.persons p on p.tenant_id = c.tenant_id and p.id = c.person_id
		where c.tenant_id = $1 and c.id = any ($2)`, scope.Tenant, files)
	if err != nil {
		return nil, fmt.Errorf("query the codes of cases: %w", err)
	}
	codes := map[uuid.UUID]string{}
	var id uuid.UUID
	var code string
	_, err = pgx.ForEachRow(rows, []any{&id, &code}, func() error { codes[id] = code; return nil })
	return codes, err
}

// writeTokens writes tokens and takes away those that are over; it tells how many of each.
func writeTokens(ctx context.Context, tx tenants.Tx, all []written) (wrote, took int, err error) {
	agreements, generations := make([]uuid.UUID, len(all)), make([]int32, len(all))
	files, codes, tokens := make([]uuid.UUID, len(all)), make([]string, len(all)), make([][]byte, len(all))
	for i, w := range all {
		agreements[i], generations[i], files[i], codes[i], tokens[i] = w.agreement, w.generation, w.file, w.code, w.token
	}
	row := tx.QueryRow(ctx, `select w.wrote, w.took from sharing.write_tokens($1, $2, $3, $4, $5) w`, agreements, generations, files, codes, tokens)
	if err := row.Scan(&wrote, &took); err != nil {
		return 0, 0, fmt.Errorf("write tokens: %w", err)
	}
	return wrote, took, nil
}

func findExcesses(ctx context.Context, tx tenants.Tx) ([]Excess, error) {
	rows, err := tx.Query(ctx, `select x.agreement_id, x.body, coalesce(x.account_id, '00000000-0000-0000-0000-000000000000'),
			coalesce((select c.display_name from platform.colleagues() c where c.account_id = x.account_id limit 1), ''), x.hour, x.asked
		from policies.known_excesses() x`)
	if err != nil {
		return nil, fmt.Errorf("query who asks too much: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Excess, error) {
		var x Excess
		return x, row.Scan(&x.Agreement, &x.Body, &x.Account, &x.Name, &x.Hour, &x.Asked)
	})
}
