// Package seal encrypts the few values that the database keeps but must not be
// able to read: passwords of roles, tokens, fiscal codes of accounts, keys. One
// master key of the deployment stands behind it. It must not store anything.
package seal

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ErrNoKey says that a deployment has no master key.
var ErrNoKey = errors.New("no master key: set STAFFETTA_KEY or STAFFETTA_KEY_FILE")

// Key is the master key of a deployment.
type Key struct {
	aead   tink.AEAD
	digest []byte
}

// New makes a fresh key and returns it with its text, which is the secret.
func New() (*Key, string, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, "", fmt.Errorf("make a key: %w", err)
	}
	var out bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewBinaryWriter(&out)); err != nil {
		return nil, "", fmt.Errorf("write the key: %w", err)
	}
	text := base64.RawURLEncoding.EncodeToString(out.Bytes())
	key, err := Parse(text)
	return key, text, err
}

// Parse reads the text of a key.
func Parse(text string) (*Key, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) == 0 {
		return nil, errors.New("the master key is not one that staffetta made")
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, errors.New("the master key is not one that staffetta made")
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("use the master key: %w", err)
	}
	digest, err := hkdf.Key(sha256.New, raw, nil, "staffetta lookup token", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive from the master key: %w", err)
	}
	return &Key{aead: primitive, digest: digest}, nil
}

// FromFile reads the key in a file of mode 0600, which it makes when it is
// missing and create is true. It tells whether it made one.
func FromFile(path string, create bool) (key *Key, made bool, err error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) && create {
		return fromNewFile(path)
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, fmt.Errorf("%w: the file %s does not exist (staffetta key new makes one)", ErrNoKey, path)
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the key file: %w", err)
	}
	key, err = Parse(string(bytes.TrimSpace(raw)))
	return key, false, err
}

func fromNewFile(path string) (*Key, bool, error) {
	key, text, err := New()
	if err != nil {
		return nil, false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, false, fmt.Errorf("make the key's folder: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, false, fmt.Errorf("make the key file: %w", err)
	}
	if _, err := file.WriteString(text + "\n"); err != nil {
		return nil, false, errors.Join(fmt.Errorf("write the key file: %w", err), file.Close())
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return nil, false, fmt.Errorf("finish the key file: %w", err)
	}
	return key, true, nil
}

// Seal encrypts plain, bound to a context that Open must repeat.
func (k *Key) Seal(plain, context []byte) ([]byte, error) { return k.aead.Encrypt(plain, context) }

// Open decrypts what Seal made with the same context.
func (k *Key) Open(sealed, context []byte) ([]byte, error) { return k.aead.Decrypt(sealed, context) }

// Token is a keyed digest by which an equal value is found again without being kept.
func (k *Key) Token(value string) []byte {
	mac := hmac.New(sha256.New, k.digest)
	mac.Write([]byte(value))
	return mac.Sum(nil)
}
