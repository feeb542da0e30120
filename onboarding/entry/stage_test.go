package entry_test

import (
	"errors"
	"io"
	"mime/quotedprintable"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/mail/smtptest"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/modules/post"
	"staffetta/onboarding"
	"staffetta/onboarding/entry"
	"staffetta/tenants"
	"staffetta/tenants/register"
	"staffetta/tenants/taxcode"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// manifests stand for modules that this package must not import.
func manifests() []modules.Module {
	text := func(it string) language.Text { return language.Text{It: it, En: "the " + it} }
	return []modules.Module{
		{ID: "registry", Title: text("Anagrafica"), Essential: true},
		{ID: "kit", Title: text("Componenti"), Essential: true},
		{ID: "casefile", Title: text("Cartella sociale"), Requires: []modules.ID{"registry", "kit"}},
		{ID: "assessment", Title: text("Valutazioni"), Requires: []modules.ID{"casefile"}},
		{ID: "guide", Title: text("Guida ai servizi")},
		{ID: "practice", Title: text("Buone pratiche"), Requires: []modules.ID{"registry", "kit"}},
		onboarding.Module(),
	}
}

// stage is the platform with the wizard over a real database, and a real mail server.
type stage struct {
	*moduletest.Stage
	deps     modules.Deps
	service  *entry.Service
	platform tenants.Tenant
	post     *post.Service
	server   *smtptest.Server
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t, manifests()...)}
	st.server, st.deps = smtptest.Start(t), st.Deps
	words, err := language.NewCatalogue(onboarding.Module().Messages)
	failOn(t, err)
	st.deps.Platform.Mail = modules.Correspondence{Post: post.NewOutbox(st.Key), Mailer: st.server.Sender(), Base: "https://staffetta.example", Words: words}
	st.post = post.NewService(st.deps)
	st.service = entry.NewService(st.deps)
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

func contact() entry.Contact {
	return entry.Contact{
		Name: "Ada Valenza", Position: "Responsabile dei servizi sociali", Email: "ada@comune.example", Phone: "+39 0923 695011",
		ActNumber: "DD 12/2026", ActDate: "2026-01-15", PEC: "protocollo@pec.comune.pantelleria.tp.it",
	}
}

func newID(t *testing.T) uuid.UUID {
	t.Helper()
	id, err := uuid.NewV7()
	failOn(t, err)
	return id
}

// filled is an entry of the newcomer with every step done.
func (st *stage) filled(t *testing.T, s tenants.Scope, istat string) entry.Entry {
	t.Helper()
	ctx := t.Context()
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	failOn(t, st.service.ChooseMunicipality(ctx, s, e.ID, 0, istat))
	c := contact()
	c.PEC = pecOf(t, istat)
	failOn(t, st.service.SaveContact(ctx, s, e.ID, 0, c))
	return st.get(t, s, e.ID)
}

// pecOf is a certified mail that looks like the municipality's own.
func pecOf(t *testing.T, istat string) string {
	t.Helper()
	m, err := register.ByISTAT(istat)
	failOn(t, err)
	return "protocollo@pec.comune." + strings.ReplaceAll(strings.ToLower(m.Name), " ", "") + "." + strings.ToLower(m.Province) + ".it"
}

func (st *stage) get(t *testing.T, s tenants.Scope, id uuid.UUID) entry.Entry {
	t.Helper()
	e, err := st.service.Get(t.Context(), s, id)
	failOn(t, err)
	return e
}

// code asks for a code and reads it in the certified mail of the body.
func (st *stage) code(t *testing.T, s tenants.Scope, id uuid.UUID) string {
	t.Helper()
	e := st.get(t, s, id)
	failOn(t, st.service.SendCode(t.Context(), s, id, e.Mark()))
	return st.delivered(t, e.Contact.PEC)
}

var codeLine = regexp.MustCompile(`controllo è: ([A-Z0-9-]{11})`)

// delivered sends what waits and returns the code in the last letter to an address.
func (st *stage) delivered(t *testing.T, address string) string {
	t.Helper()
	letter := st.letter(t, address)
	found := codeLine.FindStringSubmatch(letter)
	if found == nil {
		t.Fatalf("no code in\n%s", letter)
	}
	return found[1]
}

// letter sends what waits and returns the last letter to an address.
func (st *stage) letter(t *testing.T, address string) string {
	t.Helper()
	failOn(t, st.post.Deliver(t.Context()))
	for _, taken := range slices.Backward(st.server.Taken()) {
		if taken.To == address {
			plain, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(taken.Content)))
			failOn(t, err)
			return string(plain)
		}
	}
	t.Fatalf("%s got no letter", address)
	return ""
}

// goLive proves control and makes the body, as somebody does who has just read the entry.
func (st *stage) goLive(t *testing.T, s tenants.Scope, id uuid.UUID) (entry.Entry, error) {
	t.Helper()
	e, code := st.get(t, s, id), ""
	if e.State == entry.Open {
		if err := st.service.SendCode(t.Context(), s, id, e.Mark()); err != nil {
			return entry.Entry{}, err
		}
		code = st.delivered(t, e.Contact.PEC)
	}
	return st.service.Activate(t.Context(), s, id, e.Mark(), code)
}

// refusals are the reasons that the audit has for refused attempts, in their order.
func (st *stage) refusals(t *testing.T) []string {
	t.Helper()
	return st.texts(t, `select payload ->> 'reason' from audit.events where action = 'entry.refuse' order by at`)
}

// setClock makes the database's clock run ahead.
func (st *stage) setClock(t *testing.T, ahead time.Duration) {
	t.Helper()
	st.exec(t, `create or replace function app.now() returns timestamptz language sql stable parallel safe as
		'select statement_timestamp() + interval ''`+ahead.Round(time.Second).String()+`'''`)
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
