package practice_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/migrations"
	"staffetta/modules"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/modules/practice"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/release"
	sheets "staffetta/modules/practice/sheet"
	"staffetta/modules/practice/upgrade"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// manifests are the modules of the tests. Of modules that are not at work here only the kinds they own are named.
func manifests() []modules.Module {
	return []modules.Module{
		registry.Module(), kit.Module(), kindsOf(casefile.Module()), kindsOf(assessment.Module()), guide.Module(), practice.Module(), kindsOf(sharing.Module()),
	}
}

// kindsOf is a module of which only the kinds are there: nothing is made with their items.
func kindsOf(m modules.Module) modules.Module {
	named := modules.Module{ID: m.ID, Kinds: slices.Clone(m.Kinds)}
	for i := range named.Kinds {
		named.Kinds[i].Impact, named.Kinds[i].Release = nil, nil
		if named.Kinds[i].Follow != nil { // where its tables are, there are no rules to follow with
			named.Kinds[i].Follow = func(context.Context, modules.Deps, modules.Following) error { return nil }
		}
	}
	return named
}

// stage is three bodies with all modules switched on: one that gives, one that takes and one that looks on.
type stage struct {
	*testdb.Database
	deps                  modules.Deps
	releases              *release.Service
	catalogue             *catalogue.Service
	adoptions             *adoption.Service
	upgrades              *upgrade.Service
	items                 *kit.Items
	giver, taker, other   tenants.Tenant
	giving, taking, third tenants.Scope
}

func newStage(t *testing.T, more ...modules.Module) *stage {
	t.Helper()
	return stageOf(t, append(manifests(), more...)...)
}

// stageOf is a stage with other modules than the usual ones.
func stageOf(t *testing.T, list ...modules.Module) *stage {
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
	st := &stage{Database: testdb.New(t, lines...)}
	st.giver, st.taker, st.other = st.Body(t, "marsala"), st.Body(t, "pantelleria"), st.Body(t, "mazara")
	ctx, cancel := context.WithCancel(context.Background())
	engine, err := policies.NewEngine(ctx, st.DB, permissions, grants)
	fatal(t, err)
	recorder := audit.NewRecorder(ctx, st.DB)
	t.Cleanup(func() { cancel(); <-recorder.Stopped() })
	fatal(t, st.DB.Platform(ctx, func(tx tenants.Tx) error {
		for _, m := range list {
			for _, body := range []tenants.Tenant{st.giver, st.taker, st.other} {
				if err := tenants.SwitchModule(ctx, tx, body.ID, string(m.ID), true); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	bodies, err := tenants.NewDirectory(ctx, st.DB)
	fatal(t, err)
	kinds, err := modules.NewKinds(list)
	fatal(t, err)
	st.deps = modules.Deps{
		DB: st.DB, Bodies: bodies, Policies: engine, Audit: recorder, Platform: modules.Platform{Kinds: kinds, Seal: st.Key, Modules: list},
	}
	st.releases, st.catalogue, st.adoptions, st.upgrades, st.items = release.NewService(st.deps), catalogue.NewService(st.deps), adoption.NewService(st.deps), upgrade.NewService(st.deps), kit.NewItems(st.deps)
	st.giving = st.Operator(t, st.giver, "practice_owner")
	st.taking = st.Operator(t, st.taker, "practice_owner")
	st.third = st.Operator(t, st.other, "practice_owner")
	return st
}

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, kind problem.Kind) {
	t.Helper()
	if err == nil || problem.Of(err).Kind != kind {
		t.Fatalf("got %v, want a %v", err, kind)
	}
}

// question is a small item that any text can be put into.
func question(key, answer string) kit.Source {
	return source(kit.KindQuestion, key, map[string]any{
		"question": map[string]string{"it": "Che cosa serve?"}, "answer": map[string]string{"it": answer}, "audience": "citizen",
	})
}

func source(kind, key string, content any) kit.Source {
	raw, _ := json.Marshal(content)
	return kit.Source{Kind: kind, Key: key, Title: kit.Text{IT: "Voce " + key}, Owner: "Comune", Licence: "CC-BY-4.0", Content: raw}
}

func sheet() release.Sheet {
	return release.Sheet{
		Registry:        sheets.Registry{CedingBody: sheets.Body{Name: "Comune di prova"}, Persons: []sheets.Contact{{Name: "Rosalia Genna"}}},
		Characteristics: sheets.Characteristics{Problem: kit.Text{IT: "Un problema"}, Solution: kit.Text{IT: "Una soluzione"}},
		Transfer:        sheets.Transfer{How: []kit.Text{{IT: "Un passo"}}},
	}
}

// install gives the giver items and a practice made of them.
func (st *stage) install(t *testing.T, items ...kit.Source) release.Practice {
	t.Helper()
	p, err := release.InstallSource(t.Context(), st.deps, st.giving, release.Source{Items: items, Practice: release.Practice{
		Key: "PROVA", Title: language.Text{It: "Pratica di prova"}, Owner: "Comune", Licence: "CC-BY-4.0", Sheet: sheet(),
	}})
	fatal(t, err)
	return p
}

// compose chooses everything that the giver has for a release.
func (st *stage) compose(t *testing.T, p release.Practice, number string) release.Report {
	t.Helper()
	items, err := st.items.Find(t.Context(), st.giving, "")
	fatal(t, err)
	c := release.Composition{Kit: uuid.Must(uuid.NewV7()), Practice: p.ID, Release: number}
	for _, item := range items {
		if item.State == kit.Published {
			c.Versions = append(c.Versions, item.Current.ID)
		}
	}
	report, err := st.releases.Compose(t.Context(), st.giving, c)
	fatal(t, err)
	return report
}

func (st *stage) publish(t *testing.T, p release.Practice, number string) {
	t.Helper()
	_, err := st.releases.Publish(t.Context(), st.giving, st.compose(t, p, number).Kit.ID)
	fatal(t, err)
}

// edit publishes a new content of an item in a body.
func (st *stage) edit(t *testing.T, s tenants.Scope, source kit.Source) {
	t.Helper()
	revision := 0
	if item, err := st.items.Item(t.Context(), s, source.Kind, source.Key); err == nil {
		revision = item.Revision
	}
	item, err := st.items.SaveDraft(t.Context(), s, kit.Edit{Source: source, Revision: revision})
	fatal(t, err)
	told, err := st.items.Effect(t.Context(), s, kit.EffectOf{Kind: source.Kind, Key: source.Key})
	fatal(t, err)
	_, err = st.items.Publish(t.Context(), s, kit.Step{
		Kind: source.Kind, Key: source.Key, Revision: max(item.Revision, 1), Reason: "prova", Consent: modules.Consent{Mark: told.Mark, Acknowledged: true},
	})
	fatal(t, err)
}

// retire takes an item of a body out of use.
func (st *stage) retire(t *testing.T, s tenants.Scope, key string) {
	t.Helper()
	item, err := st.items.Item(t.Context(), s, kit.KindQuestion, key)
	fatal(t, err)
	fatal(t, st.items.Retire(t.Context(), s, kit.Step{Kind: item.Kind, Key: key, Revision: item.Revision, Reason: "Non serve più"}))
}

func (st *stage) start(t *testing.T, p release.Practice) adoption.Adoption {
	t.Helper()
	a, err := st.adoptions.Start(t.Context(), st.taking, uuid.Must(uuid.NewV7()), p.ID)
	fatal(t, err)
	return a
}

func (st *stage) count(t *testing.T, sql string, args ...any) int {
	t.Helper()
	var n int
	fatal(t, st.Owner.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

// state writes everything that the taker has, to compare before and after.
func (st *stage) state(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, sql := range []string{
		`select coalesce(string_agg(i::text, E'\n' order by i.id), '') from kit.items i where i.tenant_id = $1`,
		`select coalesce(string_agg(v::text, E'\n' order by v.id), '') from kit.item_versions v where v.tenant_id = $1`,
		`select coalesce(string_agg(a::text, E'\n' order by a.kind, a.key), '') from practice.adoption_items a where a.tenant_id = $1`,
		`select coalesce(string_agg(a::text, E'\n' order by a.id), '') from practice.applications a where a.tenant_id = $1`,
		`select coalesce(string_agg(a::text, E'\n' order by a.id), '') from practice.adoptions a where $1 = $1::int`,
		`select coalesce(string_agg(e.id::text, E'\n' order by e.id), '') from audit.events e where e.tenant_id = $1 and e.action = 'adoption.apply'`,
	} {
		var text string
		fatal(t, st.Owner.QueryRow(t.Context(), sql, st.taker.ID).Scan(&text))
		all.WriteString(text + "\n--\n")
	}
	return all.String()
}
