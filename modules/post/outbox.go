package post

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Outbox takes mail in the transaction of what it tells (it: posta in uscita). It meets modules.Post.
type Outbox struct{ seal modules.Sealer }

// NewOutbox makes an outbox that seals with the deployment's key.
func NewOutbox(seal modules.Sealer) Outbox { return Outbox{seal} }

// Queue meets modules.Post: the body is the transaction's. Mail without an address of its own joins one that waits for the
// same account with the same template.
func (o Outbox) Queue(ctx context.Context, tx tenants.Tx, m modules.Mail) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an id for mail: %w", err)
	}
	out := Mail{ID: id, Account: m.Account, Template: m.Template, Language: m.Language}
	if out.Language == "" {
		out.Language = language.Italian
	}
	if len(m.Values) > 0 {
		plain, err := json.Marshal(m.Values)
		if err != nil {
			return fmt.Errorf("write the values of mail: %w", err)
		}
		if out.values, err = o.seal.Seal(plain, valuesContext(id)); err != nil {
			return fmt.Errorf("seal the values of mail: %w", err)
		}
	}
	if m.Address != "" {
		if out.address, err = o.seal.Seal([]byte(m.Address), addressContext(id)); err != nil {
			return fmt.Errorf("seal the address of mail: %w", err)
		}
	}
	return queue(ctx, tx, out, m.Wait)
}
