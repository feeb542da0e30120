package casefile_test

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"staffetta/api/web"
	"staffetta/internal/session"
	"staffetta/modules"
	"staffetta/tenants"
)

// site is the real host over a stage.
type site struct {
	*stage
	host     *web.Host
	sessions *session.Store
}

// visitor is somebody signed in at the site.
type visitor struct {
	*site
	slug   string
	cookie *http.Cookie
}

func newSite(t *testing.T, st *stage) *site {
	t.Helper()
	ctx := t.Context()
	parts := map[modules.ID]modules.Parts{}
	for _, m := range st.list {
		made, err := m.New(st.deps)
		must(t, err)
		parts[m.ID] = made
	}
	catalogue, err := web.Catalogue(st.list)
	must(t, err)
	sessions := session.NewStore(st.DB, st.Key, nil)
	host, err := web.New(web.Config{
		Modules: st.list, Parts: parts, DB: st.DB, Bodies: st.deps.Bodies, Policies: st.deps.Policies,
		Audit: st.deps.Audit, Catalogue: catalogue, Key: st.Key, Log: slog.New(slog.DiscardHandler), Login: struct{ web.Login }{},
		Stores: web.Stores{Sessions: sessions, Tokens: session.NewTokens(st.DB, nil), Forms: session.NewForms(st.DB, st.Key, nil)},
	})
	must(t, err)
	for _, body := range st.deps.Bodies.Active() {
		for _, m := range st.list {
			must(t, st.DB.Platform(ctx, func(tx tenants.Tx) error { return tenants.SwitchModule(ctx, tx, body.ID, string(m.ID), true) }))
		}
	}
	must(t, st.deps.Bodies.Reload(ctx))
	return &site{stage: st, host: host, sessions: sessions}
}

func (si *site) visitor(t *testing.T, s tenants.Scope) *visitor {
	t.Helper()
	opened, token, err := si.sessions.Create(context.WithoutCancel(t.Context()), session.Opening{
		Tenant: s.Tenant, Account: s.Account, Purpose: tenants.Operator, Assurance: 2, Name: s.Name,
	})
	must(t, err)
	return &visitor{site: si, slug: "/" + s.Slug, cookie: session.Cookie(opened, token)}
}

// answer is what a page gave.
type answer struct {
	status int
	to     string // of a redirect
	raw    string
	body   string // as a person reads it
	header http.Header
}

// get visits a page.
func (v *visitor) get(t *testing.T, path string) answer {
	t.Helper()
	return v.send(t, httptest.NewRequest(http.MethodGet, v.slug+path, nil))
}

// post sends a form.
func (v *visitor) post(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, v.slug+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(t, r)
}

// follow visits the page to which a form led, with the message for it.
func (v *visitor) follow(t *testing.T, a answer) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, v.slug+a.want(t, 303).to, nil)
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		r.AddCookie(c)
	}
	return v.send(t, r)
}

// upload sends a form with a file; a file without a name is left out.
func (v *visitor) upload(t *testing.T, path string, form url.Values, name string, content []byte) answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key := range form {
		must(t, w.WriteField(key, form.Get(key)))
	}
	if name != "" {
		part, err := w.CreateFormFile("file", name)
		must(t, err)
		_, err = part.Write(content)
		must(t, err)
	}
	must(t, w.Close())
	r := httptest.NewRequest(http.MethodPost, v.slug+path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.send(t, r)
}

var unsaid = regexp.MustCompile(`«[^»]*\.[^»]*»|\bcasefile\.[a-z]+[._][a-z_.]+|ZgotmplZ|<no value>`)

func (v *visitor) send(t *testing.T, r *http.Request) answer {
	t.Helper()
	r.AddCookie(v.cookie)
	w := httptest.NewRecorder()
	v.host.ServeHTTP(w, r)
	raw, err := io.ReadAll(w.Body)
	must(t, err)
	a := answer{w.Code, strings.TrimPrefix(w.Header().Get("Location"), v.slug), string(raw), html.UnescapeString(string(raw)), w.Header()}
	if wrong := unsaid.FindString(a.main()); wrong != "" {
		t.Errorf("%s shows %q", r.URL, wrong)
	}
	if strings.Contains(a.raw, "<b>grassetto") {
		t.Errorf("%s shows HTML of a person", r.URL)
	}
	return a
}

// main is the content of the page without what is around it.
func (a answer) main() string {
	_, rest, _ := strings.Cut(a.body, "<main")
	content, _, _ := strings.Cut(rest, "</main>")
	return content
}

func (a answer) want(t *testing.T, status int, texts ...string) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d (to %q), want %d: %s", a.status, a.to, status, a.main())
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("the page lacks %q:\n%s", text, a.main())
		}
	}
	return a
}

func (a answer) lacks(t *testing.T, texts ...string) answer {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("the page shows %q:\n%s", text, a.main())
		}
	}
	return a
}

var hiddenValue = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// fill takes the hidden values of the page and adds what a person types.
func (a answer) fill(pairs ...string) url.Values {
	form := url.Values{}
	for _, m := range hiddenValue.FindAllStringSubmatch(a.main(), -1) {
		form.Set(m[1], m[2])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}
