package demo

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	codeTime        = time.Minute
	idTokenTime     = 5 * time.Minute
	accessTime      = 15 * time.Minute
	attributePrefix = "https://attributes.eid.gov.it/"
	assertionType   = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
)

// grant is what a person agreed to: behind a code, then behind a token.
type grant struct {
	request authRequest
	person  Person
	acr     string
}

// serveToken redeems a code once; a failed attempt burns it too.
func (p *Provider) serveToken(w http.ResponseWriter, r *http.Request) {
	form, clientID, err := p.authenticate(r, p.issuer+"/token")
	if err != nil {
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	if form.Get("grant_type") != "authorization_code" {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
		return
	}
	given, ok := p.codes.take(form.Get("code"))
	if !ok || given.request.ClientID != clientID || given.request.RedirectURI != form.Get("redirect_uri") ||
		!matches(given.request.Challenge, form.Get("code_verifier")) {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	access := rand.Text() + rand.Text()
	id, err := p.idToken(given, access)
	if err != nil || !p.tokens.add(access, given, accessTime) {
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"error": "temporarily_unavailable"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": access, "token_type": "Bearer", "expires_in": int(accessTime / time.Second), "id_token": id,
	})
}

func (p *Provider) serveUserinfo(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	given, ok := p.tokens.get(token)
	if !ok {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_token"})
		return
	}
	body, err := p.userinfo(given)
	if err != nil {
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
		return
	}
	w.Header().Set("Content-Type", "application/jwt")
	_, _ = w.Write([]byte(body)) //nolint:gosec // a signed token, served as one; if the client is gone, nothing is left to do
}

// serveRevoke answers 200 for unknown tokens too (RFC 7009).
func (p *Provider) serveRevoke(w http.ResponseWriter, r *http.Request) {
	form, clientID, err := p.authenticate(r, p.issuer+"/revoke")
	if err != nil {
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	if given, ok := p.tokens.get(form.Get("token")); ok && given.request.ClientID == clientID {
		p.tokens.take(form.Get("token"))
	}
	w.WriteHeader(http.StatusOK)
}

// authenticate checks the client assertion: a signed token for exactly this
// endpoint, once (private_key_jwt, RFC 7523).
func (p *Provider) authenticate(r *http.Request, endpoint string) (url.Values, string, error) {
	if err := r.ParseForm(); err != nil {
		return nil, "", fmt.Errorf("read form: %w", err)
	}
	form := r.PostForm
	for name, values := range form {
		if len(values) != 1 {
			return nil, "", fmt.Errorf("%s repeated", name)
		}
	}
	clientID := form.Get("client_id")
	client, ok := p.clients(clientID)
	if !ok || form.Get("client_assertion_type") != assertionType || r.Header.Get("Authorization") != "" {
		return nil, "", errors.New("unknown client or method")
	}
	payload, err := verify(client.Keys, form.Get("client_assertion"))
	if err != nil {
		return nil, "", fmt.Errorf("verify assertion: %w", err)
	}
	return form, clientID, p.checkAssertion(payload, clientID, endpoint)
}

func (p *Provider) checkAssertion(payload []byte, clientID, endpoint string) error {
	var claims struct {
		Issuer   string `json:"iss"`
		Subject  string `json:"sub"`
		Audience string `json:"aud"` // a list does not fit and is refused
		ID       string `json:"jti"`
		IssuedAt int64  `json:"iat"`
		Expires  int64  `json:"exp"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return fmt.Errorf("read assertion: %w", err)
	}
	switch {
	case claims.Issuer != clientID || claims.Subject != clientID || claims.Audience != endpoint:
		return errors.New("assertion of another client or for another endpoint")
	case !p.fresh(claims.IssuedAt, claims.Expires):
		return errors.New("assertion expired")
	case len(claims.ID) < 16 || !p.assertions.add("assertion "+clientID+" "+claims.ID, struct{}{}, 2*tokenAge):
		return errors.New("assertion without jti or replayed")
	}
	return nil
}

func (p *Provider) idToken(given grant, access string) (string, error) {
	now, sum := p.now(), sha256.Sum256([]byte(access))
	return p.sign(map[string]any{
		"iss": p.issuer, "sub": p.subject(given), "aud": given.request.ClientID, "jti": rand.Text(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(idTokenTime).Unix(),
		"nonce": given.request.Nonce, "acr": given.acr,
		"at_hash": base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2]),
	})
}

// userinfo gives the attributes that were asked for, signed and then
// encrypted to the client.
func (p *Provider) userinfo(given grant) (string, error) {
	now := p.now()
	claims := map[string]any{
		"iss": p.issuer, "sub": p.subject(given), "aud": given.request.ClientID,
		"iat": now.Unix(), "exp": now.Add(idTokenTime).Unix(),
	}
	attributes := map[string]string{
		"given_name": given.person.GivenName, "family_name": given.person.FamilyName,
		attributePrefix + "fiscal_number": "TINIT-" + given.person.FiscalCode,
	}
	for name, value := range attributes {
		if _, asked := given.request.Claims.Userinfo[name]; asked {
			claims[name] = value
		}
	}
	signed, err := p.sign(claims)
	if err != nil {
		return "", err
	}
	return p.encrypt(given.request.ClientID, signed)
}

func (p *Provider) encrypt(clientID, signed string) (string, error) {
	client, _ := p.clients(clientID)
	for _, key := range client.Keys.Keys {
		if key.Use != "enc" {
			continue
		}
		encrypter, err := jose.NewEncrypter(jose.A256CBC_HS512,
			jose.Recipient{Algorithm: jose.RSA_OAEP, Key: key.Key, KeyID: key.KeyID},
			(&jose.EncrypterOptions{}).WithContentType("JWT"))
		if err != nil {
			return "", fmt.Errorf("prepare encryption: %w", err)
		}
		object, err := encrypter.Encrypt([]byte(signed))
		if err != nil {
			return "", fmt.Errorf("encrypt userinfo: %w", err)
		}
		return object.CompactSerialize()
	}
	return "", errors.New("client without encryption key")
}

func (p *Provider) sign(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encode claims: %w", err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: p.key}, nil)
	if err != nil {
		return "", fmt.Errorf("prepare signature: %w", err)
	}
	object, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return object.CompactSerialize()
}

// subject is pairwise: two clients cannot recognise a person by it.
func (p *Provider) subject(given grant) string {
	mac := hmac.New(sha256.New, p.pairwise)
	mac.Write([]byte(given.request.ClientID + "\x00" + given.person.FiscalCode))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func matches(challenge, verifier string) bool {
	sum := sha256.Sum256([]byte(verifier))
	made := base64.RawURLEncoding.EncodeToString(sum[:])
	return len(verifier) >= 43 && subtle.ConstantTimeCompare([]byte(made), []byte(challenge)) == 1
}
