package share

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// sharedSQL finds a page of cases through the index of the grants; headers and names are joined to that page only. A
// name is joined where this case grants the identity, not where another case of the same person does. Sections come as one
// text, a section once for each of its shares: telling them apart here would sort once for every case.
const sharedSQL = `
	with live as (
		select g.tenant_id, g.case_id, string_agg(g.section::text, ',') as sections, bool_or(g.section::text = 'identity') as named,
			max(upper(g.valid)) as until
		from policies.case_grants g
		where g.grantee = $1 and (g.tenant_id, g.case_id) > ($2, $3) and g.section::text = any ((select app.sections())::text[])
		group by g.tenant_id, g.case_id order by g.tenant_id, g.case_id limit %d)
	select l.tenant_id, l.case_id, c.number, c.state_label, coalesce(nullif(p.surname, ''), p.alias, ''), coalesce(p.name, ''),
		l.sections, l.until
	from live l join casefile.cases c on c.tenant_id = l.tenant_id and c.id = l.case_id
	left join registry.persons p on l.named and p.tenant_id = l.tenant_id and p.id = c.person_id
	order by l.tenant_id, l.case_id`

func (s *Shares) findShared(ctx context.Context, scope tenants.Scope, after Place) ([]SharedCase, error) {
	var batch pgx.Batch
	var found []SharedCase
	batch.Queue(fmt.Sprintf(sharedSQL, pageSize+1), scope.Tenant, after.Owner, after.Case).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (SharedCase, error) {
			var c SharedCase
			var sections string
			err := row.Scan(&c.Owner, &c.Case, &c.Number, &c.State, &c.Surname, &c.Name, &sections, &c.Until)
			c.Sections = slices.Compact(slices.Sorted(strings.SplitSeq(sections, ",")))
			return c, err
		})
		return err
	})
	if err := s.deps.DB.Guest(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find shared cases: %w", err)
	}
	return found, nil
}
