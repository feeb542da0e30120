package login_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// hostile is the demo provider with answers that can be tampered with. It
// signs with its own keys, which the relying party takes for the provider's.
type hostile struct {
	t     *testing.T
	inner http.Handler
	stage *stage
	key   jose.JSONWebKey // known to the relying party
	curve jose.JSONWebKey // known to the relying party, ES256
	alien jose.JSONWebKey // not known to it

	tokenCalls, userinfoCalls atomic.Int32

	mu      sync.Mutex
	current tricks
}

// tricks are what a test changes; the zero value is honest.
type tricks struct {
	idClaims   func(map[string]any)
	idSign     func(payload []byte) string
	answer     func(map[string]any)
	token      http.HandlerFunc
	userClaims func(map[string]any)
	userSign   func(payload []byte) string
	userSeal   func(signed string) string
	userBody   func(body string) string
	userMedia  string
	userinfo   http.HandlerFunc
}

func newHostile(t *testing.T, s *stage) *hostile {
	t.Helper()
	mine, alien := keysOf(t, "hostile"), keysOf(t, "alien")
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return &hostile{
		t: t, inner: s.demo, stage: s, key: mine.Sign, alien: alien.Sign,
		curve: jose.JSONWebKey{Key: curve, KeyID: "curve", Use: "sig", Algorithm: "ES256"},
	}
}

// play sets the tricks of the requests to come.
func (h *hostile) play(with tricks) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.current = with
}

func (h *hostile) playing() tricks {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.current
}

func (h *hostile) keySource(context.Context) (jose.JSONWebKeySet, error) {
	nameless := h.key.Public()
	nameless.KeyID = "" // must never be found by a token without kid
	return keySet(h.key.Public(), h.curve.Public(), nameless), nil
}

func (h *hostile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	with := h.playing()
	switch {
	case strings.HasSuffix(r.URL.Path, "/token"):
		h.tokenCalls.Add(1)
		if with.token != nil {
			with.token(w, r)
			return
		}
		h.changeToken(w, h.record(r), with)
	case strings.HasSuffix(r.URL.Path, "/userinfo"):
		h.userinfoCalls.Add(1)
		if with.userinfo != nil {
			with.userinfo(w, r)
			return
		}
		h.changeUserinfo(w, h.record(r), with)
	default:
		h.inner.ServeHTTP(w, r)
	}
}

func (h *hostile) record(r *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	h.inner.ServeHTTP(recorder, r)
	return recorder
}

func (h *hostile) changeToken(w http.ResponseWriter, recorded *httptest.ResponseRecorder, with tricks) {
	var reply map[string]any
	must(h.t, json.Unmarshal(recorded.Body.Bytes(), &reply))
	if id, ok := reply["id_token"].(string); ok {
		reply["id_token"] = resign(h, id, with.idClaims, with.idSign)
		if with.answer != nil {
			with.answer(reply)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(recorded.Code)
	must(h.t, json.NewEncoder(w).Encode(reply))
}

func (h *hostile) changeUserinfo(w http.ResponseWriter, recorded *httptest.ResponseRecorder, with tricks) {
	keys := h.stage.keys["uno/demo"]
	object, err := jose.ParseEncryptedCompact(recorded.Body.String(),
		[]jose.KeyAlgorithm{jose.RSA_OAEP}, []jose.ContentEncryption{jose.A256CBC_HS512})
	must(h.t, err)
	plain, err := object.Decrypt(keys.Decrypt[0])
	must(h.t, err)
	signed := resign(h, string(plain), with.userClaims, with.userSign)
	var body string
	if with.userSeal != nil {
		body = with.userSeal(signed)
	} else {
		body = sealing{}.seal(h.t, keys.Decrypt[0].Public(), signed)
	}
	if with.userBody != nil {
		body = with.userBody(body)
	}
	w.Header().Set("Content-Type", "application/jwt")
	if with.userMedia != "" {
		w.Header().Set("Content-Type", with.userMedia)
	}
	_, _ = io.WriteString(w, body) // the relying party may hang up before the end
}

// resign edits the claims of a token and signs it again.
func resign(h *hostile, raw string, edit func(map[string]any), sign func([]byte) string) string {
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(raw, ".")[1])
	must(h.t, err)
	var claims map[string]any
	decoder := json.NewDecoder(strings.NewReader(string(payload)))
	decoder.UseNumber()
	must(h.t, decoder.Decode(&claims))
	if edit != nil {
		edit(claims)
	}
	payload, err = json.Marshal(claims)
	must(h.t, err)
	if sign != nil {
		return sign(payload)
	}
	return signWith(h.t, h.key, jose.RS256, payload)
}

// signWith signs with extra headers given in pairs.
func signWith(t *testing.T, key any, alg jose.SignatureAlgorithm, payload []byte, headers ...string) string {
	t.Helper()
	options := &jose.SignerOptions{}
	for i := 0; i+1 < len(headers); i += 2 {
		options.WithHeader(jose.HeaderKey(headers[i]), headers[i+1])
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
	must(t, err)
	object, err := signer.Sign(payload)
	must(t, err)
	compact, err := object.CompactSerialize()
	must(t, err)
	return compact
}

// sealing says how a userinfo answer is encrypted; the zero value is as
// agreed.
type sealing struct {
	alg   jose.KeyAlgorithm
	enc   jose.ContentEncryption
	zip   jose.CompressionAlgorithm
	noCTY bool
	kid   *string
}

func (s sealing) seal(t *testing.T, key jose.JSONWebKey, text string) string {
	t.Helper()
	if s.alg == "" {
		s.alg = jose.RSA_OAEP
	}
	if s.enc == "" {
		s.enc = jose.A256CBC_HS512
	}
	options := &jose.EncrypterOptions{Compression: s.zip}
	if !s.noCTY {
		options.WithContentType("JWT")
	}
	kid := key.KeyID
	if s.kid != nil {
		kid = *s.kid
	}
	encrypter, err := jose.NewEncrypter(s.enc, jose.Recipient{Algorithm: s.alg, Key: key.Key, KeyID: kid}, options)
	must(t, err)
	object, err := encrypter.Encrypt([]byte(text))
	must(t, err)
	compact, err := object.CompactSerialize()
	must(t, err)
	return compact
}

// unsigned makes a token with alg none.
func unsigned(payload []byte) string {
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))
	return header + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
}
