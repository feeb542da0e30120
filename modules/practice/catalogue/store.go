package catalogue

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

const offerColumns = `k.id, p.id, p.key, coalesce(p.tenant_id, 0), p.body, k.release, k.title_it, k.title_en, k.owner, k.licence, k.sheet,
	k.completeness, k.hash, k.published_at, o.adopters, o.live, o.measured, o.alive_since, o.area, o.istat, app.now(), k.signer`

const offerTables = ` from commons.kits k join commons.practices p on p.id = k.practice_id join commons.offers o on o.practice_id = p.id`

func scanOffer(row pgx.CollectableRow) (Offer, error) {
	var o Offer
	return o, o.scan(row)
}

// scan reads offerColumns, and what follows them into more.
func (o *Offer) scan(row pgx.CollectableRow, more ...any) error {
	var sheet string
	var alive *time.Time
	err := row.Scan(append([]any{
		&o.Kit, &o.Practice, &o.Key, &o.Ceding, &o.Body, &o.Release, &o.Title.It, &o.Title.En, &o.Owner, &o.Licence, &sheet,
		&o.Completeness, &o.Hash, &o.PublishedAt, &o.Adopters, &o.Live, &o.Measured, &alive, &o.Area, &o.ISTAT, &o.readAt, &o.Signer,
	}, more...)...)
	if err != nil {
		return err
	}
	if alive != nil {
		o.AliveSince = *alive
	}
	o.Text = []byte(sheet)
	o.Sheet, err = release.ParseSheet(o.Text)
	return err
}

// ranks are what stands before the title in each order, the smallest first; $1 are the words.
var ranks = map[Sort]string{
	ByFit:      `case when cardinality($1::text[]) > 0 and o.title_words @@ practice.asked($1) then 0 else 1 end`,
	ByTitle:    `0`,
	ByNewest:   `-(extract(epoch from o.published_at) * 1000000)::bigint`,
	ByAdopters: `-o.adopters`,
}

// searchSQL finds the rows of a page first, and reads their sheets afterwards.
func (q Search) searchSQL() string {
	rank := ranks[q.Sort]
	if rank == "" {
		rank = ranks[ByTitle]
	}
	return `with page as materialized (
		select o.practice_id, (` + rank + `)::bigint as rank, o.title_key collate "C" as title from commons.offers o
		where (cardinality($1::text[]) = 0 or o.words @@ (select practice.asked($1)))
			and ($2 = '' or o.area = $2) and ($3 = '' or o.targets @> array[$3]) and ($4::text[] is null or o.istat = any ($4))
			and o.adopters >= $5 and ($6 = 0 or o.alive_since <= app.now() - make_interval(months => $6))
			and ($7 = '' or $7 = case when o.alive_since <= app.now() - interval '12 months' then 'proven' when o.live > 0 then 'transferred' else 'offered' end)
			and ($8::bigint is null or ((` + rank + `)::bigint, o.title_key collate "C", o.practice_id) > ($8, $9 collate "C", $10::uuid))
		order by rank, title, o.practice_id limit ` + strconv.Itoa(q.Limit+1) + `)
	select ` + offerColumns + `, page.rank, page.title from page
		join commons.offers o on o.practice_id = page.practice_id join commons.practices p on p.id = o.practice_id join commons.kits k on k.id = o.kit_id
		order by page.rank, page.title, p.id`
}

func (v *Service) findOffers(ctx context.Context, s tenants.Scope, q Search) ([]Offer, error) {
	var b pgx.Batch
	var found []Offer
	after, given := parsePosition(q.After)
	var rank *int64
	if given {
		rank = &after.rank
	}
	b.Queue(q.searchSQL(), q.words(), q.Area, q.Target, q.places(), q.Adopters, q.Alive, string(q.Maturity), rank, after.title, after.id).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Offer, error) {
				var o Offer
				err := o.scan(row, &o.at.rank, &o.at.title)
				o.at.id = o.Practice
				return o, err
			})
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find published practices: %w", err)
	}
	return found, nil
}

// maxTargets bounds how many groups of people a list offers to choose from.
const maxTargets = 60

// findTargets lists the groups of people that most sheets name.
func (v *Service) findTargets(ctx context.Context, s tenants.Scope) ([]string, error) {
	var b pgx.Batch
	var found []string
	b.Queue(`select g.target from (select t.target, count(*) as sheets from commons.offers o cross join unnest(o.targets) as t (target)
		group by t.target order by sheets desc, t.target limit ` + strconv.Itoa(maxTargets) + `) g order by g.target`).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find for whom practices are: %w", err)
	}
	return found, nil
}

// Wish is what somebody looks for loosely: what fits best comes first, and nothing is left out.
type Wish struct {
	Area  string
	Words []string // the beginnings of words
}

// FindCandidates lists practices of other bodies, those first that fit a wish: the same area, a title with one of the
// words, then what most bodies take over.
func (v *Service) FindCandidates(ctx context.Context, s tenants.Scope, w Wish, limit int) ([]Offer, error) {
	return v.offers(ctx, s, `where p.tenant_id is distinct from $1
		order by ($2 <> '' and o.area = $2) desc,
			exists (select from unnest($3::text[]) as w (word) where o.title_words @@ to_tsquery('pg_catalog.simple', quote_literal(w.word) || ':*')) desc,
			o.adopters desc, o.title_key collate "C", p.id limit `+strconv.Itoa(min(max(limit, 1), MaxPage)), s.Tenant, w.Area, append([]string{}, w.Words...))
}

// FindOwn lists the practices that the body has published.
func (v *Service) FindOwn(ctx context.Context, s tenants.Scope) ([]Offer, error) {
	return v.offers(ctx, s, `where p.tenant_id = $1 order by o.title_key collate "C", p.id limit `+strconv.Itoa(MaxPage), s.Tenant)
}

func (v *Service) offers(ctx context.Context, s tenants.Scope, which string, args ...any) ([]Offer, error) {
	var b pgx.Batch
	var found []Offer
	b.Queue(`select `+offerColumns+` from commons.offers o join commons.practices p on p.id = o.practice_id join commons.kits k on k.id = o.kit_id `+which, args...).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, scanOffer)
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find published practices: %w", err)
	}
	return found, nil
}

// FindParts reads of each kit what can be weighed: kind, key and title of every item, and the content of those kinds alone
// that name services or roles, or say what a kit costs and who works at it.
func (v *Service) FindParts(ctx context.Context, s tenants.Scope, offers []Offer) (map[uuid.UUID][]kit.Source, error) {
	kits := make([]uuid.UUID, len(offers))
	for i, offer := range offers {
		kits[i] = offer.Kit
	}
	parts := make(map[uuid.UUID][]kit.Source, len(kits))
	weighed := []string{kit.KindStaffing, kit.KindCost}
	for _, kind := range v.deps.Platform.Kinds.All() {
		if kind.Roles != nil || slices.ContainsFunc(kind.References, func(r modules.Reference) bool { return r.Kind == kit.KindService }) {
			weighed = append(weighed, kind.ID)
		}
	}
	var b pgx.Batch
	b.Queue(`select i.kit_id, i.kind, i.key, i.title_it, i.title_en, case when i.kind = any ($2) then i.content else '{}' end
		from commons.kit_items i where i.kit_id = any ($1) order by i.kit_id, i.kind, i.key`, kits, weighed).Query(func(rows pgx.Rows) error {
		var id uuid.UUID
		var item kit.Source
		var content string
		_, err := pgx.ForEachRow(rows, []any{&id, &item.Kind, &item.Key, &item.Title.IT, &item.Title.EN, &content}, func() error {
			item.Content = json.RawMessage(content)
			parts[id] = append(parts[id], item)
			return nil
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find what kits hold: %w", err)
	}
	return parts, nil
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
	kit.SortSources(v.deps.Platform.Kinds, found.Items)
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
	kit.SortSources(v.deps.Platform.Kinds, found)
	return found, nil
}

func scanSource(row pgx.CollectableRow) (kit.Source, error) {
	var source kit.Source
	var content string
	err := row.Scan(&source.Kind, &source.Key, &source.Title.IT, &source.Title.EN, &source.Owner, &source.Licence, &content)
	source.Content = json.RawMessage(content)
	return source, err
}
