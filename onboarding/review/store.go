package review

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const columns = `e.id, e.belfiore, e.kind, e.name, e.tax_code, e.deed_name, e.ipa, e.contact_name, e.contact_position, e.contact_email, e.contact_phone, e.act_number,
	coalesce(e.act_date::text, ''), e.pec, coalesce(e.review_asked_at, e.updated_at), case when e.review in ('yes', 'no') then e.review else '' end,
	e.review_reason, e.reviewed_name, e.reviewed_at`

func scan(row pgx.CollectableRow) (Entry, error) {
	var e Entry
	err := row.Scan(&e.ID, &e.Belfiore, &e.Kind, &e.Own, &e.TaxCode, &e.Deed, &e.IPA, &e.Name, &e.Position, &e.Email, &e.Phone, &e.ActNumber, &e.ActDate, &e.PEC, &e.AskedAt,
		&e.Verdict, &e.Reason, &e.Reviewer, (*zeronull.Timestamptz)(&e.JudgedAt))
	return e, err
}

func (v *Service) findEntries(ctx context.Context, s tenants.Scope) ([]Entry, error) {
	var b pgx.Batch
	var found []Entry
	b.Queue(`select `+columns+` from onboarding.entries e where e.tenant_id = $1 and e.review <> ''
		order by e.review <> 'asked', case when e.review = 'asked' then e.review_asked_at end, e.reviewed_at desc, e.id limit 100`, s.Tenant).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, scan)
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find entries to look at: %w", err)
	}
	return found, nil
}

func (v *Service) getEntry(ctx context.Context, s tenants.Scope, id uuid.UUID) (Entry, error) {
	var b pgx.Batch
	var e Entry
	b.Queue(`select `+columns+` from onboarding.entries e where e.tenant_id = $1 and e.id = $2 and e.review <> ''`, s.Tenant, id).
		Query(func(rows pgx.Rows) (err error) {
			e, err = pgx.CollectExactlyOneRow(rows, scan)
			return err
		})
	err := v.deps.DB.Read(ctx, s, &b)
	if errors.Is(err, pgx.ErrNoRows) {
		return Entry{}, problem.Missing()
	}
	if err != nil {
		return Entry{}, fmt.Errorf("get an entry to look at: %w", err)
	}
	return e, nil
}

// judgement is what a reviewer says, as it is written down.
type judgement struct {
	entry            uuid.UUID
	verdict          Verdict
	reason, reviewer string
}

// judge returns whose entry it is; uuid.Nil if it waits no longer. Who has a part in it is problem.Forbidden.
func judge(ctx context.Context, tx tenants.Tx, j judgement) (uuid.UUID, error) {
	var starter *uuid.UUID
	err := tx.QueryRow(ctx, `select onboarding.review_entry($1, $2, $3, left($4, 120))`, j.entry, string(j.verdict), j.reason, j.reviewer).Scan(&starter)
	var refused *pgconn.PgError
	switch {
	case errors.As(err, &refused) && refused.Code == "42501":
		return uuid.Nil, problem.New(problem.Forbidden, "onboarding.review.partial").Wrap(err)
	case err != nil:
		return uuid.Nil, fmt.Errorf("judge an entry: %w", err)
	case starter == nil:
		return uuid.Nil, nil
	}
	return *starter, nil
}

// getDeed finds the act of an entry that asked to be looked at, and its sum.
func (v *Service) getDeed(ctx context.Context, s tenants.Scope, id uuid.UUID) (f File, sum string, err error) {
	var b pgx.Batch
	b.Queue(`select e.deed_name, e.deed_type, e.deed_sha256, e.updated_at from onboarding.entries e
		where e.tenant_id = $1 and e.id = $2 and e.review <> '' and e.deed_sha256 is not null`, s.Tenant, id).
		QueryRow(func(row pgx.Row) error { return row.Scan(&f.Name, &f.MediaType, &sum, &f.At) })
	err = v.deps.DB.Read(ctx, s, &b)
	if errors.Is(err, pgx.ErrNoRows) {
		return File{}, "", problem.Missing()
	}
	if err != nil {
		return File{}, "", fmt.Errorf("find the act of an entry: %w", err)
	}
	return f, sum, nil
}

// countAsked counts the entries that wait, but for those in which the actor has a part.
func countAsked(ctx context.Context, tx tenants.Tx, s tenants.Scope) (p modules.Pile, err error) {
	err = tx.QueryRow(ctx, `select count(*), (array_agg(e.id order by e.review_asked_at, e.id))[1], max(e.review_asked_at) from onboarding.entries e
		where e.tenant_id = app.tenant() and e.review = 'asked' and not exists (select from onboarding.entry_people p
			where p.tenant_id = e.tenant_id and p.entry_id = e.id and p.account_id = $1)`, s.Account).
		Scan(&p.Count, (*zeronull.UUID)(&p.First), (*zeronull.Timestamptz)(&p.Since))
	if err != nil {
		return p, fmt.Errorf("count the entries to look at: %w", err)
	}
	return p, nil
}
