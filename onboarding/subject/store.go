package subject

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

const columns = `r.id, r.number, r.kind, r.person_id, r.subject_name, r.tax_code, r.asker, r.asker_name, r.identity, r.channel, r.words, r.received_on, r.due_on,
	r.extension, r.state, r.outcome, r.answer, r.reason, r.remedies, r.answered_on, r.handled_by, r.handled_name, r.registered_by, r.registered_name, r.registered_at,
	exists (select from onboarding.restrictions x where x.tenant_id = r.tenant_id and x.request_id = r.id and x.lifted_at is null)`

func scan(row pgx.CollectableRow) (r Request, err error) {
	return r, row.Scan(&r.ID, &r.Number, &r.Kind, &r.Person, &r.Subject, &r.TaxCode, &r.Asker, &r.AskerName, &r.Identity, &r.Channel, &r.Words, &r.ReceivedOn, &r.DueOn,
		&r.Extension, &r.State, &r.Outcome, &r.Answer, &r.Reason, &r.Remedies, &r.AnsweredOn, &r.HandledBy, &r.HandledName, &r.RegisteredBy, &r.RegisteredName, &r.RegisteredAt, &r.Limits)
}

// maxRequests is how many requests a body is shown.
const maxRequests = 300

func findRequests(ctx context.Context, tx tenants.Tx) ([]Request, error) {
	rows, err := tx.Query(ctx, fmt.Sprintf(`select %s from onboarding.subject_requests r where r.tenant_id = app.tenant()
		order by r.ended_at is not null, case when r.ended_at is null then r.due_on end, r.number desc limit %d`, columns, maxRequests))
	if err != nil {
		return nil, fmt.Errorf("find requests about data: %w", err)
	}
	return pgx.CollectRows(rows, scan)
}

// getRequest reads a request.
func getRequest(ctx context.Context, tx tenants.Tx, id uuid.UUID) (Request, error) {
	rows, err := tx.Query(ctx, `select `+columns+` from onboarding.subject_requests r where r.tenant_id = app.tenant() and r.id = $1`, id)
	if err != nil {
		return Request{}, fmt.Errorf("get a request about data: %w", err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, problem.Missing()
	}
	return r, err
}

// lockRequest keeps a request that is to be answered as it is until the transaction ends.
func lockRequest(ctx context.Context, tx tenants.Tx, id uuid.UUID) error {
	if _, err := tx.Exec(ctx, `select from onboarding.subject_requests r where r.tenant_id = app.tenant() and r.id = $1 and r.ended_at is null for update`, id); err != nil {
		return fmt.Errorf("lock a request about data: %w", err)
	}
	return nil
}

func findSteps(ctx context.Context, tx tenants.Tx, id uuid.UUID) ([]Step, error) {
	rows, err := tx.Query(ctx, `select t.kind, t.words, t.done_name, t.at from onboarding.subject_steps t where t.tenant_id = app.tenant() and t.request_id = $1
		order by t.at desc, t.id desc limit 500`, id)
	if err != nil {
		return nil, fmt.Errorf("find the steps of a request about data: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Step, err error) {
		return t, row.Scan(&t.Kind, &t.Words, &t.By, &t.At)
	})
}

func insertStep(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, step Step) error {
	own, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an id: %w", err)
	}
	_, err = tx.Exec(ctx, `insert into onboarding.subject_steps (id, request_id, kind, words, done_by, done_name) values ($1, $2, $3, $4, app.account(), $5)`,
		own, id, step.Kind, step.Words, s.Name)
	if err != nil {
		return fmt.Errorf("note a step of a request about data: %w", err)
	}
	return nil
}

// insertRequest writes a request with the next number of the body, one after another, and tells whether it was new.
func insertRequest(ctx context.Context, tx tenants.Tx, s tenants.Scope, a Arrival, person *uuid.UUID) (bool, error) {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('onboarding.subject_requests'), app.tenant())`); err != nil {
		return false, fmt.Errorf("wait for the next number: %w", err)
	}
	done, err := tx.Exec(ctx, `insert into onboarding.subject_requests (id, number, kind, person_id, subject_name, tax_code, asker, asker_name, identity, channel, words, received_on,
			registered_by, registered_name)
		select $1, coalesce(max(r.number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 from onboarding.subject_requests r where r.tenant_id = app.tenant()
		on conflict (tenant_id, id) do nothing`,
		a.ID, a.Kind, person, a.Subject.called(), a.Subject.TaxCode, a.Asker, a.AskerName, a.Identity, a.Channel, a.Words, a.ReceivedOn, s.Account, s.Name)
	if err != nil {
		return false, fmt.Errorf("register a request about data: %w", err)
	}
	return done.RowsAffected() == 1, nil
}

// findSubjects finds who of the registry is meant: the person from whose page it was begun, or who has the tax code or the name.
func findSubjects(ctx context.Context, tx tenants.Tx, n Named) ([]uuid.UUID, error) {
	var born *time.Time
	if !n.Born.IsZero() {
		born = &n.Born
	}
	rows, err := tx.Query(ctx, `select f from onboarding.find_subjects($1, $2, $3, $4) f`, n.TaxCode, n.Surname, n.Name, born)
	if err != nil {
		return nil, fmt.Errorf("find whom a request is about: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	for _, id := range found {
		if id == n.Person {
			return []uuid.UUID{id}, err
		}
	}
	return found, err
}

func getNamed(ctx context.Context, tx tenants.Tx, person uuid.UUID) (Named, error) {
	rows, err := tx.Query(ctx, `select p.id, p.tax_code, p.surname, p.name, p.birth_date from registry.persons p where p.tenant_id = app.tenant() and p.id = $1`, person)
	if err != nil {
		return Named{}, fmt.Errorf("find whom a request is about: %w", err)
	}
	n, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (n Named, err error) {
		var born *time.Time
		err = row.Scan(&n.Person, &n.TaxCode, &n.Surname, &n.Name, &born)
		if born != nil {
			n.Born = *born
		}
		return n, err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Named{}, nil
	}
	return n, err
}

// update changes a request that is to be answered; two who end one at once do not both.
func update(ctx context.Context, tx tenants.Tx, sql string, arguments ...any) error {
	done, err := tx.Exec(ctx, `update onboarding.subject_requests set version = version + 1, `+sql+
		` where tenant_id = app.tenant() and id = $1 and ended_at is null`, arguments...)
	if err != nil {
		return fmt.Errorf("change a request about data: %w", err)
	}
	if done.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "onboarding.subject.error.ended")
	}
	return nil
}

func takeRequest(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) error {
	return update(ctx, tx, `state = 'working', handled_by = $2, handled_name = $3`, id, s.Account, s.Name)
}

func namePerson(ctx context.Context, tx tenants.Tx, id, person uuid.UUID) error {
	return update(ctx, tx, `person_id = $2`, id, person)
}

func extendRequest(ctx context.Context, tx tenants.Tx, id uuid.UUID, reason string) error {
	return update(ctx, tx, `extended_at = app.now(), extension = $2`, id, reason)
}

func endRequest(ctx context.Context, tx tenants.Tx, id uuid.UUID, r Request) error {
	return update(ctx, tx, `state = $2, outcome = $3, answer = $4, reason = $5, remedies = $6, answered_on = $7, ended_at = app.now()`,
		id, r.State, r.Outcome, r.Answer, r.Reason, r.Remedies, r.AnsweredOn)
}

// countOpen counts what is to be answered, what is late by a day, and finds the first term.
func countOpen(ctx context.Context, tx tenants.Tx, day time.Time) (open, late int, first time.Time, err error) {
	err = tx.QueryRow(ctx, `select count(*), count(*) filter (where r.due_on < $1), coalesce(min(r.due_on), $1) from onboarding.subject_requests r
		where r.tenant_id = app.tenant() and r.ended_at is null`, day).Scan(&open, &late, &first)
	if err != nil {
		return 0, 0, first, fmt.Errorf("count the requests about data: %w", err)
	}
	return open, late, first, nil
}
