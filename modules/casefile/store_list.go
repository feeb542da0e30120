package casefile

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/modules/casefile/access"
	"staffetta/policies"
	"staffetta/tenants"
)

// lineSQL is the list of cases. The inner query finds the page through the index of
// the relation; names and managers are joined to that page only.
const lineSQL = `
	select c.id, c.number, c.state_label, c.area, c.opened_at, c.closed_at, coalesce(nullif(p.surname, ''), p.alias, ''), coalesce(p.name, ''),
		coalesce(m.account_name, '')
	from (%s) c
	left join registry.persons p on p.tenant_id = $1 and p.id = c.person_id and c.named
	left join casefile.assignments m on m.tenant_id = $1 and m.case_id = c.id and m.valid_to is null and m.part = 'manager'
	order by c.opened_at desc, c.id desc`

const assignedSQL = `
	select c.id, c.number, c.state_label, c.area, c.opened_at, c.closed_at, c.person_id, a.part = any ($7) as named
	from casefile.assignments a join casefile.cases c on c.tenant_id = a.tenant_id and c.id = a.case_id
	where a.tenant_id = $1 and a.account_id = $5 and a.valid_to is null and a.part = any ($6)
		and (c.closed_at is null or $4) and (c.opened_at, c.id) < ($2, $3) %s
	order by c.opened_at desc, c.id desc limit %d`

const bodySQL = `
	select c.id, c.number, c.state_label, c.area, c.opened_at, c.closed_at, c.person_id, true as named
	from casefile.cases c
	where c.tenant_id = $1 and (c.closed_at is null or $4) and (c.opened_at, c.id) < ($2, $3) and ($5::uuid, $6::text[], $7::text[]) is not null %s
	order by c.opened_at desc, c.id desc limit %d`

func (s *Service) findOfPerson(ctx context.Context, scope tenants.Scope, person uuid.UUID) ([]Line, error) {
	var batch pgx.Batch
	var lines []Line
	batch.Queue(`
		select c.id, c.number, c.state_label, c.opened_at, coalesce(m.account_name, '')
		from casefile.cases c
		left join casefile.assignments m on m.tenant_id = c.tenant_id and m.case_id = c.id and m.valid_to is null and m.part = 'manager'
		where c.tenant_id = $1 and c.person_id = $2 and c.closed_at is null order by c.opened_at desc limit 10`, scope.Tenant, person).
		Query(func(rows pgx.Rows) (err error) {
			lines, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Line, error) {
				var l Line
				return l, row.Scan(&l.ID, &l.Number, &l.State, &l.OpenedAt, &l.Manager)
			})
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find the cases of a person: %w", err)
	}
	return lines, nil
}

func (s *Service) findLines(ctx context.Context, scope tenants.Scope, q Query, relation policies.Relation) ([]Line, error) {
	inner := assignedSQL
	if relation == policies.Body {
		inner = bodySQL
	}
	at, id := q.After.Bounds()
	open, named := s.Parts(scope)
	args := []any{scope.Tenant, at, id, q.Closed, scope.Account, open, named}
	only := ""
	if q.Person != uuid.Nil {
		only, args = "and c.person_id = $8", append(args, q.Person)
	}
	if q.Unheld {
		only += " and " + unheldSQL
	}
	if q.Cases != nil {
		args = append(args, q.Cases)
		only += fmt.Sprintf(" and c.id = any ($%d::uuid[])", len(args))
	}
	var batch pgx.Batch
	var lines []Line
	batch.Queue(fmt.Sprintf(lineSQL, fmt.Sprintf(inner, only, access.PageSize+1)), args...).
		Query(func(rows pgx.Rows) (err error) {
			lines, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Line, error) {
				var l Line
				return l, row.Scan(&l.ID, &l.Number, &l.State, &l.Area, &l.OpenedAt, (*zeronull.Timestamptz)(&l.ClosedAt), &l.Surname, &l.Name, &l.Manager)
			})
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find cases: %w", err)
	}
	return lines, nil
}
