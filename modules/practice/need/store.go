package need

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/practice/form"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

const ownColumns = `n.id, n.tenant_id, '', n.title, n.purpose, n.audience, n.area, n.budget, n.staff, n.deadline, n.state, n.version,
	(select c.published_at from commons.needs c where c.id = n.id), n.updated_at`

const publishedColumns = `c.id, c.tenant_id, c.body, c.title, c.purpose, c.audience, c.area, c.budget, c.staff, c.deadline, c.state, 0, c.published_at, c.published_at`

func scanNeed(row pgx.CollectableRow) (PracticeNeed, error) {
	var n PracticeNeed
	var deadline, published *time.Time
	err := row.Scan(&n.ID, &n.Tenant, &n.Body, &n.Title, &n.Purpose, &n.Audience, &n.Area, &n.Budget, &n.Staff, &deadline, &n.State, &n.Revision,
		&published, &n.UpdatedAt)
	if deadline != nil {
		n.Deadline = *deadline
	}
	if published != nil {
		n.PublishedAt = *published
	}
	return n, err
}

func (v *Service) findOwn(ctx context.Context, s tenants.Scope) ([]PracticeNeed, error) {
	var b pgx.Batch
	var found []PracticeNeed
	b.Queue(`select `+ownColumns+` from practice.needs n where n.tenant_id = $1 order by n.created_at desc, n.id limit 500`, s.Tenant).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, scanNeed)
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find needs: %w", err)
	}
	return found, nil
}

func (v *Service) getOwn(ctx context.Context, s tenants.Scope, id uuid.UUID) (PracticeNeed, error) {
	return v.get(ctx, s, `select `+ownColumns+` from practice.needs n where n.tenant_id = $1 and n.id = $2`, id)
}

// getPublished reads what another body has published and not closed.
func (v *Service) getPublished(ctx context.Context, s tenants.Scope, id uuid.UUID) (PracticeNeed, error) {
	return v.get(ctx, s, `select `+publishedColumns+` from commons.needs c where c.tenant_id <> $1 and c.id = $2 and c.state = 'published'`, id)
}

func (v *Service) get(ctx context.Context, s tenants.Scope, sql string, id uuid.UUID) (PracticeNeed, error) {
	var b pgx.Batch
	var found PracticeNeed
	b.Queue(sql, s.Tenant, id).Query(form.One(&found, scanNeed))
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return PracticeNeed{}, form.Missing(err, "get a need")
	}
	return found, nil
}

func (v *Service) findPublished(ctx context.Context, s tenants.Scope, area, after string) ([]PracticeNeed, error) {
	var b pgx.Batch
	var found []PracticeNeed
	at, id := form.ParsePlace(after)
	b.Queue(`select `+publishedColumns+` from commons.needs c
		where c.tenant_id <> $1 and c.state = 'published' and ($2 = '' or c.area = $2)
			and ($3::timestamptz is null or (c.published_at, c.id) < ($3, $4::uuid))
		order by c.published_at desc, c.id desc limit `+strconv.Itoa(PageSize+1), s.Tenant, area, at, id).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, scanNeed)
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find published needs: %w", err)
	}
	return found, nil
}

func createNeed(ctx context.Context, tx tenants.Tx, s tenants.Scope, n PracticeNeed) error {
	tag, err := tx.Exec(ctx, `insert into practice.needs (id, title, purpose, audience, area, budget, staff, deadline)
		values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant_id, id) do nothing`,
		n.ID, n.Title, n.Purpose, n.Audience, n.Area, n.Budget, n.Staff, day(n.Deadline))
	if err != nil {
		return fmt.Errorf("create a need: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "need.create", Object: n.ID})
}

// updateNeed returns the state in which the need is.
func updateNeed(ctx context.Context, tx tenants.Tx, n PracticeNeed) (State, error) {
	var state State
	err := tx.QueryRow(ctx, `update practice.needs set title = $2, purpose = $3, audience = $4, area = $5, budget = $6, staff = $7, deadline = $8,
			version = version + 1, updated_at = app.now()
		where tenant_id = app.tenant() and id = $1 and version = $9 and state <> 'met' returning state`,
		n.ID, n.Title, n.Purpose, n.Audience, n.Area, n.Budget, n.Staff, day(n.Deadline), n.Revision).Scan(&state)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", problem.New(problem.Conflict, "web.error.conflict")
	}
	if err != nil {
		return "", fmt.Errorf("update a need: %w", err)
	}
	return state, nil
}

// holdNeed keeps a need as it was read until the end of the transaction; problem.Conflict where somebody has changed it since.
func holdNeed(ctx context.Context, tx tenants.Tx, n PracticeNeed) error {
	var version int
	if err := tx.QueryRow(ctx, `select n.version from practice.needs n where n.tenant_id = app.tenant() and n.id = $1 for update`,
		n.ID).Scan(&version); err != nil {
		return fmt.Errorf("hold a need: %w", err)
	}
	if version != n.Revision {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	return nil
}

func publishNeed(ctx context.Context, tx tenants.Tx, id uuid.UUID) error {
	if _, err := tx.Exec(ctx, `select practice.publish_need($1)`, id); err != nil {
		return fmt.Errorf("publish a need: %w", err)
	}
	return nil
}

func closeNeed(ctx context.Context, tx tenants.Tx, id uuid.UUID, outcome State) error {
	if _, err := tx.Exec(ctx, `select practice.close_need($1, $2)`, id, outcome); err != nil {
		return fmt.Errorf("close a need: %w", err)
	}
	return nil
}

func day(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
