package casefile

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// FindViewings lists who read or changed an opened case, newest first. Only the
// owner's people see it.
func (s *Service) FindViewings(ctx context.Context, a *Access, after Cursor) ([]Viewing, Cursor, error) {
	at, id := after.orFuture()
	var batch pgx.Batch
	var viewings []Viewing
	var ids []uuid.UUID
	batch.Queue(fmt.Sprintf(`
		select e.id, e.at, e.action, e.actor_name, e.actor_tenant, e.relation, e.sections, coalesce(e.payload ->> 'reason', ''), e.share_id, e.purpose
		from audit.events e where e.tenant_id = $1 and e.case_id = $2 and (e.at, e.id) < ($3, $4)
		order by e.at desc, e.id desc limit %d`, pageSize+1), a.Tenant, a.ID, at, id).
		Query(func(rows pgx.Rows) (err error) {
			viewings, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Viewing, error) {
				var v Viewing
				var event uuid.UUID
				err := row.Scan(&event, &v.At, &v.Action, &v.Actor, &v.Body, &v.Relation, &v.Sections, &v.Reason, (*nullID)(&v.Share), &v.Purpose)
				ids = append(ids, event)
				return v, err
			})
			return err
		})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, Cursor{}, fmt.Errorf("find who opened the case: %w", err)
	}
	if len(viewings) <= pageSize {
		return viewings, Cursor{}, nil
	}
	return viewings[:pageSize], Cursor{At: viewings[pageSize-1].At, ID: ids[pageSize-1]}, nil
}

// FindSteps lists how the case moved along its path, newest first.
func (s *Service) FindSteps(ctx context.Context, a *Access) ([]Step, error) {
	var batch pgx.Batch
	var steps []Step
	batch.Queue(`select t.from_state, t.to_state, t.reason, t.account_name, t.at from casefile.steps t
		where t.tenant_id = $1 and t.case_id = $2 order by t.at desc limit 100`, a.Tenant, a.ID).
		Query(func(rows pgx.Rows) (err error) {
			steps, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Step, error) {
				var t Step
				return t, row.Scan(&t.From, &t.To, &t.Reason, &t.By, &t.At)
			})
			return err
		})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find the steps of a case: %w", err)
	}
	return steps, nil
}
