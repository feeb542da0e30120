package turn

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

func remind(ctx context.Context, tx tenants.Tx, id uuid.UUID, seen int, author string) error {
	_, err := tx.Exec(ctx, `select practice.remind_other($1, $2, $3, $4)`, id, seen, author, board.Quiet)
	if broken, ok := errors.AsType[*pgconn.PgError](err); ok && broken.ConstraintName == board.Reminded {
		return problem.New(problem.Conflict, "practice.remind.error.soon", "n", board.Quiet).Wrap(err)
	}
	return form.Refusal(err, "remind the other body of an adoption", moved)
}
