// Package login is the relying party: it sends a browser to an OpenID
// provider, checks everything the provider answers, and tells its caller who
// the person is. The same code serves SPID, CIE and the demo provider
// (internal/login/demo): there is no bypass for the demo.
//
// It must not open sessions, look up accounts, decide about roles, or touch
// the database: flows and seen token ids are kept through the two small
// stores it declares. Sources: the Italian SPID/CIE OpenID Connect rules,
// OpenID Connect Core 1.0, RFC 6749, 7636, 9207 and 9700.
package login

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Kind says by which rules a provider is met.
type Kind string

// The kinds of provider this relying party speaks to.
const (
	KindFederation Kind = "federation" // SPID and CIE, metadata from a verified trust chain
	KindDemo       Kind = "demo"       // the demo provider, in this process, on loopback
)

// DefaultAttributePrefix is the name space of the Italian identity attributes
// that have no standard OpenID claim.
const DefaultAttributePrefix = "https://attributes.eid.gov.it/"

// Provider is the metadata of one OpenID provider.
type Provider struct {
	Kind                  Kind
	Issuer                string // compared byte by byte: a trailing slash counts
	AuthorizationEndpoint string
	TokenEndpoint         string
	UserinfoEndpoint      string
	RevocationEndpoint    string
	ChallengeMethods      []string // code_challenge_methods_supported; must hold S256
	RequireIss            bool     // the answer must carry iss: metadata promise it, or CIE
	AttributePrefix       string   // empty means DefaultAttributePrefix
	ACRMap                ACRMap
	Keys                  KeySource // keys the trust chain (or the demo) vouches for
}

// Registration is one body's standing at one provider: never shared between
// bodies, so that consent page, keys and evidence name the right controller.
type Registration struct {
	Tenant      int32
	Slug        string // first path segment of the body's pages
	ClientID    string
	RedirectURI string
	ProviderID  string // the {op} of the redirect path, unique in the tenant
	Keys        Keys
	Production  bool // refuses http addresses and the demo provider
}

// Deps are the things a relying party needs from the program.
type Deps struct {
	Flows FlowStore
	Seen  SeenStore
	Now   func() time.Time // nil means time.Now
	HTTP  *http.Client     // nil means a client of its own; bounds are added in any case
}

// RelyingParty logs persons in to one body through one provider. It is safe
// for concurrent use.
type RelyingParty struct {
	reg      Registration
	op       Provider
	flows    FlowStore
	seen     SeenStore
	now      func() time.Time
	http     *http.Client
	keys     keySet
	verifier *oidc.IDTokenVerifier
}

// NewRelyingParty checks the registration and the metadata and joins them. It
// refuses an empty issuer, client id, key, endpoint or store, an address that
// is not https (http passes on loopback outside production), a provider
// without PKCE S256, and the demo provider in production.
func NewRelyingParty(reg Registration, op Provider, deps Deps) (*RelyingParty, error) {
	if err := errors.Join(checkRegistration(reg), checkProvider(op, reg.Production), checkDeps(deps)); err != nil {
		return nil, fmt.Errorf("relying party %q of tenant %d: %w", reg.ProviderID, reg.Tenant, err)
	}
	if op.AttributePrefix == "" {
		op.AttributePrefix = DefaultAttributePrefix
	}
	rp := &RelyingParty{
		reg: reg, op: op, flows: deps.Flows, seen: deps.Seen, now: deps.Now,
		http: bounded(deps.HTTP), keys: keySet{source: op.Keys},
	}
	if rp.now == nil {
		rp.now = time.Now
	}
	rp.verifier = oidc.NewVerifier(op.Issuer, rp.keys, &oidc.Config{
		ClientID:             reg.ClientID,
		SupportedSigningAlgs: signingNames(),
		Now:                  func() time.Time { return rp.now().Add(-skew) },
	})
	return rp, nil
}

func checkRegistration(reg Registration) error {
	var errs []error
	if reg.Tenant <= 0 {
		errs = append(errs, errors.New("no tenant"))
	}
	if reg.ProviderID == "" {
		errs = append(errs, errors.New("no provider id"))
	}
	errs = append(errs,
		checkURL("client id", reg.ClientID, reg.Production),
		checkURL("redirect uri", reg.RedirectURI, reg.Production),
		reg.Keys.check())
	return errors.Join(errs...)
}

func checkProvider(op Provider, production bool) error {
	var errs []error
	switch {
	case op.Kind == KindDemo && production:
		errs = append(errs, errors.New("the demo provider does not exist in production"))
	case op.Kind != KindDemo && op.Kind != KindFederation:
		errs = append(errs, fmt.Errorf("unknown kind of provider %q", op.Kind))
	}
	for name, raw := range map[string]string{
		"issuer": op.Issuer, "authorization endpoint": op.AuthorizationEndpoint,
		"token endpoint": op.TokenEndpoint, "userinfo endpoint": op.UserinfoEndpoint,
		"revocation endpoint": op.RevocationEndpoint,
	} {
		errs = append(errs, checkURL(name, raw, production))
	}
	if !slices.Contains(op.ChallengeMethods, "S256") {
		errs = append(errs, errors.New("provider does not promise PKCE S256"))
	}
	if op.Keys == nil {
		errs = append(errs, errors.New("provider without keys"))
	}
	return errors.Join(append(errs, op.ACRMap.check())...)
}

func checkDeps(deps Deps) error {
	if deps.Flows == nil || deps.Seen == nil {
		return errors.New("no store for flows or seen tokens")
	}
	return nil
}

func checkURL(name, raw string, production bool) error {
	if raw == "" {
		return fmt.Errorf("empty %s", name)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Opaque != "" || u.User != nil || u.Fragment != "" {
		return fmt.Errorf("%s is not an absolute web address", name)
	}
	if u.Scheme == "https" || (u.Scheme == "http" && !production && isLoopback(u.Hostname())) {
		return nil
	}
	return fmt.Errorf("%s must use https", name)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}
