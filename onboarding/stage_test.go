package onboarding_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// manifests stand for modules that this package must not import. Two have the real
// migrations, because published kits are in their tables.
func manifests() []modules.Module {
	text := func(it string) language.Text { return language.Text{It: it, En: "the " + it} }
	return []modules.Module{
		{ID: "registry", Title: text("Anagrafica"), Essential: true, Migrations: os.DirFS("../modules/registry/migrations")},
		{ID: "kit", Title: text("Componenti"), Essential: true, Migrations: os.DirFS("../modules/kit/migrations")},
		{ID: "casefile", Title: text("Cartella sociale"), Requires: []modules.ID{"registry", "kit"}},
		{ID: "assessment", Title: text("Valutazioni"), Requires: []modules.ID{"casefile"}, Kinds: []modules.Kind{{ID: "assessment", Live: true}}},
		{ID: "guide", Title: text("Guida ai servizi"), Kinds: []modules.Kind{{ID: "service", Live: true}, {ID: "brochure"}}},
		{ID: "library", Title: text("Biblioteca"), Kinds: []modules.Kind{{ID: "act"}}},
		{ID: "practice", Title: text("Buone pratiche"), Requires: []modules.ID{"registry", "kit"}, Migrations: os.DirFS("../modules/practice/migrations")},
		onboarding.Module(),
	}
}

// stage is the platform with the wizard over a real database.
type stage struct {
	*moduletest.Stage
	deps     modules.Deps
	service  *onboarding.Service
	platform tenants.Tenant
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t, manifests()...)}
	st.deps = st.Deps
	st.service = onboarding.NewService(st.deps)
	var err error
	st.platform, _, err = st.deps.Bodies.BySlug(tenants.PlatformSlug)
	failOn(t, err)
	return st
}

// newcomer signs somebody in at the platform.
func (st *stage) newcomer(t *testing.T, name, taxCode string) tenants.Scope {
	t.Helper()
	s := tenants.Scope{
		Tenant: st.platform.ID, Slug: st.platform.Slug, Name: name, Roles: []string{"newcomer"},
		Purpose: tenants.Newcomer, Assurance: 2, Language: "it", RequestID: uuid.NewString(),
	}
	failOn(t, st.DB.Platform(t.Context(), func(tx tenants.Tx) (err error) {
		s.Account, err = tenants.EnsureAccount(t.Context(), tx, st.Key, taxCode)
		return err
	}))
	return s
}

// code is a valid fiscal code of an invented person.
func code(surname, name string) string {
	return taxcode.Build(surname, name, time.Date(1980, time.March, 14, 0, 0, 0, 0, time.UTC), taxcode.Female, "G315")
}

var (
	adaCode  = code("Valenza", "Ada")
	livCode  = code("Culoma", "Livia")
	marCode  = code("Errera", "Maria")
	otherOne = code("Bonomo", "Carla")
)

func contact() onboarding.Contact {
	return onboarding.Contact{
		Name: "Ada Valenza", Position: "Responsabile dei servizi sociali", Email: "ada@comune.example", Phone: "+39 0923 695011",
		ActNumber: "DD 12/2026", ActDate: "2026-01-15",
	}
}

func newID(t *testing.T) uuid.UUID {
	t.Helper()
	id, err := uuid.NewV7()
	failOn(t, err)
	return id
}

// filled is an entry of the newcomer with every step done.
func (st *stage) filled(t *testing.T, s tenants.Scope, istat string) onboarding.Entry {
	t.Helper()
	ctx := t.Context()
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	failOn(t, st.service.ChooseMunicipality(ctx, s, e.ID, 0, istat))
	failOn(t, st.service.SaveContact(ctx, s, e.ID, 0, contact()))
	_, err = st.service.SaveChoice(ctx, s, e.ID, 0, onboarding.Choice{Modules: []modules.ID{"assessment"}})
	failOn(t, err)
	failOn(t, st.service.AddUser(ctx, s, e.ID, onboarding.NewUser{ID: newID(t), Name: "Ada Valenza", TaxCode: adaCode, Roles: []string{"tenant_admin", "practice_owner"}}))
	failOn(t, st.service.AddUser(ctx, s, e.ID, onboarding.NewUser{ID: newID(t), Name: "Livia Culoma", TaxCode: livCode, Roles: []string{"social_worker"}}))
	return st.get(t, s, e.ID)
}

func (st *stage) get(t *testing.T, s tenants.Scope, id uuid.UUID) onboarding.Entry {
	t.Helper()
	e, err := st.service.Get(t.Context(), s, id)
	failOn(t, err)
	return e
}

// goLive brings an entry live as somebody does who has just read it.
func (st *stage) goLive(t *testing.T, s tenants.Scope, id uuid.UUID) (onboarding.Entry, error) {
	t.Helper()
	return st.service.Activate(t.Context(), s, id, st.get(t, s, id).Mark())
}

// kit publishes a kit of another body with one item of each kind.
func (st *stage) kit(t *testing.T, release string, kinds ...string) (kit, practice uuid.UUID) {
	t.Helper()
	giver := st.Body(t, "ceding_"+uuid.NewString()[:8])
	kit, practice = newID(t), newID(t)
	st.exec(t, `insert into commons.practices (id, tenant_id, body, key) values ($1, $2, 'Comune di Marsala', 'CID')`, practice, giver.ID)
	st.release(t, practice, kit, release, kinds...)
	return kit, practice
}

func (st *stage) release(t *testing.T, practice, kit uuid.UUID, release string, kinds ...string) {
	t.Helper()
	st.exec(t, `insert into commons.kits (id, practice_id, release, number, title_it, title_en, owner, licence, sheet, completeness, hash)
		values ($1, $2, $3::text, string_to_array($3::text, '.')::int[], 'Sportello CID', 'CID desk', 'Comune di Marsala', 'EUPL-1.2', '{}', 100, repeat('0', 64))`, kit, practice, release)
	for _, kind := range kinds {
		st.exec(t, `insert into commons.kit_items (kit_id, kind, key, title_it, content, sha256)
			values ($1, $2, 'one', 'Uno', '{}', encode(sha256(convert_to('{}', 'UTF8')), 'hex'))`, kit, kind)
	}
}

func (st *stage) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := st.Owner.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// texts are the first column of a query behind the walls.
func (st *stage) texts(t *testing.T, sql string, args ...any) []string {
	t.Helper()
	rows, err := st.Owner.Query(t.Context(), sql, args...)
	failOn(t, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		failOn(t, rows.Scan(&text))
		all = append(all, text)
	}
	failOn(t, rows.Err())
	return all
}

func failOn(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind problem.Kind) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Errorf("error is %v, want kind %v", err, kind)
	}
}

// wantField wants a fault at a field, with the message of the key.
func wantField(t *testing.T, err error, field, key string) {
	t.Helper()
	var p *problem.Error
	if !errors.As(err, &p) || p.Kind != problem.Invalid {
		t.Errorf("error is %v, want %s at %s", err, key, field)
		return
	}
	for _, f := range p.Fields {
		if f.Name == field && f.Message.Key == key {
			return
		}
	}
	t.Errorf("faults are %v, want %s at %s", p, key, field)
}
