package moduletest

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"staffetta/api/rest"
	"staffetta/api/web"
	"staffetta/internal/session"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/tenants"
)

// Site is the real host of the pages of modules.
type Site struct {
	*web.Host

	List  []modules.Module
	Parts map[modules.ID]modules.Parts

	operations rest.Config
	sessions   *session.Store
}

// NewSite makes the parts of the modules and the host of their pages; manifests that only stand for a module have none.
func NewSite(t testing.TB, d *testdb.Database, deps modules.Deps, list []modules.Module) *Site {
	t.Helper()
	parts := map[modules.ID]modules.Parts{}
	for _, m := range list {
		if m.New == nil {
			continue
		}
		made, err := m.New(deps)
		must(t, err)
		parts[m.ID] = made
	}
	catalogue, err := web.Catalogue(list)
	must(t, err)
	sessions, tokens, log := session.NewStore(d.DB, d.Key, nil), session.NewTokens(d.DB, nil), slog.New(slog.DiscardHandler)
	pages, err := web.New(web.Config{
		Modules: list, Parts: parts, DB: d.DB, Bodies: deps.Bodies, Policies: deps.Policies,
		Audit: deps.Audit, Catalogue: catalogue, Key: d.Key, Log: log, Login: struct{ web.Login }{},
		Stores: web.Stores{Sessions: sessions, Tokens: tokens, Forms: session.NewForms(d.DB, d.Key, nil)},
	})
	must(t, err)
	operations := rest.Config{
		Modules: list, Parts: parts, Bodies: deps.Bodies, Policies: deps.Policies, Sessions: sessions, Tokens: tokens,
		Catalogue: catalogue, Log: log, BaseURL: "https://staffetta.example", Version: "1",
	}
	return &Site{Host: pages, List: list, Parts: parts, operations: operations, sessions: sessions}
}

// API makes the host of the operations. From then on errors of operations are as it writes them, in the whole test program.
func (s *Site) API(t testing.TB) http.Handler {
	t.Helper()
	api, err := rest.New(s.operations)
	must(t, err)
	return api.Handler()
}

// SignIn opens a session of somebody for the purpose of the scope, and returns its cookie.
func (s *Site) SignIn(t testing.TB, who tenants.Scope) *http.Cookie {
	t.Helper()
	opened, token, err := s.sessions.Create(context.Background(), session.Opening{
		Tenant: who.Tenant, Account: who.Account, Purpose: who.Purpose, Assurance: 2, Name: who.Name,
	})
	must(t, err)
	return session.Cookie(opened, token)
}
