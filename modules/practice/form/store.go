package form

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
)

// One takes the only row of a query; none is pgx.ErrNoRows.
func One[T any](into *T, scan pgx.RowToFunc[T]) func(pgx.Rows) error {
	return func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectExactlyOneRow(rows, scan)
		return err
	}
}

// Missing turns a row that is not there into problem.NotFound.
func Missing(err error, doing string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return problem.Missing()
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// Refusal turns what a function of the database refuses into what a person is told: what is not there, or what has moved on.
func Refusal(err error, doing, moved string) error {
	broken, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case err == nil:
		return nil
	case ok && broken.Code == "P0002":
		return problem.Missing().Wrap(err)
	case ok && broken.Code == "40001":
		return problem.New(problem.Conflict, moved).Wrap(err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
