package moduletest

import (
	"context"
	"log/slog"
	"slices"
	"testing"

	"staffetta/internal/files"
	"staffetta/internal/jobs"
	"staffetta/internal/testdb"
	"staffetta/migrations"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Stage is what a program gives its modules, over a database of its own.
type Stage struct {
	*testdb.Database

	List      []modules.Module
	Deps      modules.Deps
	StopAudit func() // as a program that ends; harmless when it is called again
}

// NewStage makes the database that the modules migrate and the parts that they are given; nothing is logged.
func NewStage(t testing.TB, list ...modules.Module) *Stage {
	t.Helper()
	var lines []migrations.Line
	var permissions []policies.Permission
	var grants []policies.RoleGrant
	for _, m := range list {
		if m.Migrations != nil {
			lines = append(lines, migrations.Line{ID: string(m.ID), FS: m.Migrations})
		}
		permissions, grants = append(permissions, m.Permissions...), append(grants, m.Grants...)
	}
	rules := policies.Permission{Object: "access_rule", Verb: "write"} // the console's, which is no module of the list
	if !slices.ContainsFunc(permissions, func(p policies.Permission) bool { return p.Name() == rules.Name() }) {
		permissions = append(permissions, rules)
		grants = append(grants, policies.RoleGrant{Role: "tenant_admin", Permissions: []string{rules.Name()}})
	}
	s := &Stage{Database: testdb.New(t, lines...), List: list}
	ctx, stop := context.WithCancel(context.Background())
	recorder := audit.NewRecorder(ctx, s.DB)
	s.StopAudit = func() { stop(); <-recorder.Stopped() }
	t.Cleanup(s.StopAudit)
	log := slog.New(slog.DiscardHandler)
	engine, err := policies.NewEngine(ctx, s.DB, permissions, grants)
	must(t, err)
	bodies, err := tenants.NewDirectory(ctx, s.DB)
	must(t, err)
	queue, err := jobs.NewQueue(log)
	must(t, err)
	work, err := jobs.NewControl(s.DB, log)
	must(t, err)
	kinds, err := modules.NewKinds(list)
	must(t, err)
	disk, err := files.NewDisk(t.TempDir())
	must(t, err)
	s.Deps = modules.Deps{
		DB: s.DB, Bodies: bodies, Policies: engine, Audit: recorder, Jobs: queue,
		Platform: modules.Platform{Log: log, Kinds: kinds, Seal: s.Key, Modules: list, Files: disk, Folders: disk, Sights: modules.NewSights(bodies), Uses: modules.NewUses(bodies), Console: modules.NewConsole(bodies, engine), Work: work},
	}
	return s
}

// On makes a live body with modules switched on.
func (s *Stage) On(t testing.TB, slug string, ids ...modules.ID) tenants.Tenant {
	t.Helper()
	body := s.Body(t, slug)
	s.SwitchOn(t, body.ID, ids...)
	return body
}

// SwitchOn switches modules of a body on.
func (s *Stage) SwitchOn(t testing.TB, body int32, ids ...modules.ID) {
	t.Helper()
	for _, id := range ids {
		s.Database.SwitchOn(t, body, string(id))
	}
	must(t, s.Deps.Bodies.Reload(context.Background()))
}

// Measured makes the parts of the modules, so that the use of items is measured as in the program.
func (s *Stage) Measured(t testing.TB) {
	t.Helper()
	for _, m := range s.List {
		parts, err := m.New(s.Deps)
		must(t, err)
		s.Deps.Platform.Uses.Add(m, parts.Uses)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
