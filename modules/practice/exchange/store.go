package exchange

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

// FindPractice returns the published practice with an id or a key, and which body of this installation cedes it, 0 for
// none. It fails with problem.NotFound, and with problem.Conflict where several practices have the key.
func (v *Service) FindPractice(ctx context.Context, s tenants.Scope, name string) (id uuid.UUID, ceding int32, err error) {
	var b pgx.Batch
	found := 0
	b.Queue(`select p.id, coalesce(p.tenant_id, 0) from commons.practices p where p.id::text = lower($1) or p.key = $1 limit 2`, name).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&id, &ceding}, func() error { found++; return nil })
			return err
		})
	switch err := v.deps.DB.Read(ctx, s, &b); {
	case err != nil:
		return uuid.Nil, 0, fmt.Errorf("find a published practice: %w", err)
	case found == 0:
		return uuid.Nil, 0, problem.Missing()
	case found > 1:
		return uuid.Nil, 0, problem.New(problem.Conflict, "practice.file.several")
	}
	return id, ceding, nil
}

// find reads a published kit and which body of this installation cedes it, 0 for none.
func (v *Service) find(ctx context.Context, s tenants.Scope, practice uuid.UUID, number string) (k archive.Kit, ceding int32, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		var id uuid.UUID
		err := tx.QueryRow(ctx, `select k.id, coalesce(p.tenant_id, 0) from commons.kits k join commons.practices p on p.id = k.practice_id
			where k.practice_id = $1 and k.release = $2`, practice, number).Scan(&id, &ceding)
		if err != nil {
			return form.Missing(err, "find a published kit")
		}
		k, err = release.ReadPublished(ctx, tx, id)
		return err
	})
	return k, ceding, err
}

// knowsSigner tells whether a key signed something here, or is that of a body of this installation.
func knowsSigner(ctx context.Context, tx tenants.Tx, public []byte) (known bool, err error) {
	if err := tx.QueryRow(ctx, `select exists (select from commons.signers s where s.public = $1)`, public).Scan(&known); err != nil {
		return false, fmt.Errorf("look for a signing key: %w", err)
	}
	return known, nil
}

// installKit writes a kit into commons, or says why not.
func installKit(ctx context.Context, tx tenants.Tx, k archive.Kit) (outcome string, err error) {
	contents := make([]string, len(k.Items))
	for i, item := range k.Items {
		contents[i] = string(item.Content)
	}
	err = tx.QueryRow(ctx, `select practice.install_kit($1, $2, $3, $4, $5)`,
		string(k.Statement), string(k.Manifest.Sheet), contents, k.Signature, k.Manifest.Provenance.Key).Scan(&outcome)
	if err != nil {
		return "", fmt.Errorf("install a kit: %w", err)
	}
	return outcome, nil
}
