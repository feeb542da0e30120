// Package web is the host of pages: it mounts what modules declare, finds the body
// and the person of a request, enforces permission, purpose, assurance and module
// switch before a page is called, and renders what the page answers. It must not
// import a concrete module, hold a rule of the service or read a module's data.
package web

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"staffetta/api/web/manual"
	"staffetta/internal/language"
	"staffetta/internal/login"
	"staffetta/internal/seal"
	"staffetta/internal/session"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

//go:embed messages
var messages embed.FS

// Login is how the host speaks to providers of identities; session.Gate meets it.
type Login interface {
	Providers(body tenants.Tenant) []session.Provider
	Start(ctx context.Context, body tenants.Tenant, provider string, request login.StartRequest) (login.Started, error)
	Finish(ctx context.Context, body tenants.Tenant, provider string, callback login.CallbackRequest) (login.Identity, error)
	Revoke(ctx context.Context, body tenants.Tenant, provider, token string) error
}

// Metrics counts requests by route pattern, never by path.
type Metrics interface {
	Request(method, pattern string, status int, took time.Duration)
}

// Limits are how many requests of a kind one session or address may make in a
// minute; zero takes the default.
type Limits struct {
	Logins int // 120, by address: an office has one for all its people
	Posts  int // 120, by session, else by address

	Searches int // 120, by address: of bodies, on the first page
}

// Stores are where the host keeps who is signed in.
type Stores struct {
	Sessions *session.Store
	Tokens   *session.Tokens
	Forms    *session.Forms
}

// Config is what a host is made of. ClientIP, Now, Metrics, Assets and Limits may be left out.
type Config struct {
	Modules    []modules.Module
	Parts      map[modules.ID]modules.Parts
	DB         *tenants.DB
	Bodies     *tenants.Directory
	Policies   *policies.Engine
	Duties     *modules.Duties
	Audit      *audit.Recorder
	Stores     Stores
	Login      Login
	Catalogue  *language.Catalogue
	Key        *seal.Key
	Log        *slog.Logger
	Metrics    Metrics
	BaseURL    string // the platform's own address; without it no body has one of its own
	Demo       bool
	Production bool
	Limits     Limits
	Assets     fs.FS                      // what the asset build wrote; the embedded files when nil
	ClientIP   func(*http.Request) string // behind a proxy; the connection's address when nil
	Now        func() time.Time
}

// Host serves every page.
type Host struct {
	config   Config
	assets   *assets
	views    *renderer
	routes   []*route
	manual   *manual.Manual
	body     *http.ServeMux // pages below a slug
	platform *http.ServeMux // pages without slug
	limits   limiters
	base     *url.URL // the platform's own address
	origin   *http.CrossOriginProtection
}

// Catalogue gathers the messages of the host, of the login and of modules.
func Catalogue(list []modules.Module) (*language.Catalogue, error) {
	sources := []fs.FS{part("messages"), part("messages/host"), login.Messages()}
	for _, m := range list {
		sources = append(sources, m.Messages)
	}
	return language.NewCatalogue(sources...)
}

func part(dir string) fs.FS {
	files, err := fs.Sub(messages, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return files
}

// New makes the host. It refuses a configuration with a gap, a demo in production,
// missing assets, templates that do not parse, and every page that modules.Check
// refuses or that does not fit beside the others.
func New(config Config) (*Host, error) {
	if err := config.check(); err != nil {
		return nil, fmt.Errorf("web host: %w", err)
	}
	if err := modules.Verify(config.Modules, config.Parts); err != nil {
		return nil, fmt.Errorf("web host: %w", err)
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.ClientIP == nil {
		config.ClientIP = remoteIP
	}
	h := &Host{
		config: config, manual: manual.New(config.Modules), body: http.NewServeMux(), platform: http.NewServeMux(),
		limits: newLimiters(config.Limits), origin: http.NewCrossOriginProtection(),
	}
	var err error
	if h.base, err = url.Parse(config.BaseURL); err != nil {
		return nil, fmt.Errorf("web host: the platform's address: %w", err)
	}
	if h.assets, err = newAssets(config.Assets); err != nil {
		return nil, fmt.Errorf("web host: %w", err)
	}
	if h.views, err = newRenderer(h.assets, config); err != nil {
		return nil, fmt.Errorf("web host: %w", err)
	}
	if err := h.mount(); err != nil {
		return nil, fmt.Errorf("web host: %w", err)
	}
	return h, nil
}

func (c Config) check() error {
	var faults []error
	for name, missing := range map[string]bool{
		"database": c.DB == nil, "bodies": c.Bodies == nil, "policies": c.Policies == nil, "audit": c.Audit == nil,
		"sessions": c.Stores.Sessions == nil, "tokens": c.Stores.Tokens == nil, "forms": c.Stores.Forms == nil,
		"login": c.Login == nil, "catalogue": c.Catalogue == nil, "key": c.Key == nil, "log": c.Log == nil,
	} {
		if missing {
			faults = append(faults, fmt.Errorf("%s is missing", name))
		}
	}
	if c.Demo && c.Production {
		faults = append(faults, errors.New("the demo does not exist in production"))
	}
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	if _, _, err := c.Bodies.BySlug(tenants.PlatformSlug); err != nil {
		return errors.New("the platform's own body is missing from the database")
	}
	return nil
}
