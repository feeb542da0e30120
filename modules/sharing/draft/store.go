package draft

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

const draftSQL = `
	select d.id, d.state, d.content, d.version, d.updated_at, d.updated_name
	from sharing.agreement_drafts d where d.tenant_id = $1 and `

func scan(row pgx.CollectableRow) (d Draft, err error) {
	return d, row.Scan(&d.ID, &d.State, &d.Content, &d.Version, &d.UpdatedAt, &d.UpdatedBy)
}

func find(ctx context.Context, tx tenants.Tx, s tenants.Scope) ([]Draft, error) {
	rows, err := tx.Query(ctx, draftSQL+`d.state = 'open' order by d.updated_at desc, d.id limit 100`, s.Tenant)
	if err != nil {
		return nil, fmt.Errorf("find drafts of agreements: %w", err)
	}
	found, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("find drafts of agreements: %w", err)
	}
	return found, nil
}

func get(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) (Draft, error) {
	rows, err := tx.Query(ctx, draftSQL+`d.id = $2 and d.state <> 'discarded'`, s.Tenant, id)
	if err != nil {
		return Draft{}, fmt.Errorf("get a draft of an agreement: %w", err)
	}
	d, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return Draft{}, problem.Missing()
	}
	if err != nil {
		return Draft{}, fmt.Errorf("get a draft of an agreement: %w", err)
	}
	return d, nil
}

// save tells whether it has kept the content over the version that d has.
func save(ctx context.Context, tx tenants.Tx, s tenants.Scope, d Draft) (bool, error) {
	content, err := json.Marshal(d.Content)
	if err != nil {
		return false, fmt.Errorf("write a draft of an agreement: %w", err)
	}
	sql := `insert into sharing.agreement_drafts (tenant_id, id, content, updated_name, updated_by) values ($1, $2, $3, $4, app.account()) on conflict do nothing`
	args := []any{s.Tenant, d.ID, string(content), s.Name}
	if d.Version > 0 {
		sql = `update sharing.agreement_drafts set content = $3, updated_name = $4, updated_by = app.account(), updated_at = app.now(), version = version + 1
			where tenant_id = $1 and id = $2 and version = $5 and state = 'open'`
		args = append(args, d.Version)
	}
	tag, err := tx.Exec(ctx, sql, args...)
	if err != nil {
		return false, fmt.Errorf("save a draft of an agreement: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// end closes a draft as it was read; problem.Conflict where it was saved or closed meanwhile.
func end(ctx context.Context, tx tenants.Tx, s tenants.Scope, d Draft, state string) error {
	tag, err := tx.Exec(ctx, `update sharing.agreement_drafts set state = $4, updated_at = app.now(), updated_name = $5, version = version + 1
		where tenant_id = $1 and id = $2 and version = $3 and state = 'open'`, s.Tenant, d.ID, d.Version, state, s.Name)
	if err != nil {
		return fmt.Errorf("close a draft of an agreement: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "sharing.error.draft_changed")
	}
	return nil
}

// same tells whether two contents are written alike.
func same(a, b Content) bool {
	first, err := json.Marshal(a)
	if err != nil {
		return false
	}
	second, err := json.Marshal(b)
	return err == nil && bytes.Equal(first, second)
}
