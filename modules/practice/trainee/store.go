package trainee

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

func findTrainees(ctx context.Context, tx tenants.Tx, s tenants.Scope, adoption uuid.UUID) ([]Trainee, error) {
	rows, err := tx.Query(ctx, `select t.id, t.course, t.account_id, t.name, t.day, t.author_name, false from practice.trainees t
		where t.tenant_id = $1 and t.adoption_id = $2 and t.removed_at is null order by t.course, t.name, t.id limit 2000`, s.Tenant, adoption)
	if err != nil {
		return nil, fmt.Errorf("find who was trained: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Trainee])
}

// insertTrainee tells whether the colleague was not on the log.
func insertTrainee(ctx context.Context, tx tenants.Tx, adoption uuid.UUID, t Trainee) (bool, error) {
	tag, err := tx.Exec(ctx, `insert into practice.trainees (id, adoption_id, course, account_id, name, day, author_name) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict do nothing`, t.ID, adoption, t.Course, t.Account, t.Name, t.Day, t.Author)
	if err != nil {
		return false, fmt.Errorf("write down who was trained: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}

func removeTrainee(ctx context.Context, tx tenants.Tx, s tenants.Scope, adoption, id uuid.UUID) error {
	tag, err := tx.Exec(ctx, `update practice.trainees t set removed_at = app.now() where t.tenant_id = $1 and t.adoption_id = $2 and t.id = $3 and t.removed_at is null`,
		s.Tenant, adoption, id)
	if err != nil {
		return fmt.Errorf("take somebody off the training log: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.Missing()
	}
	return nil
}
