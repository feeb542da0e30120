package board

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/tenants"
)

// readGates reads what gates look at, but the sheet, of several adoptions at once, in their order. Drawn are the kinds of items
// that are wanted with it.
func readGates(ctx context.Context, tx tenants.Tx, list []adoption.Adoption, drawn []string) ([]Board, error) {
	boards, at := make([]Board, len(list)), map[uuid.UUID]*Board{}
	ids, kits := make([]uuid.UUID, len(list)), make([]uuid.UUID, len(list))
	for i, a := range list {
		boards[i].Adoption, at[a.ID], ids[i], kits[i] = a, &boards[i], a.ID, a.Kit
	}
	items := map[uuid.UUID][]kit.Source{}
	var batch pgx.Batch
	batch.Queue(`select i.kit_id, i.kind, i.key, i.title_it, i.title_en, i.content from commons.kit_items i
		where i.kit_id = any($1) and (i.kind in ('checklist', 'training', 'indicator') or i.kind = any($2)) order by i.key collate "C", i.kind`, kits, drawn).Query(each(scanItem, func(of uuid.UUID, item kit.Source) {
		items[of] = append(items[of], item)
	}))
	batch.Queue(`select a.id, s.items, s.adopted, s.adapted, s.dropped, s.unexplained, s.dropped_keys
		from unnest($1::uuid[]) a (id) cross join lateral practice.adoption_standing(a.id) s`, ids).Query(each(scanStanding, func(of uuid.UUID, s Standing) { at[of].Standing = s }))
	batch.Queue(`select s.adoption_id, s.id, s.tenant_id, s.stage, s.kind, s.key, s.value, s.day, s.amount, s.people, s.owner, s.note, s.link, s.author_name, s.at
		from practice.adoptions_statements s where s.adoption_id = any($1) and s.replaced_at is null order by s.at, s.id limit 20000`, ids).
		Query(each(scanStatement, func(of uuid.UUID, s Statement) { at[of].Statements = append(at[of].Statements, s) }))
	batch.Queue(`select distinct on (a.id) a.id, n.title from practice.adoptions a
			join practice.adoptions_parties p on p.adoption_id = a.id and p.side = 'reusing' join commons.kits k on k.id = a.kit_id
			join commons.needs n on n.tenant_id = p.tenant_id and n.state in ('published', 'met') and n.area <> '' and n.area = k.sheet::jsonb #>> '{registry,area}'
		where a.id = any($1) order by a.id, n.published_at desc, n.id`, ids).Query(each(func(row pgx.CollectableRow) (of uuid.UUID, title string, err error) {
		return of, title, row.Scan(&of, &title)
	}, func(of uuid.UUID, title string) { at[of].Need = title }))
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return nil, fmt.Errorf("read what the gates of adoptions look at: %w", err)
	}
	return boards, fill(boards, items, drawn)
}

// fill gives boards what the items of their kits ask, and those that are drawn.
func fill(boards []Board, items map[uuid.UUID][]kit.Source, drawn []string) error {
	programmes := map[uuid.UUID]Programme{}
	for i := range boards {
		of := boards[i].Adoption.Kit
		if _, read := programmes[of]; !read {
			programme, err := programmeOf(items[of])
			if err != nil {
				return err
			}
			programmes[of] = programme
		}
		boards[i].Programme = programmes[of]
		for _, item := range items[of] {
			if slices.Contains(drawn, item.Kind) {
				boards[i].Drawn = append(boards[i].Drawn, item)
			}
		}
	}
	return nil
}

// each hands on what rows hold, with the id that each begins with.
func each[T any](scan func(pgx.CollectableRow) (uuid.UUID, T, error), take func(uuid.UUID, T)) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		for rows.Next() {
			of, one, err := scan(rows)
			if err != nil {
				return err
			}
			take(of, one)
		}
		return rows.Err()
	}
}

func scanItem(row pgx.CollectableRow) (of uuid.UUID, source kit.Source, err error) {
	var content string
	err = row.Scan(&of, &source.Kind, &source.Key, &source.Title.IT, &source.Title.EN, &content)
	source.Content = json.RawMessage(content)
	return of, source, err
}

func scanStanding(row pgx.CollectableRow) (of uuid.UUID, st Standing, err error) {
	return of, st, row.Scan(&of, &st.Items, &st.Adopted, &st.Adapted, &st.Dropped, &st.Unexplained, &st.DroppedKeys)
}

func scanStatement(row pgx.CollectableRow) (of uuid.UUID, s Statement, err error) {
	var day *time.Time
	err = row.Scan(&of, &s.ID, &s.Tenant, &s.Stage, &s.Kind, &s.Key, &s.Value, &day, &s.Amount, &s.People, &s.Owner, &s.Note, &s.Link, &s.Author, &s.At)
	if day != nil {
		s.Day = *day
	}
	return of, s, err
}
