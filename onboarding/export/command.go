package export

import (
	"context"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"github.com/google/uuid"

	"staffetta/onboarding/archive"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// command is how the audit calls who runs the deployment.
const command = "staffetta export"

// Order is what who runs the deployment takes out.
type Order struct {
	Body      tenants.Tenant
	Recipient string
}

// ByCommand writes the archive of a body for who runs the deployment, without a question to its people, who see it in their list and in
// the audit. Owner is a connection of the database's owner.
func (v *Service) ByCommand(ctx context.Context, owner tenants.Tx, o Order, out io.Writer) (m archive.Manifest, err error) {
	id, err := uuid.NewV7()
	if err != nil {
		return m, fmt.Errorf("make an id: %w", err)
	}
	if _, err := recipient(o.Recipient); err != nil {
		return m, err
	}
	if err := createByCommand(ctx, owner, o.Body.ID, id, o.Recipient); err != nil {
		return m, err
	}
	s := tenants.Scope{Tenant: o.Body.ID, Slug: o.Body.Slug, Name: command, RequestID: id.String()}
	var sum string
	err = seal(out, o.Recipient, func(sealed io.Writer) error {
		m, sum, err = v.write(ctx, s, sealed, nil)
		return err
	})
	if err != nil {
		return m, errors.Join(err, v.fail(context.WithoutCancel(ctx), s, id))
	}
	return m, v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		now := v.now()
		if err := noteMade(ctx, tx, Export{ID: id, ManifestSum: sum, ExpiresAt: &now}); err != nil {
			return err
		}
		if err := endExport(ctx, tx, id, Ready, Expired); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "export.make", Object: id, Payload: map[string]any{"recipient": o.Recipient, "manifest": sum}})
	})
}

// Opened is a file as it was before it was encrypted to one of the keys.
func Opened(file io.ReaderAt, size int64, keys io.Reader) (io.ReaderAt, int64, error) {
	identities, err := age.ParseIdentities(keys)
	if err != nil {
		return nil, 0, fmt.Errorf("read the key: %w", err)
	}
	plain, size, err := age.DecryptReaderAt(file, size, identities...)
	if err != nil {
		return nil, 0, fmt.Errorf("open the archive: %w", err)
	}
	return plain, size, nil
}

// NewKey makes a pair of keys to receive archives with: the file to keep, and the public key to hand out.
func NewKey() (file, public string, err error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	public = identity.Recipient().String()
	return fmt.Sprintf("# public key: %s\n%s\n", public, identity), public, nil
}
