package login

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// flowTime is how long a person may take at the provider.
const flowTime = 10 * time.Minute

// Flow is one login that was started and has not come back yet.
type Flow struct {
	StateHash   []byte // SHA-256 of state; the state itself is kept nowhere
	Tenant      int32
	Provider    string
	Nonce       string
	Verifier    string // PKCE secret: sealed at rest, never logged
	ACR         string // the value asked for
	Purpose     string
	ReturnPath  string
	BrowserHash []byte // SHA-256 of the browser cookie
	Expires     time.Time
}

// ErrNoFlow is answered by a FlowStore for a flow that is unknown, expired or
// already used.
var ErrNoFlow = errors.New("no such login flow")

// FlowStore keeps login flows, each for one use.
type FlowStore interface {
	Save(ctx context.Context, flow Flow) error
	// Consume deletes and returns the flow in one step, so that of many
	// simultaneous callers one wins. Errors: ErrNoFlow.
	Consume(ctx context.Context, tenant int32, stateHash []byte) (Flow, error)
}

// SeenToken is the id of a token that was accepted once.
type SeenToken struct {
	Tenant   int32
	Provider string
	ID       string // jti
	Until    time.Time
}

// ErrSeen is answered by a SeenStore for a token id it already holds.
var ErrSeen = errors.New("token id already seen")

// SeenStore remembers token ids until they cannot be replayed any more.
type SeenStore interface {
	// Remember stores the id. Errors: ErrSeen.
	Remember(ctx context.Context, token SeenToken) error
}

// BrowserCookieName is the name of the cookie that ties the flow of that
// state to one browser. Each flow has its own, so two tabs do not disturb
// each other.
func BrowserCookieName(state string) string {
	sum := sha256.Sum256([]byte("cookie name " + state))
	return "__Host-login-" + encode(sum[:9])
}

// browserCookie is SameSite=Lax because the provider's answer arrives as a
// cross-site GET.
func browserCookie(state, secret string) *http.Cookie {
	return &http.Cookie{
		Name: BrowserCookieName(state), Value: secret, Path: "/", MaxAge: int(flowTime / time.Second),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// CallbackRequest is what the provider's answer brought to the redirect
// address.
type CallbackRequest struct {
	Query         url.Values
	BrowserCookie string // value of the cookie named BrowserCookieName(state)
}

// ReadCallback takes the callback out of a request. Errors: a *Refusal for a
// query that cannot be read.
func ReadCallback(r *http.Request) (CallbackRequest, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return CallbackRequest{}, refuse(CodeIncomplete, "callback query cannot be read")
	}
	callback := CallbackRequest{Query: query}
	if cookie, err := r.Cookie(BrowserCookieName(query.Get("state"))); err == nil {
		callback.BrowserCookie = cookie.Value
	}
	return callback, nil
}

// ForgetBrowser gives the cookie that removes the flow's cookie; the callback
// page sends it whatever the outcome.
func ForgetBrowser(state string) *http.Cookie {
	cookie := browserCookie(state, "")
	cookie.MaxAge = -1
	return cookie
}

// randomText gives 52 letters and digits (260 random bits). Base64url would
// break the rule that state and nonce are alphanumeric.
func randomText() string { return rand.Text() + rand.Text() }

func hash(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

func equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }
