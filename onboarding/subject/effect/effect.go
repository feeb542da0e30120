// Package effect tells what a request about data has led to: a restriction that lasts, and what was changed in the registry since. It must
// not change anything, nor decide who reads it.
package effect

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/tenants"
)

// Restriction is what makes the case files of a person be read and not written by article 18 of the GDPR (it: limitazione dei dati).
type Restriction struct {
	ID     uuid.UUID
	Number int // of the request
	Reason string
	By     string
	At     time.Time
}

// Change is a field of the registry that was changed since a request came.
type Change struct {
	Field    string
	Old, New string // "" where there was, or is, nothing
	Seen     bool   // the actor may see them
	At       time.Time
	By       string
}

// OfRequest finds the restriction that a request has led to and that lasts.
func OfRequest(ctx context.Context, tx tenants.Tx, request uuid.UUID) ([]Restriction, error) {
	return find(ctx, tx, `x.request_id = $1`, request)
}

// OfPerson finds the restrictions of the data of a person that last.
func OfPerson(ctx context.Context, tx tenants.Tx, person uuid.UUID) ([]Restriction, error) {
	return find(ctx, tx, `x.person_id = $1`, person)
}

func find(ctx context.Context, tx tenants.Tx, condition string, id uuid.UUID) ([]Restriction, error) {
	rows, err := tx.Query(ctx, `select x.id, r.number, x.reason, x.set_name, x.set_at from onboarding.restrictions x
		join onboarding.subject_requests r on r.tenant_id = x.tenant_id and r.id = x.request_id
		where x.tenant_id = app.tenant() and x.lifted_at is null and `+condition+` order by x.set_at limit 10`, id)
	if err != nil {
		return nil, fmt.Errorf("find restrictions: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (x Restriction, err error) {
		return x, row.Scan(&x.ID, &x.Number, &x.Reason, &x.By, &x.At)
	})
}

// Changes finds what was changed in the registry since a request came, the newest first.
func Changes(ctx context.Context, tx tenants.Tx, request uuid.UUID) ([]Change, error) {
	rows, err := tx.Query(ctx, `select c.field, c.old_value, c.new_value, c.at, c.by, c.seen from onboarding.subject_changes($1) c`, request)
	if err != nil {
		return nil, fmt.Errorf("find what was corrected: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Change, err error) {
		return c, row.Scan(&c.Field, &c.Old, &c.New, &c.At, &c.By, &c.Seen)
	})
}

func say(r *http.Request, key string) string { return modules.Say(r, "onboarding.subject."+key) }

// Table shows what was corrected; who may not see the data sees which fields, by whom and when.
func Table(r *http.Request, changes []Change) *component.Table {
	table := &component.Table{ID: "correzioni", Caption: say(r, "changes"), Cards: true, Columns: []component.Column{
		{Label: say(r, "change.field")}, {Label: say(r, "change.old")}, {Label: say(r, "change.new")}, {Label: say(r, "change.at")},
	}, Empty: component.Empty{Title: say(r, "no_changes")}}
	for _, c := range changes {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: modules.Say(r, "registry.field."+c.Field)}, {Text: c.said(r, c.Old)}, {Text: c.said(r, c.New)}, {Instant: c.At, Note: c.By},
		}})
	}
	return table
}

// said is what a field was or is; that there is nothing is said, and that the reader may not see it.
func (c Change) said(r *http.Request, value string) string {
	switch {
	case !c.Seen:
		return say(r, "change.unseen")
	case value == "":
		return say(r, "change.nothing")
	}
	return value
}
