package casefile

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

func insertDocument(ctx context.Context, tx tenants.Tx, a *Access, d Document) error {
	_, err := tx.Exec(ctx, `
		insert into casefile.documents (tenant_id, id, case_id, section, title, file_name, media_type, size, sha256,
			author_tenant, author_account, author_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (tenant_id, id) do nothing`,
		a.Tenant, d.ID, a.ID, d.Section, d.Title, d.FileName, d.MediaType, d.Size, d.Sum, a.Scope.Tenant, a.Scope.Account, a.Scope.Name)
	if err != nil {
		return fmt.Errorf("file a document: %w", err)
	}
	return nil
}

// findDocuments lists the documents of a case, or the one with the id.
func (s *Service) findDocuments(ctx context.Context, a *Access, id uuid.UUID) ([]Document, error) {
	var batch pgx.Batch
	var found []Document
	batch.Queue(`
		select d.tenant_id, d.id, d.section::text, d.title, d.file_name, d.media_type, d.size, d.sha256, d.author_name, d.created_at
		from casefile.documents d
		where d.tenant_id = $1 and d.case_id = $2 and ($3::uuid is null or d.id = $3)
		order by d.created_at desc, d.id desc limit 200`, a.Tenant, a.ID, (*nullID)(&id)).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Document, error) {
				var d Document
				return d, row.Scan(&d.Tenant, &d.ID, &d.Section, &d.Title, &d.FileName, &d.MediaType, &d.Size, &d.Sum, &d.AuthorName, &d.CreatedAt)
			})
			return err
		})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find documents: %w", err)
	}
	return found, nil
}
