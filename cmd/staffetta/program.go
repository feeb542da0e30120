package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"staffetta/api/rest"
	"staffetta/api/web"
	"staffetta/cmd/staffetta/upkeep"
	"staffetta/internal/files"
	"staffetta/internal/jobs"
	"staffetta/internal/language"
	"staffetta/internal/login"
	"staffetta/internal/login/demo"
	"staffetta/internal/seal"
	"staffetta/internal/session"
	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Program is the running service: database, modules, hosts. Tests run the same.
type Program struct {
	config   Config
	log      *slog.Logger
	key      *seal.Key
	database *database
	list     []modules.Module
	parts    map[modules.ID]modules.Parts
	deps     modules.Deps
	stores   web.Stores
	jobs     *jobs.Host
	metrics  *metrics
	pages    *web.Host
	api      *rest.Host
	server   *http.Server
	listener net.Listener
	stop     context.CancelFunc // ends the background work
	work     sync.WaitGroup
	ready    chan struct{} // closed when the first request can be served
}

// NewProgram brings the program up to the point where Run can serve. What it
// opened it closes again when it fails.
func NewProgram(ctx context.Context, config Config) (_ *Program, err error) {
	p := &Program{config: config, log: newLogger(config), list: all.Modules(), metrics: newMetrics(), ready: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close(context.WithoutCancel(ctx)))
		}
	}()
	if p.key, err = openKey(config, p.log); err != nil {
		return nil, err
	}
	if p.database, err = openServer(ctx, config, p.log); err != nil {
		return nil, err
	}
	if err := p.database.open(ctx, p.key, p.list); err != nil {
		return nil, err
	}
	if err := p.assemble(ctx); err != nil {
		return nil, err
	}
	return p, p.mount()
}

// assemble makes the modules' parts and what they stand on.
func (p *Program) assemble(ctx context.Context) error {
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.stop = stop
	db := p.database.doors
	db.ReportFaults(func(err error) { p.log.Error("something was written, and what follows failed", "error", err) })
	bodies, err := tenants.NewDirectory(ctx, db)
	if err != nil {
		return err
	}
	var permissions []policies.Permission
	var grants []policies.RoleGrant
	for _, m := range p.list {
		permissions, grants = append(permissions, m.Permissions...), append(grants, m.Grants...)
	}
	engine, err := policies.NewEngine(ctx, db, permissions, grants)
	if err != nil {
		return err
	}
	engine.ReportFaults(func(err error) { p.log.Error("a rule cannot be evaluated", "error", err) })
	disk, err := files.NewDisk(filepath.Join(p.config.Data, "documents"))
	if err != nil {
		return err
	}
	kinds, err := modules.NewKinds(p.list)
	if err != nil {
		return err
	}
	queue, err := jobs.NewQueue(p.log)
	if err != nil {
		return err
	}
	work, err := jobs.NewControl(db, p.log)
	if err != nil {
		return err
	}
	letters, err := p.correspondence()
	if err != nil {
		return err
	}
	p.deps = modules.Deps{
		DB: db, Bodies: bodies, Policies: engine, Audit: audit.NewRecorder(background, db), Jobs: queue,
		Platform: modules.Platform{Log: p.log, Files: disk, Folders: disk, Version: version, Kinds: kinds, Seal: p.key, Modules: p.list, Reviewed: p.config.Production, Duties: modules.NewDuties(bodies, engine), Sights: modules.NewSights(bodies), Hints: modules.NewHints(bodies, engine, p.log), Uses: modules.NewUses(bodies), Console: modules.NewConsole(bodies, engine), Mail: letters, Work: work, DNS: p.config.DNS.Resolver()},
	}
	if err := p.makeParts(); err != nil {
		return err
	}
	if p.jobs, err = jobs.New(p.jobsConfig()); err != nil {
		return err
	}
	p.stores = web.Stores{
		Sessions: session.NewStore(db, p.key, time.Now), Tokens: session.NewTokens(db, time.Now), Forms: session.NewForms(db, p.key, time.Now),
	}
	p.begin(background)
	return nil
}

func (p *Program) makeParts() error {
	p.parts = make(map[modules.ID]modules.Parts, len(p.list))
	for _, m := range p.list {
		parts, err := m.New(p.deps)
		if err != nil {
			return fmt.Errorf("make module %s: %w", m.ID, err)
		}
		p.parts[m.ID] = parts
		p.deps.Platform.Duties.Add(m, parts.Duties)
		p.deps.Platform.Duties.AddDrafts(m, parts.Drafts)
		p.deps.Platform.Sights.Add(m, parts)
		p.deps.Platform.Hints.Add(m, parts.Hints)
		p.deps.Platform.Uses.Add(m, parts.Uses)
		p.deps.Platform.Console.Add(m, parts)
	}
	return modules.Verify(p.list, p.parts)
}

func (p *Program) jobsConfig() jobs.Config {
	care := upkeep.Upkeep{DB: p.deps.DB, Queue: p.deps.Jobs, Vault: p.key, Log: p.log}
	config := jobs.Config{
		DB: p.deps.DB, Bodies: p.deps.Bodies, Log: p.log,
		Workers: []func(*river.Workers){care.Work}, Periodic: upkeep.Periodic(),
	}
	for _, m := range p.list {
		if add := p.parts[m.ID].Workers; add != nil {
			config.Workers = append(config.Workers, add)
		}
		config.Periodic = append(config.Periodic, p.parts[m.ID].Periodic...)
		if !m.Essential {
			config.Modules = append(config.Modules, string(m.ID))
		}
	}
	return config
}

// mount makes the faces of the program: pages, API, health, the demo's provider.
func (p *Program) mount() error {
	catalogue := p.deps.Platform.Mail.Words
	mux := http.NewServeMux()
	gate, err := p.openGate(mux)
	if err != nil {
		return err
	}
	p.stores.Sessions.Trust(gate.Offers)
	p.pages, err = web.New(web.Config{
		Modules: p.list, Parts: p.parts, DB: p.deps.DB, Bodies: p.deps.Bodies, Policies: p.deps.Policies, Duties: p.deps.Platform.Duties, Audit: p.deps.Audit,
		Stores: p.stores, Login: gate, Catalogue: catalogue, Key: p.key, Log: p.log, Metrics: p.metrics,
		BaseURL: p.config.BaseURL, Demo: p.config.Demo != "", Production: p.config.Production, ClientIP: p.config.Proxies.ClientIP,
	})
	if err != nil {
		return err
	}
	if p.api, err = p.openAPI(catalogue); err != nil {
		return err
	}
	mux.Handle("/", p.pages)
	mux.Handle("/api", p.api.Handler())
	mux.Handle("/api/", p.api.Handler())
	p.mountHealth(mux)
	p.server = &http.Server{
		Handler: p.pages.Front(mux), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelDebug),
	}
	return nil
}

// openGate offers the providers of identities. The demo's is a real one, in this
// process, and exists in the demo only.
func (p *Program) openGate(mux *http.ServeMux) (*session.Gate, error) {
	flows := session.NewFlows(p.deps.DB, p.key, time.Now)
	gate := session.NewGate(p.config.BaseURL, p.config.Production, p.deps.Bodies, login.Deps{Flows: flows, Seen: flows})
	if p.config.Demo == "" {
		return gate, nil
	}
	provider, err := demo.New(demo.Options{
		Production: p.config.Production, Issuer: p.config.demoIssuer(), People: demoPeople(),
		Clients: func(clientID string) (demo.Client, bool) {
			r, ok := gate.Registration(clientID)
			return demo.Client{Name: r.Name, Body: r.Slug, RedirectURIs: r.RedirectURIs, Keys: r.Keys}, ok
		},
	})
	if err != nil {
		return nil, err
	}
	mux.Handle(providerPath+"/", provider)
	label := language.Text{It: "l'identità dimostrativa", En: "the demo identity"}
	return gate, gate.Add(session.Provider{ID: "demo", Label: label}, provider.Describe())
}

// openAPI makes the host of operations.
func (p *Program) openAPI(catalogue *language.Catalogue) (*rest.Host, error) {
	return rest.New(rest.Config{
		Modules: p.list, Parts: p.parts, Bodies: p.deps.Bodies, Policies: p.deps.Policies, Sessions: p.stores.Sessions,
		Tokens: p.stores.Tokens, Catalogue: catalogue, Log: p.log, BaseURL: p.config.BaseURL, Version: version, Production: p.config.Production,
		Metrics: p.metrics, Ready: p.deps.DB.Ping, Asset: p.pages.Asset, ClientIP: p.config.Proxies.ClientIP,
	})
}

// Listen takes the address; the program serves when Run is called.
func (p *Program) Listen() error {
	listener, err := net.Listen("tcp", p.config.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", p.config.Addr, err)
	}
	p.listener = listener
	return nil
}

// Run serves until ctx ends; then requests and jobs finish.
func (p *Program) Run(ctx context.Context) error {
	if err := p.jobs.Start(ctx); err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- p.server.Serve(p.listener) }()
	close(p.ready)
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	return errors.Join(p.server.Shutdown(grace), p.jobs.Stop(grace))
}

// Close ends the background work, closes the doors and stops the database that is ours.
func (p *Program) Close(ctx context.Context) error {
	if p.stop != nil {
		p.stop()
		p.work.Wait()
		if p.deps.Audit != nil {
			<-p.deps.Audit.Stopped()
		}
	}
	if p.database == nil {
		return nil
	}
	return p.database.close(ctx)
}
