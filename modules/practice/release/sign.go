package release

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"staffetta/modules/practice/archive"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// SigningKey is a key with which a body signs its kits, Ed25519 (it: chiave di firma). The private half is sealed.
type SigningKey struct {
	Number int32
	Public []byte
	Sealed []byte
}

// Sign signs a published kit of the scope's body that has no signature yet: those that were published before kits were
// signed. A kit of another body is an error.
func (v *Service) Sign(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := v.sign(ctx, tx, s, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "kit.sign", Object: id})
	})
}

// sign writes the manifest of a kit from what commons holds of it, and signs it.
func (v *Service) sign(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) error {
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return fmt.Errorf("who signs: %w", err)
	}
	k, err := ReadPublished(ctx, tx, id)
	if err != nil {
		return err
	}
	key, private, err := v.ensureKey(ctx, tx, s.Tenant)
	if err != nil {
		return err
	}
	k.Manifest.Provenance.Body = archive.Body{Name: body.Name, ISTAT: body.ISTAT, IPA: body.IPA}
	k.Manifest.Provenance.Key = key.Public
	if k, err = archive.New(k.Manifest, k.Items); err != nil {
		return err
	}
	k.Sign(private)
	return keepSignature(ctx, tx, k)
}

// ensureKey returns the newest key of the body, which it makes when there is none.
func (v *Service) ensureKey(ctx context.Context, tx tenants.Tx, tenant int32) (SigningKey, ed25519.PrivateKey, error) {
	key, err := newestKey(ctx, tx)
	if err != nil {
		return SigningKey{}, nil, err
	}
	if key.Number == 0 {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return SigningKey{}, nil, fmt.Errorf("make a signing key: %w", err)
		}
		key = SigningKey{Number: 1, Public: public}
		if key.Sealed, err = v.deps.Platform.Seal.Seal(private.Seed(), keyContext(tenant, key.Number)); err != nil {
			return SigningKey{}, nil, fmt.Errorf("seal a signing key: %w", err)
		}
		if err := createKey(ctx, tx, key); err != nil {
			return SigningKey{}, nil, err
		}
		return key, private, nil
	}
	seed, err := v.deps.Platform.Seal.Open(key.Sealed, keyContext(tenant, key.Number))
	if err != nil || len(seed) != ed25519.SeedSize {
		return SigningKey{}, nil, errors.Join(errors.New("open the signing key: is this the master key it was sealed with?"), err)
	}
	return key, ed25519.NewKeyFromSeed(seed), nil
}

// keyContext binds a sealed key to its use and its body: a key for the audit cannot be opened as one for kits.
func keyContext(tenant, number int32) []byte {
	return fmt.Appendf(nil, "kit key %d of body %d", number, tenant)
}
