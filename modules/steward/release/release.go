// Package release shows who runs the platform which program serves: its version, how far the migrations of each line have come, and at
// how many bodies each module is on. It must not change anything.
package release

import (
	"context"
	"fmt"
	"time"

	"staffetta/modules"
	"staffetta/tenants"
)

// Read lets people of the platform see which program serves.
const Read = "release:read"

// Service tells which program serves.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Line is how far the migrations of one line have come.
type Line struct {
	ID      string // of a module, or core and jobs
	Version int64
	At      time.Time
}

// Use is at how many bodies a module is on.
type Use struct {
	modules.Module

	Bodies int
}

// Release is which program serves (it: versione in servizio).
type Release struct {
	Version string
	Lines   []Line
	Uses    []Use
	Bodies  int // that people can enter
}

// Get tells which program serves.
func (v *Service) Get(ctx context.Context, s tenants.Scope) (Release, error) {
	lines, err := v.findLines(ctx, s)
	if err != nil {
		return Release{}, fmt.Errorf("look at the versions: %w", err)
	}
	r := Release{Version: v.deps.Platform.Version, Lines: lines}
	counts := map[string]int{}
	for _, body := range v.deps.Bodies.All() {
		if !body.State.IsOpen() || body.Kind == tenants.Platform {
			continue
		}
		r.Bodies++
		for module, on := range body.Switched {
			if on {
				counts[module]++
			}
		}
	}
	for _, m := range v.deps.Platform.Modules {
		use := Use{Module: m, Bodies: counts[string(m.ID)]}
		if m.Essential {
			use.Bodies = r.Bodies
		}
		r.Uses = append(r.Uses, use)
	}
	return r, nil
}
