package casefile_test

import (
	"bytes"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"staffetta/modules/casefile"
	"staffetta/modules/moduletest"
	"staffetta/tenants"
)

// site is the real host over a stage.
type site struct {
	*stage
	*moduletest.Site
}

// visitor is somebody signed in at the site.
type visitor struct {
	*site
	slug   string
	cookie *http.Cookie
}

func newSite(t *testing.T, st *stage) *site {
	t.Helper()
	host := moduletest.NewSite(t, st.Database, st.deps, st.List)
	for _, body := range st.deps.Bodies.Active() {
		st.SwitchOn(t, body.ID, "registry", "kit", casefile.ID)
	}
	return &site{stage: st, Site: host}
}

func (si *site) visitor(t *testing.T, s tenants.Scope) *visitor {
	t.Helper()
	return &visitor{site: si, slug: "/" + s.Slug, cookie: si.SignIn(t, s)}
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
	v.Host.ServeHTTP(w, r)
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
