package agreement

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// networkOf is the id of the network that an agreement names and that row security shows; uuid.Nil for none.
func networkOf(ctx context.Context, tx tenants.Tx, agreement uuid.UUID) (id uuid.UUID, err error) {
	err = tx.QueryRow(ctx, `
		select n.id from policies.agreements a join sharing.networks n on n.id = a.network_id where a.id = $1`, agreement).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, nil
	}
	if err != nil {
		return uuid.Nil, fmt.Errorf("find the network of an agreement: %w", err)
	}
	return id, nil
}

// nameNetwork says in which network a new agreement stands: problem.Invalid unless it is active and has all its parties.
func nameNetwork(ctx context.Context, tx tenants.Tx, agreement, network uuid.UUID) error {
	_, err := tx.Exec(ctx, `select sharing.name_network($1, $2)`, agreement, network)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.ConstraintName == "network" {
		var fields problem.Fields
		fields.Add("rete", "sharing.error.network")
		return fields.Err()
	}
	if err != nil {
		return fmt.Errorf("name the network of an agreement: %w", err)
	}
	return nil
}

func findRenewals(ctx context.Context, tx tenants.Tx, renewed uuid.UUID) ([]Renewal, error) {
	rows, err := tx.Query(ctx, `select a.id, a.title, a.state from policies.agreements a where a.renews = $1 order by a.created_at desc, a.id`, renewed)
	if err != nil {
		return nil, fmt.Errorf("find renewals of an agreement: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Renewal])
	if err != nil {
		return nil, fmt.Errorf("find renewals of an agreement: %w", err)
	}
	return found, nil
}

// tellParties copies an event that the transaction wrote into its own chain into the chains of the other parties of an
// agreement.
func tellParties(ctx context.Context, tx tenants.Tx, agreement uuid.UUID, e audit.Told) error {
	if _, err := tx.Exec(ctx, `select policies.tell_parties($1, $2, $3)`, agreement, e.ID, e.At); err != nil {
		return fmt.Errorf("tell the parties of an agreement: %w", err)
	}
	return nil
}

// findRolesOfPartners reads which roles are staffed at the bodies to which the actor's body may show cases.
func findRolesOfPartners(ctx context.Context, tx tenants.Tx) (map[int32][]string, error) {
	rows, err := tx.Query(ctx, `select tenant_id, role from sharing.roles_of_partners()`)
	if err != nil {
		return nil, fmt.Errorf("find the roles of partners: %w", err)
	}
	staffed := map[int32][]string{}
	var tenant int32
	var role string
	_, err = pgx.ForEachRow(rows, []any{&tenant, &role}, func() error {
		staffed[tenant] = append(staffed[tenant], role)
		return nil
	})
	return staffed, err
}
