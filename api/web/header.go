package web

import (
	"net/http"
	"net/url"
	"time"

	"staffetta/internal/language"
)

const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; worker-src 'self'"

const permissionsPolicy = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), " +
	"geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), " +
	"screen-wake-lock=(), usb=(), xr-spatial-tracking=()"

// secure sets the headers that every answer carries.
func (x *exchange) secure() {
	header := x.w.Header()
	header.Set("Content-Security-Policy", contentPolicy)
	header.Set("X-Frame-Options", "DENY")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Permissions-Policy", permissionsPolicy)
	header.Set("X-Request-Id", x.id)
	header.Set("Cache-Control", "no-store")
	if x.host.config.Production {
		header.Set("Strict-Transport-Security", "max-age="+x.secured())
	}
}

// settled is how long an address has to be a body's before browsers are told to keep to HTTPS there for a year.
const settled = 30 * 24 * time.Hour

// secured is for how many seconds a browser keeps to HTTPS at the host (RFC 6797). A body's own address begins with a day: one that
// turns out to be of somebody else, or that goes back to a site without HTTPS, would be out of reach for a year.
func (x *exchange) secured() string {
	if x.alone && x.host.config.Now().Sub(x.body.HostSince) < settled {
		return "86400"
	}
	return "31536000"
}

const languageCookie = "__Host-lang"

func languageOf(r *http.Request) string {
	if cookie, err := r.Cookie(languageCookie); err == nil && cookie.Value == language.English {
		return language.English
	}
	return language.Italian
}

// setLanguage keeps the language that the query asks for and sends on to the same
// address without it. At a body's own address, where no cookie is, the query keeps it.
func (x *exchange) setLanguage() bool {
	query := x.full.Query()
	lang := query.Get("lang")
	if x.r.Method == http.MethodPost || !query.Has("lang") || x.alone {
		return false
	}
	if lang == language.Italian || lang == language.English {
		http.SetCookie(x.w, &http.Cookie{
			Name: languageCookie, Value: lang, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
			Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
	}
	query.Del("lang")
	target := url.URL{Path: x.full.Path, RawPath: x.full.RawPath, RawQuery: query.Encode()}
	x.see(target.String(), http.StatusSeeOther)
	return true
}
