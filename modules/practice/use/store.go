package use

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// findKept reads what the own body kept of a kit, as its items are now, and since when.
func (v *Service) findKept(ctx context.Context, s tenants.Scope, adoption uuid.UUID) (Measures, error) {
	var m Measures
	var b pgx.Batch
	b.Queue(`select app.now(), min(a.at) from practice.applications a where a.tenant_id = $1 and a.adoption_id = $2`, s.Tenant, adoption).QueryRow(func(row pgx.Row) error {
		return row.Scan(&m.At, (*zeronull.Timestamptz)(&m.Since))
	})
	b.Queue(`with run as materialized (
			select l.kind, l.key, min(a.at) as at from practice.applications a
				join practice.application_items l on l.tenant_id = a.tenant_id and l.application_id = a.id
			where a.tenant_id = $1 and a.adoption_id = $2 group by l.kind, l.key)
		select d.kind, d.key, i.title_it, i.title_en, d.decision, coalesce(r.at, d.updated_at), coalesce(w.content, '{}')
		from practice.became d join kit.items i on i.tenant_id = d.tenant_id and i.id = d.item_id
			left join kit.item_versions w on w.tenant_id = i.tenant_id and w.id = i.version_id
			left join run r on r.kind = d.kind and r.key = d.key
		where d.tenant_id = $1 and d.adoption_id = $2 and d.decision in ('adopted', 'adapted') order by d.kind, d.key limit 5000`, s.Tenant, adoption).
		Query(func(rows pgx.Rows) (err error) {
			m.Lines, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Line, error) {
				var l Line
				var content string
				err := row.Scan(&l.Kind, &l.Key, &l.Title.IT, &l.Title.EN, &l.Decision, &l.Since, &content)
				l.content = []byte(content)
				return l, err
			})
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return Measures{}, fmt.Errorf("find what was kept of a kit: %w", err)
	}
	return m, nil
}

// statedKinds are the kinds whose use is on the board itself: courses by their sessions, indicators by their values, checklists
// by their answers.
var statedKinds = map[string][]string{
	kit.KindTraining: {"session"}, kit.KindIndicator: {"baseline", "measure"}, kit.KindChecklist: {"answer"},
}

// Sources measure what is used on the boards of adoptions.
func Sources(deps modules.Deps) []modules.UseSource {
	var sources []modules.UseSource
	for kind, stated := range statedKinds {
		sources = append(sources, modules.UseSource{Kind: kind, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Use, error) {
			return findStated(ctx, deps, s, stated)
		}})
	}
	return sources
}

// findStated counts what both sides put on the boards of what the own body adopts.
func findStated(ctx context.Context, deps modules.Deps, s tenants.Scope, kinds []string) (found []modules.Use, err error) {
	var b pgx.Batch
	b.Queue(`select split_part(x.key, '/', 1),
			(count(*) filter (where x.at >= (select app.now()) - interval '30 days'))::int,
			(count(*) filter (where x.at >= (select app.now()) - interval '90 days'))::int,
			(count(*) filter (where x.at >= (select app.now()) - interval '180 days'))::int,
			count(*)::int, (count(distinct x.author_name) filter (where x.at >= (select app.now()) - interval '180 days'))::int, max(x.at)
		from practice.adoptions_statements x join practice.adoptions_parties p on p.adoption_id = x.adoption_id and p.tenant_id = $1 and p.side = 'reusing'
		where x.kind = any ($2) and x.key <> '' group by 1`, s.Tenant, kinds).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[modules.Use])
		return err
	})
	if err := deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("measure the use of a board: %w", err)
	}
	return found, nil
}
