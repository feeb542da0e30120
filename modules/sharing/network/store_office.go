package network

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

func createOffice(ctx context.Context, tx tenants.Tx, id uuid.UUID, o NewOffice) error {
	_, err := tx.Exec(ctx, `select sharing.create_office($1, $2, $3, $4, $5)`, id, o.Slug, o.Name, o.Act.Number, o.Act.Day)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.ConstraintName == "slug" {
		var fields problem.Fields
		fields.Add("indirizzo", "sharing.error.office_taken")
		return fields.Err()
	}
	return moved("make the common office", err)
}

// mayGovern tells whether the account may come into the common office and is not in it.
func mayGovern(ctx context.Context, tx tenants.Tx, id uuid.UUID) (open bool, err error) {
	if err := tx.QueryRow(ctx, `select coalesce(not sharing.governs_office($1), false)`, id).Scan(&open); err != nil {
		return false, fmt.Errorf("ask who administers a common office: %w", err)
	}
	return open, nil
}

func govern(ctx context.Context, tx tenants.Tx, id uuid.UUID) error {
	_, err := tx.Exec(ctx, `select sharing.govern_office($1)`, id)
	return moved("become an administrator of the common office", err)
}
