package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/modules/casefile"
	"staffetta/tenants"
)

// searchSQL names nobody whom the service is about: a citizen who acts has no name here. The only words of people are
// those by which somebody justified an opening, a delay, or a change of how the body works. Of accounts, those who work at the body or did have a name.
const searchSQL = `
	select e.id, e.at, case when e.purpose = 'citizen' then '' else e.actor_name end, e.purpose = 'citizen', case when e.purpose = 'operator' then e.account_id end, e.actor_tenant, e.assurance,
		e.action, e.relation, c.id, coalesce(c.number, ''), coalesce(cardinality(e.cases), 0), e.sections, e.object_id, e.share_id,
		case when e.relation = 'emergency' or e.action in ('exemption.create', 'module.switch', 'item.publish', 'item.retire', 'rule.apply', 'role.bound', 'role.take') then coalesce(e.payload ->> 'reason', '') else '' end,
		case when e.action in ('role.give', 'role.bound', 'role.take') then jsonb_build_array(e.payload ->> 'role') when e.action = 'role.refuse' then e.payload -> 'roles' end,
		coalesce(m.name, ''), case when e.action = 'module.switch' then e.payload -> 'modules' end,
		case when e.action = 'module.switch' then coalesce((e.payload ->> 'on')::boolean, false) else false end,
		case when e.action like 'item.%%' then coalesce(i.title_it, '') else '' end,
		case when e.action in ('rule.draft', 'rule.apply') then e.payload -> 'rules' end
	from audit.events e left join casefile.cases c on c.tenant_id = e.tenant_id and c.id = e.case_id
		left join (select k.account_id, min(k.display_name) as name from (select account_id, display_name from platform.held_roles()
			union all select account_id, display_name from platform.former_colleagues()) k group by 1) m on e.action like 'role.%%' and m.account_id = e.object_id
		left join kit.items i on e.action like 'item.%%' and i.tenant_id = e.tenant_id and i.id = e.object_id
	where e.tenant_id = $1 and e.at >= $2 and e.at < $3 and (e.at, e.id) < ($4, $5)
		and ($6 = '' or e.purpose <> 'citizen' and position($6 in lower(e.actor_name)) > 0)
		and ($7 = 0 or e.actor_tenant = $7) and ($8 = '' or e.action = $8)
		and ($9 = '' or exists (select from casefile.cases n where n.tenant_id = $1 and n.number = $9 and (n.id = e.case_id or n.id = any (e.cases))))
		and ($10::uuid is null or e.share_id = $10)
	order by e.at desc, e.id desc limit %d`

func (s *Service) findLines(ctx context.Context, scope tenants.Scope, q Search, after casefile.Cursor, limit int) ([]Line, error) {
	before, id := after.Bounds()
	end := time.Date(q.To.Year(), q.To.Month(), q.To.Day()+1, 0, 0, 0, 0, q.To.Location())
	var batch pgx.Batch
	var lines []Line
	batch.Queue(fmt.Sprintf(searchSQL, limit), scope.Tenant, q.From, end, before, id, q.contains(), q.Body, q.Action, q.Number, zeronull.UUID(q.Share)).
		Query(func(rows pgx.Rows) (err error) {
			lines, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Line, error) {
				var l Line
				return l, row.Scan(&l.ID, &l.At, &l.Actor, &l.Citizen, (*zeronull.UUID)(&l.Account), &l.Body, &l.Assurance, &l.Action, &l.Relation, (*zeronull.UUID)(&l.Case), &l.Number, &l.Cases,
					&l.Sections, (*zeronull.UUID)(&l.Object), (*zeronull.UUID)(&l.Share), &l.Reason,
					&l.About.Roles, &l.About.Member, &l.About.Modules, &l.About.On, &l.About.Item, &l.About.Rules)
			})
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("search the audit: %w", err)
	}
	return lines, nil
}

// findPartners lists the bodies with which the body has agreed something: theirs are the people who can stand in its audit.
func (s *Service) findPartners(ctx context.Context, scope tenants.Scope) ([]int32, error) {
	var batch pgx.Batch
	var ids []int32
	batch.Queue(`select distinct p.tenant_id from policies.agreements_parties p order by p.tenant_id`).Query(func(rows pgx.Rows) (err error) {
		ids, err = pgx.CollectRows(rows, pgx.RowTo[int32])
		return err
	})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find the partners of the body: %w", err)
	}
	return ids, nil
}

// KnowsCase tells whether a case of the actor's body has the number.
func (s *Service) KnowsCase(ctx context.Context, scope tenants.Scope, number string) (known bool, err error) {
	var batch pgx.Batch
	batch.Queue(`select exists (select from casefile.cases where tenant_id = $1 and number = $2)`, scope.Tenant, number).
		QueryRow(func(row pgx.Row) error { return row.Scan(&known) })
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return false, fmt.Errorf("find a case by its number: %w", err)
	}
	return known, nil
}
