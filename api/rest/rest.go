// Package rest is the host of the API: it mounts the operations that modules
// declare below /api/v1, finds the body and who asks, enforces permission, purpose,
// assurance, module switch and limits before an operation is called, and describes
// all of it as OpenAPI 3.1. It must not import a concrete module, hold a rule of
// the service or read a module's data.
package rest

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/httprate"

	"staffetta/internal/language"
	"staffetta/internal/session"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

//go:embed messages
var messages embed.FS

// Sessions finds the session of a browser's cookie; session.Store meets it.
type Sessions interface {
	Get(ctx context.Context, tenant int32, purpose tenants.Purpose, token string) (session.Session, error)
	Touch(ctx context.Context, s session.Session) error
}

// Tokens finds the token of a program; session.Tokens meets it.
type Tokens interface {
	Get(ctx context.Context, tenant int32, secret string) (session.Token, error)
}

// Metrics counts requests by route pattern, never by path.
type Metrics interface {
	Request(method, pattern string, status int, took time.Duration)
}

// Config is what a host is made of. Metrics, Ready, Asset, ClientIP, Limit and Now may be left out.
type Config struct {
	Modules    []modules.Module
	Parts      map[modules.ID]modules.Parts
	Bodies     *tenants.Directory
	Policies   *policies.Engine
	Sessions   Sessions
	Tokens     Tokens
	Catalogue  *language.Catalogue
	Log        *slog.Logger
	BaseURL    string // public address without a final slash
	Version    string
	Production bool
	Metrics    Metrics
	Ready      func(context.Context) error // whether the program can serve; for /api/v1/status
	Asset      func(name string) string    // address of a style sheet or font of the web host
	ClientIP   func(*http.Request) string  // behind a proxy; the connection's address when nil
	Limit      int                         // requests a minute of one account or address; 0 means 600
	Now        func() time.Time
}

// Host serves the API.
type Host struct {
	config  Config
	own     *language.Catalogue // the host's own messages
	api     huma.API
	muxes   *muxes
	routes  []Route
	limits  *httprate.RateLimiter
	origin  *http.CrossOriginProtection
	json    []byte
	yaml    []byte
	details *viewer

	mounting modules.ID              // whose operations are being registered
	schemas  map[string]reflect.Type // by their names in the document
}

// Route is an operation as the host serves it.
type Route struct {
	Method     string
	Path       string // as OpenAPI writes it, from /api/v1 on
	Permission string
	Module     modules.ID // "" for the host's own
	Platform   bool
}

// settle replaces what huma keeps in variables of its packages, once.
var settle = sync.OnceFunc(func() {
	code()
	huma.NewError = newProblem
	huma.NewErrorWithContext = func(_ huma.Context, status int, message string, errs ...error) huma.StatusError {
		return newProblem(status, message, errs...)
	}
})

// New makes the host. It refuses a configuration with a gap, an operation that
// modules.Check refuses, and one that is not described or does not fit beside the
// others.
func New(config Config) (*Host, error) {
	h, err := newHost(config)
	if err != nil {
		return nil, fmt.Errorf("api host: %w", err)
	}
	return h, nil
}

func newHost(config Config) (*Host, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	h, err := describe(config)
	if err != nil {
		return nil, err
	}
	return h, h.finishDocument()
}

// describe mounts every operation; nothing of the configuration that serves
// requests is needed for it.
func describe(config Config) (*Host, error) {
	settle()
	if err := modules.Verify(config.Modules, config.Parts); err != nil {
		return nil, err
	}
	own, err := language.NewCatalogue(part("messages"))
	if err != nil {
		return nil, err
	}
	h := &Host{config: config.complete(), own: own, schemas: map[string]reflect.Type{}, muxes: newMuxes(), origin: http.NewCrossOriginProtection()}
	h.limits = httprate.NewRateLimiter(h.config.Limit, time.Minute,
		httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}))
	h.api = huma.NewAPI(h.document(), h.muxes.adapter())
	if err := h.mount(); err != nil {
		return nil, err
	}
	return h, h.tidy()
}

func part(dir string) fs.FS {
	files, err := fs.Sub(messages, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return files
}

func (c Config) check() error {
	var faults []error
	for name, missing := range map[string]bool{
		"bodies": c.Bodies == nil, "policies": c.Policies == nil, "sessions": c.Sessions == nil, "tokens": c.Tokens == nil,
		"catalogue": c.Catalogue == nil, "log": c.Log == nil, "base URL": c.BaseURL == "", "version": c.Version == "",
	} {
		if missing {
			faults = append(faults, fmt.Errorf("%s is missing", name))
		}
	}
	if c.Production && !strings.HasPrefix(c.BaseURL, "https://") {
		faults = append(faults, errors.New("the base URL is not https in production"))
	}
	return errors.Join(faults...)
}

func (c Config) complete() Config {
	if c.Limit == 0 {
		c.Limit = 600
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.ClientIP == nil {
		c.ClientIP = remoteIP
	}
	if c.Ready == nil {
		c.Ready = func(context.Context) error { return nil }
	}
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	return c
}

// Handler serves /api and what is below it.
func (h *Host) Handler() http.Handler { return http.HandlerFunc(h.serve) }

// Routes lists every operation by path and method.
func (h *Host) Routes() []Route {
	list := slices.Clone(h.routes)
	slices.SortFunc(list, func(a, b Route) int { return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method) })
	return list
}
