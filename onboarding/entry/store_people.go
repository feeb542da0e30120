package entry

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

func (v *Service) findPeople(ctx context.Context, s tenants.Scope, entry uuid.UUID) ([]Participant, error) {
	var b pgx.Batch
	var found []Participant
	b.Queue(`select p.account_id as account, p.name, p.created_at as since, p.starter from onboarding.people($1) p`, entry).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, pgx.RowToStructByName[Participant])
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find who works at an entry: %w", err)
	}
	return found, nil
}

// addPerson tells whether somebody new works at the entry.
func addPerson(ctx context.Context, tx tenants.Tx, entry, account uuid.UUID, name string) (added bool, err error) {
	if err := tx.QueryRow(ctx, `select onboarding.add_person($1, $2, $3)`, entry, account, name).Scan(&added); err != nil {
		return false, fmt.Errorf("add a person to an entry: %w", err)
	}
	return added, nil
}

// removePerson tells whether somebody still worked at the entry, or problem.NotFound if they never did.
func removePerson(ctx context.Context, tx tenants.Tx, entry, account uuid.UUID) (bool, error) {
	var removed *bool
	if err := tx.QueryRow(ctx, `select onboarding.remove_person($1, $2)`, entry, account).Scan(&removed); err != nil {
		return false, fmt.Errorf("remove a person from an entry: %w", err)
	}
	if removed == nil {
		return false, problem.Missing()
	}
	return *removed, nil
}
