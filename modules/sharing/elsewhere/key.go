package elsewhere

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"github.com/google/uuid"

	"staffetta/tenants/taxcode"
)

// keyLength is that of an agreement's key in bytes: as long as what HMAC-SHA-256 gives (RFC 2104, section 3).
const keyLength = sha256.Size

// told is how many characters of a fiscal code tell a person: the last one only checks how the others are written.
const told = 15

// key is a key of an agreement, opened.
type key struct {
	agreement  uuid.UUID
	generation int32
	secret     []byte
}

// sealedKey is a key as the database keeps it.
type sealedKey struct {
	agreement  uuid.UUID
	generation int32
	sealed     []byte
}

// token is the keyed digest of a fiscal code: the same for every way of writing it, another one under every agreement.
func (k key) token(code taxcode.Code) []byte {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte(code.Plain()[:told]))
	return mac.Sum(nil)
}

// boundTo is what a sealed key is bound to: it opens for no other agreement.
func boundTo(agreement uuid.UUID) []byte { return []byte("key of the agreement " + agreement.String()) }

func (s *Service) open(sealed []sealedKey) ([]key, error) {
	keys := make([]key, len(sealed))
	for i, k := range sealed {
		secret, err := s.deps.Platform.Seal.Open(k.sealed, boundTo(k.agreement))
		if err != nil {
			return nil, fmt.Errorf("open the key of an agreement: %w", err)
		}
		keys[i] = key{k.agreement, k.generation, secret}
	}
	return keys, nil
}

// newKey makes a key for an agreement, sealed.
func (s *Service) newKey(agreement uuid.UUID) ([]byte, error) {
	secret := make([]byte, keyLength)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("make the key of an agreement: %w", err)
	}
	sealed, err := s.deps.Platform.Seal.Seal(secret, boundTo(agreement))
	if err != nil {
		return nil, fmt.Errorf("seal the key of an agreement: %w", err)
	}
	return sealed, nil
}
