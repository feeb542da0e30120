package kit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// itemColumns is an item i with its current version v; contents are the last columns, so that lists can leave them.
const (
	noID        = `'00000000-0000-0000-0000-000000000000'`
	itemColumns = `i.id, i.kind, i.key, i.title_it, i.title_en, i.owner, i.licence, i.state, i.adaptation, i.reason,
		i.version, i.updated_at, coalesce(i.origin_practice, ` + noID + `) as origin_practice, coalesce(i.origin_kit, ` + noID + `) as origin_kit,
		i.origin_version, i.origin_key, coalesce(v.id, ` + noID + `) as version_id, coalesce(v.number, 0) as number,
		coalesce(v.sha256, '') as sha256, coalesce(v.author_name, '') as author_name, coalesce(v.reason, '') as version_reason, v.at`
	itemContents = `, v.content, i.draft, i.base`
	noContents   = `, null::text as content, null::text as draft, null::text as base`
	itemTables   = ` from kit.items i left join kit.item_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id`

	versionColumns = `v.id, coalesce(v.item_id, ` + noID + `) as item_id, v.kind, v.key, v.title_it, v.title_en, v.number, v.sha256,
		coalesce(v.author_account, ` + noID + `) as author_account, v.author_name, v.reason, v.at`
	versionTables = ` from kit.item_versions v`
)

type itemRow struct {
	ID             uuid.UUID
	Kind, Key      string
	TitleIt        string
	TitleEn        string
	Owner, Licence string
	State          State
	Adaptation     Adaptation
	Reason         string
	Version        int
	UpdatedAt      time.Time
	OriginPractice uuid.UUID
	OriginKit      uuid.UUID
	OriginVersion  string
	OriginKey      string
	VersionID      uuid.UUID
	Number         int
	SHA256         string `db:"sha256"`
	AuthorName     string
	VersionReason  string
	At             *time.Time
	Content        *string
	Draft          *string
	Base           *string
}

func (r itemRow) item() Item {
	item := Item{
		ID: r.ID, Kind: r.Kind, Key: r.Key, Title: language.Text{It: r.TitleIt, En: r.TitleEn}, Owner: r.Owner, Licence: r.Licence,
		State: r.State, Draft: bytesOf(r.Draft), Adaptation: r.Adaptation, Reason: r.Reason, Revision: r.Version, UpdatedAt: r.UpdatedAt,
		Origin: Origin{Practice: r.OriginPractice, Kit: r.OriginKit, Version: r.OriginVersion, Key: r.OriginKey, Base: bytesOf(r.Base)},
	}
	item.Current = Version{
		ID: r.VersionID, ItemID: r.ID, Kind: r.Kind, Key: r.Key, Title: item.Title, Number: r.Number,
		Content: bytesOf(r.Content), SHA256: r.SHA256, Author: r.AuthorName, Reason: r.VersionReason,
	}
	if r.At != nil {
		item.Current.At = *r.At
	}
	return item
}

type versionRow struct {
	ID, ItemID    uuid.UUID
	Kind, Key     string
	TitleIt       string
	TitleEn       string
	Number        int
	SHA256        string `db:"sha256"`
	AuthorAccount uuid.UUID
	AuthorName    string
	Reason        string
	At            time.Time
	Content       *string
}

func (r versionRow) version() Version {
	return Version{
		ID: r.ID, ItemID: r.ItemID, Kind: r.Kind, Key: r.Key, Title: language.Text{It: r.TitleIt, En: r.TitleEn}, Number: r.Number,
		Content: bytesOf(r.Content), SHA256: r.SHA256, Account: r.AuthorAccount, Author: r.AuthorName, Reason: r.Reason, At: r.At,
	}
}

func bytesOf(text *string) []byte {
	if text == nil {
		return nil
	}
	return []byte(*text)
}

func (i *Items) findItems(ctx context.Context, s tenants.Scope, kind string) ([]Item, error) {
	var b pgx.Batch
	var found []Item
	b.Queue(`select `+itemColumns+noContents+itemTables+` where i.tenant_id = $1 and ($2 = '' or i.kind = $2) order by i.kind, i.key`,
		s.Tenant, kind).Query(func(rows pgx.Rows) (err error) {
		found, err = collectItems(rows)
		return err
	})
	if err := i.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find items: %w", err)
	}
	return found, nil
}

func (i *Items) getItem(ctx context.Context, s tenants.Scope, kind, key string) (Item, error) {
	var b pgx.Batch
	var found []Item
	b.Queue(`select `+itemColumns+itemContents+itemTables+` where i.tenant_id = $1 and i.kind = $2 and i.key = $3`,
		s.Tenant, kind, key).Query(func(rows pgx.Rows) (err error) {
		found, err = collectItems(rows)
		return err
	})
	if err := i.deps.DB.Read(ctx, s, &b); err != nil {
		return Item{}, fmt.Errorf("get item %s: %w", Place(kind, key), err)
	}
	if len(found) == 0 {
		return Item{}, problem.Missing()
	}
	return found[0], nil
}

func (i *Items) findPublished(ctx context.Context, s tenants.Scope, kind string) ([]Version, error) {
	var b pgx.Batch
	var found []Version
	QueuePublished(&b, s.Tenant, kind, &found)
	if err := i.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find published items: %w", err)
	}
	return found, nil
}

func (i *Items) findHistory(ctx context.Context, s tenants.Scope, item uuid.UUID) ([]Version, error) {
	var b pgx.Batch
	var found []Version
	b.Queue(`select `+versionColumns+`, null::text as content`+versionTables+` where v.tenant_id = $1 and v.item_id = $2
		order by v.number desc limit 200`, s.Tenant, item).Query(collectVersions(&found))
	if err := i.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find the history of an item: %w", err)
	}
	return found, nil
}

func (i *Items) getVersion(ctx context.Context, s tenants.Scope, id uuid.UUID) (Version, error) {
	var b pgx.Batch
	var found Version
	QueueVersion(&b, s.Tenant, id, &found)
	err := i.deps.DB.Read(ctx, s, &b)
	if errors.Is(err, pgx.ErrNoRows) {
		return Version{}, problem.Missing()
	}
	if err != nil {
		return Version{}, fmt.Errorf("get a version: %w", err)
	}
	return found, nil
}

// QueuePublished reads the published items of a kind, or of all where it is empty, in a batch of any door: all of the own body's, and of another body's
// those that a grant lets the actor work with.
func QueuePublished(b *pgx.Batch, tenant int32, kind string, into *[]Version) {
	b.Queue(`select `+versionColumns+`, v.content`+versionTables+` join kit.items i on i.tenant_id = v.tenant_id and i.version_id = v.id
		where i.tenant_id = $1 and ($2 = '' or i.kind = $2) and i.state = 'published' order by i.kind, i.key collate "C"`, tenant, kind).Query(collectVersions(into))
}

// QueueVersion reads a pinned version in a batch of any door: own versions through Read, versions that a shared record
// pins through Guest. A version that cannot be seen makes the batch fail with pgx.ErrNoRows.
func QueueVersion(b *pgx.Batch, tenant int32, id uuid.UUID, into *Version) {
	b.Queue(`select `+versionColumns+`, v.content`+versionTables+` where v.tenant_id = $1 and v.id = $2`, tenant, id).Query(func(rows pgx.Rows) error {
		row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[versionRow])
		*into = row.version()
		return err
	})
}

// lockItems locks items by kind and key for the length of a transaction.
func lockItems(ctx context.Context, tx tenants.Tx, tenant int32, sources []Source) error {
	kinds, keys := kindsAndKeys(sources)
	// Who waited for another change reads it in a statement of its own: the one that waited does not see the version it made.
	if _, err := tx.Exec(ctx, `select i.id from kit.items i`+thoseItems+` for update of i`, tenant, kinds, keys); err != nil {
		return fmt.Errorf("lock items: %w", err)
	}
	return nil
}

const thoseItems = ` where i.tenant_id = $1 and (i.kind, i.key) in (select k.kind, k.key from unnest($2::text[], $3::text[]) as k (kind, key)) order by i.kind, i.key`

func kindsAndKeys(sources []Source) (kinds, keys []string) {
	for _, source := range sources {
		kinds, keys = append(kinds, source.Kind), append(keys, source.Key)
	}
	return kinds, keys
}

// readItems reads items by kind and key, with their contents.
func readItems(ctx context.Context, tx tenants.Tx, tenant int32, sources []Source) (map[string]Item, error) {
	kinds, keys := kindsAndKeys(sources)
	rows, err := tx.Query(ctx, `select `+itemColumns+itemContents+itemTables+thoseItems, tenant, kinds, keys)
	if err != nil {
		return nil, fmt.Errorf("read items: %w", err)
	}
	items, err := collectItems(rows)
	if err != nil {
		return nil, fmt.Errorf("read items: %w", err)
	}
	found := make(map[string]Item, len(items))
	for _, item := range items {
		found[Place(item.Kind, item.Key)] = item
	}
	return found, nil
}

// writing is one item to write, with the version that it gets, if any.
type writing struct {
	item    Item
	version *Version
	reason  string                // why it is changed
	changes []modules.SightChange // who gains and who loses by it, as somebody has read it
}

// write writes all in one round trip, and lets their kinds follow. Revision is that of the row as it was read, 0 for a new one; a row that
// changed since then, or a key taken meanwhile, is problem.Conflict.
func (i *Items) write(ctx context.Context, tx tenants.Tx, s tenants.Scope, writings ...writing) error {
	var b pgx.Batch
	items := map[string][]modules.Followed{}
	for _, w := range writings {
		items[w.item.Kind] = append(items[w.item.Kind], modules.Followed{Key: w.item.Key, Reason: w.reason, Changes: w.changes})
		queueItem(&b, w.item)
		if w.version != nil {
			queueVersionInsert(&b, *w.version)
		}
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("write items: %w", err)
	}
	return i.deps.Platform.Kinds.Follow(ctx, i.deps, modules.Following{Tx: tx, Scope: s}, items)
}

func queueItem(b *pgx.Batch, item Item) {
	args := []any{
		item.ID, item.Kind, item.Key, item.Title.It, item.Title.En, item.Owner, item.Licence, item.State,
		nullID(item.Current.ID), nullText(item.Draft), nullID(item.Origin.Practice), nullID(item.Origin.Kit), item.Origin.Version,
		item.Origin.Key, nullText(item.Origin.Base), item.Adaptation, item.Reason,
	}
	var queued *pgx.QueuedQuery
	if item.Revision == 0 {
		queued = b.Queue(`insert into kit.items (id, kind, key, title_it, title_en, owner, licence, state, version_id, draft, origin_practice,
				origin_kit, origin_version, origin_key, base, adaptation, reason)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) on conflict do nothing returning version`, args...)
	} else {
		queued = b.Queue(`update kit.items set title_it = $4, title_en = $5, owner = $6, licence = $7, state = $8, version_id = $9, draft = $10,
				origin_practice = $11, origin_kit = $12, origin_version = $13, origin_key = $14, base = $15, adaptation = $16, reason = $17,
				version = version + 1, updated_at = app.now()
			where tenant_id = app.tenant() and id = $1 and kind = $2 and key = $3 and version = $18 returning version`, append(args, item.Revision)...)
	}
	queued.QueryRow(func(row pgx.Row) error {
		var version int
		err := row.Scan(&version)
		if errors.Is(err, pgx.ErrNoRows) {
			return problem.New(problem.Conflict, "web.error.conflict")
		}
		return err
	})
}

func queueVersionInsert(b *pgx.Batch, v Version) {
	b.Queue(`insert into kit.item_versions (id, item_id, kind, key, number, title_it, title_en, content, sha256, author_account, author_name, reason)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		v.ID, v.ItemID, v.Kind, v.Key, v.Number, v.Title.It, v.Title.En, string(v.Content), v.SHA256, nullID(v.Account), v.Author, v.Reason)
}

func collectItems(rows pgx.Rows) ([]Item, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Item, error) {
		r, err := pgx.RowToStructByName[itemRow](row)
		return r.item(), err
	})
}

func collectVersions(into *[]Version) func(pgx.Rows) error {
	return func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Version, error) {
			r, err := pgx.RowToStructByName[versionRow](row)
			return r.version(), err
		})
		return err
	}
}

func nullID(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func nullText(content []byte) *string {
	if content == nil {
		return nil
	}
	text := string(content)
	return &text
}
