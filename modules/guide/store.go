package guide

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// findSheets reads what the public may see: the sheet with the key, or all where it is empty, by key.
func (g *Service) findSheets(ctx context.Context, s tenants.Scope, key string) (found []Sheet, err error) {
	var b pgx.Batch
	b.Queue(`select i.key, v.title_it, v.title_en, v.content from kit.items i
		join kit.item_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id
		where i.tenant_id = $1 and i.kind = $2 and i.state = 'published' and i.shown and ($3 = '' or i.key = $3)
		order by i.key collate "C"`, s.Tenant, kit.KindService, key).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanSheet)
		return err
	})
	if err := g.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find the sheets of services: %w", err)
	}
	return found, nil
}

func scanSheet(row pgx.CollectableRow) (Sheet, error) {
	var key, content string
	var title language.Text
	if err := row.Scan(&key, &title.It, &title.En, &content); err != nil {
		return Sheet{}, err
	}
	service, err := kit.ParseService([]byte(content))
	if err != nil {
		return Sheet{}, fmt.Errorf("read service %s: %w", key, err)
	}
	return Sheet{Key: key, Title: title, Service: *service}, nil
}

// choosable are the services of a body that came with a kit, and those that are kept from the public.
const choosable = ` from kit.items i where i.tenant_id = app.tenant() and i.kind = 'service' and i.state = 'published'
	and (i.origin_practice is not null or not i.shown)`

func (g *Service) findListings(ctx context.Context, s tenants.Scope) (found []Listing, err error) {
	var b pgx.Batch
	b.Queue(`select i.key, i.title_it, i.title_en, i.shown` + choosable + ` order by i.key collate "C" limit 2000`).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Listing, err error) {
			return l, row.Scan(&l.Key, &l.Title.It, &l.Title.En, &l.Shown)
		})
		return err
	})
	if err := g.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find the services to choose from: %w", err)
	}
	return found, nil
}

// writeShown shows services to the public, or no longer, and tells which were not so before. It fails with problem.NotFound where one
// of them is none to choose.
func writeShown(ctx context.Context, tx tenants.Tx, keys []string, shown bool) (changed []string, err error) {
	var known int
	if err := tx.QueryRow(ctx, `select count(*)`+choosable+` and i.key = any($1)`, keys).Scan(&known); err != nil {
		return nil, fmt.Errorf("look for services: %w", err)
	}
	if known != len(keys) {
		return nil, problem.Missing()
	}
	rows, err := tx.Query(ctx, `update kit.items i set shown = $2
		where i.tenant_id = app.tenant() and i.kind = 'service' and i.key = any($1) and i.shown <> $2 returning i.key`, keys, shown)
	if err != nil {
		return nil, fmt.Errorf("show services: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
