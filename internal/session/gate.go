package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/go-jose/go-jose/v4"

	"staffetta/internal/language"
	"staffetta/internal/login"
	"staffetta/tenants"
)

// ErrNoProvider says that a body cannot be entered through a provider of that name.
var ErrNoProvider = errors.New("no such provider")

// Provider is a way to sign in, as it is offered on a page.
type Provider struct {
	ID    string // in the path of the login
	Label language.Text
}

// Registration is what a provider has to know of a body.
type Registration struct {
	ClientID     string
	Slug         string
	Name         string
	RedirectURIs []string
	Keys         jose.JSONWebKeySet // public halves
}

// Gate holds the relying party of every body at every provider, made when it is
// first needed: no two bodies share one.
type Gate struct {
	baseURL    string
	production bool
	bodies     *tenants.Directory
	deps       login.Deps

	mu        sync.Mutex
	providers []offered
	keys      map[int32]*bodyKeys
	parties   map[string]*login.RelyingParty
}

type offered struct {
	Provider
	metadata login.Provider
}

type bodyKeys struct {
	once sync.Once
	keys login.Keys
	err  error
}

// NewGate makes a gate without providers. baseURL is the public address of the
// program without a final slash.
func NewGate(baseURL string, production bool, bodies *tenants.Directory, deps login.Deps) *Gate {
	return &Gate{
		baseURL: strings.TrimSuffix(baseURL, "/"), production: production, bodies: bodies, deps: deps,
		keys: map[int32]*bodyKeys{}, parties: map[string]*login.RelyingParty{},
	}
}

// Add offers a provider to every body. In production the demo provider is refused.
func (g *Gate) Add(p Provider, metadata login.Provider) error {
	if g.production && metadata.Kind == login.KindDemo {
		return errors.New("the demo provider does not exist in production")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if slices.ContainsFunc(g.providers, func(o offered) bool { return o.ID == p.ID }) || p.ID == "" {
		return fmt.Errorf("provider %q has no name of its own", p.ID)
	}
	g.providers = append(g.providers, offered{p, metadata})
	return nil
}

// Providers lists the ways to sign in at a body.
func (g *Gate) Providers(tenants.Tenant) []Provider {
	g.mu.Lock()
	defer g.mu.Unlock()
	list := make([]Provider, len(g.providers))
	for i, o := range g.providers {
		list[i] = o.Provider
	}
	return list
}

// Offers tells whether there is a provider of that name, for Store.Trust.
func (g *Gate) Offers(provider string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.ContainsFunc(g.providers, func(o offered) bool { return o.ID == provider })
}

// Start begins a login at a body. Error: ErrNoProvider, and those of login.
func (g *Gate) Start(ctx context.Context, body tenants.Tenant, provider string, request login.StartRequest) (login.Started, error) {
	party, err := g.party(body, provider)
	if err != nil {
		return login.Started{}, err
	}
	return party.Start(ctx, request)
}

// Finish ends a login at a body. Error: ErrNoProvider, or a *login.Refusal.
func (g *Gate) Finish(ctx context.Context, body tenants.Tenant, provider string, callback login.CallbackRequest) (login.Identity, error) {
	party, err := g.party(body, provider)
	if err != nil {
		return login.Identity{}, err
	}
	return party.Finish(ctx, callback)
}

// Revoke tells a provider that a token is not used any more.
func (g *Gate) Revoke(ctx context.Context, body tenants.Tenant, provider, token string) error {
	party, err := g.party(body, provider)
	if err != nil {
		return err
	}
	return party.Revoke(ctx, token)
}

// Registration returns what a provider has to know of the body with the client id.
func (g *Gate) Registration(clientID string) (Registration, bool) {
	slug, ok := strings.CutPrefix(clientID, g.baseURL+"/")
	if !ok {
		return Registration{}, false
	}
	body, moved, err := g.bodies.BySlug(slug)
	if err != nil || moved || !isOpen(body) {
		return Registration{}, false
	}
	keys, err := g.keysOf(body.ID)
	if err != nil {
		return Registration{}, false
	}
	r := Registration{ClientID: clientID, Slug: slug, Name: body.Name, Keys: keys.Public()}
	for _, p := range g.Providers(body) {
		r.RedirectURIs = append(r.RedirectURIs, g.redirectURI(slug, p.ID))
	}
	return r, true
}

// isOpen tells whether anybody can sign in at the body.
func isOpen(body tenants.Tenant) bool {
	return body.State.IsOpen() || body.Kind == tenants.Platform
}

func (g *Gate) redirectURI(slug, provider string) string {
	return g.baseURL + "/" + slug + "/callback/" + provider
}

func (g *Gate) keysOf(tenant int32) (login.Keys, error) {
	g.mu.Lock()
	held, ok := g.keys[tenant]
	if !ok {
		held = &bodyKeys{}
		g.keys[tenant] = held
	}
	g.mu.Unlock()
	held.once.Do(func() { held.keys, held.err = login.GenerateKeys(2048) })
	return held.keys, held.err
}

func (g *Gate) party(body tenants.Tenant, provider string) (*login.RelyingParty, error) {
	g.mu.Lock()
	name := body.Slug + "/" + provider
	party, made := g.parties[name]
	i := slices.IndexFunc(g.providers, func(o offered) bool { return o.ID == provider })
	var metadata login.Provider
	if i >= 0 {
		metadata = g.providers[i].metadata
	}
	g.mu.Unlock()
	if i < 0 || !isOpen(body) {
		return nil, ErrNoProvider
	}
	if made {
		return party, nil
	}
	keys, err := g.keysOf(body.ID)
	if err != nil {
		return nil, err
	}
	registration := login.Registration{
		Tenant: body.ID, Slug: body.Slug, ClientID: g.baseURL + "/" + body.Slug,
		RedirectURI: g.redirectURI(body.Slug, provider), ProviderID: provider, Keys: keys, Production: g.production,
	}
	if body.Kind == tenants.Platform {
		registration.Slug = "" // its pages stand at the root
	}
	if party, err = login.NewRelyingParty(registration, metadata, g.deps); err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.parties[name] = party
	return party, nil
}
