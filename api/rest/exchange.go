package rest

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	xlanguage "golang.org/x/text/language"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/tenants"
)

// exchange is one request and what the host finds out about it.
type exchange struct {
	host    *Host
	w       http.ResponseWriter
	r       *http.Request
	began   time.Time
	id      string // the code a person quotes
	lang    string
	pattern string
	tenant  int32
	status  int
	cause   *Problem // what was answered instead of a result
	stack   []byte
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange { return ctx.Value(exchangeKey{}).(*exchange) }

// Header meets http.ResponseWriter.
func (x *exchange) Header() http.Header { return x.w.Header() }

// WriteHeader meets http.ResponseWriter.
func (x *exchange) WriteHeader(status int) {
	if x.status == 0 {
		x.status = status
	}
	x.w.WriteHeader(status)
}

// Write meets http.ResponseWriter.
func (x *exchange) Write(p []byte) (int, error) {
	if x.status == 0 {
		x.status = http.StatusOK
	}
	return x.w.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (x *exchange) Unwrap() http.ResponseWriter { return x.w }

func (h *Host) serve(w http.ResponseWriter, r *http.Request) {
	x := &exchange{host: h, w: w, began: time.Now(), id: rand.Text()[:16], lang: languageOf(r), pattern: "none"}
	ctx := context.WithValue(r.Context(), exchangeKey{}, x)
	x.r = r.WithContext(language.WithLanguage(ctx, h.config.Catalogue, x.lang))
	defer x.finish()
	x.secure()
	x.dispatch()
}

// secure sets the headers that every answer carries.
func (x *exchange) secure() {
	header := x.Header()
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Language", x.lang)
	header.Set("Request-Id", x.id)
	if x.host.config.Production {
		header.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// dispatch finds the operation. The cookie of a session counts for requests of our
// own pages only; a bearer token is never sent by a browser on its own.
func (x *exchange) dispatch() {
	if !isText(x.r.URL) {
		x.answer(newProblem(http.StatusNotFound, ""))
		return
	}
	if x.r.Header.Get("Authorization") == "" {
		if err := x.host.origin.Check(x.r); err != nil {
			x.answer(newProblem(0, "", problem.New(problem.Forbidden, "rest.detail.origin").Wrap(err)))
			return
		}
	}
	mux := x.host.muxes.of(x.r)
	handler, pattern := mux.Handler(x.r)
	if pattern == "" {
		found := &probe{header: http.Header{}}
		handler.ServeHTTP(found, x.r)
		if found.status != http.StatusMethodNotAllowed {
			found.status = http.StatusNotFound
		} else {
			x.Header().Set("Allow", found.header.Get("Allow"))
		}
		x.answer(newProblem(found.status, ""))
		return
	}
	_, x.pattern, _ = strings.Cut(pattern, " ")
	mux.ServeHTTP(x, x.r)
}

// probe asks the mux's own answer for its status.
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

// isText refuses addresses that hold what the database cannot store.
func isText(u *url.URL) bool {
	query, err := url.QueryUnescape(u.RawQuery)
	return err == nil && utf8.ValidString(u.Path+query) && !strings.ContainsFunc(u.Path+query, func(c rune) bool { return c < ' ' || c == 0x7f })
}

// finish answers a panic, then logs and counts the request.
func (x *exchange) finish() {
	if fault := recover(); fault != nil {
		if fault == http.ErrAbortHandler { //nolint:errorlint // it is thrown as it is, never wrapped
			panic(fault)
		}
		x.stack = debug.Stack()
		p := newProblem(http.StatusInternalServerError, "", fmt.Errorf("panic: %v", fault)).(*Problem)
		if x.status == 0 {
			x.answer(p)
		} else {
			x.cause = p // too late to say it
		}
	}
	x.log()
	if m := x.host.config.Metrics; m != nil {
		m.Request(x.r.Method, x.pattern, x.status, time.Since(x.began))
	}
}

func (x *exchange) log() {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request", x.id), slog.Int("tenant", int(x.tenant)), slog.String("method", x.r.Method),
		slog.String("route", x.pattern), slog.Int("status", x.status), slog.Duration("took", time.Since(x.began)),
	}
	if x.cause != nil {
		attrs = append(attrs, slog.String("kind", x.cause.kind))
		if x.cause.Status >= http.StatusInternalServerError {
			level = slog.LevelError
			attrs = append(attrs, slog.Any("error", x.cause.err))
		}
	}
	if x.stack != nil {
		attrs = append(attrs, slog.String("stack", string(x.stack)))
	}
	x.host.config.Log.LogAttrs(x.r.Context(), level, "operation", attrs...)
}

// say renders a message, the host's own or a module's.
func (x *exchange) say(m language.Message) string {
	if x.host.own.Has(m.Key) {
		return x.host.own.Say(x.lang, m)
	}
	return x.host.config.Catalogue.Say(x.lang, m)
}

// scope is what the request carries before anybody is known.
func (x *exchange) scope(body tenants.Tenant) tenants.Scope {
	return tenants.Scope{Tenant: body.ID, Slug: body.Slug, Language: x.lang, RequestID: x.id}
}

var spoken = xlanguage.NewMatcher([]xlanguage.Tag{xlanguage.Italian, xlanguage.English})

// languageOf is the better of the two languages for the request, Italian without a wish.
func languageOf(r *http.Request) string {
	wished, _, err := xlanguage.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(wished) == 0 {
		return language.Italian
	}
	if _, i, _ := spoken.Match(wished...); i == 1 {
		return language.English
	}
	return language.Italian
}

func remoteIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
