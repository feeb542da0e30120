package login

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// minRSA is the smallest RSA key accepted or used, in bits.
const minRSA = 2048

var (
	signingAlgs = []jose.SignatureAlgorithm{
		jose.RS256, jose.RS512, jose.ES256, jose.ES512, jose.PS256, jose.PS512,
	}
	keyAlgs     = []jose.KeyAlgorithm{jose.RSA_OAEP, jose.RSA_OAEP_256}
	contentAlgs = []jose.ContentEncryption{jose.A128CBC_HS256, jose.A256CBC_HS512}
)

// KeySource gives a provider's public keys as they are known now.
type KeySource func(ctx context.Context) (jose.JSONWebKeySet, error)

// Keys are the private core keys of a registration. Several decryption keys
// allow a rotation with overlap.
type Keys struct {
	Sign    jose.JSONWebKey   // core-sig: request objects and client assertions
	Decrypt []jose.JSONWebKey // core-enc: the first is the one in use
}

// GenerateKeys makes a new pair of RSA keys of that many bits (at least 2048).
func GenerateKeys(bits int) (Keys, error) {
	sign, err := generateKey(bits, "sig", string(jose.RS256))
	if err != nil {
		return Keys{}, err
	}
	decrypt, err := generateKey(bits, "enc", string(jose.RSA_OAEP))
	if err != nil {
		return Keys{}, err
	}
	return Keys{Sign: sign, Decrypt: []jose.JSONWebKey{decrypt}}, nil
}

func generateKey(bits int, use, alg string) (jose.JSONWebKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, max(bits, minRSA))
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("generate %s key: %w", use, err)
	}
	key := jose.JSONWebKey{Key: private, Use: use, Algorithm: alg}
	thumb, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("name %s key: %w", use, err)
	}
	key.KeyID = encode(thumb)
	return key, nil
}

// Public gives the public halves, as a client's metadata show them.
func (k Keys) Public() jose.JSONWebKeySet {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{k.Sign.Public()}}
	for _, key := range k.Decrypt {
		set.Keys = append(set.Keys, key.Public())
	}
	return set
}

func (k Keys) check() error {
	if err := checkPrivate(k.Sign, "sig"); err != nil {
		return fmt.Errorf("signing key: %w", err)
	}
	if len(k.Decrypt) == 0 {
		return errors.New("no decryption key")
	}
	for _, key := range k.Decrypt {
		if err := checkPrivate(key, "enc"); err != nil {
			return fmt.Errorf("decryption key: %w", err)
		}
	}
	return nil
}

func checkPrivate(key jose.JSONWebKey, use string) error {
	private, ok := key.Key.(*rsa.PrivateKey)
	switch {
	case !ok:
		return errors.New("not an RSA private key")
	case private.N.BitLen() < minRSA:
		return errors.New("RSA key too short")
	case key.KeyID == "" || key.Use != use:
		return fmt.Errorf("needs a kid and use %q", use)
	}
	return nil
}

func (k Keys) decryptionKey(kid string) (jose.JSONWebKey, bool) {
	for _, key := range k.Decrypt {
		if key.KeyID == kid {
			return key, true
		}
	}
	return jose.JSONWebKey{}, false
}

// keySet verifies with the provider's key of exactly the kid in the header.
// It never tries other keys and never follows a key named by the token.
type keySet struct{ source KeySource }

// VerifySignature meets oidc.KeySet.
func (k keySet) VerifySignature(ctx context.Context, raw string) ([]byte, error) {
	object, err := jose.ParseSignedCompact(raw, signingAlgs)
	if err != nil {
		return nil, fmt.Errorf("read signed token: %w", err)
	}
	header := object.Signatures[0].Header
	if err := checkHeader(header); err != nil {
		return nil, err
	}
	set, err := k.source(ctx)
	if err != nil {
		return nil, fmt.Errorf("get provider keys: %w", err)
	}
	for _, key := range set.Key(header.KeyID) {
		if usable(key, header.Algorithm) {
			return object.Verify(key)
		}
	}
	return nil, errors.New("no usable key with that kid")
}

func checkHeader(header jose.Header) error {
	if header.KeyID == "" {
		return errors.New("token without kid")
	}
	_, jku := header.ExtraHeaders["jku"]
	_, x5u := header.ExtraHeaders["x5u"]
	if header.JSONWebKey != nil || jku || x5u {
		return errors.New("token names its own key")
	}
	return nil
}

func usable(key jose.JSONWebKey, alg string) bool {
	if !key.Valid() || !key.IsPublic() || key.Use == "enc" {
		return false
	}
	if key.Algorithm != "" && key.Algorithm != alg {
		return false
	}
	switch public := key.Key.(type) {
	case *rsa.PublicKey:
		return public.N.BitLen() >= minRSA
	case *ecdsa.PublicKey:
		return true
	default:
		return false
	}
}

// sign makes a compact JWS with alg and kid in its header and nothing else.
func (rp *RelyingParty) sign(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encode claims: %w", err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: rp.reg.Keys.Sign}, nil)
	if err != nil {
		return "", fmt.Errorf("prepare signature: %w", err)
	}
	object, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign claims: %w", err)
	}
	return object.CompactSerialize()
}

// assertion authenticates this client at one endpoint, once
// (private_key_jwt; aud is a single string, the endpoint that is called).
func (rp *RelyingParty) assertion(endpoint string) (string, error) {
	now := rp.now()
	return rp.sign(map[string]any{
		"iss": rp.reg.ClientID, "sub": rp.reg.ClientID, "aud": endpoint, "jti": randomText(),
		"iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(),
	})
}

func signingNames() []string {
	names := make([]string, len(signingAlgs))
	for i, alg := range signingAlgs {
		names[i] = string(alg)
	}
	return names
}

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }
