package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"staffetta/internal/session"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Route is a page as the host serves it.
type Route struct {
	Method     string
	Pattern    string // without the slug
	Permission string
	Purpose    tenants.Purpose // "" for any that may hold the permission
	Site       modules.Site
	Module     modules.ID // "" for the host's own
}

// Routes lists every page, the platform's first, by pattern and method.
func (h *Host) Routes() []Route {
	list := make([]Route, len(h.routes))
	for i, r := range h.routes {
		method, pattern, _ := strings.Cut(r.page.Pattern, " ")
		list[i] = Route{
			Method: method, Pattern: pattern, Permission: r.page.Permission, Purpose: r.page.Purpose,
			Site: r.page.Site, Module: r.module,
		}
	}
	slices.SortFunc(list, func(a, b Route) int {
		if a.Site != b.Site {
			return int(b.Site - a.Site)
		}
		return strings.Compare(a.Pattern+" "+a.Method, b.Pattern+" "+b.Method)
	})
	return list
}

// route is a mounted page. It is found by a mux and run by the exchange in the
// request's context, never by the mux's caller directly.
type route struct {
	page   modules.Page
	module modules.ID
	always bool // the module is essential, or the host's own
	// instead serves while the module is off; nil for nothing.
	instead *route
	doorway bool // serves anybody, whatever state the body is in
	login   bool // counted against the limit of logins
	handle  func(x *exchange) (modules.View, error)
}

// ServeHTTP meets http.Handler; the mux has set the path values by now.
func (rt *route) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	x := exchangeOf(r)
	x.r = r
	if rt.instead != nil && !rt.isOn(x.body) {
		rt = rt.instead
	}
	x.run(rt)
}

// purposes are the purposes of a session that may open the page.
func (rt *route) purposes() []tenants.Purpose {
	switch {
	case rt.page.Purpose != "":
		return []tenants.Purpose{rt.page.Purpose}
	case rt.page.Permission == policies.Public || rt.page.Permission == policies.SignedIn:
		return session.Purposes
	case rt.page.Site == modules.OnPlatform:
		return []tenants.Purpose{tenants.Operator, tenants.Newcomer}
	default:
		return []tenants.Purpose{tenants.Operator}
	}
}

// isPublic tells whether anybody may open the page.
func (rt *route) isPublic() bool { return rt.page.Permission == policies.Public }

func (h *Host) mount() error {
	for _, m := range h.config.Modules {
		for _, page := range h.config.Parts[m.ID].Pages {
			handle := page.Handle
			rt := &route{
				page: page, module: m.ID, always: m.Essential,
				handle: func(x *exchange) (modules.View, error) { return handle(x.r, x.scope) },
			}
			if err := h.add(rt); err != nil {
				return err
			}
		}
	}
	for _, rt := range h.builtin() {
		if err := h.add(rt); err != nil {
			return err
		}
	}
	return nil
}

// add mounts a page; a pattern that conflicts with another is an error here, not a panic.
func (h *Host) add(rt *route) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("mount page %q of module %q: %v", rt.page.Pattern, rt.module, fault)
		}
	}()
	mux := h.body
	if rt.page.Site == modules.OnPlatform {
		_, path, _ := strings.Cut(rt.page.Pattern, " ")
		first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		if first != "{$}" && !tenants.IsReserved(first) {
			return fmt.Errorf("page %q of module %q takes a place that belongs to a body's slug", rt.page.Pattern, rt.module)
		}
		mux = h.platform
	}
	mux.Handle(rt.page.Pattern, rt)
	h.routes = append(h.routes, rt)
	return nil
}

// countLogin makes it a page of signing in.
func (rt *route) countLogin() { rt.doorway, rt.login = true, true }

// mounted tells whether any module or the host serves GET at a path of the site,
// for this body.
func (h *Host) mounted(site modules.Site, body tenants.Tenant, path string) *route {
	for _, rt := range h.routes {
		if rt.page.Pattern == "GET "+path && rt.page.Site == site && rt.isOn(body) {
			return rt
		}
	}
	return nil
}

// isOn tells whether the page's module is switched on for the body. The platform's
// pages have no switch.
func (rt *route) isOn(body tenants.Tenant) bool {
	return rt.always || rt.module == "" || rt.page.Site == modules.OnPlatform || body.Has(string(rt.module))
}
