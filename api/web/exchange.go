package web

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/session"
	"staffetta/modules"
	"staffetta/tenants"
)

// exchange is one request and what the host finds out about it.
type exchange struct {
	host  *Host
	w     *answer
	r     *http.Request // as the page sees it: without the slug
	full  *url.URL      // as it was asked for
	began time.Time
	id    string // the code a person quotes
	lang  string
	site  modules.Site
	body  tenants.Tenant
	route *route

	identified bool
	sessions   []session.Session // one per purpose with a valid cookie at this body
	session    *session.Session  // the one that counts for the page
	expired    *session.ExpiredError
	scope      tenants.Scope
	fault      *problem.Error
	stack      []byte
	alone      bool // at the body's own address: public pages, no cookie, no slug
}

// answer notes what was sent.
type answer struct {
	http.ResponseWriter
	status int
	bare   bool // gives no cookie
}

// WriteHeader meets http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	if a.bare {
		a.Header().Del("Set-Cookie")
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write meets http.ResponseWriter.
func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	return a.ResponseWriter.Write(p) //nolint:gosec // it passes on what the templates have escaped
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

type exchangeKey struct{}

func exchangeOf(r *http.Request) *exchange { return r.Context().Value(exchangeKey{}).(*exchange) }

// ServeHTTP meets http.Handler.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := h.exchange(w, r)
	x.body, _, _ = h.config.Bodies.BySlug(tenants.PlatformSlug)
	defer x.finish()
	x.secure()
	x.serve()
}

// exchange begins to answer a request.
func (h *Host) exchange(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{host: h, w: &answer{ResponseWriter: w}, full: r.URL, began: time.Now(), id: rand.Text()[:16], site: modules.OnPlatform}
	x.r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
	x.speak(languageOf(r))
	return x
}

// speak is the language of the answer.
func (x *exchange) speak(lang string) {
	x.lang = lang
	x.r = x.r.WithContext(language.WithLanguage(x.r.Context(), x.host.config.Catalogue, lang))
}

// finish answers a panic, then logs and counts the request.
func (x *exchange) finish() {
	if cause := recover(); cause != nil {
		if cause == http.ErrAbortHandler { //nolint:errorlint // it is thrown as it is, never wrapped
			panic(cause)
		}
		x.stack = debug.Stack()
		x.fail(panicked(cause))
	}
	if x.r.MultipartForm != nil {
		_ = x.r.MultipartForm.RemoveAll() // the server knows only its own copy of the request
	}
	x.log()
	if m := x.host.config.Metrics; m != nil {
		m.Request(x.r.Method, x.pattern(), x.w.status, time.Since(x.began))
	}
}

// pattern names the route for logs and metrics: never a path, which could hold a
// person's data.
func (x *exchange) pattern() string {
	if x.route == nil {
		return "none"
	}
	_, pattern, _ := strings.Cut(x.route.page.Pattern, " ")
	if x.site == modules.OnBody {
		pattern = "/{slug}" + pattern
	}
	return pattern
}

func (x *exchange) log() {
	level := slog.LevelInfo
	if strings.HasPrefix(x.full.Path, assetPrefix) {
		level = slog.LevelDebug
	}
	attrs := []slog.Attr{
		slog.String("request", x.id), slog.Int("tenant", int(x.body.ID)), slog.String("method", x.r.Method),
		slog.String("route", x.pattern()), slog.Int("status", x.w.status), slog.Duration("took", time.Since(x.began)),
	}
	if x.fault != nil {
		attrs = append(attrs, slog.String("kind", x.fault.Kind.String()))
		if x.fault.Kind.Status() >= http.StatusInternalServerError {
			if !errors.Is(x.fault, context.Canceled) { // the browser did not wait
				level = slog.LevelError
			}
			attrs = append(attrs, slog.Any("error", x.fault.Err))
		}
	}
	if x.stack != nil {
		attrs = append(attrs, slog.String("stack", string(x.stack)))
	}
	x.host.config.Log.LogAttrs(x.r.Context(), level, "page", attrs...)
}

// serve finds the page and runs it.
func (x *exchange) serve() {
	r := x.r
	switch {
	case strings.HasPrefix(r.URL.Path, assetPrefix):
		x.host.assets.ServeHTTP(x.w, r)
		return
	case !isPlain(r.URL.Path):
		x.fail(problem.Missing())
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
		x.notAllowed("GET, HEAD, POST")
		return
	}
	if clean := cleanPath(r.URL.Path); clean != r.URL.Path {
		x.redirectClean(clean)
		return
	}
	if err := x.host.origin.Check(r); err != nil {
		x.fail(problem.New(problem.Forbidden, "web.error.origin").Wrap(err))
		return
	}
	if x.dispatch(x.host.platform) {
		return
	}
	if err := x.enterBody(); err != nil {
		x.fail(err)
		return
	}
	if x.w.status == 0 && !x.dispatch(x.host.body) {
		x.fail(problem.Missing())
	}
}

// isPlain refuses paths that no page can have and the database cannot store.
func isPlain(p string) bool {
	return strings.HasPrefix(p, "/") && utf8.ValidString(p) && !strings.ContainsFunc(p, isControl) && !strings.Contains(p, `\`)
}

func isControl(c rune) bool { return c < ' ' || c == 0x7f }

func cleanPath(p string) string {
	clean := path.Clean(p)
	if strings.HasSuffix(p, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

func (x *exchange) redirectClean(clean string) {
	if x.r.Method == http.MethodPost {
		x.fail(problem.Missing())
		return
	}
	target := url.URL{Path: clean, RawQuery: x.full.RawQuery}
	x.see(target.String(), http.StatusMovedPermanently)
}

// enterBody takes the first segment as a body's slug and strips it. A body that is
// not open answers like none, but one that is suspended says so; an old slug sends on to the present one.
func (x *exchange) enterBody() error {
	slug, rest, _ := strings.Cut(strings.TrimPrefix(x.r.URL.Path, "/"), "/")
	body, moved, err := x.host.config.Bodies.BySlug(slug)
	if err != nil || body.Kind == tenants.Platform {
		return problem.Missing()
	}
	if err := shut(body); err != nil {
		return err
	}
	if moved {
		target := url.URL{Path: "/" + body.Slug + "/" + rest, RawQuery: x.full.RawQuery}
		if x.r.Method == http.MethodPost {
			x.see(target.String(), http.StatusPermanentRedirect)
		} else {
			x.see(target.String(), http.StatusMovedPermanently)
		}
		return nil
	}
	x.site, x.body = modules.OnBody, body
	r := x.r.WithContext(x.r.Context())
	inner := *x.r.URL
	inner.Path, inner.RawPath = "/"+rest, ""
	if x.r.URL.RawPath != "" {
		inner.RawPath = strings.TrimPrefix(x.r.URL.RawPath, "/"+slug)
	}
	r.URL = &inner
	x.r = r
	return nil
}

// shut says of a body that is not open why nothing is there.
func shut(body tenants.Tenant) error {
	switch {
	case body.State == tenants.Suspended:
		return problem.New(problem.Forbidden, "web.error.suspended", "body", body.Name)
	case !body.State.IsOpen():
		return problem.Missing()
	}
	return nil
}

// dispatch runs the page of the mux that matches, or answers 405 where only another
// method does. It returns false when nothing is there.
func (x *exchange) dispatch(mux *http.ServeMux) bool {
	handler, _ := mux.Handler(x.r)
	if _, ok := handler.(*route); ok {
		mux.ServeHTTP(x.w, x.r)
		return true
	}
	probe := probe{header: http.Header{}}
	handler.ServeHTTP(&probe, x.r)
	if probe.status != http.StatusMethodNotAllowed {
		return false
	}
	if err := x.identify(); err != nil {
		x.fail(err)
		return true
	}
	x.notAllowed(probe.header.Get("Allow"))
	return true
}

// probe takes the answer of the mux itself.
type probe struct {
	header http.Header
	status int
}

// Header meets http.ResponseWriter.
func (p *probe) Header() http.Header { return p.header }

// Write meets http.ResponseWriter.
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader meets http.ResponseWriter.
func (p *probe) WriteHeader(status int) { p.status = status }

// errAnswered says that a page has answered by itself.
var errAnswered = errors.New("already answered")

// run enforces everything and calls the page.
func (x *exchange) run(rt *route) {
	x.route = rt
	if !rt.isOn(x.body) {
		x.fail(x.off())
		return
	}
	if x.setLanguage() {
		return
	}
	err := x.admit()
	var view modules.View
	if err == nil {
		if err = x.read(); err == nil {
			view, err = rt.handle(x)
		}
	}
	switch {
	case errors.Is(err, errAnswered):
	case err != nil:
		x.fail(err)
	default:
		x.show(view)
	}
}

// off says that there is no such page; to who works at the body, that the body does without this part, and what was written is kept.
func (x *exchange) off() error {
	if x.identify() == nil && x.session != nil && x.session.Purpose == tenants.Operator {
		return problem.New(problem.NotFound, "web.error.off")
	}
	return problem.Missing()
}

// read bounds and reads the form of a POST, so that no page meets a broken one.
func (x *exchange) read() error {
	if !isText(x.r.URL.Query()) {
		return problem.Missing()
	}
	if x.r.Method != http.MethodPost {
		return nil
	}
	x.bound()
	err := x.r.ParseForm()
	if isMultipart(x.r) && err == nil {
		err = x.r.ParseMultipartForm(min(x.maxBody(), 8<<20))
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return tooLarge(large.Limit)
	case err != nil || !isText(x.r.Form):
		return problem.New(problem.Invalid, "web.error.unreadable").Wrap(err)
	}
	return nil
}

const defaultMaxBody = 256 << 10

func (x *exchange) maxBody() int64 {
	if x.route.page.MaxBody > 0 {
		return x.route.page.MaxBody
	}
	return defaultMaxBody
}

func (x *exchange) bound() {
	x.r.Body = http.MaxBytesReader(x.w.ResponseWriter, x.r.Body, x.maxBody())
}

func tooLarge(limit int64) error {
	return problem.New(problem.TooLarge, "web.error.too_large", "max", max(limit>>10, 1))
}

func isMultipart(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
}

// isText tells whether the database can keep every value.
func isText(values url.Values) bool {
	for name, all := range values {
		for _, value := range append(slices.Clone(all), name) {
			if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
				return false
			}
		}
	}
	return true
}

// see redirects to an address of this site that is already whole.
func (x *exchange) see(target string, status int) {
	x.w.Header().Set("Location", target)
	x.w.WriteHeader(status)
}

func (x *exchange) say(key string, pairs ...any) string {
	return x.host.config.Catalogue.Say(x.lang, language.M(key, pairs...))
}
