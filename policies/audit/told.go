package audit

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// Told says where an event stands in the chain of the actor's own body, for the functions of the database that copy it
// into the chains of the other bodies that a change concerns.
type Told struct {
	ID uuid.UUID
	At time.Time
}

// WriteTold is Write for a change that concerns other bodies too: the caller lets them know in the same transaction.
func WriteTold(ctx context.Context, tx tenants.Tx, s tenants.Scope, e Event) (Told, error) {
	r, err := newRow(s, e, time.Now())
	if err != nil {
		return Told{}, err
	}
	return Told{ID: r.id, At: r.at}, insertRow(ctx, tx, r)
}

// QueueTold is WriteTold for several statements at once: the event is written before what is queued after it.
func QueueTold(b *pgx.Batch, s tenants.Scope, e Event) (Told, error) {
	r, err := newRow(s, e, time.Now())
	if err != nil {
		return Told{}, err
	}
	b.Queue(insertSQL, r.args()...).Fn = func(results pgx.BatchResults) error {
		_, err := results.Exec()
		return refused(r.Action, err)
	}
	return Told{ID: r.id, At: r.at}, nil
}
