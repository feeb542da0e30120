package web_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"html"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"staffetta/api/web"
	"staffetta/internal/language"
	"staffetta/internal/login"
	"staffetta/internal/login/demo"
	"staffetta/internal/problem"
	"staffetta/internal/session"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const (
	worker   = "RSSDAA80A41H501I" // social worker of both bodies
	outsider = "RSSMRA85T10A562S" // no role anywhere
	saved    = "prova.nota.salvata"
)

// clock is a time that tests move by hand.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// ledger keeps what the host logs and counts.
type ledger struct {
	mu    sync.Mutex
	lines bytes.Buffer
	calls []string
}

func (l *ledger) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.Write(p)
}

func (l *ledger) Request(method, pattern string, _ int, _ time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, method+" "+pattern)
}

func (l *ledger) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.String()
}

// stage is the program around the host: two bodies, two modules, a real database
// and a real provider.
type stage struct {
	*testdb.Database
	clock   *clock
	ledger  *ledger
	host    *web.Host
	config  web.Config
	server  *httptest.Server
	demo    *demo.Provider
	one     tenants.Tenant // has both modules
	two     tenants.Tenant // has only the essential one
	handled *[]tenants.Scope
	forms   *[]url.Values
}

type noteForm struct{ Text, Error string }

// notes is a module that can be switched off.
func (s *stage) notes() (modules.Module, modules.Parts) {
	permission := func(verb string, level int) policies.Permission {
		return policies.Permission{Object: "nota", Verb: verb, Label: language.Text{It: verb, En: verb}, Assurance: level}
	}
	m := modules.Module{
		ID: "prova", Title: language.Text{It: "Prova", En: "Trial"},
		Permissions: []policies.Permission{permission("read", 0), permission("write", 0), permission("sign", 3), permission("rule", 0)},
		Grants: []policies.RoleGrant{
			{Role: "social_worker", Permissions: []string{"nota:read", "nota:write", "nota:sign"}},
			{Role: "tenant_admin", Permissions: []string{"nota:rule"}},
		},
		Templates: fstest.MapFS{"note.html": {Data: []byte(`{{define "prova/notes"}}<h1>{{t "prova.note"}}</h1><a href="{{url "/note/nuova"}}">x</a>{{number 1234.5}}{{end}}
{{define "prova/note"}}<h1>{{t "prova.note"}}</h1><form method="post" action="{{url "/note"}}"><label for="testo">x</label><textarea id="testo" name="testo">{{.Text}}</textarea><button type="submit">x</button>{{with .Error}}<p>{{.}}</p>{{end}}</form>{{end}}
{{define "prova/broken"}}<h1>{{.Nothing}}</h1>{{end}}`)}},
		Messages: fstest.MapFS{
			"it.json": {Data: []byte(`{"prova.note":"Le note","prova.nota.salvata":{"one":"Una nota salvata","other":"{{.n}} note salvate"}}`)},
			"en.json": {Data: []byte(`{"prova.note":"Notes","prova.nota.salvata":{"one":"One note saved","other":"{{.n}} notes saved"}}`)},
		},
	}
	title := language.M("prova.note")
	render := func(name string, data any) func(*http.Request, tenants.Scope) (modules.View, error) {
		return func(_ *http.Request, scope tenants.Scope) (modules.View, error) {
			*s.handled = append(*s.handled, scope)
			return modules.Render(name, title, data), nil
		}
	}
	inCase := func(r *http.Request, _ tenants.Scope) (modules.View, error) {
		bar := &modules.CaseBar{Ref: r.PathValue("case"), Number: "7/2026", Relation: "assigned", Sections: []string{"diary"}}
		return modules.Render("prova/notes", title, nil).On(bar), nil
	}
	pages := []modules.Page{
		{Pattern: "GET /note", Permission: "nota:read", Nav: &modules.Nav{Label: "prova.note", Order: 2}, Handle: render("prova/notes", nil)},
		{Pattern: "GET /note/nuova", Permission: "nota:write", Handle: render("prova/note", noteForm{})},
		{Pattern: "POST /note", Permission: "nota:write", Handle: s.save},
		{Pattern: "POST /allegati", Permission: "nota:write", MaxBody: 12 << 20, Handle: func(r *http.Request, _ tenants.Scope) (modules.View, error) {
			return modules.View{File: &modules.File{MediaType: "text/plain", Content: []byte(fmt.Sprint(r.MultipartForm.File["allegato"][0].Size))}}, nil
		}},
		{Pattern: "GET /firma", Permission: "nota:sign", Handle: render("prova/notes", nil)},
		{Pattern: "GET /regole", Permission: "nota:rule", Nav: &modules.Nav{Label: "prova.note", Order: 1}, Handle: render("prova/notes", nil)},
		{Pattern: "GET /aperta", Permission: policies.Public, Handle: render("prova/notes", nil)},
		{Pattern: "GET /cittadini", Permission: policies.SignedIn, Purpose: tenants.Citizen, Handle: render("prova/notes", nil)},
		{Pattern: "GET /rotta", Permission: "nota:read", Handle: render("prova/broken", noteForm{})},
		{Pattern: "GET /panico", Permission: "nota:read", Handle: func(*http.Request, tenants.Scope) (modules.View, error) { panic("segreto") }},
		{Pattern: "GET /manca", Permission: "nota:read", Handle: func(*http.Request, tenants.Scope) (modules.View, error) {
			return modules.View{}, problem.Missing()
		}},
		{Pattern: "GET /file", Permission: "nota:read", Handle: func(*http.Request, tenants.Scope) (modules.View, error) {
			return modules.View{File: &modules.File{Name: "è.txt", MediaType: "text/plain", Content: []byte("abc")}}, nil
		}},
		{Pattern: "GET /cartelle/{case}/note", Permission: "nota:read", Case: &modules.CaseNav{Label: "prova.note", Sections: []string{"diary"}, Order: 1}, Handle: inCase},
		{Pattern: "GET /cartelle/{case}/salute", Permission: "nota:read", Case: &modules.CaseNav{Label: "prova.note", Sections: []string{"health"}, Order: 2}, Handle: inCase},
	}
	return m, modules.Parts{Pages: pages}
}

func (s *stage) save(r *http.Request, _ tenants.Scope) (modules.View, error) {
	*s.forms = append(*s.forms, r.PostForm)
	if r.PostForm.Get("testo") == "" {
		return modules.Render("prova/note", language.M("prova.note"), noteForm{Error: "manca"}).Refused(), nil
	}
	return modules.Redirect("/note", language.M(saved, "n", 2)), nil
}

// entry is an essential module with pages of the platform.
func (s *stage) entry() (modules.Module, modules.Parts) {
	m := modules.Module{
		ID: "ingresso", Title: language.Text{It: "Ingresso", En: "Entry"}, Essential: true,
		Permissions: []policies.Permission{{Object: "ente", Verb: "enter"}},
		Grants:      []policies.RoleGrant{{Role: "newcomer", Permissions: []string{"ente:enter"}}},
	}
	show := func(*http.Request, tenants.Scope) (modules.View, error) {
		return modules.Render("prova/notes", language.M("prova.note"), nil), nil
	}
	return m, modules.Parts{Pages: []modules.Page{
		{Pattern: "GET /attivazione", Permission: "ente:enter", Site: modules.OnPlatform, Handle: show},
		{Pattern: "GET /servizi", Permission: policies.Public, Handle: show},
	}}
}

func builtAssets() fs.FS {
	files := fstest.MapFS{}
	for _, name := range []string{"ui.js", "sprites.svg", "favicon.svg", "licenze.txt"} {
		files[name] = &fstest.MapFile{Data: []byte(name)}
	}
	files["ui.css"] = &fstest.MapFile{Data: bytes.Repeat([]byte("a{b:c}"), 200)}
	return files
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{Database: testdb.New(t), clock: &clock{}, ledger: &ledger{}, handled: &[]tenants.Scope{}, forms: &[]url.Values{}}
	ctx := t.Context()
	s.one, s.two = s.Body(t, "c_a001"), s.Body(t, "c_b002")
	must(t, s.DB.Platform(ctx, func(tx tenants.Tx) error {
		_, err := tenants.CreateTenant(ctx, tx, tenants.Tenant{Slug: "c_c003", Name: "Comune che entra", Kind: tenants.Other})
		must(t, err)
		_, err = tx.Exec(ctx, `insert into platform.slugs (slug, tenant_id) values ('vecchio', $1)`, s.one.ID)
		must(t, err)
		must(t, tenants.SwitchModule(ctx, tx, s.one.ID, "prova", true))
		account, err := tenants.EnsureAccount(ctx, tx, s.Key, worker)
		must(t, err)
		must(t, tenants.CreateMembership(ctx, tx, s.one.ID, account, tenants.Membership{Role: "social_worker", Name: "Ada R."}))
		return tenants.CreateMembership(ctx, tx, s.two.ID, account, tenants.Membership{Role: "social_worker", Name: "Ada R."})
	}))
	bodies, err := tenants.NewDirectory(ctx, s.DB)
	must(t, err)
	s.server = httptest.NewUnstartedServer(nil)
	s.server.StartTLS()
	t.Cleanup(s.server.Close)
	s.configure(t, bodies)
	s.host, err = web.New(s.config)
	must(t, err)
	s.server.Config.Handler = s.host
	return s
}

func (s *stage) configure(t *testing.T, bodies *tenants.Directory) {
	t.Helper()
	one, oneParts := s.notes()
	two, twoParts := s.entry()
	list := []modules.Module{one, two}
	catalogue, err := web.Catalogue(list)
	must(t, err)
	engine, err := policies.NewEngine(t.Context(), s.DB, append(one.Permissions, two.Permissions...), append(one.Grants, two.Grants...))
	must(t, err)
	flows := session.NewFlows(s.DB, s.Key, s.clock.Now)
	gate := session.NewGate(s.server.URL, false, bodies, login.Deps{Flows: flows, Seen: flows, Now: s.clock.Now})
	s.startDemo(t, gate)
	s.config = web.Config{
		Modules: list, Parts: map[modules.ID]modules.Parts{one.ID: oneParts, two.ID: twoParts},
		DB: s.DB, Bodies: bodies, Policies: engine, Audit: audit.NewRecorder(t.Context(), s.DB),
		Stores: web.Stores{
			Sessions: session.NewStore(s.DB, s.Key, s.clock.Now), Tokens: session.NewTokens(s.DB, s.clock.Now),
			Forms: session.NewForms(s.DB, s.Key, s.clock.Now),
		},
		Login: gate, Catalogue: catalogue, Key: s.Key, Log: slog.New(slog.NewTextHandler(s.ledger, nil)), Metrics: s.ledger,
		Demo: true, Assets: builtAssets(), Now: s.clock.Now, Limits: web.Limits{Logins: 40, Posts: 40, Searches: 30},
	}
}

func (s *stage) startDemo(t *testing.T, gate *session.Gate) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	var err error
	s.demo, err = demo.New(demo.Options{
		Issuer: "http://" + server.Listener.Addr().String() + "/demo-idp", Now: s.clock.Now,
		People: []demo.Person{
			{FiscalCode: worker, GivenName: "Ada", FamilyName: "Rossi"}, {FiscalCode: outsider, GivenName: "Mario", FamilyName: "Rossi"},
		},
		Clients: func(id string) (demo.Client, bool) {
			r, ok := gate.Registration(id)
			return demo.Client{Name: r.Name, Body: r.Slug, RedirectURIs: r.RedirectURIs, Keys: r.Keys}, ok
		},
	})
	must(t, err)
	server.Config.Handler = s.demo
	server.Start()
	t.Cleanup(server.Close)
	must(t, gate.Add(session.Provider{ID: "demo", Label: language.Text{It: "Demo", En: "Demo"}}, s.demo.Describe()))
}

// browser is a person's browser that follows redirects one at a time.
type browser struct {
	t      *testing.T
	stage  *stage
	client *http.Client
}

func (s *stage) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	roots := s.server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return &browser{t: t, stage: s, client: &http.Client{
		Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type answer struct {
	status   int
	location string // as sent
	body     string
	header   http.Header
}

func (b *browser) do(method, path string, body io.Reader, headers ...string) answer {
	b.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = b.stage.server.URL + path
	}
	request, err := http.NewRequest(method, path, body)
	must(b.t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := b.client.Do(request)
	must(b.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	must(b.t, err)
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		savePage(b.t, text)
	}
	return answer{response.StatusCode, response.Header.Get("Location"), html.UnescapeString(string(text)), response.Header}
}

// savePage writes a page for html-validate when STAFFETTA_SAVE_PAGES names a folder.
func savePage(t *testing.T, markup []byte) {
	t.Helper()
	if folder := os.Getenv("STAFFETTA_SAVE_PAGES"); folder != "" {
		file, err := os.CreateTemp(folder, "host-*.html")
		must(t, err)
		_, err = file.Write(markup)
		must(t, err)
		must(t, file.Close())
	}
}

func (b *browser) get(path string, headers ...string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, path, nil, headers...)
}

func (b *browser) post(path string, form url.Values, headers ...string) answer {
	b.t.Helper()
	return b.do(http.MethodPost, path, strings.NewReader(form.Encode()), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
}

func (b *browser) upload(path string, values url.Values, file string, content []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, all := range values {
		must(b.t, w.WriteField(name, all[0]))
	}
	part, err := w.CreateFormFile("allegato", file)
	must(b.t, err)
	_, err = part.Write(content)
	must(b.t, err)
	must(b.t, w.Close())
	return b.do(http.MethodPost, path, &body, "Content-Type", w.FormDataContentType())
}

var hiddenID = regexp.MustCompile(`name="id" value="([A-Z0-9]+)"`)

// login goes through the provider and returns the answer of the callback.
func (b *browser) login(address, person, level string) answer {
	b.t.Helper()
	return b.authenticate(b.get(address).location, person, level)
}

// authenticate goes on at the provider, where a login has led.
func (b *browser) authenticate(provider, person, level string) answer {
	b.t.Helper()
	page := b.get(b.get(provider).location)
	id := hiddenID.FindStringSubmatch(page.body)
	if id == nil {
		b.t.Fatalf("no page with people: %d %s after %q", page.status, page.body, provider)
	}
	done := b.post(b.stage.demo.Describe().Issuer+"/interaction", url.Values{
		"id": {id[1]}, "person": {person}, "level": {"https://www.spid.gov.it/SpidL" + level},
	})
	return b.get(done.location)
}

// operator is a browser of the social worker, signed in at the body.
func (s *stage) operator(t *testing.T, body tenants.Tenant) *browser {
	t.Helper()
	b := s.browser(t)
	if got := b.login("/"+body.Slug+"/login/demo?come=operatore", worker, "2"); got.status != http.StatusSeeOther {
		t.Fatalf("login: %d %s", got.status, got.body)
	}
	return b
}

func (a answer) expect(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d (to %q), want %d\n%s", a.status, a.location, status, a.body)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("the page does not say %q\n%s", text, a.body)
		}
	}
}

func (a answer) leads(t *testing.T, location string) {
	t.Helper()
	if a.status/100 != 3 || a.location != location {
		t.Fatalf("status %d to %q, want to %q\n%s", a.status, a.location, location, a.body)
	}
}
