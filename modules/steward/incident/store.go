package incident

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

func (v *Service) findIncidents(ctx context.Context, s tenants.Scope) (found []Incident, err error) {
	var batch pgx.Batch
	batch.Queue(`select i.id, i.title, i.bodies, i.began_at, i.closed_at, i.texts, i.instants from platform.current_incidents() i`).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Incident, error) {
			var i Incident
			var texts []string
			var instants []time.Time
			err := row.Scan(&i.ID, &i.Title, &i.Bodies, &i.BeganAt, (*zeronull.Timestamptz)(&i.ClosedAt), &texts, &instants)
			for n, text := range texts {
				i.Notes = append(i.Notes, Note{Text: text, At: instants[n]})
			}
			return i, err
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find incidents: %w", err)
	}
	return found, nil
}

func (v *Service) getFound(ctx context.Context, s tenants.Scope) (found Found, err error) {
	var batch pgx.Batch
	batch.Queue(`select f.jobs, f.mails, f.faults, f.checked, f.checked_at from platform.found_problems() f`).QueryRow(func(row pgx.Row) error {
		return row.Scan(&found.Jobs, &found.Mails, &found.Faults, &found.Checked, (*zeronull.Timestamptz)(&found.CheckedAt))
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return Found{}, fmt.Errorf("look for problems: %w", err)
	}
	return found, nil
}

func open(ctx context.Context, tx tenants.Tx, id uuid.UUID, r Report) error {
	if r.Slugs == nil {
		r.Slugs = []string{}
	}
	return change(ctx, tx, `select platform.open_incident($1, $2, $3, $4, $5)`, id, uuid.Must(uuid.NewV7()), r.Title, r.Text, r.Slugs)
}

func note(ctx context.Context, tx tenants.Tx, id uuid.UUID, n Note, closes bool) error {
	return change(ctx, tx, `select platform.note_incident($1, $2, $3, $4)`, id, uuid.Must(uuid.NewV7()), n.Text, closes)
}

// missing is the SQLSTATE of an incident, or a body, that is not there.
const missing = "P0002"

func change(ctx context.Context, tx tenants.Tx, sql string, args ...any) error {
	_, err := tx.Exec(ctx, sql, args...)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == missing {
		return problem.Missing().Wrap(err)
	}
	if err != nil {
		return fmt.Errorf("write an incident: %w", err)
	}
	return nil
}
