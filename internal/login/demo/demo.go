// Package demo is an OpenID provider with fictitious people, so that the
// program can be tried without SPID or CIE. It speaks to the relying party
// over HTTP like any other provider: signed request objects, PKCE,
// private_key_jwt, encrypted userinfo.
//
// It must not exist in production (New refuses), must not be reachable from
// another machine, must not know sessions or roles, and must not offer the
// relying party a way around a check.
package demo

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"staffetta/tenants/taxcode"
)

// Person is a fictitious person who can be chosen on the page.
type Person struct {
	FiscalCode string // valid: sixteen characters with the right check character
	GivenName  string
	FamilyName string
	Note       string   // what the person is in the demo, such as a role
	Bodies     []string // Client.Body values where this person is shown first
}

// Client is a relying party of the program.
type Client struct {
	Name         string // as the consent text names it
	Body         string // as Person.Bodies names it
	RedirectURIs []string
	Keys         jose.JSONWebKeySet // public: one use sig, one use enc at least
}

// Options are what a demo provider is made of.
type Options struct {
	Production bool   // true makes New fail
	Issuer     string // on loopback; its path is the prefix of every address
	People     []Person
	Clients    func(clientID string) (Client, bool)
	Now        func() time.Time // nil means time.Now
}

// Provider is the demo OpenID provider, an http.Handler for every path below
// its issuer. Its key and its memory live as long as the process.
type Provider struct {
	issuer   string
	people   []Person
	clients  func(clientID string) (Client, bool)
	now      func() time.Time
	key      jose.JSONWebKey
	pairwise []byte // secret of the sub values, different for each client
	mux      *http.ServeMux

	interactions *shelf[interaction]
	codes        *shelf[grant]
	tokens       *shelf[grant]
	assertions   *shelf[struct{}] // jti of request objects and client assertions
}

// New makes a demo provider with a fresh key. It fails in production, on an
// issuer that is not a loopback address, without people or clients, and on a
// person whose fiscal code is not valid.
func New(options Options) (*Provider, error) {
	if err := options.check(); err != nil {
		return nil, fmt.Errorf("demo provider: %w", err)
	}
	key, err := newKey()
	if err != nil {
		return nil, fmt.Errorf("demo provider: %w", err)
	}
	p := &Provider{
		issuer: options.Issuer, people: options.People, clients: options.Clients, now: options.Now,
		key: key, pairwise: []byte(rand.Text()),
	}
	if p.now == nil {
		p.now = time.Now
	}
	p.interactions = newShelf[interaction](p.now)
	p.codes, p.tokens = newShelf[grant](p.now), newShelf[grant](p.now)
	p.assertions = newShelf[struct{}](p.now)
	p.mux = p.routes()
	return p, nil
}

func (o Options) check() error {
	if o.Production {
		return errors.New("does not exist in production")
	}
	u, err := url.Parse(o.Issuer)
	if err != nil || o.Issuer == "" || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(o.Issuer, "/") {
		return errors.New("issuer must be an address without query and final slash")
	}
	if (u.Scheme != "http" && u.Scheme != "https") || !isLoopback(u.Hostname()) {
		return errors.New("issuer must be on loopback")
	}
	if len(o.People) == 0 || o.Clients == nil {
		return errors.New("no people or no clients")
	}
	for _, person := range o.People {
		code, err := taxcode.Parse(person.FiscalCode)
		if err != nil {
			return fmt.Errorf("person %q: %w", person.FiscalCode, err)
		}
		if code.Kind() != taxcode.Person || code.String() != person.FiscalCode {
			return fmt.Errorf("person %q: not sixteen capital letters and digits", person.FiscalCode)
		}
		if person.GivenName == "" || person.FamilyName == "" {
			return fmt.Errorf("person %q: no name", person.FiscalCode)
		}
	}
	return nil
}

func newKey() (jose.JSONWebKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("generate key: %w", err)
	}
	key := jose.JSONWebKey{Key: private, Use: "sig", Algorithm: string(jose.RS256)}
	thumb, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("name key: %w", err)
	}
	key.KeyID = base64.RawURLEncoding.EncodeToString(thumb)
	return key, nil
}

// ServeHTTP meets http.Handler. Callers from another machine get 404.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !isLoopback(host) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "same-origin")
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	p.mux.ServeHTTP(w, r)
}

func (p *Provider) routes() *http.ServeMux {
	u, _ := url.Parse(p.issuer) // checked by New
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+u.Path+"/.well-known/openid-configuration", p.serveMetadata)
	mux.HandleFunc("GET "+u.Path+"/jwks", p.serveKeys)
	mux.HandleFunc("GET "+u.Path+"/style.css", serveStyle)
	mux.HandleFunc("GET "+u.Path+"/authorize", p.authorize)
	mux.HandleFunc("GET "+u.Path+"/interaction", p.showInteraction)
	mux.HandleFunc("POST "+u.Path+"/interaction", p.endInteraction)
	mux.HandleFunc("POST "+u.Path+"/token", p.serveToken)
	mux.HandleFunc("GET "+u.Path+"/userinfo", p.serveUserinfo)
	mux.HandleFunc("POST "+u.Path+"/revoke", p.serveRevoke)
	return mux
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}
