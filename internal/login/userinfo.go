package login

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"staffetta/tenants/taxcode"
)

// fiscalPrefix marks an Italian fiscal number (ETSI EN 319 412-1).
const fiscalPrefix = "TINIT-"

type person struct {
	fiscalNumber string
	givenName    string
	familyName   string
}

// instant is a NumericDate: seconds since 1970, possibly with a fraction.
type instant struct{ time.Time }

// UnmarshalJSON meets json.Unmarshaler.
func (t *instant) UnmarshalJSON(raw []byte) error {
	var seconds float64
	if err := json.Unmarshal(raw, &seconds); err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	if math.Abs(seconds) > math.MaxInt32*64 {
		return errors.New("time out of range")
	}
	t.Time = time.Unix(int64(seconds), 0)
	return nil
}

type userClaims struct {
	Issuer   string   `json:"iss"`
	Audience audience `json:"aud"`
	Subject  string   `json:"sub"`
	IssuedAt *instant `json:"iat"`
	Expires  *instant `json:"exp"`
	Before   *instant `json:"nbf"`
}

// audience is one string or a list of strings.
type audience []string

// UnmarshalJSON meets json.Unmarshaler.
func (a *audience) UnmarshalJSON(raw []byte) error {
	var one string
	if err := json.Unmarshal(raw, &one); err == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(a))
}

// userinfo gets and checks the attributes of the person the ID token is
// about.
func (rp *RelyingParty) userinfo(ctx context.Context, accessToken, subject string) (person, *Refusal) {
	body, refusal := rp.fetchUserinfo(ctx, accessToken)
	if refusal != nil {
		return person{}, refusal
	}
	signed, err := rp.decrypt(body)
	if err != nil {
		return person{}, refuseErr(CodeIncomplete, "userinfo not encrypted as agreed", err)
	}
	payload, err := rp.keys.VerifySignature(ctx, signed)
	if err != nil {
		return person{}, refuseErr(CodeIncomplete, "userinfo signature not valid", err)
	}
	var claims userClaims
	if err := json.Unmarshal(payload, &claims); err != nil {
		return person{}, refuse(CodeIncomplete, "userinfo claims cannot be read")
	}
	if reason := rp.checkUserClaims(claims, subject); reason != "" {
		return person{}, refuse(CodeIncomplete, "userinfo "+reason)
	}
	return rp.attributes(payload)
}

func (rp *RelyingParty) fetchUserinfo(ctx context.Context, accessToken string) (string, *Refusal) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, rp.op.UserinfoEndpoint, nil)
	if err != nil {
		return "", refuseErr(CodeIncomplete, "userinfo request", err)
	}
	request.Header.Set("Authorization", "Bearer "+accessToken)
	request.Header.Set("Accept", "application/jwt")
	response, err := rp.http.Do(request)
	if err != nil {
		return "", refuse(CodeUnavailable, "userinfo endpoint cannot be reached")
	}
	defer response.Body.Close()
	media, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	switch {
	case response.StatusCode >= http.StatusInternalServerError:
		return "", refuse(CodeUnavailable, fmt.Sprintf("userinfo answers %d", response.StatusCode))
	case response.StatusCode != http.StatusOK:
		return "", refuse(CodeIncomplete, fmt.Sprintf("userinfo answers %d", response.StatusCode))
	case media != "application/jwt" && media != "application/jose":
		return "", refuse(CodeIncomplete, "userinfo is not application/jwt")
	}
	body, err := io.ReadAll(response.Body)
	if errors.Is(err, errTooLarge) {
		return "", refuse(CodeIncomplete, "userinfo larger than 1 MiB")
	}
	if err != nil {
		return "", refuse(CodeUnavailable, "userinfo answer breaks off")
	}
	return strings.Trim(string(body), " \t\r\n\""), nil // some providers send a JSON string
}

// decrypt opens the JWE with the key it names. Compression is refused: a
// small answer could inflate without need.
func (rp *RelyingParty) decrypt(body string) (string, error) {
	object, err := jose.ParseEncryptedCompact(body, keyAlgs, contentAlgs)
	if err != nil {
		return "", fmt.Errorf("read encrypted token: %w", err)
	}
	if _, compressed := object.Header.ExtraHeaders["zip"]; compressed {
		return "", errors.New("compressed token")
	}
	if cty, _ := object.Header.ExtraHeaders["cty"].(string); !strings.EqualFold(cty, "JWT") {
		return "", errors.New("content is not declared a JWT")
	}
	key, ok := rp.reg.Keys.decryptionKey(object.Header.KeyID)
	if !ok {
		return "", errors.New("encrypted to a key that is not ours")
	}
	plain, err := object.Decrypt(key)
	if err != nil {
		return "", fmt.Errorf("decrypt: %w", err)
	}
	return string(plain), nil
}

// checkUserClaims tells what is wrong with the claims, or "".
func (rp *RelyingParty) checkUserClaims(claims userClaims, subject string) string {
	switch {
	case claims.Issuer != rp.op.Issuer:
		return "of another issuer"
	case len(claims.Audience) != 1 || claims.Audience[0] != rp.reg.ClientID:
		return "for another audience"
	case claims.Subject == "" || claims.Subject != subject:
		return "about another subject"
	}
	return rp.checkTimes(claims.IssuedAt, claims.Expires, claims.Before)
}

// attributes takes the three attributes this program asks for. Reasons never
// hold their values.
func (rp *RelyingParty) attributes(payload []byte) (person, *Refusal) {
	var all map[string]any
	if err := json.Unmarshal(payload, &all); err != nil {
		return person{}, refuse(CodeIncomplete, "userinfo attributes cannot be read")
	}
	number, _ := all[rp.op.AttributePrefix+"fiscal_number"].(string)
	bare, italian := strings.CutPrefix(strings.ToUpper(number), fiscalPrefix)
	if !italian {
		return person{}, refuse(CodeInvalidFiscal, "fiscal number missing or not Italian")
	}
	code, err := taxcode.Parse(bare)
	if err != nil || code.Kind() != taxcode.Person {
		return person{}, refuse(CodeInvalidFiscal, "fiscal number not valid")
	}
	given, _ := all["given_name"].(string)
	family, _ := all["family_name"].(string)
	if given == "" || family == "" {
		return person{}, refuse(CodeIncomplete, "name missing")
	}
	return person{fiscalNumber: code.String(), givenName: given, familyName: family}, nil
}
