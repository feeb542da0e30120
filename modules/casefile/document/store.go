package document

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

const documentColumns = `d.tenant_id, d.id, d.section::text, d.title, d.file_name, d.media_type, d.size, d.sha256, d.author_tenant, d.author_name, d.created_at`

func (d *Document) targets() []any {
	return []any{&d.Tenant, &d.ID, &d.Section, &d.Title, &d.FileName, &d.MediaType, &d.Size, &d.Sum, &d.AuthorTenant, &d.AuthorName, &d.CreatedAt}
}

// insertDocument files a document unless it is filed already; filed is false then.
func insertDocument(ctx context.Context, tx tenants.Tx, a *access.Access, d *Document) (filed bool, err error) {
	err = tx.QueryRow(ctx, `
		insert into casefile.documents as d (tenant_id, id, case_id, section, title, file_name, media_type, size, sha256,
			author_tenant, author_account, author_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning `+documentColumns,
		a.Tenant, d.ID, a.ID, d.Section, d.Title, d.FileName, d.MediaType, d.Size, d.Sum, a.Scope.Tenant, a.Scope.Account, a.Scope.Name).
		Scan(d.targets()...)
	if err == nil {
		return true, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return false, fmt.Errorf("file a document: %w", err)
	}
	err = tx.QueryRow(ctx, `select `+documentColumns+` from casefile.documents d
		where d.tenant_id = $1 and d.case_id = $2 and d.id = $3 and d.sha256 = $4 and d.author_account = $5`,
		a.Tenant, a.ID, d.ID, d.Sum, a.Scope.Account).Scan(d.targets()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, problem.Missing()
	}
	if err != nil {
		return false, fmt.Errorf("read the filed document: %w", err)
	}
	return false, nil
}

// findDocuments lists the documents of a case, or the one with the id.
func (f *Documents) findDocuments(ctx context.Context, a *access.Access, id uuid.UUID) ([]Document, error) {
	var batch pgx.Batch
	var found []Document
	batch.Queue(`select `+documentColumns+`
		from casefile.documents d
		where d.tenant_id = $1 and d.case_id = $2 and ($3::uuid is null or d.id = $3)
		order by d.created_at desc, d.id desc limit 200`, a.Tenant, a.ID, (*zeronull.UUID)(&id)).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Document, error) {
				var d Document
				return d, row.Scan(d.targets()...)
			})
			return err
		})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find documents: %w", err)
	}
	return found, nil
}
