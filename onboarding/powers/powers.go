// Package powers is what stands behind who entered in the name of a body: whether a second person has confirmed it. It must not
// know what an entry asks.
package powers

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Read lets people see how their body stands.
const Read = "console:read"

// Powers are those of who entered with a body, and who has confirmed them (it: conferma dei poteri).
type Powers struct {
	Entry uuid.UUID // uuid.Nil for a body that came without one
	By    string    // the second person; "" for none
	At    time.Time // zero for none
}

// Met tells whether nobody has to confirm them any more.
func (p Powers) Met() bool { return p.Entry == uuid.Nil || p.By != "" }

// Service tells a body about the powers of who entered with it.
type Service struct {
	deps modules.Deps
}

// NewService makes the service.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Get returns the powers behind the actor's body.
func (v *Service) Get(ctx context.Context, s tenants.Scope) (Powers, error) { return v.get(ctx, s) }

// Checks tell whether a second person has confirmed who entered: without it the body does not go live.
func Checks(v *Service) []modules.Check {
	return []modules.Check{{
		Title: "onboarding.powers.check", Chapter: modules.PeopleChapter, Path: at, Permission: Read, Required: true,
		Find: func(ctx context.Context, s tenants.Scope) (modules.Finding, error) {
			p, err := v.Get(ctx, s)
			switch {
			case err != nil || !p.Met():
				return modules.Finding{Text: language.M("onboarding.powers.missing")}, err
			case p.By == "":
				return modules.Finding{State: modules.Met}, nil
			}
			return modules.Finding{State: modules.Met, Text: p.by()}, nil
		},
	}}
}

func (p Powers) by() language.Message {
	return language.M("onboarding.confirm.by", "name", p.By, "day", p.At.In(language.Rome).Format("02/01/2006"))
}
