package rest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-chi/httprate"

	"staffetta/internal/problem"
	"staffetta/internal/session"
	"staffetta/policies"
	"staffetta/tenants"
)

// errAnswered says that the request has its answer already.
var errAnswered = errors.New("already answered")

// admission lets a request through to the operation, or says why not.
func (h *Host) admission(rt *route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		x := exchangeOf(ctx.Context())
		r, _ := humago.Unwrap(ctx)
		x.r = r // the mux has set the path values by now
		scope, err := x.admit(rt)
		switch {
		case errors.Is(err, errAnswered):
		case err != nil:
			_ = huma.WriteErr(h.api, ctx, http.StatusInternalServerError, "admit", err) // nobody is left to tell
		default:
			r.Body = http.MaxBytesReader(x.w, r.Body, ctx.Operation().MaxBodyBytes)
			next(huma.WithContext(ctx, tenants.WithScope(ctx.Context(), scope)))
		}
	}
}

func (x *exchange) admit(rt *route) (tenants.Scope, error) {
	body, err := x.enter(rt)
	if err != nil {
		return tenants.Scope{}, err
	}
	x.tenant = body.ID
	candidates, err := x.identify(rt, body)
	if limited := x.limit(candidates); limited != nil {
		return tenants.Scope{}, limited
	}
	if err != nil {
		return tenants.Scope{}, err
	}
	if len(candidates) == 0 && (!rt.isPublic() || body.Trial()) {
		return tenants.Scope{}, unauthorized()
	}
	if len(candidates) == 0 {
		return x.scope(body), nil
	}
	return x.choose(rt, candidates)
}

// enter finds the body of the address. A body that is not open, or has the module
// switched off, answers like none.
func (x *exchange) enter(rt *route) (tenants.Tenant, error) {
	bodies := x.host.config.Bodies
	if rt.Platform {
		body, _, err := bodies.BySlug(tenants.PlatformSlug)
		if err != nil {
			return tenants.Tenant{}, problem.New(problem.Unavailable, "rest.detail.unavailable").Wrap(err)
		}
		return body, nil
	}
	slug := x.r.PathValue("slug")
	body, moved, err := bodies.BySlug(slug)
	if err == nil && body.State == tenants.Suspended {
		return tenants.Tenant{}, problem.New(problem.Forbidden, "rest.detail.suspended")
	}
	if err != nil || !body.State.IsOpen() || body.Kind == tenants.Platform || !rt.isOn(body) {
		return tenants.Tenant{}, problem.New(problem.NotFound, "rest.detail.not_found")
	}
	if moved {
		target := *x.r.URL
		target.RawPath = ""
		target.Path = prefix + "/" + body.Slug + strings.TrimPrefix(x.r.URL.Path, prefix+"/"+slug)
		x.Header().Set("Location", target.RequestURI())
		x.WriteHeader(http.StatusPermanentRedirect)
		return body, errAnswered
	}
	return body, nil
}

func (rt *route) isOn(body tenants.Tenant) bool { return rt.always || body.Has(string(rt.module)) }

// purposes are the purposes of a session that may ask for the operation.
func (rt *route) purposes() []tenants.Purpose {
	switch {
	case rt.Purpose != "":
		return []tenants.Purpose{rt.Purpose}
	case rt.Permission == policies.Public || rt.Permission == policies.SignedIn:
		return session.Purposes
	case rt.Platform:
		return []tenants.Purpose{tenants.Operator, tenants.Newcomer}
	default:
		return []tenants.Purpose{tenants.Operator}
	}
}

// identify finds who asks: by the token if there is one, else by the cookies of this
// very body.
func (x *exchange) identify(rt *route, body tenants.Tenant) ([]tenants.Scope, error) {
	if header := x.r.Header.Get("Authorization"); header != "" {
		return x.byToken(rt, body, header)
	}
	var found []tenants.Scope
	for _, purpose := range rt.purposes() {
		if body.Trial() && purpose != tenants.Operator {
			continue
		}
		cookie, err := x.r.Cookie(session.CookieName(body.ID, purpose))
		if err != nil {
			continue
		}
		s, err := x.bySession(body, purpose, cookie.Value)
		var expired *session.ExpiredError
		switch {
		case errors.Is(err, session.ErrNone) || errors.As(err, &expired):
		case err != nil:
			return nil, problem.New(problem.Unavailable, "rest.detail.unavailable").Wrap(err)
		default:
			found = append(found, x.known(s))
		}
	}
	return found, nil
}

func (x *exchange) bySession(body tenants.Tenant, purpose tenants.Purpose, token string) (tenants.Scope, error) {
	s, err := x.host.config.Sessions.Get(x.r.Context(), body.ID, purpose, token)
	if err != nil {
		return tenants.Scope{}, err
	}
	return s.Scope(body, x.host.config.Now()), x.host.config.Sessions.Touch(x.r.Context(), s)
}

func (x *exchange) byToken(rt *route, body tenants.Tenant, header string) ([]tenants.Scope, error) {
	scheme, secret, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || secret == "" || len(secret) > 200 {
		return nil, unauthorized()
	}
	t, err := x.host.config.Tokens.Get(x.r.Context(), body.ID, strings.TrimSpace(secret))
	if errors.Is(err, session.ErrNone) {
		return nil, x.uselessToken()
	}
	if err != nil {
		return nil, problem.New(problem.Unavailable, "rest.detail.unavailable").Wrap(err)
	}
	scope := x.known(t.Scope(body, x.host.config.Now()))
	if scope.Purpose == tenants.Operator && len(scope.Roles) == 0 { // as a session that ends with the last role
		return nil, x.uselessToken()
	}
	if !slices.Contains(rt.purposes(), scope.Purpose) {
		return nil, problem.New(problem.NotFound, "rest.detail.not_found")
	}
	return []tenants.Scope{scope}, nil
}

// uselessToken tells whoever calls that another token is needed.
func (x *exchange) uselessToken() error {
	x.Header().Set("WWW-Authenticate", challenge+`, error="invalid_token"`)
	return unauthorized()
}

// known adds to who asks what the request brings.
func (x *exchange) known(s tenants.Scope) tenants.Scope {
	s.Language, s.RequestID = x.lang, x.id
	return s
}

func unauthorized() error { return problem.New(problem.Unauthorized, "rest.detail.unauthorized") }

// limit counts requests by account, else by address.
func (x *exchange) limit(candidates []tenants.Scope) error {
	key := "address " + httprate.CanonicalizeIP(x.host.config.ClientIP(x.r))
	if len(candidates) > 0 {
		key = "account " + candidates[0].Account.String()
	}
	if x.host.limits.OnLimit(x, x.r, key) {
		return problem.New(problem.TooMany, "rest.detail.too_many")
	}
	return nil
}

// choose takes the first that holds the operation's permission. Without it the
// operation does not exist; with too low a level it says so.
func (x *exchange) choose(rt *route, candidates []tenants.Scope) (tenants.Scope, error) {
	var level int
	for _, s := range candidates {
		if s.Has(policies.Support) {
			continue // support looks at pages, where the body is told of each
		}
		allowed, asked := x.permits(s, rt.Permission)
		if allowed && s.Assurance >= asked {
			return s, nil
		}
		if allowed {
			level = asked
		}
	}
	if level > 0 {
		return tenants.Scope{}, problem.New(problem.Assurance, "rest.detail.assurance", "level", level)
	}
	return tenants.Scope{}, problem.New(problem.NotFound, "rest.detail.not_found")
}

func (x *exchange) permits(s tenants.Scope, permission string) (bool, int) {
	if permission == policies.Public || permission == policies.SignedIn {
		return true, 0
	}
	return x.host.config.Policies.Permits(s, permission)
}

// mountStatus adds the operation that tells whether the API serves.
func (h *Host) mountStatus() error {
	type status struct {
		Body struct {
			Status  string `json:"status" enum:"ok" maxLength:"10" doc:"Always ok; a program that cannot serve answers 503."`
			Version string `json:"version" maxLength:"80" doc:"The version of the program."`
		}
	}
	rt := &route{always: true}
	rt.Permission = policies.Public
	op := huma.Operation{
		OperationID: "get-status", Method: http.MethodGet, Path: prefix + "/status", Tags: []string{hostTag},
		Summary: "Tell whether the API serves", Description: "Answers without authentication, for monitoring.",
	}
	if err := h.complete(rt, &op); err != nil {
		return err
	}
	h.note(rt, &op)
	huma.Register(h.api, op, func(ctx context.Context, _ *struct{}) (*status, error) {
		if err := h.config.Ready(ctx); err != nil {
			return nil, problem.New(problem.Unavailable, "rest.detail.unavailable").Wrap(err)
		}
		answer := &status{}
		answer.Body.Status, answer.Body.Version = "ok", h.config.Version
		return answer, nil
	})
	return nil
}
