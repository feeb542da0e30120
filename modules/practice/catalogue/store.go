package catalogue

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

const offerColumns = `k.id, p.id, p.key, p.tenant_id, p.body, k.release, k.title_it, k.title_en, k.owner, k.licence, k.sheet,
	k.completeness, k.hash, k.published_at, coalesce(a.bodies, 0)`

const offerTables = ` from commons.kits k join commons.practices p on p.id = k.practice_id
	left join practice.adopters() a on a.practice_id = p.id`

func scanOffer(row pgx.CollectableRow) (Offer, error) {
	var o Offer
	var sheet string
	err := row.Scan(&o.Kit, &o.Practice, &o.Key, &o.Ceding, &o.Body, &o.Release, &o.Title.It, &o.Title.En, &o.Owner, &o.Licence, &sheet,
		&o.Completeness, &o.Hash, &o.PublishedAt, &o.Adopters)
	if err != nil {
		return Offer{}, err
	}
	o.Text = []byte(sheet)
	o.Sheet, err = release.ParseSheet(o.Text)
	return o, err
}

func (v *Service) findOffers(ctx context.Context, s tenants.Scope, search string) ([]Offer, error) {
	var b pgx.Batch
	var found []Offer
	b.Queue(`select `+offerColumns+offerTables+`
		where not exists (select from commons.kits n where n.practice_id = k.practice_id and n.number > k.number)
			and position($1 in lower(k.title_it || ' ' || k.title_en || ' ' || p.body || ' ' || k.sheet)) > 0
		order by k.title_it, k.id limit 200`, search).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanOffer)
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find published practices: %w", err)
	}
	return found, nil
}

func (v *Service) getPublished(ctx context.Context, s tenants.Scope, practice uuid.UUID) (PublishedPractice, error) {
	var b pgx.Batch
	var found PublishedPractice
	newest := `(select k.id from commons.kits k where k.practice_id = $1 order by k.number desc limit 1)`
	b.Queue(`select `+offerColumns+offerTables+` where k.practice_id = $1 order by k.number desc limit 200`, practice).
		Query(func(rows pgx.Rows) (err error) {
			if found.Kits, err = pgx.CollectRows(rows, scanOffer); err == nil && len(found.Kits) == 0 {
				return pgx.ErrNoRows
			}
			return err
		})
	b.Queue(`select `+sourceColumns+` from commons.kit_items i where i.kit_id = `+newest, practice).
		Query(func(rows pgx.Rows) (err error) {
			found.Items, err = pgx.CollectRows(rows, scanSource)
			return err
		})
	b.Queue(`select k.lineage from commons.kits k where k.id = `+newest, practice).QueryRow(func(row pgx.Row) error {
		var lineage []byte
		if err := row.Scan(&lineage); err != nil {
			return err
		}
		return json.Unmarshal(lineage, &found.Lineage)
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return PublishedPractice{}, form.Missing(err, "get a published practice")
	}
	found.Newest = found.Kits[0]
	kit.SortSources(found.Items)
	return found, nil
}

const sourceColumns = `i.kind, i.key, i.title_it, i.title_en, i.owner, i.licence, i.content`

func (v *Service) findItems(ctx context.Context, s tenants.Scope, chosen uuid.UUID) ([]kit.Source, error) {
	var b pgx.Batch
	var found []kit.Source
	b.Queue(`select `+sourceColumns+` from commons.kit_items i where i.kit_id = $1`, chosen).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanSource)
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find the items of a kit: %w", err)
	}
	kit.SortSources(found)
	return found, nil
}

func scanSource(row pgx.CollectableRow) (kit.Source, error) {
	var source kit.Source
	var content string
	err := row.Scan(&source.Kind, &source.Key, &source.Title.IT, &source.Title.EN, &source.Owner, &source.Licence, &content)
	source.Content = json.RawMessage(content)
	return source, err
}
