package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/kit"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// ReadPublished reads a kit from commons as its file holds it: with the statement and signature that it has, or without
// them as it would be signed. A kit that is not there is problem.NotFound.
func ReadPublished(ctx context.Context, tx tenants.Tx, id uuid.UUID) (archive.Kit, error) {
	var k archive.Kit
	var sheet, lineage, statement string
	var signature []byte
	m := &k.Manifest
	err := tx.QueryRow(ctx, `select k.id, p.id, p.key, p.body, k.release, k.title_it, k.title_en, k.owner, k.licence, k.sheet, k.lineage::text, k.completeness,
			k.published_at, coalesce(k.manifest, ''), k.signature
		from commons.kits k join commons.practices p on p.id = k.practice_id where k.id = $1`, id).Scan(
		&m.Release.ID, &m.Practice.ID, &m.Practice.Key, &m.Provenance.Body.Name, &m.Release.Number, &m.Practice.Title.IT, &m.Practice.Title.EN,
		&m.Practice.Owner, &m.Practice.Licence, &sheet, &lineage, &m.Release.Completeness, &m.Release.Published, &statement, &signature)
	if err != nil {
		return archive.Kit{}, form.Missing(err, "read a published kit")
	}
	m.Sheet, m.Provenance.Lineage = json.RawMessage(sheet), json.RawMessage(lineage)
	rows, err := tx.Query(ctx, `select i.kind, i.key, i.title_it, i.title_en, i.owner, i.licence, i.content from commons.kit_items i
		where i.kit_id = $1 order by i.kind collate "C", i.key collate "C"`, id)
	if err != nil {
		return archive.Kit{}, fmt.Errorf("read the items of a published kit: %w", err)
	}
	if k.Items, err = pgx.CollectRows(rows, scanPublished); err != nil || statement == "" {
		return k, err
	}
	return k, k.Restate([]byte(statement), signature)
}

func scanPublished(row pgx.CollectableRow) (kit.Source, error) {
	var item kit.Source
	var content string
	err := row.Scan(&item.Kind, &item.Key, &item.Title.IT, &item.Title.EN, &item.Owner, &item.Licence, &content)
	item.Content = json.RawMessage(content)
	return item, err
}

// newestKey reads the key with which the body signs; its number is 0 where there is none, and nobody else makes one then.
func newestKey(ctx context.Context, tx tenants.Tx) (SigningKey, error) {
	var key SigningKey
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('practice.signing_keys', app.tenant()))`); err != nil {
		return SigningKey{}, fmt.Errorf("wait for another signature: %w", err)
	}
	err := tx.QueryRow(ctx, `select k.number, k.public, k.sealed from practice.signing_keys k where k.tenant_id = app.tenant()
		order by k.number desc limit 1`).Scan(&key.Number, &key.Public, &key.Sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return SigningKey{}, nil
	}
	if err != nil {
		return SigningKey{}, fmt.Errorf("read the signing key: %w", err)
	}
	return key, nil
}

func createKey(ctx context.Context, tx tenants.Tx, key SigningKey) error {
	_, err := tx.Exec(ctx, `insert into practice.signing_keys (number, public, sealed) values ($1, $2, $3)`, key.Number, key.Public, key.Sealed)
	if err != nil {
		return fmt.Errorf("keep a signing key: %w", err)
	}
	return nil
}

func keepSignature(ctx context.Context, tx tenants.Tx, k archive.Kit) error {
	_, err := tx.Exec(ctx, `select practice.sign_kit($1, $2, $3, $4)`, k.Manifest.Release.ID, string(k.Statement), k.Signature, k.Manifest.Provenance.Key)
	if err != nil {
		return fmt.Errorf("keep the signature of a kit: %w", err)
	}
	return nil
}
