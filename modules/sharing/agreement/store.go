package agreement

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"staffetta/policies/audit"
	"staffetta/tenants"
)

// tellParties copies an event that the transaction wrote into its own chain into the chains of the other parties of an
// agreement.
func tellParties(ctx context.Context, tx tenants.Tx, agreement uuid.UUID, e audit.Told) error {
	if _, err := tx.Exec(ctx, `select policies.tell_parties($1, $2, $3)`, agreement, e.ID, e.At); err != nil {
		return fmt.Errorf("tell the parties of an agreement: %w", err)
	}
	return nil
}
