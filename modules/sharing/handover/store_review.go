package handover

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

const reviewColumns = `r.share_id, r.supervisor, r.giver, r.taker, r.agreement_id, r.refused_at, r.finding, r.words, r.decided_name,
	coalesce(r.decided_at, ` + noTime + `)`

func scanReview(row pgx.CollectableRow) (Review, error) {
	var r Review
	return r, row.Scan(&r.ID, &r.Supervisor, &r.Giver, &r.Taker, &r.Agreement, &r.RefusedAt, &r.Finding, &r.Words, &r.Decided.Name, &r.Decided.At)
}

func (s *Service) readReviews(ctx context.Context, scope tenants.Scope, where string, args ...any) ([]Review, error) {
	var b pgx.Batch
	var found []Review
	b.Queue(`select `+reviewColumns+` from sharing.shares_reviews r where `+where, args...).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanReview)
		return err
	})
	if err := s.deps.DB.Read(ctx, scope, &b); err != nil {
		return nil, fmt.Errorf("read reviews of handovers: %w", err)
	}
	return found, nil
}

func (s *Service) getReview(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Review, error) {
	found, err := s.readReviews(ctx, scope, `r.share_id = $1`, id)
	if err != nil {
		return Review{}, err
	}
	if len(found) == 0 {
		return Review{}, problem.Missing()
	}
	return found[0], nil
}

// findReviews lists what the body has to review, the oldest first.
func (s *Service) findReviews(ctx context.Context, scope tenants.Scope) ([]Review, error) {
	return s.readReviews(ctx, scope, `r.supervisor = $1 and r.finding = '' order by r.refused_at, r.share_id limit 20`, scope.Tenant)
}

func (s *Service) allReviews(ctx context.Context, scope tenants.Scope) ([]Review, error) {
	return s.readReviews(ctx, scope, `true order by r.finding <> '', r.refused_at desc, r.share_id limit 200`)
}

// decideReview writes what the supervisor says, and tells both bodies of it.
func decideReview(ctx context.Context, tx tenants.Tx, r Review, told audit.Told) error {
	_, err := tx.Exec(ctx, `select sharing.review_handover($1, $2, $3, $4, $5, $6)`, r.ID, r.Finding, r.Words, r.Decided.Name, told.ID, told.At)
	if err != nil {
		return fieldOf.Raised("review a handover", err)
	}
	return nil
}
