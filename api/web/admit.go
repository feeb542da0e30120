package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/session"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// identify finds the sessions whose cookies came along. Only the cookies of this
// very body count.
func (x *exchange) identify() error {
	if x.identified || x.body.ID == 0 {
		return nil
	}
	x.identified = true
	for _, purpose := range session.Purposes {
		cookie, err := x.r.Cookie(session.CookieName(x.body.ID, purpose))
		if err != nil {
			continue
		}
		s, err := x.host.config.Stores.Sessions.Get(x.r.Context(), x.body.ID, purpose, cookie.Value)
		var expired *session.ExpiredError
		switch {
		case errors.As(err, &expired):
			x.expired = expired
		case errors.Is(err, session.ErrNone):
		case err != nil:
			return problem.New(problem.Unavailable, "web.error.unavailable").Wrap(err)
		default:
			x.sessions = append(x.sessions, s)
		}
	}
	x.take(nil)
	return nil
}

// take makes a session the one that counts; nil takes the first, if there is any.
func (x *exchange) take(s *session.Session) {
	if s == nil && len(x.sessions) > 0 {
		s = &x.sessions[0]
	}
	x.session = s
	x.scope = tenants.Scope{Tenant: x.body.ID, Slug: x.body.Slug}
	if s != nil {
		x.scope = s.Scope(x.body, x.host.config.Now())
	}
	x.scope.Language, x.scope.RequestID = x.lang, x.id
	x.r = x.r.WithContext(tenants.WithScope(x.r.Context(), x.scope))
}

// admit lets the request through to the page, or says why not.
func (x *exchange) admit() error {
	if err := x.identify(); err != nil {
		return err
	}
	if err := x.limit(); err != nil {
		return err
	}
	candidates := x.candidates()
	if len(candidates) == 0 {
		x.dropSession()
		if x.route.isPublic() && (!x.body.Trial() || x.route.doorway) {
			return nil
		}
		return x.askLogin()
	}
	err := x.choose(candidates)
	if err == nil {
		err = x.watch()
	}
	if err != nil {
		return err
	}
	if err := x.host.config.Stores.Sessions.Touch(x.r.Context(), *x.session); err != nil {
		return problem.New(problem.Unavailable, "web.error.unavailable").Wrap(err)
	}
	return nil
}

// dropSession keeps a session of another purpose away from the page.
func (x *exchange) dropSession() {
	if x.session != nil && !slices.Contains(x.route.purposes(), x.session.Purpose) {
		x.sessions = nil
		x.take(nil)
	}
}

// candidates are the sessions whose purpose fits the page.
func (x *exchange) candidates() []*session.Session {
	var fitting []*session.Session
	for _, purpose := range x.route.purposes() {
		for i := range x.sessions {
			if x.sessions[i].Purpose == purpose && x.welcomes(purpose) {
				fitting = append(fitting, &x.sessions[i])
			}
		}
	}
	return fitting
}

// welcomes tells whether somebody enters the body for a purpose: on trial, only who works there.
func (x *exchange) welcomes(purpose tenants.Purpose) bool {
	return !x.body.Trial() || purpose == tenants.Operator
}

// choose takes the first session that holds the page's permission. Without it the
// page does not exist; with too low a level it says so.
func (x *exchange) choose(candidates []*session.Session) error {
	var level int
	for _, s := range candidates {
		x.take(s)
		allowed, asked := x.permits(x.route)
		if allowed && s.Assurance >= asked {
			return nil
		}
		if allowed {
			level = asked
		}
	}
	if level > 0 {
		return problem.New(problem.Assurance, "web.error.assurance", "level", level)
	}
	return problem.Missing()
}

// permits tells whether the scope holds the permission of a page, and the level it asks for. Who comes for support is nobody of the
// body: of the pages of modules, those that name a permission alone.
func (x *exchange) permits(rt *route) (bool, int) {
	switch permission := rt.page.Permission; permission {
	case policies.Public:
		return true, 0
	case policies.SignedIn:
		return x.session != nil && (!x.scope.Has(policies.Support) || rt.module == ""), 0
	default:
		return x.host.config.Policies.Permits(x.scope, permission)
	}
}

// watch lets who comes for support only read, and tells the body what.
func (x *exchange) watch() error {
	if !x.scope.Has(policies.Support) || x.route.doorway {
		return nil
	}
	if x.r.Method == http.MethodPost {
		return problem.Missing()
	}
	return x.host.config.Audit.Record(x.r.Context(), x.scope, audit.Event{Action: "support.read", Payload: map[string]any{"page": x.pattern()}})
}

// askLogin sends a guest to the login page; what an expired session sent is kept.
func (x *exchange) askLogin() error {
	if mode := x.r.Header.Get("Sec-Fetch-Mode"); mode != "" && mode != "navigate" {
		// A script asks, not a person: no page would be seen, and a draft sent
		// every few seconds must not be kept each time.
		x.w.Header().Set("HX-Redirect", x.own("/accedi"))
		return problem.New(problem.Unauthorized, "web.expired")
	}
	back := x.full.RequestURI()
	if x.r.Method == http.MethodPost {
		back = ""
		if x.expired != nil {
			id, err := x.park()
			if err != nil {
				return err
			}
			back = x.own("/riprendi/" + id.String())
			x.setFlash(flash{Key: "web.expired.kept", Tone: "warning"})
		} else {
			x.setFlash(flash{Key: "web.signin.needed", Tone: "warning"})
		}
	} else if x.expired != nil {
		x.setFlash(x.ended())
	}
	x.see(x.own("/accedi")+"?"+loginQuery(back, x.route.purposes()), http.StatusSeeOther)
	return errAnswered
}

// ended says why the session is over: the last role ended, an access granted for some hours did, or it was not used.
func (x *exchange) ended() flash {
	switch {
	case x.expired.Support:
		return flash{Key: "web.left.support", Tone: "warning"}
	case !x.expired.Left.IsZero():
		return flash{Key: "web.left", Args: map[string]any{"day": x.expired.Left.In(language.Rome).Format("02/01/2006")}, Tone: "warning"}
	}
	return flash{Key: "web.expired", Tone: "warning"}
}

func loginQuery(back string, purposes []tenants.Purpose) string {
	query := url.Values{}
	if back != "" {
		query.Set("ritorno", back)
	}
	if len(purposes) == 1 {
		query.Set("come", purposeWords[purposes[0]])
	}
	return query.Encode()
}

// purposeWords name the purposes in addresses.
var purposeWords = map[tenants.Purpose]string{
	tenants.Operator: "operatore", tenants.Citizen: "cittadino", tenants.Newcomer: "nuovo",
}

// prefix is what stands before the paths of the site's pages.
func (x *exchange) prefix() string {
	if x.site == modules.OnPlatform || x.alone {
		return ""
	}
	return "/" + x.body.Slug
}

// own is the whole path of one of the host's own pages, which the platform has
// below its slug.
func (x *exchange) own(path string) string { return "/" + x.body.Slug + path }

// local is the same path as pages of the site write it, without the prefix.
func (x *exchange) local(path string) string {
	if x.site == modules.OnPlatform {
		return "/" + tenants.PlatformSlug + path
	}
	return path
}

func panicked(cause any) error {
	return problem.New(problem.Internal, "web.error.internal").Wrap(fmt.Errorf("panic: %v", cause))
}
