package demo_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"staffetta/internal/login"
	"staffetta/internal/login/demo"
)

const (
	clientID  = "http://127.0.0.1:1/uno/demo"
	redirect  = "http://127.0.0.1:1/uno/callback/demo"
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	ada       = "RSSDAA80A41H501I"
)

var keys = sync.OnceValues(func() (login.Keys, error) { return login.GenerateKeys(2048) })

var people = []demo.Person{
	{FiscalCode: "VRDLGU70A01H501O", GivenName: "Luigi", FamilyName: "Verdi", Note: "cittadino"},
	{FiscalCode: ada, GivenName: "Ada", FamilyName: "Rossi", Note: "assistente sociale", Bodies: []string{"uno"}},
}

// bench is a demo provider over HTTP and one client with its keys.
type bench struct {
	t      *testing.T
	op     login.Provider
	keys   login.Keys
	client *http.Client
	mu     sync.Mutex
	ahead  time.Duration
}

func newBench(t *testing.T) *bench {
	t.Helper()
	made, err := keys()
	must(t, err)
	b := &bench{t: t, keys: made, client: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	server := httptest.NewUnstartedServer(nil)
	provider, err := demo.New(demo.Options{
		Issuer: "http://" + server.Listener.Addr().String() + "/demo-idp", People: people, Now: b.now,
		Clients: func(id string) (demo.Client, bool) {
			return demo.Client{Name: "Comune <uno>", Body: "uno", RedirectURIs: []string{redirect}, Keys: made.Public()}, id == clientID
		},
	})
	must(t, err)
	server.Config.Handler = provider
	server.Start()
	t.Cleanup(server.Close)
	b.op = provider.Describe()
	return b
}

func (b *bench) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Now().Add(b.ahead)
}

func (b *bench) move(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ahead += d
}

// request gives the claims of a right request object.
func (b *bench) request() map[string]any {
	now := b.now().Unix()
	return map[string]any{
		"iss": clientID, "aud": b.op.Issuer, "jti": rand.Text(), "iat": now, "exp": now + 180,
		"client_id": clientID, "response_type": "code", "scope": "openid", "redirect_uri": redirect,
		"code_challenge": challenge, "code_challenge_method": "S256", "state": strings.Repeat("s", 32), "nonce": strings.Repeat("n", 32),
		"prompt": "consent", "acr_values": "https://www.spid.gov.it/SpidL2", "ui_locales": "it",
		"claims": map[string]any{"userinfo": map[string]any{
			"given_name": nil, "family_name": nil, login.DefaultAttributePrefix + "fiscal_number": nil,
		}},
	}
}

func (b *bench) sign(claims map[string]any) string {
	b.t.Helper()
	payload, err := json.Marshal(claims)
	must(b.t, err)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: b.keys.Sign}, nil)
	must(b.t, err)
	object, err := signer.Sign(payload)
	must(b.t, err)
	compact, err := object.CompactSerialize()
	must(b.t, err)
	return compact
}

func outer(claims map[string]any, object string) url.Values {
	query := url.Values{"request": {object}}
	for _, name := range []string{"client_id", "response_type", "scope", "code_challenge", "code_challenge_method"} {
		if value, ok := claims[name].(string); ok {
			query.Set(name, value)
		}
	}
	return query
}

type reply struct {
	status   int
	location *url.URL
	body     string
	header   http.Header
}

func (b *bench) read(response *http.Response, err error) reply {
	b.t.Helper()
	must(b.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(b.t, err)
	location, err := response.Location()
	if err != nil {
		location = &url.URL{}
	}
	return reply{response.StatusCode, location, string(body), response.Header}
}

func (b *bench) authorize(query url.Values) reply {
	b.t.Helper()
	return b.read(b.client.Get(b.op.AuthorizationEndpoint + "?" + query.Encode()))
}

// page opens the page with the people and gives its interaction id.
func (b *bench) page(search string) (reply, string) {
	b.t.Helper()
	claims := b.request()
	to := b.authorize(outer(claims, b.sign(claims))).location
	id := to.Query().Get("id")
	return b.read(b.client.Get(to.String() + "&q=" + url.QueryEscape(search))), id
}

func (b *bench) choose(form url.Values) reply {
	b.t.Helper()
	_, id := b.page("")
	form.Set("id", id)
	return b.read(b.client.PostForm(b.op.Issuer+"/interaction", form))
}

func (b *bench) code() string {
	b.t.Helper()
	return b.choose(url.Values{"person": {ada}, "level": {"https://www.spid.gov.it/SpidL2"}}).location.Query().Get("code")
}

func (b *bench) assertion(endpoint string) map[string]any {
	now := b.now().Unix()
	return map[string]any{"iss": clientID, "sub": clientID, "aud": endpoint, "jti": rand.Text(), "iat": now, "exp": now + 120}
}

func (b *bench) redeem(code, assertion string, edit func(url.Values)) reply {
	b.t.Helper()
	form := url.Values{
		"client_id": {clientID}, "client_assertion": {assertion}, "code": {code}, "redirect_uri": {redirect},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"grant_type":            {"authorization_code"}, "code_verifier": {verifier},
	}
	if edit != nil {
		edit(form)
	}
	return b.read(b.client.PostForm(b.op.TokenEndpoint, form))
}

func TestNewRefuses(t *testing.T) {
	clients := func(string) (demo.Client, bool) { return demo.Client{}, false }
	valid := demo.Options{Issuer: "http://127.0.0.1:8080/demo-idp", People: people, Clients: clients}
	if _, err := demo.New(valid); err != nil {
		t.Fatalf("valid options: %v", err)
	}
	for name, spoil := range map[string]func(*demo.Options){
		"production":     func(o *demo.Options) { o.Production = true },
		"no issuer":      func(o *demo.Options) { o.Issuer = "" },
		"foreign issuer": func(o *demo.Options) { o.Issuer = "https://demo.example/idp" },
		"final slash":    func(o *demo.Options) { o.Issuer += "/" },
		"no people":      func(o *demo.Options) { o.People = nil },
		"no clients":     func(o *demo.Options) { o.Clients = nil },
		"broken code": func(o *demo.Options) {
			o.People = []demo.Person{{FiscalCode: "RSSDAA80A41H501J", GivenName: "A", FamilyName: "B"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			options := valid
			spoil(&options)
			if _, err := demo.New(options); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestOtherMachineGets404(t *testing.T) {
	provider, err := demo.New(demo.Options{
		Issuer: "http://127.0.0.1:8080/demo-idp", People: people,
		Clients: func(string) (demo.Client, bool) { return demo.Client{}, false },
	})
	must(t, err)
	for address, want := range map[string]int{"127.0.0.1:9": 200, "[::1]:9": 200, "192.0.2.1:9": 404} {
		request := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/demo-idp/jwks", nil)
		request.RemoteAddr = address
		recorder := httptest.NewRecorder()
		provider.ServeHTTP(recorder, request)
		if recorder.Code != want {
			t.Errorf("%s: %d, want %d", address, recorder.Code, want)
		}
	}
}

// TestRequestsRefused is the provider's test of itself: what it refuses, the
// relying party is known not to send.
func TestRequestsRefused(t *testing.T) {
	b := newBench(t)
	right := b.request()
	if got := b.authorize(outer(right, b.sign(right))); got.status != http.StatusSeeOther || got.location.Path != "/demo-idp/interaction" {
		t.Fatalf("right request: %d %v", got.status, got.location)
	}
	inner := func(name string, value any) func() url.Values {
		return func() url.Values {
			claims := b.request()
			claims[name] = value
			if value == nil {
				delete(claims, name)
			}
			return outer(claims, b.sign(claims))
		}
	}
	outside := func(name string, values ...string) func() url.Values {
		return func() url.Values {
			claims := b.request()
			query := outer(claims, b.sign(claims))
			query[name] = values
			return query
		}
	}
	tests := []struct {
		name  string
		query func() url.Values
		want  string // error at the redirect address; empty: page with 400
	}{
		{"no request object", outside("request"), ""},
		{"unsigned", outside("request", "eyJhbGciOiJub25lIn0.e30."), ""},
		{"tampered", func() url.Values {
			claims := b.request()
			parts := strings.Split(b.sign(claims), ".")
			parts[1] += "A"
			return outer(claims, strings.Join(parts, "."))
		}, ""},
		{"unknown client", outside("client_id", "http://127.0.0.1:1/due/demo"), ""},
		{"client_id twice", outside("client_id", clientID, clientID), ""},
		{"other redirect", inner("redirect_uri", "https://evil.example/"), ""},
		{"other audience", inner("aud", "https://op.example"), ""},
		{"list of audiences", inner("aud", []string{b.op.Issuer}), ""},
		{"with sub", inner("sub", clientID), ""},
		{"expired", inner("exp", b.now().Unix()-1), ""},
		{"without jti", inner("jti", nil), ""},
		{"replayed", func() url.Values { return outer(right, b.sign(right)) }, ""},
		{"outer challenge missing", outside("code_challenge"), "invalid_request"},
		{"outer scope differs", outside("scope", "openid profile"), "invalid_request"},
		{"scope too wide", inner("scope", "openid profile"), "invalid_scope"},
		{"implicit", inner("response_type", "id_token"), "unsupported_response_type"},
		{"plain challenge", inner("code_challenge_method", "plain"), "invalid_request"},
		{"no challenge", inner("code_challenge", nil), "invalid_request"},
		{"short nonce", inner("nonce", "n"), "invalid_request"},
		{"state of base64url", inner("state", strings.Repeat("-", 32)), "invalid_request"},
		{"unknown level", inner("acr_values", "L2"), "invalid_request"},
		{"prompt none", inner("prompt", "none"), "invalid_request"},
		{"claims in the ID token", inner("claims", map[string]any{"id_token": map[string]any{"given_name": nil}}), "invalid_request"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := b.authorize(test.query())
			if test.want == "" && (got.status != http.StatusBadRequest || got.header.Get("Location") != "") {
				t.Errorf("status %d, location %q; want 400", got.status, got.header.Get("Location"))
			}
			query := got.location.Query()
			if test.want != "" && (query.Get("error") != test.want || query.Get("iss") != b.op.Issuer || query.Get("state") == "") {
				t.Errorf("location %v, want error %q with state and iss", got.location, test.want)
			}
		})
	}
}

func TestTokenRefused(t *testing.T) {
	b := newBench(t)
	assertion := func(name string, value any) string {
		claims := b.assertion(b.op.TokenEndpoint)
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
		return b.sign(claims)
	}
	expect := func(got reply, status int, code string) {
		t.Helper()
		if got.status != status || !strings.Contains(got.body, `"`+code+`"`) {
			t.Errorf("%d %s, want %d %s", got.status, got.body, status, code)
		}
	}
	right := b.sign(b.assertion(b.op.TokenEndpoint))
	code := b.code()
	if got := b.redeem(code, right, nil); got.status != http.StatusOK {
		t.Fatalf("right exchange: %d %s", got.status, got.body)
	}
	expect(b.redeem(b.code(), right, nil), http.StatusUnauthorized, "invalid_client") // row 24: replayed
	for name, value := range map[string]any{
		"aud": []string{b.op.TokenEndpoint}, "iss": "https://evil.example", "sub": nil, "jti": nil, "exp": b.now().Unix() - 1,
	} {
		expect(b.redeem(b.code(), assertion(name, value), nil), http.StatusUnauthorized, "invalid_client")
	}
	expect(b.redeem(b.code(), assertion("aud", b.op.Issuer), nil), http.StatusUnauthorized, "invalid_client")
	expect(b.redeem(b.code(), b.sign(b.request()), nil), http.StatusUnauthorized, "invalid_client")
	fresh := func() string { return b.sign(b.assertion(b.op.TokenEndpoint)) }
	expect(b.redeem(code, fresh(), nil), http.StatusBadRequest, "invalid_grant") // used before
	for name, value := range map[string]string{"code_verifier": "", "redirect_uri": "https://evil.example/"} {
		burnt := b.code()
		expect(b.redeem(burnt, fresh(), func(f url.Values) { f.Set(name, value) }), http.StatusBadRequest, "invalid_grant")
		expect(b.redeem(burnt, fresh(), nil), http.StatusBadRequest, "invalid_grant")
	}
	late := b.code()
	b.move(time.Minute + time.Second)
	expect(b.redeem(late, fresh(), nil), http.StatusBadRequest, "invalid_grant")
	expect(b.redeem(b.code(), fresh(), func(f url.Values) { f.Set("grant_type", "refresh_token") }), http.StatusBadRequest, "unsupported_grant_type")
}

func TestChoices(t *testing.T) {
	b := newBench(t)
	level := "https://www.spid.gov.it/SpidL"
	tests := []struct {
		name        string
		form        url.Values
		fault, text string
	}{
		{"cancel", url.Values{"action": {"cancel"}}, "access_denied", "ErrorCode nr25"},
		{"low level", url.Values{"person": {ada}, "level": {level + "1"}}, "access_denied", "ErrorCode nr20"},
		{"no level", url.Values{"person": {ada}}, "access_denied", "ErrorCode nr20"},
		{"nobody", url.Values{"person": {"X"}, "level": {level + "2"}}, "access_denied", ""},
		{"level 2", url.Values{"person": {ada}, "level": {level + "2"}}, "", ""},
		{"level 3", url.Values{"person": {ada}, "level": {level + "3"}}, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := b.choose(test.form)
			query := got.location.Query()
			if got.status != http.StatusSeeOther || !strings.HasPrefix(got.location.String(), redirect+"?") {
				t.Fatalf("%d %v", got.status, got.location)
			}
			if query.Get("error") != test.fault || query.Get("error_description") != test.text || query.Has("code") == (test.fault != "") {
				t.Errorf("answer %v", query)
			}
		})
	}
	_, id := b.page("")
	form := url.Values{"id": {id}, "person": {ada}, "level": {level + "2"}}
	first, second := b.read(b.client.PostForm(b.op.Issuer+"/interaction", form)), b.read(b.client.PostForm(b.op.Issuer+"/interaction", form))
	if first.status != http.StatusSeeOther || second.status != http.StatusBadRequest {
		t.Errorf("one choice sent twice: %d, %d", first.status, second.status)
	}
}

func TestPage(t *testing.T) {
	b := newBench(t)
	got, _ := b.page("")
	for _, want := range []string{
		`<html lang="it">`, "<main>", "<h1>Ambiente dimostrativo</h1>", `<label for="q">`, "Annulla", "Opzioni",
		"Persone di Comune &lt;uno&gt;", "<li>codice fiscale</li>", `value="` + ada + `"`, "assistente sociale",
		`name="level" value="https://www.spid.gov.it/SpidL2" checked`,
	} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Index(got.body, "Ada") > strings.Index(got.body, "Luigi") {
		t.Error("the body's own person is not first")
	}
	for _, inline := range []string{"<script", "<style", " style=", " onclick", "ZgotmplZ"} {
		if strings.Contains(got.body, inline) {
			t.Errorf("the page holds %q", inline)
		}
	}
	want := "default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:1; frame-ancestors 'none'; base-uri 'none'"
	if csp := got.header.Get("Content-Security-Policy"); csp != want {
		t.Errorf("policy %q", csp)
	}
	some, _ := b.page("luigi citt")
	if !strings.Contains(some.body, "Luigi") || strings.Contains(some.body, "Ada") || !strings.Contains(some.body, "Persone trovate: 1") {
		t.Error("the search does not choose")
	}
	if none, _ := b.page(`"><script>`); strings.Contains(none.body, "<script") || !strings.Contains(none.body, "Nessuna persona") {
		t.Error("a search without result")
	}
	style := b.read(b.client.Get(b.op.Issuer + "/style.css"))
	if style.status != http.StatusOK || !strings.HasPrefix(style.header.Get("Content-Type"), "text/css") {
		t.Errorf("style sheet: %d %s", style.status, style.header.Get("Content-Type"))
	}
	if fault := b.read(b.client.Get(b.op.Issuer + "/interaction?id=none")); fault.status != http.StatusBadRequest || !strings.Contains(fault.body, "<main>") {
		t.Errorf("unknown interaction: %d", fault.status)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
