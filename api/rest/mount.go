package rest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"staffetta/modules"
	"staffetta/policies"
)

const (
	prefix         = "/api/v1"
	bodyPrefix     = prefix + "/{slug}"
	platformPrefix = prefix + "/platform"
)

// muxes keep the operations of bodies apart from those of the platform: one mux
// cannot hold /{slug}/persons beside /platform/{id}.
type muxes struct{ fixed, body, platform *http.ServeMux }

func newMuxes() *muxes {
	return &muxes{fixed: http.NewServeMux(), body: http.NewServeMux(), platform: http.NewServeMux()}
}

func (m *muxes) adapter() huma.Adapter { return humago.NewAdapter(m, "") }

// HandleFunc meets humago.Mux; the pattern says on which mux.
func (m *muxes) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	_, path, _ := strings.Cut(pattern, " ")
	switch {
	case strings.HasPrefix(path, bodyPrefix+"/"):
		m.body.HandleFunc(pattern, handle)
	case strings.HasPrefix(path, platformPrefix+"/"):
		m.platform.HandleFunc(pattern, handle)
	default:
		m.fixed.HandleFunc(pattern, handle)
	}
}

// ServeHTTP meets humago.Mux.
func (m *muxes) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.of(r).ServeHTTP(w, r) }

// of chooses the mux of a request.
func (m *muxes) of(r *http.Request) *http.ServeMux {
	if _, pattern := m.fixed.Handler(r); pattern != "" {
		return m.fixed
	}
	rest, below := strings.CutPrefix(r.URL.Path, prefix+"/")
	switch {
	case below && strings.HasPrefix(rest, "platform/"):
		return m.platform
	case below && strings.Contains(rest, "/"):
		return m.body
	default:
		return m.fixed
	}
}

// route is a mounted operation of a module.
type route struct {
	modules.Operation
	module modules.ID
	always bool // the module is essential, or the host's own
}

func (rt *route) prefix() string {
	if rt.Platform {
		return platformPrefix
	}
	return bodyPrefix
}

func (rt *route) isPublic() bool { return rt.Permission == policies.Public }

func (h *Host) mount() error {
	for _, m := range h.config.Modules {
		for i, operation := range h.config.Parts[m.ID].Operations {
			if err := h.add(&route{Operation: operation, module: m.ID, always: m.Essential}); err != nil {
				return fmt.Errorf("operation %d of module %s: %w", i, m.ID, err)
			}
		}
	}
	return h.mountStatus()
}

// add mounts what a module registers; whatever huma or the mux panics over is an
// error here.
func (h *Host) add(rt *route) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("mount: %v", fault)
		}
	}()
	if rt.Register == nil {
		return errors.New("it registers nothing")
	}
	h.mounting = rt.module
	defer func() { h.mounting = "" }()
	before := len(h.routes)
	var faults []error
	group := huma.NewGroup(h.api, rt.prefix())
	group.UseModifier(func(op *huma.Operation, next func(*huma.Operation)) {
		faults = append(faults, h.complete(rt, op))
		h.note(rt, op)
		next(op)
	})
	group.UseMiddleware(h.admission(rt))
	rt.Register(group)
	if len(h.routes) == before {
		faults = append(faults, errors.New("it registers nothing"))
	}
	return errors.Join(faults...)
}

// note keeps the route once, although huma modifies an operation for its document
// and for its handler.
func (h *Host) note(rt *route, op *huma.Operation) {
	r := Route{Method: op.Method, Path: op.Path, Permission: rt.Permission, Module: rt.module, Platform: rt.Platform}
	if !slices.Contains(h.routes, r) {
		h.routes = append(h.routes, r)
	}
}
