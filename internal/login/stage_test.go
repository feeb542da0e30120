package login_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"staffetta/internal/login"
	"staffetta/internal/login/demo"
)

const (
	fiscalCode    = "RSSDAA80A41H501I"
	sessionCookie = "__Host-s1-o"
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

// memory keeps flows and seen tokens. It is careless: it judges neither the
// tenant nor the time, so that the relying party's own checks are seen.
type memory struct {
	mu    sync.Mutex
	flows map[string]login.Flow
	seen  map[string]bool
}

func (m *memory) Save(_ context.Context, flow login.Flow) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.flows[string(flow.StateHash)] = flow
	return nil
}

func (m *memory) Consume(_ context.Context, _ int32, stateHash []byte) (login.Flow, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	flow, ok := m.flows[string(stateHash)]
	if !ok {
		return login.Flow{}, login.ErrNoFlow
	}
	delete(m.flows, string(stateHash))
	return flow, nil
}

func (m *memory) Remember(_ context.Context, token login.SeenToken) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen[token.Provider+" "+token.ID] {
		return login.ErrSeen
	}
	m.seen[token.Provider+" "+token.ID] = true
	return nil
}

func (m *memory) open() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.flows)
}

// stage is a program with two bodies' relying parties over TLS and a demo
// provider behind a wrapper that can be made hostile, over HTTP.
type stage struct {
	clock   *clock
	memory  *memory
	hostile *hostile
	demo    *demo.Provider
	program *httptest.Server
	texts   map[string]string
	parties map[string]*login.RelyingParty // by "slug/op"
	keys    map[string]login.Keys
	clients map[string]demo.Client

	patience time.Duration // of the relying parties registered next; 0 for the usual

	mu      sync.Mutex
	refusal *login.Refusal
	person  login.Identity
}

func newStage(t *testing.T, honest bool) *stage {
	t.Helper()
	c := &clock{}
	s := &stage{
		clock: c, parties: map[string]*login.RelyingParty{}, keys: map[string]login.Keys{}, clients: map[string]demo.Client{},
		memory: &memory{flows: map[string]login.Flow{}, seen: map[string]bool{}},
	}
	raw, err := fs.ReadFile(login.Messages(), "it.json")
	must(t, err)
	must(t, json.Unmarshal(raw, &s.texts))
	s.program = httptest.NewTLSServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.program.Close)
	server := httptest.NewUnstartedServer(nil)
	s.demo, err = demo.New(demo.Options{
		Issuer: "http://" + server.Listener.Addr().String() + "/demo-idp", Now: c.Now,
		People:  []demo.Person{{FiscalCode: fiscalCode, GivenName: "Ada", FamilyName: "Rossi", Note: "assistente sociale", Bodies: []string{"uno"}}},
		Clients: func(id string) (demo.Client, bool) { client, ok := s.clients[id]; return client, ok },
	})
	must(t, err)
	s.hostile = newHostile(t, s)
	server.Config.Handler = s.hostile
	if honest {
		server.Config.Handler = s.demo
	}
	server.Start()
	t.Cleanup(server.Close)
	for tenant, path := range []string{"uno/demo", "uno/other", "due/demo"} {
		s.register(t, path, int32(tenant/2+1), honest)
	}
	return s
}

func (s *stage) register(t *testing.T, path string, tenant int32, honest bool) {
	t.Helper()
	slug, op, _ := strings.Cut(path, "/")
	keys := keysOf(t, path)
	registration := login.Registration{
		Tenant: tenant, Slug: slug, ClientID: s.program.URL + "/" + path,
		RedirectURI: s.program.URL + "/" + slug + "/callback/" + op, ProviderID: op, Keys: keys,
	}
	metadata := s.demo.Describe()
	if !honest {
		metadata.Keys = s.hostile.keySource
	}
	s.keys[path] = keys
	s.clients[registration.ClientID] = demo.Client{
		Name: "Comune " + slug, Body: slug, RedirectURIs: []string{registration.RedirectURI}, Keys: keys.Public(),
	}
	var err error
	s.parties[path], err = login.NewRelyingParty(registration, metadata, login.Deps{
		Flows: s.memory, Seen: s.memory, Now: s.clock.Now, HTTP: &http.Client{Timeout: s.patience},
	})
	must(t, err)
}

var (
	keysMu   sync.Mutex
	keysMade = map[string]login.Keys{}
)

// keysOf makes the keys of a name once, because they are slow to make.
func keysOf(t *testing.T, name string) login.Keys {
	t.Helper()
	keysMu.Lock()
	defer keysMu.Unlock()
	if keys, ok := keysMade[name]; ok {
		return keys
	}
	keys, err := login.GenerateKeys(2048)
	must(t, err)
	keysMade[name] = keys
	return keys
}

// serve is the program's part around the relying party: real cookies and
// redirects.
func (s *stage) serve(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(parts) != 3 {
		http.NotFound(w, r)
		return
	}
	party := s.parties[parts[0]+"/"+parts[2]]
	if parts[1] == "login" {
		level, _ := strconv.Atoi(r.URL.Query().Get("acr"))
		started, err := party.Start(r.Context(), login.StartRequest{
			Purpose: "operator", ReturnPath: r.URL.Query().Get("return"), ACR: login.Assurance(level),
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		http.SetCookie(w, started.BrowserCookie)
		http.Redirect(w, r, started.URL, http.StatusSeeOther)
		return
	}
	s.callback(w, r, party)
}

func (s *stage) callback(w http.ResponseWriter, r *http.Request, party *login.RelyingParty) {
	callback, err := login.ReadCallback(r)
	var person login.Identity
	if err == nil {
		http.SetCookie(w, login.ForgetBrowser(callback.Query.Get("state")))
		person, err = party.Finish(r.Context(), callback)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal, s.person = nil, person
	if err == nil {
		http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: "open", Path: "/", Secure: true, HttpOnly: true})
		http.Redirect(w, r, person.ReturnPath, http.StatusSeeOther)
		return
	}
	if !errors.As(err, &s.refusal) {
		http.Error(w, "Finish gave another error than a refusal", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, s.texts[s.refusal.Message()])
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
	pool := s.program.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return &browser{t: t, stage: s, client: &http.Client{
		Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type answer struct {
	status   int
	location string
	body     string
	header   http.Header
}

func (b *browser) read(response *http.Response, err error) answer {
	b.t.Helper()
	must(b.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(b.t, err)
	got := answer{status: response.StatusCode, body: string(body), header: response.Header}
	if location, err := response.Location(); err == nil {
		got.location = location.String()
	}
	return got
}

func (b *browser) get(address string) answer {
	b.t.Helper()
	return b.read(b.client.Get(address))
}

var hiddenID = regexp.MustCompile(`name="id" value="([A-Z0-9]+)"`)

// choose goes from the start of a login to the callback address, without
// calling it.
func (b *browser) choose(path, query string, level int) string {
	b.t.Helper()
	slug, op, _ := strings.Cut(path, "/")
	start := b.get(b.stage.program.URL + "/" + slug + "/login/" + op + "?" + query)
	page := b.get(b.get(start.location).location)
	id := hiddenID.FindStringSubmatch(page.body)
	if id == nil {
		b.t.Fatalf("no page with people: %d %s", page.status, page.body)
	}
	done := b.read(b.client.PostForm(b.stage.demo.Describe().Issuer+"/interaction", url.Values{
		"id": {id[1]}, "person": {fiscalCode}, "level": {"https://www.spid.gov.it/SpidL" + strconv.Itoa(level)},
	}))
	if !strings.HasPrefix(done.location, b.stage.program.URL) {
		b.t.Fatalf("the provider sends the browser to %q (%d)", done.location, done.status)
	}
	return done.location
}

func (b *browser) login(level int) answer {
	b.t.Helper()
	return b.get(b.choose("uno/demo", "acr=2", level))
}

func (b *browser) hasSession() bool {
	address, err := url.Parse(b.stage.program.URL)
	must(b.t, err)
	for _, cookie := range b.client.Jar.Cookies(address) {
		if cookie.Name == sessionCookie {
			return true
		}
	}
	return false
}

// expectRefused checks what every refusal has in common.
func (b *browser) expectRefused(got answer, code login.Code) {
	b.t.Helper()
	b.stage.mu.Lock()
	refusal := b.stage.refusal
	b.stage.mu.Unlock()
	if refusal == nil || got.status != http.StatusForbidden {
		b.t.Fatalf("status %d, refusal %v; want refused as %q", got.status, refusal, code)
	}
	if refusal.Code != code {
		b.t.Errorf("refused as %v, want %q", refusal, code)
	}
	if b.hasSession() {
		b.t.Error("a session cookie was set")
	}
	if want := b.stage.texts["login.refusal."+string(code)]; got.body != want || want == "" {
		b.t.Errorf("page says %q, want %q", got.body, want)
	}
}

func (b *browser) expectIn(got answer) {
	b.t.Helper()
	if got.status != http.StatusSeeOther || !b.hasSession() {
		b.t.Fatalf("status %d, refusal %v; want a login", got.status, b.stage.refusal)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// change rewrites the query of an address.
func change(address string, edit func(url.Values)) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	query := u.Query()
	edit(query)
	u.RawQuery = query.Encode()
	return u.String()
}

func keySet(keys ...jose.JSONWebKey) jose.JSONWebKeySet { return jose.JSONWebKeySet{Keys: keys} }
