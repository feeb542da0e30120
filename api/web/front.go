package web

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// Front is what requests meet first: at a body's own address there are the body's public pages, and nothing else of the program, and at a
// host that nobody knows there is nothing, where the platform has a name. Only the Host of the request counts, never what a proxy says of it.
func (h *Host) Front(rest http.Handler) http.Handler {
	named := isName(h.base.Hostname())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostOf(r)
		body, err := h.config.Bodies.ByHost(host)
		switch {
		case host == h.base.Hostname() || h.base.Hostname() == "":
			rest.ServeHTTP(w, r)
		case err == nil:
			h.serveOwn(w, r, body)
		case named && !slices.Contains(byNumber, r.URL.Path):
			h.misdirect(w, r)
		default:
			rest.ServeHTTP(w, r)
		}
	})
}

// byNumber are the paths that supervisors, monitors and the proxy on the same machine ask for, by its number.
var byNumber = []string{"/livez", "/healthz", "/readyz", "/metrics", domainPath}

// domainPath is where the proxy asks whether it may get a certificate.
const domainPath = "/" + tenants.PlatformSlug + "/dominio"

// isName tells whether a host is a name that the DNS knows, and not a number or this machine.
func isName(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && host != "" && host != "localhost" && !strings.HasSuffix(host, ".localhost")
}

// misdirect says at a host that nobody knows that nothing is there, and nothing of what the platform is (RFC 9110, 15.5.20).
func (h *Host) misdirect(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusMisdirectedRequest)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, h.config.Catalogue.Say(language.Italian, language.M("web.error.host"))+"\n"+h.config.Catalogue.Say(language.English, language.M("web.error.host"))+"\n")
	}
}

// hostOf is the host that the request names, as addresses of bodies are written.
func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// serveOwn answers at the own address of a body. Nobody is signed in there: cookies and tokens are taken off before anything reads them,
// and none is given.
func (h *Host) serveOwn(w http.ResponseWriter, r *http.Request, body tenants.Tenant) {
	r = r.Clone(r.Context())
	r.Header.Del("Cookie")
	r.Header.Del("Authorization")
	x := h.exchange(w, r)
	x.site, x.body, x.alone, x.w.bare = modules.OnBody, body, true, true
	if r.URL.Query().Get("lang") == language.English {
		x.speak(language.English)
	}
	defer x.finish()
	x.secure()
	x.serveAlone()
}

// serveAlone finds the public page, or leads to the same page at the platform.
func (x *exchange) serveAlone() {
	path := x.r.URL.Path
	switch {
	case !isPlain(path):
		x.fail(problem.Missing())
		return
	case x.r.Method != http.MethodGet && x.r.Method != http.MethodHead:
		x.failAs(problem.New(problem.NotFound, "web.error.alone"), http.StatusMisdirectedRequest)
		return
	case strings.HasPrefix(path, assetPrefix):
		x.host.assets.ServeHTTP(x.w, x.r)
		return
	}
	if err := shut(x.body); err != nil {
		x.fail(err)
		return
	}
	if clean := cleanPath(path); clean != path {
		x.redirectClean(clean)
		return
	}
	if x.body.Trial() {
		x.lead("/" + x.body.Slug)
		return
	}
	switch rt := match(x.host.body, x.r); {
	case rt != nil && rt.standsAlone():
		x.host.body.ServeHTTP(x.w, x.r)
	case rt != nil:
		x.lead("/" + x.body.Slug)
	case path == "/robots.txt":
		x.sendRobots("User-agent: *\nAllow: /$\nAllow: /s/\nAllow: /servizi\nAllow: /sedi\nDisallow: /\n")
	case path == "/favicon.ico" || path == "/licenze":
		x.host.platform.ServeHTTP(x.w, x.r)
	case x.isElsewhere(path):
		x.lead("")
	default:
		x.fail(problem.Missing())
	}
}

// match is the page that a mux has for a request, or nil.
func match(mux *http.ServeMux, r *http.Request) *route {
	handler, _ := mux.Handler(r)
	rt, _ := handler.(*route)
	return rt
}

// standsAlone tells whether the page stands at the own address of a body, too: whoever reads it need not sign in, and does not begin to.
func (rt *route) standsAlone() bool {
	return rt.page.Site == modules.OnBody && rt.isPublic() && !rt.login && strings.HasPrefix(rt.page.Pattern, "GET ") && rt.page.Pattern != "GET "+signInPath
}

// isElsewhere tells whether the platform has something at the path: its own pages, the API, or a body's by its slug.
func (x *exchange) isElsewhere(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	_, _, err := x.host.config.Bodies.BySlug(first)
	return err == nil || tenants.IsReserved(first)
}

// lead leads to the same page at the platform, below the prefix there.
func (x *exchange) lead(prefix string) {
	target := *x.host.base
	target.Path, target.RawQuery = prefix+x.r.URL.Path, x.r.URL.RawQuery
	if raw := x.r.URL.RawPath; raw != "" {
		target.RawPath = prefix + raw
	}
	x.see(target.String(), http.StatusSeeOther)
}

// canonical is the one address of a page that stands at the body's own address and at the platform; "" for every other.
func (x *exchange) canonical() string {
	if x.route == nil || !x.route.standsAlone() || x.body.Host == "" || x.body.State != tenants.Active || x.host.base.Hostname() == "" {
		return ""
	}
	return tenants.AddressOf(x.host.base, x.body.Host) + x.r.URL.EscapedPath()
}

// showDomain tells the proxy that ends TLS whether it may get a certificate for a host: 200 for the own address of a live body, or of a
// suspended one, which says so there.
func (x *exchange) showDomain() (modules.View, error) {
	if body, err := x.host.config.Bodies.ByHost(x.full.Query().Get("domain")); err != nil || body.State != tenants.Active && body.State != tenants.Suspended {
		return modules.View{}, problem.Missing()
	}
	x.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = x.w.Write([]byte("ok\n"))
	return modules.View{}, errAnswered
}

// kept is the language that addresses carry along; "" where a cookie keeps it.
func (x *exchange) kept() string {
	if !x.alone || x.lang == language.Italian {
		return ""
	}
	return x.lang
}

// carry puts the language into an address of the site, where no cookie remembers it.
func carry(address, lang string) string {
	if lang == "" || !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") {
		return address
	}
	target, err := url.Parse(address)
	if err != nil {
		return address
	}
	query := target.Query()
	if !query.Has("lang") {
		query.Set("lang", lang)
	}
	target.RawQuery = query.Encode()
	return target.String()
}
