package turn

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Remind tells the people of the other body that the adoption waits for them: a duty of theirs, and a line of the journal. It fails
// with problem.NotFound for who does not work on the adoption, and with problem.Conflict where nothing waits for the others, where
// they were reminded within the last days, and where the adoption has moved from the stage that was seen.
func (v *Service) Remind(ctx context.Context, s tenants.Scope, id uuid.UUID, seen int) error {
	b, err := v.boards.Working(ctx, s, id)
	switch {
	case err != nil:
		return err
	case b.Adoption.Stage != seen:
		return problem.New(problem.Conflict, moved)
	case b.Other() == 0 || len(b.Awaits(time.Now()).Others) == 0:
		return problem.New(problem.Conflict, "practice.remind.error.nothing")
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := remind(ctx, tx, id, seen, s.Name); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.remind", Object: id, Payload: map[string]any{"stage": seen}})
	})
}

// moved is the message that somebody else moved the adoption meanwhile.
const moved = "practice.board.error.moved"
