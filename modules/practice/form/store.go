package form

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

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
