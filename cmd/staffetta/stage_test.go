package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"staffetta/internal/resolver/dnstest"
	"staffetta/internal/session"
	"staffetta/internal/testdb"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := closeStages(); err != nil {
		fmt.Fprintln(os.Stderr, "close the programs of the tests:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// stage is a real program in this process, with a database and an address of its own.
type stage struct {
	*Program
	URL   string
	log   string // file of the log
	owner *pgxpool.Pool
	dns   *dnstest.Server
	dir   string
	end   context.CancelFunc
	ended chan error
	heard hearing
}

var (
	// Programs that browsers visit, with and without scripts; service is the one that
	// programs ask. Each is started when it is first wanted.
	scriptedSite, unscriptedSite = sync.OnceValues(opened(demoStart)), sync.OnceValues(opened(demoStart))
	service                      = sync.OnceValues(opened(demoStart))

	opening    sync.Mutex // one at a time: the log is taken from standard error
	openStages []*stage
)

// asked is the program of the tests over HTTP without a browser.
func asked(t *testing.T) *stage { return wanted(t, service) }

func wanted(t *testing.T, open func() (*stage, error)) *stage {
	t.Helper()
	st, err := open()
	if err != nil {
		t.Fatalf("start the program: %v", err)
	}
	return st
}

// opened starts a program with a demo, as `make run` does.
func opened(demo string) func() (*stage, error) {
	return func() (*stage, error) { return openStage(demo) }
}

// openStage starts a program on a copy of what a demo begins with.
func openStage(demo string) (_ *stage, err error) {
	opening.Lock()
	defer opening.Unlock()
	seed, err := seeds[demo]()
	if err != nil {
		return nil, fmt.Errorf("make what the demo %q begins with: %w", demo, err)
	}
	st, config, err := newStage(demo)
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(context.Background())
	st.end = end
	if err := errors.Join(copyInto(ctx, st.dir, seed), st.bring(ctx, config)); err != nil {
		end()
		return nil, errors.Join(err, os.RemoveAll(st.dir))
	}
	if err := st.serve(ctx); err != nil {
		end()
		return nil, errors.Join(err, os.RemoveAll(st.dir))
	}
	openStages = append(openStages, st)
	return st, nil
}

// newStage is a stage that has a directory and an address, and no program yet.
func newStage(demo string) (*stage, Config, error) {
	dir, err := stageDir()
	if err != nil {
		return nil, Config{}, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, Config{}, err
	}
	dns, err := dnstest.Listen()
	if err != nil {
		return nil, Config{}, err
	}
	config, err := Config{Addr: addr, Data: filepath.Join(dir, "data"), Demo: demo, DNS: dns.Address()}.complete()
	return &stage{URL: config.BaseURL, dns: dns, dir: dir, log: filepath.Join(dir, "log"), ended: make(chan error, 1)}, config, err
}

// stageDir is a new directory that the account of PostgreSQL can enter, too.
func stageDir() (string, error) {
	dir, err := os.MkdirTemp("", "staffetta-stage-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755)
}

func freeAddr() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// bring makes the program. Its log goes into a file, in which tests look for failures and for what must not stand in a log.
func (st *stage) bring(ctx context.Context, config Config) error {
	file, err := os.OpenFile(st.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	usual := os.Stderr
	os.Stderr = file
	st.Program, err = NewProgram(ctx, config)
	os.Stderr = usual
	if err != nil {
		return err
	}
	if st.owner, err = openOwner(ctx, st.database.ownerURL); err != nil {
		return errors.Join(err, st.Close(ctx))
	}
	return nil
}

func (st *stage) serve(ctx context.Context) error {
	if err := st.Listen(); err != nil {
		return errors.Join(err, st.Close(ctx))
	}
	go func() { st.ended <- st.Run(ctx) }()
	<-st.ready
	return nil
}

// stop ends the program.
func (st *stage) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	st.owner.Close()
	st.end()
	return errors.Join(<-st.ended, st.Close(ctx))
}

// restart ends the program and brings it up again with what it has kept.
func (st *stage) restart(t *testing.T) {
	t.Helper()
	opening.Lock()
	defer opening.Unlock()
	mustDo(t, st.stop())
	ctx, end := context.WithCancel(context.Background())
	st.end = end
	mustDo(t, st.bring(ctx, st.config))
	mustDo(t, st.serve(ctx))
}

func closeStages() error {
	var faults []error
	for _, st := range openStages {
		st.dns.Close()
		faults = append(faults, st.stop(), os.RemoveAll(st.dir))
	}
	for _, dir := range seedDirs {
		faults = append(faults, os.RemoveAll(dir))
	}
	if builtIn != "" {
		faults = append(faults, os.RemoveAll(builtIn))
	}
	return errors.Join(faults...)
}

// settle waits until the jobs that are due are done, but for the one that sends mail, which is due all the time, and those that failing makes, which nobody works.
func (st *stage) settle(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	const due = `select coalesce(string_agg(distinct kind, ', '), '') from river.river_job where state in ('available', 'running') and kind <> 'post.run' and queue <> 'body99'`
	for kinds := query[string](t, st, due); kinds != ""; kinds = query[string](t, st, due) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("after a minute there are still jobs to do: %s", kinds)
		}
	}
}

// logged is what the program has logged so far.
func (st *stage) logged(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(st.log)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

var (
	failedStatus = regexp.MustCompile(`(?m)^.*\bstatus=5\d\d\b.*$`)
	taxCodeInLog = regexp.MustCompile(`\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b`)
)

// wantCleanLog refuses failures of the program and personal data in its log, and changes that left no event in the audit.
// Words are what tests wrote into forms; no fiscal code is allowed either.
func (st *stage) wantCleanLog(t *testing.T, words ...string) {
	t.Helper()
	st.wantAudited(t)
	log := st.logged(t)
	for _, line := range failedStatus.FindAllString(log, -1) {
		t.Errorf("the program failed: %s", line)
	}
	for _, code := range taxCodeInLog.FindAllString(log, 3) {
		t.Errorf("the log holds the fiscal code %s", code)
	}
	for _, word := range words {
		if strings.Contains(strings.ToLower(log), strings.ToLower(word)) {
			t.Errorf("the log holds %q, which was written into a form", word)
		}
	}
}

// wantAudited refuses changes of what belongs to bodies that left no event in the audit.
func (st *stage) wantAudited(t *testing.T) {
	t.Helper()
	tables, err := testdb.Unaudited(t.Context(), st.owner)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		t.Errorf("no event in the audit tells of a change of %s", table)
	}
}

// openOwner opens connections of the owner that work as the program's do.
func openOwner(ctx context.Context, address string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	tenants.Prepare(config)
	return pgxpool.NewWithConfig(ctx, config)
}

// query reads one value as the owner of the database, who sees all bodies.
func query[T any](t *testing.T, st *stage, sql string, args ...any) T {
	t.Helper()
	var value T
	if err := st.owner.QueryRow(t.Context(), sql, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

// castScope is who one of the demo's cast is at a body, by surname.
func (st *stage) castScope(t *testing.T, slug, surname string) tenants.Scope {
	t.Helper()
	at := slices.IndexFunc(cast, func(p demoPerson) bool { return p.Surname == surname })
	if at < 0 {
		t.Fatalf("nobody of the cast is called %s", surname)
	}
	return st.scope(t, slug, cast[at].Name+" "+cast[at].Surname, cast[at].code())
}

// extra makes somebody who holds the roles at a body; nobody else of the tests does.
func (st *stage) extra(t *testing.T, slug, surname string, roles ...string) tenants.Scope {
	t.Helper()
	s := st.scope(t, slug, "Prova "+surname, taxcode.Build(surname, "Prova", time.Date(1980, 1, 15, 0, 0, 0, 0, time.UTC), "F", "F061"))
	s.Roles = roles
	err := st.deps.DB.Platform(t.Context(), func(tx tenants.Tx) error {
		for _, role := range roles {
			if err := tenants.CreateMembership(t.Context(), tx, s.Tenant, s.Account, tenants.Membership{Role: role, Name: s.Name}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sentCode is the code that went out last, as the outbox of the demo shows it.
func (st *stage) sentCode(t *testing.T) string {
	t.Helper()
	found := regexp.MustCompile(`controllo è: ([A-Z0-9-]{11})`).FindStringSubmatch(st.guest().get(t, "/piattaforma/posta").Body)
	if found == nil {
		t.Fatal("the outbox shows no code")
	}
	return found[1]
}

// goesLive lets the people of the cast into a body that was on trial, and brings it live.
func (st *stage) goesLive(t *testing.T, slug string) {
	t.Helper()
	ctx := t.Context()
	body, _, err := st.deps.Bodies.BySlug(slug)
	if err != nil {
		t.Fatal(err)
	}
	err = st.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		for _, p := range staff(slug) {
			account, err := tenants.EnsureAccount(ctx, tx, st.key, p.code())
			if err != nil {
				return err
			}
			for _, role := range p.Roles {
				if err := tenants.CreateMembership(ctx, tx, body.ID, account, tenants.Membership{Role: role, Name: p.Name + " " + p.Surname}); err != nil {
					return err
				}
			}
		}
		return tenants.ActivateTenant(ctx, tx, body.ID)
	})
	if err == nil {
		err = st.deps.Bodies.Reload(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (st *stage) scope(t *testing.T, slug, name, code string) tenants.Scope {
	t.Helper()
	body, _, err := st.deps.Bodies.BySlug(slug)
	if err != nil {
		t.Fatalf("body %s: %v", slug, err)
	}
	s := tenants.Scope{Tenant: body.ID, Slug: slug, Name: name, Purpose: tenants.Operator, Assurance: 2, RequestID: uuid.NewString()}
	err = st.deps.DB.Platform(t.Context(), func(tx tenants.Tx) (err error) {
		s.Account, err = tenants.EnsureAccount(t.Context(), tx, st.key, code)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// signIn opens a session for somebody and returns who asks with its cookie.
func (st *stage) signIn(t *testing.T, s tenants.Scope) *visitor {
	t.Helper()
	opened, token, err := st.stores.Sessions.Create(t.Context(), session.Opening{
		Tenant: s.Tenant, Account: s.Account, Purpose: s.Purpose, Assurance: s.Assurance, Provider: "demo", Name: s.Name,
	})
	if err != nil {
		t.Fatal(err)
	}
	v := st.guest()
	v.session, v.cookie = opened, session.Cookie(opened, token)
	return v
}

// token makes a bearer token for somebody with all of the roles that they hold.
func (st *stage) token(t *testing.T, s tenants.Scope) *visitor {
	t.Helper()
	opened := st.signIn(t, s).session
	n := session.NewToken{ID: uuid.Must(uuid.NewV7()), Name: "prova", Days: 1}
	for _, m := range opened.Memberships {
		n.Roles = append(n.Roles, m.Role)
	}
	_, secret, err := st.stores.Tokens.Create(t.Context(), opened, n)
	if err != nil {
		t.Fatal(err)
	}
	v := st.guest()
	v.bearer = secret
	return v
}

// guest is somebody who has not signed in.
func (st *stage) guest() *visitor {
	return &visitor{base: st.URL, heard: &st.heard, client: &http.Client{
		Timeout:       2 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// guestFrom is a guest at another address of this machine: what an address may post in a minute is limited.
func (st *stage) guestFrom(last byte) *visitor {
	v := st.guest()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, last)}}
	v.client.Transport = &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}
	return v
}

// visitor asks the program over HTTP, as a browser with a cookie or as a program
// with a token does.
type visitor struct {
	base    string
	heard   *hearing
	client  *http.Client
	cookie  *http.Cookie
	session session.Session
	bearer  string
}

// reply is an answer that has been read.
type reply struct {
	Status int
	Header http.Header
	Body   string
}

// to is where the answer leads.
func (r reply) to() string { return r.Header.Get("Location") }

// send asks for path; header holds names and values in turn.
func (v *visitor) send(t *testing.T, method, path string, body io.Reader, header ...string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, v.base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	if v.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+v.bearer)
	}
	answer, err := v.client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	var content bytes.Buffer
	if _, err := content.ReadFrom(answer.Body); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	v.heard.add(method, path, answer)
	return reply{answer.StatusCode, answer.Header, content.String()}
}

// get asks for a page.
func (v *visitor) get(t *testing.T, path string) reply {
	t.Helper()
	return v.send(t, http.MethodGet, path, nil)
}

// post sends a form.
func (v *visitor) post(t *testing.T, path string, form url.Values) reply {
	t.Helper()
	return v.send(t, http.MethodPost, path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}
