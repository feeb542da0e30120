package intake

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// saveDraft reports false when there is a draft with the id that is over, somebody else's, or saved with another text since
// d was read.
func saveDraft(ctx context.Context, tx tenants.Tx, s tenants.Scope, d Draft, typed string) (bool, error) {
	tag, err := tx.Exec(ctx, `insert into intake.drafts (id, author_account, typed)
		select $2, $3, $4 where not exists (select 1 from intake.contacts c where c.tenant_id = $1 and c.id = $2)
		on conflict do nothing`, s.Tenant, d.ID, s.Account, typed)
	if err != nil {
		return false, fmt.Errorf("insert a draft: %w", err)
	}
	if tag.RowsAffected() == 1 {
		return true, nil
	}
	tag, err = tx.Exec(ctx, `update intake.drafts set typed = $4, updated_at = now()
		where tenant_id = $1 and id = $2 and author_account = $3 and state = 'open' and (updated_at = $5 or typed = $4)`,
		s.Tenant, d.ID, s.Account, typed, d.UpdatedAt)
	if err != nil {
		return false, fmt.Errorf("update a draft: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// endDraft takes away what a draft holds. It reports false where there is none to end.
func endDraft(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) (bool, error) {
	tag, err := tx.Exec(ctx, `update intake.drafts set typed = '', state = 'over', updated_at = now()
		where tenant_id = $1 and id = $2 and author_account = $3 and state = 'open'`, s.Tenant, id, s.Account)
	if err != nil {
		return false, fmt.Errorf("end a draft: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func (sv *Service) readDraft(ctx context.Context, s tenants.Scope, id uuid.UUID) (Draft, error) {
	d, typed := Draft{ID: id}, ""
	var b pgx.Batch
	b.Queue(`select d.typed, d.state = 'over', d.updated_at from intake.drafts d
		where d.tenant_id = $1 and d.id = $2 and d.author_account = $3`, s.Tenant, id, s.Account).
		QueryRow(func(row pgx.Row) error { return row.Scan(&typed, &d.Over, &d.UpdatedAt) })
	err := sv.deps.DB.Read(ctx, s, &b)
	if errors.Is(err, pgx.ErrNoRows) {
		return Draft{}, problem.Missing()
	}
	if err != nil {
		return Draft{}, fmt.Errorf("read a draft: %w", err)
	}
	d.Typed, err = readTyped(typed)
	return d, err
}

func (sv *Service) findDrafts(ctx context.Context, s tenants.Scope) ([]Draft, error) {
	var drafts []Draft
	var b pgx.Batch
	b.Queue(fmt.Sprintf(`select d.id, d.updated_at from intake.drafts d
		where d.tenant_id = $1 and d.author_account = $2 and d.state = 'open' order by d.updated_at desc limit %d`, maxDrafts), s.Tenant, s.Account).
		Query(func(rows pgx.Rows) (err error) {
			drafts, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Draft, error) {
				var d Draft
				return d, row.Scan(&d.ID, &d.UpdatedAt)
			})
			return err
		})
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find drafts: %w", err)
	}
	return drafts, nil
}
