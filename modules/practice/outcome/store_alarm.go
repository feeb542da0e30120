package outcome

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/policies/audit"
	"staffetta/tenants"
)

// note keeps what threatens an adoption, with its event, if it is news.
func (v *Service) note(ctx context.Context, s tenants.Scope, id uuid.UUID, causes map[string]int) (fresh bool, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := tx.QueryRow(ctx, `select practice.note_alarms($1, $2)`, id, causes).Scan(&fresh); err != nil {
			return refusal(err, "note what threatens an adoption")
		}
		if !fresh {
			return nil
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.alarm", Object: id, Payload: map[string]any{"causes": causes}})
	})
	return fresh, err
}

// findAlarms lists what threatens an adoption, as far as the scope's body is told.
func (v *Service) findAlarms(ctx context.Context, s tenants.Scope, id uuid.UUID) (found []Alarm, err error) {
	var b pgx.Batch
	b.Queue(`select m.cause, m.count, m.since, m.lead_since from practice.adoptions_alarms m where m.adoption_id = $1 and m.settled_at is null order by m.since, m.cause`, id).
		Query(func(rows pgx.Rows) error {
			found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Alarm, error) {
				var a Alarm
				return a, row.Scan(&a.Cause, &a.Count, &a.Since, (*zeronull.Timestamptz)(&a.Lead))
			})
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find what threatens an adoption: %w", err)
	}
	return found, nil
}
