package control

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// kept are the tokens by which a code and its address are found again.
type kept struct{ code, address []byte }

// issue returns which bound was met, "" for none.
func issue(ctx context.Context, tx tenants.Tx, a Asked, k kept) (bound string, err error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make an id for a code: %w", err)
	}
	err = tx.QueryRow(ctx, `select onboarding.issue_code($1, $2, $3, $4, $5, make_interval(secs => $6))`,
		id, a.Entry, a.Answers, k.code, k.address, Life.Seconds()).Scan(&bound)
	if err != nil {
		return "", fmt.Errorf("keep a code: %w", err)
	}
	return bound, nil
}

// CurrentSQL reads the code of an entry ($1) that holds, for Scan.
const CurrentSQL = `select c.mark, c.issued_at, c.expires_at, c.tries from onboarding.entry_codes c
	where c.tenant_id = app.tenant() and c.entry_id = $1 and c.ended_at is null and c.expires_at > app.now()`

// Scan reads what CurrentSQL found; nothing is a zero Code.
func Scan(row pgx.Row) (Code, error) {
	var c Code
	var tries int
	err := row.Scan(&c.Answers, &c.IssuedAt, &c.Until, &tries)
	if errors.Is(err, pgx.ErrNoRows) {
		return Code{}, nil
	}
	c.Left = Tries - tries
	return c, err
}

// Get returns the code of an entry that holds; nothing is a zero Code.
func Get(ctx context.Context, tx tenants.Tx, entry uuid.UUID) (Code, error) {
	c, err := Scan(tx.QueryRow(ctx, CurrentSQL, entry))
	if err != nil {
		return Code{}, fmt.Errorf("get the code of an entry: %w", err)
	}
	return c, nil
}

// sentCode is a code that was sent, whatever became of it.
type sentCode struct {
	ID      uuid.UUID
	Answers string
	Token   []byte
	Tries   int
	EndedAs string
	Over    bool
}

func findSent(ctx context.Context, tx tenants.Tx, entry uuid.UUID) ([]sentCode, error) {
	rows, err := tx.Query(ctx, `select c.id, c.mark as answers, c.code_token as token, c.tries, coalesce(c.ended_as, '') as ended_as,
			c.expires_at <= app.now() as over
		from onboarding.entry_codes c where c.tenant_id = app.tenant() and c.entry_id = $1 order by c.issued_at desc limit 50`, entry)
	if err != nil {
		return nil, fmt.Errorf("find the codes of an entry: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[sentCode])
}

// count writes down a try: the code is used, ended by the last wrong one, or has one try less.
func count(ctx context.Context, tx tenants.Tx, id uuid.UUID, verdict Verdict) error {
	sql := `update onboarding.entry_codes set tries = tries + 1 where tenant_id = app.tenant() and id = $1`
	switch verdict {
	case Proved:
		sql = `update onboarding.entry_codes set ended_at = app.now(), ended_as = 'used' where tenant_id = app.tenant() and id = $1`
	case Guessed:
		sql = `update onboarding.entry_codes set tries = tries + 1, ended_at = app.now(), ended_as = 'guessed' where tenant_id = app.tenant() and id = $1`
	case Changed:
		return nil // it was the right one, for answers that are no longer those: nobody guesses
	case Wrong, Used, Newer, Expired, None, Cut:
	}
	if _, err := tx.Exec(ctx, sql, id); err != nil {
		return fmt.Errorf("count a try: %w", err)
	}
	return nil
}
