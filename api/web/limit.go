package web

import (
	"net"
	"net/http"
	"time"

	"github.com/go-chi/httprate"

	"staffetta/internal/problem"
)

type limiters struct{ logins, posts, searches *httprate.RateLimiter }

func newLimiters(l Limits) limiters {
	if l.Logins == 0 {
		l.Logins = 120
	}
	if l.Posts == 0 {
		l.Posts = 120
	}
	if l.Searches == 0 {
		l.Searches = 120
	}
	headers := httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"})
	return limiters{
		logins: httprate.NewRateLimiter(l.Logins, time.Minute, headers),
		posts:  httprate.NewRateLimiter(l.Posts, time.Minute, headers),

		searches: httprate.NewRateLimiter(l.Searches, time.Minute, headers),
	}
}

// limit counts logins by address and POSTs by session, else by address.
func (x *exchange) limit() error {
	address := x.address()
	over := false
	switch {
	case x.route.login:
		over = x.host.limits.logins.OnLimit(x.w, x.r, address)
	case x.r.Method == http.MethodPost && x.session != nil:
		over = x.host.limits.posts.OnLimit(x.w, x.r, x.session.ID.String())
	case x.r.Method == http.MethodPost:
		over = x.host.limits.posts.OnLimit(x.w, x.r, address)
	}
	if over {
		return problem.New(problem.TooMany, "web.error.too_many")
	}
	return nil
}

// address is where the request comes from, as it is counted.
func (x *exchange) address() string { return httprate.CanonicalizeIP(x.host.config.ClientIP(x.r)) }

func remoteIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
