package modules

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/policies"
	"staffetta/tenants"
)

// Hint is a line where somebody meets a person, from a module that the registry does not know.
type Hint struct {
	Label language.Message
	Path  string           // where one goes on; "" for nowhere
	Go    language.Message // what one does there
}

// Hinted is the person that a hint is about.
type Hinted struct {
	Person  uuid.UUID
	TaxCode string
}

// HintSource is what a module has to say about a person to those who hold a permission.
type HintSource struct {
	Permission string // object:verb
	OfCase     bool   // it is said on the open case of the person too
	Find       func(ctx context.Context, s tenants.Scope, about Hinted) ([]Hint, error)
}

// Hints gathers what all modules have to say about a person. The wiring fills it with the parts as it makes them.
type Hints struct {
	bodies *tenants.Directory
	rules  *policies.Engine
	log    *slog.Logger
	asked  []hinting
}

type hinting struct {
	HintSource
	module Module
}

// hintsWithin is how long a page waits for hints: it serves without them too.
const hintsWithin = 2 * time.Second

// NewHints makes an empty registry.
func NewHints(bodies *tenants.Directory, rules *policies.Engine, log *slog.Logger) *Hints {
	return &Hints{bodies: bodies, rules: rules, log: log}
}

// Add takes what a module says.
func (h *Hints) Add(m Module, sources []HintSource) {
	for _, source := range sources {
		h.asked = append(h.asked, hinting{source, m})
	}
}

// Find lists what there is to say about a person. It never stops a page: what fails or is slow says nothing, and is logged.
func (h *Hints) Find(ctx context.Context, s tenants.Scope, about Hinted) []Hint {
	return h.find(ctx, s, about, func(HintSource) bool { return true })
}

// FindOfCase lists what of this is said on the open case of the person.
func (h *Hints) FindOfCase(ctx context.Context, s tenants.Scope, about Hinted) []Hint {
	return h.find(ctx, s, about, func(source HintSource) bool { return source.OfCase })
}

func (h *Hints) find(ctx context.Context, s tenants.Scope, about Hinted, wanted func(HintSource) bool) []Hint {
	if h == nil {
		return nil
	}
	body, err := h.bodies.ByID(s.Tenant)
	if err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, hintsWithin)
	defer cancel()
	var all []Hint
	for _, one := range h.asked {
		allowed, _ := h.rules.Permits(s, one.Permission)
		if !allowed || !wanted(one.HintSource) || !one.module.Essential && !body.Has(string(one.module.ID)) {
			continue
		}
		found, err := one.Find(ctx, s, about)
		if err != nil {
			h.log.WarnContext(ctx, "a hint about a person could not be found", "module", string(one.module.ID), "tenant", s.Tenant, "error", err)
			continue
		}
		all = append(all, found...)
	}
	return all
}
