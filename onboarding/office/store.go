package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

const officeColumns = `o.id, o.name, o.address, o.phone, o.email, o.hours, o.closed_days, o.access_notes, o.areas, o.targets, o.valid_from, o.valid_to, coalesce(o.successor_id, 0), o.version`

func scanOffice(row pgx.CollectableRow) (Office, error) {
	var o Office
	var hours, closed []byte
	var to *time.Time
	err := row.Scan(&o.ID, &o.Name, &o.Address, &o.Phone, &o.Email, &hours, &closed, &o.AccessNotes, &o.Areas, &o.Targets, &o.From, &to, &o.Successor, &o.Version)
	if err != nil {
		return o, err
	}
	if to != nil {
		o.To = *to
	}
	return o, errors.Join(json.Unmarshal(hours, &o.Hours), json.Unmarshal(closed, &o.Closed))
}

func (v *Service) findOffices(ctx context.Context, s tenants.Scope) (found []Office, err error) {
	var batch pgx.Batch
	batch.Queue(`select `+officeColumns+` from platform.offices o where o.tenant_id = $1
		order by coalesce(o.valid_to < app.now()::date, false), lower(o.name), o.id limit 500`, s.Tenant).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanOffice)
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find the offices of a body: %w", err)
	}
	return found, nil
}

// insertOffice tells whether the office is new; the same form again is not. Offices of a body are numbered one after the other.
func insertOffice(ctx context.Context, tx tenants.Tx, form uuid.UUID, o Sheet) (id int32, made bool, err error) {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('platform.offices'), app.tenant())`); err != nil {
		return 0, false, fmt.Errorf("number an office: %w", err)
	}
	err = tx.QueryRow(ctx, `select o.id from platform.offices o where o.tenant_id = app.tenant() and o.form_id = $1`, form).Scan(&id)
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return id, false, err
	}
	hours, closed, err := timesOf(o)
	if err != nil {
		return 0, false, err
	}
	err = tx.QueryRow(ctx, `insert into platform.offices (id, form_id, name, address, phone, email, hours, access_notes, areas, targets, valid_from, closed_days)
		select coalesce(max(o.id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 from platform.offices o where o.tenant_id = app.tenant() returning id`,
		form, o.Name, o.Address, o.Phone, o.Email, hours, o.AccessNotes, o.Areas, given(o.Targets), o.From, closed).Scan(&id)
	return id, err == nil, taken("create an office", err)
}

func updateOffice(ctx context.Context, tx tenants.Tx, id int32, seen int, o Sheet) error {
	hours, closed, err := timesOf(o)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `update platform.offices set name = $3, address = $4, phone = $5, email = $6, hours = $7, access_notes = $8,
		areas = $9, targets = $10, valid_from = $11, closed_days = $12, version = version + 1
		where tenant_id = app.tenant() and id = $1 and version = $2 and valid_to is null`,
		id, seen, o.Name, o.Address, o.Phone, o.Email, hours, o.AccessNotes, o.Areas, given(o.Targets), o.From, closed)
	if err != nil {
		return taken("change an office", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	return nil
}

// timesOf writes when an office opens, and when not.
func timesOf(o Sheet) (hours, closed []byte, err error) {
	hours, err = json.Marshal(o.Hours)
	closed, wrong := json.Marshal(append([]Closed{}, o.Closed...))
	if err = errors.Join(err, wrong); err != nil {
		return nil, nil, fmt.Errorf("write when an office opens: %w", err)
	}
	return hours, closed, nil
}

// given is a list that is not null.
func given(list []string) []string { return append([]string{}, list...) }

// taken says of a name that another office has so at its field.
func taken(doing string, err error) error {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == "23505" {
		var wrong problem.Fields
		wrong.Add("nome", "onboarding.office.error.taken")
		return problem.Of(wrong.Err()).Wrap(err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
