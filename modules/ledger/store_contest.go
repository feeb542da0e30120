package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

const (
	contestColumns = `c.id, c.event_id, c.event_at, c.words, c.made_at, coalesce(c.finding, ''), c.answer, c.answered_name, c.answered_at, c.version`
	// contestSQL joins what was contested; of it the same is told as of any event.
	contestSQL = `select ` + contestColumns + `, e.actor_name, e.actor_tenant, e.action, e.relation, coalesce(f.number, ''), e.share_id,
		case when e.relation = 'emergency' then coalesce(e.payload ->> 'reason', '') else '' end
		from ledger.contests c
		join audit.events e on e.tenant_id = c.tenant_id and e.at = c.event_at and e.id = c.event_id
		left join casefile.cases f on f.tenant_id = e.tenant_id and f.id = e.case_id
		where c.tenant_id = $1`
	ownContests = ` and c.account_id = $2 order by c.made_at desc, c.id desc limit 100`
	allContests = ` and $2::uuid is not null order by c.answered_at is not null, case when c.answered_at is null then c.made_at end, c.made_at desc, c.id desc limit 100`
)

func scanContest(row pgx.CollectableRow) (Contest, error) {
	var c Contest
	var answered *time.Time
	err := row.Scan(&c.ID, &c.Event, &c.EventAt, &c.Words, &c.MadeAt, &c.Finding, &c.Answer, &c.AnsweredBy, &answered, &c.Version,
		&c.Line.Actor, &c.Line.Body, &c.Line.Action, &c.Line.Relation, &c.Line.Number, (*zeronull.UUID)(&c.Line.Share), &c.Line.Reason)
	if answered != nil {
		c.AnsweredAt = *answered
	}
	c.Line.ID, c.Line.At = c.Event, c.EventAt
	return c, err
}

func (s *Service) findContests(ctx context.Context, scope tenants.Scope, which string) ([]Contest, error) {
	var batch pgx.Batch
	var found []Contest
	batch.Queue(contestSQL+which, scope.Tenant, scope.Account).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanContest)
		return err
	})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find what is contested: %w", err)
	}
	return found, nil
}

func (s *Service) readContest(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Contest, error) {
	var batch pgx.Batch
	var c Contest
	batch.Queue(contestSQL+` and c.id = $2`, scope.Tenant, id).Query(func(rows pgx.Rows) (err error) {
		c, err = pgx.CollectExactlyOneRow(rows, scanContest)
		return err
	})
	err := s.deps.DB.Read(ctx, scope, &batch)
	if errors.Is(err, pgx.ErrNoRows) {
		return Contest{}, problem.Missing()
	}
	if err != nil {
		return Contest{}, fmt.Errorf("read what is contested: %w", err)
	}
	return c, nil
}

func insertContest(ctx context.Context, tx tenants.Tx, scope tenants.Scope, c Complaint, at time.Time) (made bool, err error) {
	tag, err := tx.Exec(ctx, `insert into ledger.contests (id, account_id, event_id, event_at, words) values ($1, $2, $3, $4, $5) on conflict do nothing`,
		c.ID, scope.Account, c.Event, at, c.Words)
	if err != nil {
		return false, fmt.Errorf("write a contest: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func answerContest(ctx context.Context, tx tenants.Tx, scope tenants.Scope, a Answer) error {
	tag, err := tx.Exec(ctx, `update ledger.contests set finding = $4, answer = $5, answered_by = $6, answered_name = $7, answered_at = app.now(), version = version + 1
		where tenant_id = $1 and id = $2 and version = $3 and answered_at is null`,
		scope.Tenant, a.Contest, a.Version, a.Finding, a.Words, scope.Account, scope.Name)
	if err != nil {
		return fmt.Errorf("answer a contest: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "ledger.error.answered")
	}
	return nil
}

func (s *Service) countOpen(ctx context.Context, scope tenants.Scope) (n int, first time.Time, err error) {
	var batch pgx.Batch
	batch.Queue(`select count(*), coalesce(min(c.made_at), app.now()) from ledger.contests c where c.tenant_id = $1 and c.answered_at is null`, scope.Tenant).
		QueryRow(func(row pgx.Row) error { return row.Scan(&n, &first) })
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return 0, time.Time{}, fmt.Errorf("count what is contested: %w", err)
	}
	return n, first, nil
}
