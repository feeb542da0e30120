package demo

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	interactionTime = 10 * time.Minute
	clockSkew       = time.Minute
	tokenAge        = 5 * time.Minute // of a request object or client assertion
)

var (
	alphanumeric  = regexp.MustCompile(`^[A-Za-z0-9]{32,}$`)
	challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)
)

// authRequest is a verified authorization request.
type authRequest struct {
	Issuer          string  `json:"iss"`
	Audience        string  `json:"aud"` // a list does not fit and is refused
	Subject         *string `json:"sub"`
	ID              string  `json:"jti"`
	IssuedAt        int64   `json:"iat"`
	Expires         int64   `json:"exp"`
	ClientID        string  `json:"client_id"`
	ResponseType    string  `json:"response_type"`
	Scope           string  `json:"scope"`
	RedirectURI     string  `json:"redirect_uri"`
	Challenge       string  `json:"code_challenge"`
	ChallengeMethod string  `json:"code_challenge_method"`
	State           string  `json:"state"`
	Nonce           string  `json:"nonce"`
	Prompt          string  `json:"prompt"`
	ACR             string  `json:"acr_values"`
	Claims          struct {
		Userinfo map[string]any `json:"userinfo"`
		IDToken  map[string]any `json:"id_token"`
	} `json:"claims"`
}

// interaction is a request that waits for the person's choice.
type interaction struct {
	client  Client
	request authRequest
}

// authorize checks the request and sends the browser to the page with the
// people. Until the redirect address is verified, faults are shown here.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	client, request, err := p.readRequest(r)
	if err != nil {
		p.showFault(w, "La richiesta di accesso non è valida.")
		return
	}
	if fault := request.fault(r.URL.Query()); fault != "" {
		p.answer(w, r, request, url.Values{"error": {fault}})
		return
	}
	id := rand.Text()
	if !p.interactions.add(id, interaction{client: client, request: request}, interactionTime) {
		p.answer(w, r, request, url.Values{"error": {"temporarily_unavailable"}})
		return
	}
	http.Redirect(w, r, p.issuer+"/interaction?id="+id, http.StatusSeeOther)
}

// readRequest verifies who asks and where the answer may go.
func (p *Provider) readRequest(r *http.Request) (Client, authRequest, error) {
	var request authRequest
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return Client{}, request, fmt.Errorf("read query: %w", err)
	}
	for name, values := range query {
		if len(values) != 1 {
			return Client{}, request, fmt.Errorf("%s repeated", name)
		}
	}
	client, ok := p.clients(query.Get("client_id"))
	if !ok {
		return Client{}, request, errors.New("unknown client")
	}
	payload, err := verify(client.Keys, query.Get("request"))
	if err != nil {
		return Client{}, request, fmt.Errorf("verify request object: %w", err)
	}
	if err := json.Unmarshal(payload, &request); err != nil {
		return Client{}, request, fmt.Errorf("read request object: %w", err)
	}
	return client, request, p.checkOrigin(query.Get("client_id"), client, request)
}

func (p *Provider) checkOrigin(clientID string, client Client, request authRequest) error {
	switch {
	case request.Issuer != clientID || request.ClientID != clientID:
		return errors.New("request object of another client")
	case request.Audience != p.issuer:
		return errors.New("request object for another provider")
	case request.Subject != nil:
		return errors.New("request object with sub")
	case !slices.Contains(client.RedirectURIs, request.RedirectURI):
		return errors.New("redirect address not registered")
	case !p.fresh(request.IssuedAt, request.Expires):
		return errors.New("request object expired")
	case request.ID == "" || !p.assertions.add("request "+clientID+" "+request.ID, struct{}{}, 2*tokenAge):
		return errors.New("request object without jti or replayed")
	}
	return nil
}

// fault gives the OAuth error code of a request that cannot be served, or "".
func (a authRequest) fault(outer url.Values) string {
	equal := map[string]string{
		"client_id": a.ClientID, "response_type": a.ResponseType, "scope": a.Scope,
		"code_challenge": a.Challenge, "code_challenge_method": a.ChallengeMethod,
	}
	for name, inner := range equal {
		if outer.Get(name) != inner {
			return "invalid_request"
		}
	}
	_, fiscal := a.Claims.Userinfo[attributePrefix+"fiscal_number"]
	switch {
	case a.ResponseType != "code":
		return "unsupported_response_type"
	case a.Scope != "openid":
		return "invalid_scope"
	case a.ChallengeMethod != "S256" || !challengeForm.MatchString(a.Challenge):
		return "invalid_request"
	case !alphanumeric.MatchString(a.State) || !alphanumeric.MatchString(a.Nonce):
		return "invalid_request"
	case a.Prompt != "consent" && a.Prompt != "consent login":
		return "invalid_request"
	case rank(a.ACR) < 0 || a.Claims.IDToken != nil || !fiscal:
		return "invalid_request"
	}
	return ""
}

// answer sends the browser back with the given parameters, state and iss.
func (p *Provider) answer(w http.ResponseWriter, r *http.Request, request authRequest, parameters url.Values) {
	address, err := url.Parse(request.RedirectURI)
	if err != nil {
		p.showFault(w, "La richiesta di accesso non è valida.")
		return
	}
	query := address.Query()
	maps.Copy(query, parameters)
	query.Set("state", request.State)
	query.Set("iss", p.issuer)
	address.RawQuery = query.Encode()
	http.Redirect(w, r, address.String(), http.StatusSeeOther)
}

// fresh tells whether a token of a client is neither expired nor too old.
func (p *Provider) fresh(issued, expires int64) bool {
	now, iat := p.now(), time.Unix(issued, 0)
	return now.Before(time.Unix(expires, 0)) && !iat.After(now.Add(clockSkew)) && !iat.Before(now.Add(-tokenAge))
}

// verify checks a client's signature with its key of exactly that kid.
func verify(keys jose.JSONWebKeySet, raw string) ([]byte, error) {
	object, err := jose.ParseSignedCompact(raw, signingAlgs)
	if err != nil {
		return nil, fmt.Errorf("read signed token: %w", err)
	}
	kid := object.Signatures[0].Header.KeyID
	for _, key := range keys.Key(kid) {
		if kid != "" && key.Use == "sig" && key.IsPublic() {
			return object.Verify(key)
		}
	}
	return nil, errors.New("no key with that kid")
}
