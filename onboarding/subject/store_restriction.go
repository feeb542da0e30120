package subject

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// insertRestriction restricts the data of the person of a request and tells whether it was not yet.
func insertRestriction(ctx context.Context, tx tenants.Tx, s tenants.Scope, r Request, reason string) (bool, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return false, fmt.Errorf("make an id: %w", err)
	}
	done, err := tx.Exec(ctx, `insert into onboarding.restrictions (id, request_id, person_id, reason, set_by, set_name) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
		id, r.ID, r.Person, reason, s.Account, s.Name)
	if err != nil {
		return false, fmt.Errorf("restrict the data of a person: %w", err)
	}
	return done.RowsAffected() == 1, nil
}

func liftRestriction(ctx context.Context, tx tenants.Tx, s tenants.Scope, request uuid.UUID, reason string) (bool, error) {
	done, err := tx.Exec(ctx, `update onboarding.restrictions set lifted_name = $2, lifted_at = app.now(), lift_reason = $3
		where tenant_id = app.tenant() and request_id = $1 and lifted_at is null`, request, s.Name, reason)
	if err != nil {
		return false, fmt.Errorf("lift a restriction: %w", err)
	}
	return done.RowsAffected() == 1, nil
}

// findCorrections finds what a person asked to be corrected and was not answered.
func findCorrections(ctx context.Context, tx tenants.Tx, person uuid.UUID) ([]Request, error) {
	rows, err := tx.Query(ctx, `select `+columns+` from onboarding.subject_requests r
		where r.tenant_id = app.tenant() and r.person_id = $1 and r.kind = 'rectification' and r.ended_at is null order by r.number limit 10`, person)
	if err != nil {
		return nil, fmt.Errorf("find what is to be corrected: %w", err)
	}
	return pgx.CollectRows(rows, scan)
}

// findToCorrect finds the oldest requests for a correction of which nothing was corrected since they came.
func findToCorrect(ctx context.Context, tx tenants.Tx) ([]Request, error) {
	rows, err := tx.Query(ctx, `select `+columns+` from onboarding.subject_requests r where r.tenant_id = app.tenant() and r.kind = 'rectification'
		and r.ended_at is null and r.person_id is not null and not exists (select from onboarding.subject_changes(r.id)) order by r.due_on, r.number limit 10`)
	if err != nil {
		return nil, fmt.Errorf("find what nobody has corrected yet: %w", err)
	}
	return pgx.CollectRows(rows, scan)
}
