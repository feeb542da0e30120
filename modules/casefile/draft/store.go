package draft

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/tenants"
)

const ownSQL = `
	from casefile.notes n join casefile.cases c on c.tenant_id = n.tenant_id and c.id = n.case_id
	where n.tenant_id = $1 and n.author_account = $2 and n.signed_at is null and c.closed_at is null
		and ('body ' || n.section::text = any ($3::text[]) or exists (select 1 from casefile.assignments m
			where m.tenant_id = n.tenant_id and m.case_id = n.case_id and m.account_id = $2 and m.valid_to is null
				and m.part || ' ' || n.section::text = any ($3::text[])))`

func (n Notes) find(ctx context.Context, s tenants.Scope, held []string, q modules.DraftQuery) (modules.Drafts, error) {
	args, order := []any{s.Tenant, s.Account, held}, ` order by n.updated_at desc, n.id`
	if !q.Latest {
		args, order = append(args, q.Since, q.ID), ` and (n.created_at, n.id) > ($4::timestamptz, $5::uuid) order by n.created_at, n.id`
	}
	var found modules.Drafts
	var batch pgx.Batch
	batch.Queue(`select count(*)`+ownSQL, s.Tenant, s.Account, held).QueryRow(func(row pgx.Row) error { return row.Scan(&found.Total) })
	batch.Queue(`select n.id, n.kind, n.case_id, c.number, n.created_at`+ownSQL+order+fmt.Sprintf(` limit %d`, q.Limit()), args...).
		Query(func(rows pgx.Rows) (err error) {
			found.List, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (modules.Draft, error) {
				var d modules.Draft
				var kind string
				err := row.Scan(&d.ID, &kind, &d.Case, &d.Number, &d.Since)
				d.Title = n.Label(kind)
				return d, err
			})
			return err
		})
	if err := n.DB.Read(ctx, s, &batch); err != nil {
		return found, fmt.Errorf("find drafts of notes: %w", err)
	}
	return found, nil
}
