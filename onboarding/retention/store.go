package retention

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// findChanges finds what the body decided about terms, by kind, the newest first.
func findChanges(ctx context.Context, tx tenants.Tx) (map[string][]Change, error) {
	rows, err := tx.Query(ctx, `select t.kind, t.years, t.reason, t.set_name, t.set_at from onboarding.terms t where t.tenant_id = app.tenant()
		order by t.set_at desc, t.id desc limit 1000`)
	if err != nil {
		return nil, fmt.Errorf("find the terms of retention: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Change, err error) {
		return c, row.Scan(&c.Kind, &c.Years, &c.Reason, &c.By, &c.At)
	})
	found := map[string][]Change{}
	for _, c := range list {
		found[c.Kind] = append(found[c.Kind], c)
	}
	return found, err
}

// findTraceYears tells for how many years the body keeps what its audit says.
func findTraceYears(ctx context.Context, tx tenants.Tx) (years int, err error) {
	err = tx.QueryRow(ctx, `select coalesce((select t.years from audit.terms t where t.tenant_id = app.tenant()), $1)`, audit.UsualTerm).Scan(&years)
	if err != nil {
		return 0, fmt.Errorf("find how long the audit is kept: %w", err)
	}
	return years, nil
}

func insertTerm(ctx context.Context, tx tenants.Tx, s tenants.Scope, c Change) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an id: %w", err)
	}
	_, err = tx.Exec(ctx, `insert into onboarding.terms (id, kind, years, reason, set_by, set_name) values ($1, $2, $3, $4, $5, $6)`,
		id, c.Kind, c.Years, c.Reason, s.Account, s.Name)
	if err != nil {
		return fmt.Errorf("change a term of retention: %w", err)
	}
	return nil
}

// listed are kinds and years side by side, as the database takes them.
func listed(years map[string]int) (kinds []string, terms []int) {
	for kind, n := range years {
		kinds, terms = append(kinds, kind), append(terms, n)
	}
	return kinds, terms
}

func findCandidates(ctx context.Context, tx tenants.Tx, years map[string]int) ([]candidate, error) {
	kinds, terms := listed(years)
	rows, err := tx.Query(ctx, `select d.kind, d.id, d.number, d.since, d.stopped from onboarding.disposable($1, $2) d order by d.kind, d.since, d.id`, kinds, terms)
	if err != nil {
		return nil, fmt.Errorf("find what is over: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c candidate, err error) {
		return c, row.Scan(&c.Kind, &c.ID, &c.Number, &c.Since, &c.Stopped)
	})
}

const holdColumns = `h.id, h.case_id, h.person_id, h.number, h.reason, h.until, h.held_name, h.held_at, h.ended_name, h.ended_at, h.end_reason`

func scanHold(row pgx.CollectableRow) (h Hold, err error) {
	return h, row.Scan(&h.ID, &h.Case, &h.Person, &h.Number, &h.Reason, &h.Until, &h.By, &h.At, &h.EndedBy, &h.EndedAt, &h.EndReason)
}

func findHolds(ctx context.Context, tx tenants.Tx) ([]Hold, error) {
	rows, err := tx.Query(ctx, `select `+holdColumns+` from onboarding.holds h where h.tenant_id = app.tenant()
		order by h.ended_at is not null, h.held_at desc, h.id desc limit 500`)
	if err != nil {
		return nil, fmt.Errorf("find holds: %w", err)
	}
	return pgx.CollectRows(rows, scanHold)
}

func getHold(ctx context.Context, tx tenants.Tx, id uuid.UUID) (Hold, error) {
	rows, err := tx.Query(ctx, `select `+holdColumns+` from onboarding.holds h where h.tenant_id = app.tenant() and h.id = $1`, id)
	if err != nil {
		return Hold{}, fmt.Errorf("get a hold: %w", err)
	}
	h, err := pgx.CollectExactlyOneRow(rows, scanHold)
	if errors.Is(err, pgx.ErrNoRows) {
		return h, problem.Missing()
	}
	return h, err
}

// findHeld puts the case file or the person into the hold and tells whether the body has it.
func findHeld(ctx context.Context, tx tenants.Tx, n NewHold, h *Hold) (bool, error) {
	rows, err := tx.Query(ctx, `select f.case_id, f.person_id, f.number from onboarding.find_held($1, $2) f`, n.Number, nullable(n.Person))
	if err != nil {
		return false, fmt.Errorf("find what is to be held: %w", err)
	}
	_, err = pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (struct{}, error) {
		return struct{}{}, row.Scan(&h.Case, &h.Person, &h.Number)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func nullable(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// insertHold writes a hold and tells whether it was new. It waits for a disposal that is being done, and is refused (problem.Conflict) where
// that has removed what is to be held.
func insertHold(ctx context.Context, tx tenants.Tx, s tenants.Scope, h Hold) (bool, error) {
	done, err := tx.Exec(ctx, `insert into onboarding.holds (id, case_id, person_id, number, reason, until, held_by, held_name) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (tenant_id, id) do nothing`, h.ID, h.Case, h.Person, h.Number, h.Reason, h.Until, s.Account, s.Name)
	if err != nil {
		return false, fmt.Errorf("hold something: %w", err)
	}
	return done.RowsAffected() == 1, nil
}

// endHold ends a hold; of two who end it at once one is told that it is over.
func endHold(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, reason string) error {
	done, err := tx.Exec(ctx, `update onboarding.holds set ended_by = $2, ended_name = $3, ended_at = app.now(), end_reason = $4
		where tenant_id = app.tenant() and id = $1 and ended_at is null`, id, s.Account, s.Name, reason)
	if err != nil {
		return fmt.Errorf("end a hold: %w", err)
	}
	if done.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "onboarding.retention.error.released")
	}
	return nil
}
