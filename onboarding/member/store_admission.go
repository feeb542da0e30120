package member

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// admissionRows are admissions as they are written, a row each role.
type admissionRows struct {
	tokens, seals [][]byte
	names         []string
	memberships   []uuid.UUID
	roles         []string
	offices       []int32
	firsts, lasts []string
}

// admit lets people in; the answer has a line for each row, in their order.
func admit(ctx context.Context, tx tenants.Tx, r admissionRows) ([]Admitted, error) {
	rows, err := tx.Query(ctx, `select a.account, ($4::uuid[])[a.line], ($5::text[])[a.line], a.outcome = 'given', a.outcome = 'held'
		from platform.admit($1, $2, $3, $4, $5, array(select nullif(o, 0) from unnest($6::int[]) with ordinality x (o, n) order by n),
			$7::text[]::date[], array(select nullif(d, '')::date from unnest($8::text[]) with ordinality x (d, n) order by n)) a order by a.line`,
		r.tokens, r.seals, r.names, r.memberships, r.roles, r.offices, r.firsts, r.lasts)
	if err != nil {
		return nil, fmt.Errorf("let people in: %w", err)
	}
	done, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Admitted, error) {
		var a Admitted
		return a, row.Scan(&a.Account, &a.Membership, &a.Role, &a.New, &a.Held)
	})
	if err != nil {
		return nil, missing("let people in", err)
	}
	return done, nil
}

// findKnown tells which of some tax codes, by their keyed tokens, are of people of the body.
func findKnown(ctx context.Context, tx tenants.Tx, tokens [][]byte) (map[int]uuid.UUID, error) {
	rows, err := tx.Query(ctx, `select k.line, k.account_id from platform.known_colleagues($1) k`, tokens)
	if err != nil {
		return nil, fmt.Errorf("find known colleagues: %w", err)
	}
	known := map[int]uuid.UUID{}
	var line int
	var account uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&line, &account}, func() error {
		known[line-1] = account
		return nil
	})
	return known, err
}
