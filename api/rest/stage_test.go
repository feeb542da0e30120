package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/api/rest"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/session"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

type thingBody struct {
	Name  string `json:"name" maxLength:"8" minLength:"1" doc:"A name."`
	Kind  string `json:"kind" enum:"big,small" doc:"A kind."`
	Day   string `json:"day,omitempty" format:"date" doc:"A day."`
	Count int32  `json:"count,omitempty" minimum:"1" maximum:"9" doc:"A number."`
}

type thingAnswer struct {
	Body struct {
		ID       string `json:"id,omitempty" format:"uuid" doc:"The id."`
		Tenant   int32  `json:"tenant" minimum:"0" maximum:"1000000" doc:"The body."`
		Language string `json:"language" maxLength:"2" doc:"The language."`
		Purpose  string `json:"purpose" maxLength:"20" doc:"What for."`
		Size     int32  `json:"size" minimum:"0" maximum:"100000000" doc:"Bytes."`
	}
}

func answer(ctx context.Context, id string, size int) *thingAnswer {
	s := tenants.ScopeFrom(ctx)
	a := &thingAnswer{}
	a.Body.ID, a.Body.Tenant, a.Body.Language, a.Body.Purpose, a.Body.Size = id, s.Tenant, s.Language, string(s.Purpose), int32(size)
	return a
}

type listInput struct {
	Limit int32 `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many."`
}

func findThings(api huma.API) {
	op := huma.Operation{OperationID: "find-things", Method: http.MethodGet, Path: "/things", Summary: "Find things", Description: "All of them."}
	huma.Register(api, op, func(ctx context.Context, _ *listInput) (*thingAnswer, error) { return answer(ctx, "", 0), nil })
}

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"The id of the new thing."`
	Body thingBody
}

func createThing(api huma.API) {
	op := huma.Operation{
		OperationID: "create-thing", Method: http.MethodPost, Path: "/things", DefaultStatus: http.StatusCreated,
		Summary: "Create a thing", Description: "Twice the same key creates once.",
	}
	huma.Register(api, op, func(ctx context.Context, in *createInput) (*thingAnswer, error) {
		id, err := modules.NewID(in.Key)
		if err != nil {
			return nil, err
		}
		return answer(ctx, id.String(), len(in.Body.Name)), nil
	})
}

type getInput struct {
	ID string `path:"id" maxLength:"40" doc:"The id."`
}

func getThing(api huma.API) {
	op := huma.Operation{OperationID: "get-thing", Method: http.MethodGet, Path: "/things/{id}", Summary: "Get a thing", Description: "One."}
	huma.Register(api, op, func(ctx context.Context, in *getInput) (*thingAnswer, error) {
		switch in.ID {
		case "here":
			return answer(ctx, "", 0), nil
		case "taken":
			return nil, problem.New(problem.Conflict, "test.taken", "name", "Uno")
		case "rule":
			var fields problem.Fields
			fields.Require("surname", "")
			return nil, fields.Err()
		case "a\x00":
			return answer(ctx, "", 0), nil
		case "message":
			return nil, problem.New(problem.Internal, "test.taken", "name", "segreto")
		case "fault":
			return nil, errors.New("segreto del database")
		case "panic":
			panic("segreto della memoria")
		default:
			return nil, problem.Missing()
		}
	})
}

type fileInput struct {
	RawBody []byte `contentType:"application/octet-stream"`
}

func putFile(api huma.API) {
	op := huma.Operation{
		OperationID: "put-file", Method: http.MethodPut, Path: "/file", MaxBodyBytes: 3 << 20,
		Summary: "Put a file", Description: "Larger than others.",
	}
	huma.Register(api, op, func(ctx context.Context, in *fileInput) (*thingAnswer, error) {
		return answer(ctx, "", len(in.RawBody)), nil
	})
}

// putRaw names no limit of its own.
func putRaw(api huma.API) {
	op := huma.Operation{OperationID: "put-raw", Method: http.MethodPut, Path: "/raw", Summary: "Put bytes", Description: "As any other."}
	huma.Register(api, op, func(ctx context.Context, in *fileInput) (*thingAnswer, error) {
		return answer(ctx, "", len(in.RawBody)), nil
	})
}

func getEntry(api huma.API) {
	op := huma.Operation{OperationID: "get-entry", Method: http.MethodGet, Path: "/{id}", Summary: "Get an entry", Description: "One."}
	huma.Register(api, op, func(ctx context.Context, _ *getInput) (*thingAnswer, error) { return answer(ctx, "", 0), nil })
}

// plain registers a GET that answers who asks.
func plain(id, path string) func(huma.API) {
	return func(api huma.API) {
		op := huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: "Ask", Description: "Says who asks."}
		huma.Register(api, op, func(ctx context.Context, _ *struct{}) (*thingAnswer, error) { return answer(ctx, "", 0), nil })
	}
}

func manifest() ([]modules.Module, map[modules.ID]modules.Parts) {
	list := []modules.Module{
		{
			ID: "things", Title: language.Text{It: "Cose", En: "Things"},
			Permissions: []policies.Permission{
				{Object: "thing", Verb: "read"}, {Object: "thing", Verb: "write"}, {Object: "thing", Verb: "seal", Assurance: 3},
			},
			Grants: []policies.RoleGrant{
				{Role: "social_worker", Permissions: []string{"thing:read", "thing:write", "thing:seal"}},
				{Role: "educator", Permissions: []string{"thing:read"}},
			},
		},
		{ID: "entries", Title: language.Text{It: "Ingressi", En: "Entries"}, Essential: true},
		{ID: "off", Title: language.Text{It: "Spento", En: "Off"}},
	}
	return list, map[modules.ID]modules.Parts{
		"things": {Operations: []modules.Operation{
			{Permission: "thing:read", Register: findThings},
			{Permission: "thing:read", Register: getThing},
			{Permission: "thing:write", Register: createThing},
			{Permission: "thing:write", Register: putFile},
			{Permission: "thing:write", Register: putRaw},
			{Permission: "thing:seal", Register: plain("get-seal", "/seal")},
			{Permission: policies.Public, Register: plain("get-greeting", "/greeting")},
		}},
		"entries": {Operations: []modules.Operation{
			{Permission: policies.SignedIn, Platform: true, Purpose: tenants.Newcomer, Register: getEntry},
			{Permission: policies.Public, Register: plain("get-entries", "/entries")},
		}},
		"off": {Operations: []modules.Operation{{Permission: "thing:read", Register: plain("get-off", "/off")}}},
	}
}

// stage is an API with two bodies over a real database.
type stage struct {
	*testdb.Database
	host     *rest.Host
	log      *safeBuffer
	sessions *session.Store
	tokens   *session.Tokens
	a, b     tenants.Tenant
}

type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

func newStage(t *testing.T, change func(*rest.Config)) *stage {
	t.Helper()
	t.Parallel()
	ctx := t.Context()
	s := &stage{Database: testdb.New(t), log: &safeBuffer{}}
	s.a, s.b = s.Body(t, "c_a001"), s.Body(t, "c_b002")
	err := s.DB.Platform(ctx, func(tx tenants.Tx) error {
		for _, body := range []tenants.Tenant{s.a, s.b} {
			if err := tenants.SwitchModule(ctx, tx, body.ID, "things", true); err != nil {
				return err
			}
		}
		_, err := tenants.CreateTenant(ctx, tx, tenants.Tenant{Slug: tenants.PlatformSlug, Name: "Piattaforma", Kind: tenants.Platform})
		if errors.Is(err, tenants.ErrTaken) {
			return nil // the migrations made it
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	config := s.config(t)
	if change != nil {
		change(&config)
	}
	if s.host, err = rest.New(config); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stage) config(t *testing.T) rest.Config {
	t.Helper()
	list, parts := manifest()
	bodies, err := tenants.NewDirectory(t.Context(), s.DB)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := policies.NewEngine(t.Context(), s.DB, list[0].Permissions, list[0].Grants)
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := language.NewCatalogue(os.DirFS("testdata/messages"))
	if err != nil {
		t.Fatal(err)
	}
	s.sessions, s.tokens = session.NewStore(s.DB, s.Key, nil), session.NewTokens(s.DB, nil)
	return rest.Config{
		Modules: list, Parts: parts, Bodies: bodies, Policies: engine, Sessions: s.sessions, Tokens: s.tokens,
		Catalogue: catalogue, Log: slog.New(slog.NewJSONHandler(s.log, nil)), BaseURL: "https://staffetta.example", Version: "1.2.3",
	}
}

// open signs an operator in and returns the session's cookie.
func (s *stage) open(t *testing.T, body tenants.Tenant, purpose tenants.Purpose, roles ...string) (session.Session, *http.Cookie) {
	t.Helper()
	scope := s.Operator(t, body, roles...)
	opened, token, err := s.sessions.Create(t.Context(), session.Opening{
		Tenant: body.ID, Account: scope.Account, Purpose: purpose, Assurance: 2, Provider: "demo", Name: scope.Name,
	})
	if err != nil {
		t.Fatal(err)
	}
	return opened, session.Cookie(opened, token)
}

// token makes a token with the roles.
func (s *stage) token(t *testing.T, body tenants.Tenant, roles ...string) string {
	t.Helper()
	opened, _ := s.open(t, body, tenants.Operator, roles...)
	_, secret, err := s.tokens.Create(t.Context(), opened, session.NewToken{ID: uuid.New(), Name: "prova", Roles: roles, Days: 5})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// exec changes the database as its owner.
func (s *stage) exec(t *testing.T, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if _, err := s.Owner.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}

// asked is a request in short: headers are "Name: value".
type asked struct {
	method, path, body, token, lang string
	cookie                          *http.Cookie
	headers                         []string
}

func (s *stage) ask(t *testing.T, q asked) *httptest.ResponseRecorder {
	t.Helper()
	if q.method == "" {
		q.method = http.MethodGet
	}
	r := httptest.NewRequestWithContext(t.Context(), q.method, "https://staffetta.example"+q.path, strings.NewReader(q.body))
	if q.token != "" {
		r.Header.Set("Authorization", "Bearer "+q.token)
	}
	if q.cookie != nil {
		r.AddCookie(q.cookie)
	}
	if q.lang != "" {
		r.Header.Set("Accept-Language", q.lang)
	}
	for _, header := range q.headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.host.Handler().ServeHTTP(w, r)
	return w
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) (value T) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &value); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return value
}

// wantProblem checks the form of a problem and returns it.
func wantProblem(t *testing.T, w *httptest.ResponseRecorder, status int, kind string) rest.Problem {
	t.Helper()
	p := decode[rest.Problem](t, w)
	if w.Code != status || p.Status != int32(status) || p.Type != "urn:staffetta:problem:"+kind {
		t.Errorf("%d %s, want %d %s", w.Code, w.Body, status, kind)
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q", got)
	}
	code := w.Header().Get("Request-Id")
	if p.Title == "" || p.Detail == "" || strings.Contains(p.Title+p.Detail, "«") || code == "" || p.Code != code || p.Instance != "urn:staffetta:request:"+code {
		t.Errorf("incomplete problem %s (request %s)", w.Body, code)
	}
	return p
}
