package session_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/login"
	"staffetta/internal/problem"
	"staffetta/internal/session"
	"staffetta/internal/testdb"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// clock is a time that tests move by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Now().UTC().Truncate(time.Second)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

type stage struct {
	*testdb.Database
	clock *clock
	store *session.Store
	body  tenants.Tenant
	who   tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	d, c := testdb.New(t), newClock()
	body := d.Body(t, "c_a001")
	s := &stage{Database: d, clock: c, store: session.NewStore(d.DB, d.Key, c.Now), body: body, who: d.Operator(t, body, "social_worker")}
	s.store.SetListening(true)
	return s
}

func (s *stage) open(t *testing.T, purpose tenants.Purpose) (session.Session, string) {
	t.Helper()
	opened, token, err := s.store.Create(t.Context(), session.Opening{
		Tenant: s.body.ID, Account: s.who.Account, Purpose: purpose, Assurance: 2, Provider: "demo", Name: s.who.Name,
		AccessToken: "access", AccessUntil: s.clock.Now().Add(15 * time.Minute),
	})
	if err != nil {
		t.Fatal(err)
	}
	return opened, token
}

func (s *stage) get(purpose tenants.Purpose, token string) error {
	_, err := s.store.Get(context.Background(), s.body.ID, purpose, token)
	return err
}

func TestLifetimes(t *testing.T) {
	s := newStage(t)
	for _, test := range []struct {
		purpose        tenants.Purpose
		idle, absolute time.Duration
	}{
		{tenants.Operator, 30 * time.Minute, 8 * time.Hour},
		{tenants.Citizen, 20 * time.Minute, 2 * time.Hour},
		{tenants.Newcomer, 20 * time.Minute, 8 * time.Hour},
	} {
		t.Run(string(test.purpose), func(t *testing.T) {
			_, token := s.open(t, test.purpose)
			s.clock.move(test.idle - time.Second)
			if err := s.get(test.purpose, token); err != nil {
				t.Fatalf("before its idle end: %v", err)
			}
			s.clock.move(time.Second)
			var expired *session.ExpiredError
			if err := s.get(test.purpose, token); !errors.As(err, &expired) || expired.Account != s.who.Account || expired.Tenant != s.body.ID {
				t.Fatalf("at its idle end: %v, want expired with the account", err)
			}
			s.clock.move(24 * time.Hour)
			if err := s.get(test.purpose, token); !errors.Is(err, session.ErrNone) {
				t.Fatalf("a day later: %v, want none", err)
			}
			_, token = s.open(t, test.purpose)
			for used := time.Duration(0); used < test.absolute-test.idle; used += test.idle / 2 {
				s.clock.move(test.idle / 2)
				opened := must[session.Session](t)(s.store.Get(t.Context(), s.body.ID, test.purpose, token))
				if err := s.store.Touch(t.Context(), opened); err != nil {
					t.Fatal(err)
				}
			}
			s.clock.move(test.idle)
			if err := s.get(test.purpose, token); !errors.As(err, &expired) {
				t.Fatalf("at its absolute end though in use: %v, want expired", err)
			}
		})
	}
}

func TestTouchWritesOnceAMinute(t *testing.T) {
	s := newStage(t)
	opened, token := s.open(t, tenants.Operator)
	for _, test := range []struct {
		after time.Duration
		moved bool
	}{{30 * time.Second, false}, {29 * time.Second, false}, {2 * time.Second, true}} {
		s.clock.move(test.after)
		if err := s.store.Touch(t.Context(), opened); err != nil {
			t.Fatal(err)
		}
		s.store.ForgetAll()
		now := must[session.Session](t)(s.store.Get(t.Context(), s.body.ID, tenants.Operator, token))
		if moved := now.IdleUntil.After(opened.IdleUntil); moved != test.moved {
			t.Errorf("after %v more the end moved: %v, want %v", test.after, moved, test.moved)
		}
	}
}

func TestTokenCountsAtItsBodyAndPurposeOnly(t *testing.T) {
	s := newStage(t)
	other := s.Body(t, "c_b002")
	_, token := s.open(t, tenants.Operator)
	for range 2 { // from the database, then from memory
		if err := s.get(tenants.Operator, token); err != nil {
			t.Fatal(err)
		}
		for _, wrong := range []func() error{
			func() error { return s.get(tenants.Citizen, token) },
			func() error { return s.get(tenants.Operator, token+"x") },
			func() error { return s.get(tenants.Operator, "") },
			func() error {
				_, err := s.store.Get(t.Context(), other.ID, tenants.Operator, token)
				return err
			},
		} {
			if err := wrong(); !errors.Is(err, session.ErrNone) {
				t.Errorf("got %v, want none", err)
			}
		}
	}
	var stored int
	must[int](t)(stored, s.Owner.QueryRow(t.Context(), `select count(*) from platform.sessions
		where id_hash = sha256($1) and token_sealed is not null and position('access' in encode(token_sealed, 'escape')) = 0`, []byte(token)).Scan(&stored))
	if stored != 1 {
		t.Error("the database holds something else than hash and sealed access token")
	}
}

func TestMemoryForgetsWhatItHears(t *testing.T) {
	s := newStage(t)
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := s.Owner.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	opened, token := s.open(t, tenants.Operator)
	roles := func() []string {
		found := must[session.Session](t)(s.store.Get(t.Context(), s.body.ID, tenants.Operator, token))
		return found.Roles(s.clock.Now())
	}
	want := func(why string, roles, want []string) {
		t.Helper()
		if diff := cmp.Diff(want, roles); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", why, diff)
		}
	}
	want("at first", roles(), []string{"social_worker"})
	exec(`insert into platform.memberships (id, tenant_id, account_id, role, display_name) values ($1, $2, $3, 'coordinator', 'x')`,
		uuid.New(), s.body.ID, s.who.Account)
	want("from memory", roles(), []string{"social_worker"})
	s.store.Heard("staffetta_members", s.who.Account.String())
	want("after the news", roles(), []string{"social_worker", "coordinator"})
	exec(`update platform.memberships set valid_from = current_date - 9, valid_to = current_date - 1 where role = 'coordinator'`)
	s.clock.move(31 * time.Second)
	want("when memory is too old", roles(), []string{"social_worker"})
	exec(`update platform.sessions set ended_at = now() where id = $1`, opened.ID)
	if err := s.get(tenants.Operator, token); err != nil {
		t.Fatalf("memory does not answer: %v", err)
	}
	s.store.SetListening(false)
	var expired *session.ExpiredError
	if err := s.get(tenants.Operator, token); !errors.As(err, &expired) {
		t.Errorf("while nobody listens: %v, want what the database says", err)
	}
}

func TestNotificationsArrive(t *testing.T) {
	s := newStage(t)
	_, token := s.open(t, tenants.Operator)
	ctx, cancel := context.WithCancel(t.Context())
	ready, heard, done := make(chan struct{}), make(chan string, 8), make(chan struct{})
	go func() {
		defer close(done)
		_ = s.DB.Listen(ctx, session.Channels, func() { close(ready) }, func(channel, payload string) {
			s.store.Heard(channel, payload)
			heard <- channel
		})
	}()
	<-ready
	if err := s.get(tenants.Operator, token); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Owner.Exec(t.Context(), `update platform.sessions set ended_at = now()`); err != nil {
		t.Fatal(err)
	}
	if channel := <-heard; channel != "staffetta_sessions" {
		t.Errorf("heard %s", channel)
	}
	var expired *session.ExpiredError
	if err := s.get(tenants.Operator, token); !errors.As(err, &expired) {
		t.Errorf("after the news: %v", err)
	}
	cancel()
	<-done
}

func TestEnd(t *testing.T) {
	s := newStage(t)
	first, token := s.open(t, tenants.Operator)
	second, _ := s.open(t, tenants.Citizen)
	list := must[[]session.Session](t)(s.store.Find(t.Context(), s.who.Account))
	if len(list) != 2 {
		t.Fatalf("%d sessions, want 2", len(list))
	}
	if access := must[string](t)(s.store.AccessToken(t.Context(), first.ID)); access != "access" {
		t.Errorf("access token %q", access)
	}
	if err := s.store.End(t.Context(), uuid.New(), first.ID); !errors.Is(err, session.ErrNone) {
		t.Errorf("somebody else ends a session: %v", err)
	}
	if err := s.store.End(t.Context(), s.who.Account, first.ID); err != nil {
		t.Fatal(err)
	}
	var expired *session.ExpiredError
	if err := s.get(tenants.Operator, token); !errors.As(err, &expired) {
		t.Errorf("after its end: %v", err)
	}
	if _, err := s.store.AccessToken(t.Context(), first.ID); !errors.Is(err, session.ErrNone) {
		t.Errorf("the access token outlives the session: %v", err)
	}
	if err := s.store.EndAll(t.Context(), s.who.Account); err != nil {
		t.Fatal(err)
	}
	if left := must[[]session.Session](t)(s.store.Find(t.Context(), s.who.Account)); len(left) != 0 {
		t.Errorf("%d sessions are left, %s among them", len(left), second.ID)
	}
}

func TestSessionOfAProviderThatIsGoneIsVoid(t *testing.T) {
	s := newStage(t)
	_, token := s.open(t, tenants.Operator)
	if err := s.get(tenants.Operator, token); err != nil {
		t.Fatal(err)
	}
	gate := session.NewGate("https://staffetta.example", true, nil, login.Deps{})
	if err := gate.Add(session.Provider{ID: "demo"}, login.Provider{Kind: login.KindDemo}); err == nil {
		t.Error("production offers the demo provider")
	}
	s.store.Trust(gate.Offers)
	for range 2 { // from memory, then from the database
		if err := s.get(tenants.Operator, token); !errors.Is(err, session.ErrNone) {
			t.Errorf("got %v, want none", err)
		}
		s.store.ForgetAll()
	}
}

func TestFlowIsUsedOnce(t *testing.T) {
	s := newStage(t)
	other := s.Body(t, "c_b002")
	flows := session.NewFlows(s.DB, s.Key, s.clock.Now)
	flow := login.Flow{
		StateHash: []byte("a hash"), Tenant: s.body.ID, Provider: "demo", Nonce: "n", Verifier: "the verifier", ACR: "2",
		Purpose: "operator", ReturnPath: "/c_a001/", BrowserHash: []byte("b"), Expires: s.clock.Now().Add(time.Minute),
	}
	if err := flows.Save(t.Context(), flow); err != nil {
		t.Fatal(err)
	}
	if _, err := flows.Consume(t.Context(), other.ID, flow.StateHash); !errors.Is(err, login.ErrNoFlow) {
		t.Errorf("another body consumes the flow: %v", err)
	}
	var won []login.Flow
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			got, err := flows.Consume(t.Context(), s.body.ID, flow.StateHash)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won = append(won, got)
			} else if !errors.Is(err, login.ErrNoFlow) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if diff := cmp.Diff([]login.Flow{flow}, won); diff != "" {
		t.Errorf("the flow was not given once: (-want +got)\n%s", diff)
	}
	if err := flows.Save(t.Context(), flow); err != nil {
		t.Fatal(err)
	}
	s.clock.move(time.Minute)
	if _, err := flows.Consume(t.Context(), s.body.ID, flow.StateHash); !errors.Is(err, login.ErrNoFlow) {
		t.Errorf("an expired flow: %v", err)
	}
	seen := login.SeenToken{Tenant: s.body.ID, Provider: "demo", ID: "jti", Until: s.clock.Now().Add(time.Minute)}
	if err := flows.Remember(t.Context(), seen); err != nil {
		t.Fatal(err)
	}
	if err := flows.Remember(t.Context(), seen); !errors.Is(err, login.ErrSeen) {
		t.Errorf("a token seen twice: %v", err)
	}
	seen.Tenant = other.ID
	if err := flows.Remember(t.Context(), seen); err != nil {
		t.Errorf("the same id at another body: %v", err)
	}
}

func TestParkedFormIsItsPersons(t *testing.T) {
	s := newStage(t)
	other := s.Body(t, "c_b002")
	forms := session.NewForms(s.DB, s.Key, s.clock.Now)
	form := session.Form{
		Tenant: s.body.ID, Account: s.who.Account, Action: "/note?da=1",
		Values: []session.Value{{Name: "testo", Value: "riservato 𝄞"}, {Name: "testo", Value: "b"}}, Files: []string{"a.pdf"},
	}
	id := must[uuid.UUID](t)(forms.Park(t.Context(), form))
	form.ID = id
	if diff := cmp.Diff(form, must[session.Form](t)(forms.Get(t.Context(), s.body.ID, s.who.Account, id))); diff != "" {
		t.Errorf("the form changed: (-want +got)\n%s", diff)
	}
	var clear int
	must[int](t)(clear, s.Owner.QueryRow(t.Context(), `select count(*) from platform.parked_forms
		where position('riservato' in encode(body_sealed, 'escape')) > 0`).Scan(&clear))
	if clear != 0 {
		t.Error("the database can read the form")
	}
	refused := func(why string, tenant int32, account uuid.UUID) {
		t.Helper()
		if _, err := forms.Get(t.Context(), tenant, account, id); !problem.Is(err, problem.NotFound) {
			t.Errorf("%s: %v, want not found", why, err)
		}
	}
	refused("at another body", other.ID, s.who.Account)
	refused("by somebody else", s.body.ID, uuid.New())
	s.clock.move(2 * time.Hour)
	refused("too late", s.body.ID, s.who.Account)
}

func TestTokens(t *testing.T) {
	s := newStage(t)
	other := s.Body(t, "c_b002")
	opened, _ := s.open(t, tenants.Operator)
	tokens := session.NewTokens(s.DB, s.clock.Now)
	create := func(n session.NewToken) error {
		_, _, err := tokens.Create(t.Context(), opened, n)
		return err
	}
	for why, n := range map[string]session.NewToken{
		"no name":        {ID: uuid.New(), Roles: []string{"social_worker"}, Days: 1},
		"no role":        {ID: uuid.New(), Name: "a", Days: 1},
		"a role not had": {ID: uuid.New(), Name: "a", Roles: []string{"social_worker", "coordinator"}, Days: 1},
		"91 days":        {ID: uuid.New(), Name: "a", Roles: []string{"social_worker"}, Days: 91},
		"no days":        {ID: uuid.New(), Name: "a", Roles: []string{"social_worker"}},
		"control":        {ID: uuid.New(), Name: "a\x00b", Roles: []string{"social_worker"}, Days: 1},
	} {
		if err := create(n); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v, want invalid", why, err)
		}
	}
	n := session.NewToken{ID: uuid.New(), Name: "gestionale", Roles: []string{"social_worker"}, Days: 90}
	made, secret, err := tokens.Create(t.Context(), opened, n)
	if err != nil {
		t.Fatal(err)
	}
	if err := create(n); !problem.Is(err, problem.Conflict) {
		t.Errorf("a second submit: %v, want conflict", err)
	}
	found := must[session.Token](t)(tokens.Get(t.Context(), s.body.ID, secret))
	scope := found.Scope(s.body, s.clock.Now())
	if diff := cmp.Diff([]string{"social_worker"}, scope.Roles); diff != "" || scope.Tenant != s.body.ID || scope.Name != s.who.Name {
		t.Errorf("scope %+v", scope)
	}
	none := func(why string, tenant int32) {
		t.Helper()
		if _, err := tokens.Get(t.Context(), tenant, secret); !errors.Is(err, session.ErrNone) {
			t.Errorf("%s: %v, want none", why, err)
		}
	}
	none("at another body", other.ID)
	if _, err := s.Owner.Exec(t.Context(), `update platform.memberships set role = 'educator'`); err != nil {
		t.Fatal(err)
	}
	found = must[session.Token](t)(tokens.Get(t.Context(), s.body.ID, secret))
	if roles := found.Scope(s.body, s.clock.Now()).Roles; len(roles) != 0 {
		t.Errorf("a role that they had works through a token: %v", roles)
	}
	if err := tokens.Revoke(t.Context(), s.body.ID, uuid.New(), made.ID); !problem.Is(err, problem.NotFound) {
		t.Errorf("somebody else revokes: %v", err)
	}
	s.clock.move(90 * 24 * time.Hour)
	none("expired", s.body.ID)
	s.clock.move(-time.Hour)
	if err := tokens.Revoke(t.Context(), s.body.ID, s.who.Account, made.ID); err != nil {
		t.Fatal(err)
	}
	none("revoked", s.body.ID)
	if list := must[[]session.Token](t)(tokens.Find(t.Context(), s.body.ID, s.who.Account)); len(list) != 1 || list[0].RevokedAt.IsZero() {
		t.Errorf("list %+v", list)
	}
}

// Whose last role has ended, by its day or by a colleague, is told so; who has another role has a session that ran out.
func TestWhoseRoleEndedIsToldSo(t *testing.T) {
	for what, test := range map[string]struct {
		sql     string
		support bool
	}{
		"taken back":       {`with s as (update platform.sessions set ended_at = now()) update platform.memberships set valid_to = current_date - 1`, false},
		"past its day":     {`update platform.memberships set valid_from = current_date - 9, valid_to = current_date - 1`, false},
		"no role was ever": {`with s as (update platform.sessions set ended_at = now()), p as (delete from platform.membership_periods) delete from platform.memberships`, true},
	} {
		t.Run(what, func(t *testing.T) {
			s := newStage(t)
			_, token := s.open(t, tenants.Operator)
			if _, err := s.Owner.Exec(t.Context(), test.sql); err != nil {
				t.Fatal(err)
			}
			s.store.ForgetAll()
			var expired *session.ExpiredError
			if err := s.get(tenants.Operator, token); !errors.As(err, &expired) || expired.Support != test.support || expired.Left.IsZero() != test.support {
				t.Errorf("%+v, %v", expired, err)
			}
		})
	}
	s := newStage(t)
	_, token := s.open(t, tenants.Operator)
	if _, err := s.Owner.Exec(t.Context(), `update platform.sessions set ended_at = now()`); err != nil {
		t.Fatal(err)
	}
	var expired *session.ExpiredError
	if err := s.get(tenants.Operator, token); !errors.As(err, &expired) || !expired.Left.IsZero() || expired.Support {
		t.Errorf("with a role left: %+v, %v", expired, err)
	}
}
