package login

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

const maxReturnPath = 1024

// ReturnPath gives where to go after a login: raw if it is a page of the body
// with that slug, else the body's home "/{slug}/". It never leaves the site.
// An empty slug means that the body has a host of its own.
func ReturnPath(raw, slug string) string {
	home := "/"
	if slug != "" {
		home = "/" + slug + "/"
	}
	u, err := url.Parse(raw)
	if err != nil || len(raw) > maxReturnPath || hasUnsafeText(raw) {
		return home
	}
	if u.Scheme != "" || u.Host != "" || u.Opaque != "" || u.User != nil || u.Fragment != "" {
		return home
	}
	if !strings.HasPrefix(u.Path, home) || path.Clean(u.Path) != strings.TrimSuffix(u.Path, "/") || isLoginPath(u.Path[len(home):]) {
		return home
	}
	clean := url.URL{Path: u.Path, RawQuery: u.RawQuery}
	return clean.String()
}

// hasUnsafeText finds what browsers read in another way than servers do:
// backslashes, control and non-ASCII characters anywhere, and separators
// hidden by encoding in the path.
func hasUnsafeText(raw string) bool {
	for _, c := range []byte(raw) {
		if c <= ' ' || c >= 0x7f || c == '\\' {
			return true
		}
	}
	lower := strings.ToLower(raw)
	page, _, _ := strings.Cut(lower, "?")
	return containsAny(lower, "%0", "%1", "%7f") || containsAny(page, "%2f", "%5c", "%25", "%2e")
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

// isLoginPath keeps a login from ending where the next one would start.
func isLoginPath(rest string) bool {
	first, _, _ := strings.Cut(rest, "/")
	return slices.Contains([]string{"login", "callback", "logout"}, first)
}
