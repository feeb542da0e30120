// Package appointment is how an installation says, at its server, who runs the platform: no page gives these roles, so that nobody who
// is signed in can give them to themselves or to others. It must not touch what a body gives its own people.
package appointment

import (
	"context"
	"slices"
	"strings"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// Roles are those of the platform.
var Roles = []string{"platform_operator", "platform_reviewer"}

// Appointment is that somebody runs the platform, or looks at who enters (it: nomina).
type Appointment struct {
	Name    string // as colleagues read it; not needed to end one
	TaxCode string // of a person; whoever lists does not get it
	Role    string // of Roles
}

// Held is an appointment as it stands.
type Held struct {
	Name string
	Role string
	From time.Time
}

// Service makes and ends appointments.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps} }

// Make appoints somebody from today on, also who never signed in; who is appointed already stays so. Error: problem.Invalid by field.
func (v *Service) Make(ctx context.Context, s tenants.Scope, a Appointment) error {
	a, err := check(a)
	if err != nil {
		return err
	}
	if a.Name == "" {
		return invalid("name", "web.field.required")
	}
	account, err := v.appoint(ctx, s.Tenant, a)
	if err != nil {
		return err
	}
	return v.deps.Audit.Record(ctx, s, audit.Event{Action: "appointment.make", Object: account, Payload: map[string]any{"role": a.Role}})
}

// End takes an appointment back: it ends now, and so do the sessions of who has no other. Errors: problem.Invalid by field,
// problem.NotFound where there is none.
func (v *Service) End(ctx context.Context, s tenants.Scope, a Appointment) error {
	a, err := check(a)
	if err != nil {
		return err
	}
	account, err := v.end(ctx, s.Tenant, a)
	if err != nil {
		return err
	}
	return v.deps.Audit.Record(ctx, s, audit.Event{Action: "appointment.end", Object: account, Payload: map[string]any{"role": a.Role}})
}

// Find lists who is appointed today, by name.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]Held, error) {
	return v.find(ctx, s.Tenant)
}

func check(a Appointment) (Appointment, error) {
	a.Name = strings.Join(strings.Fields(a.Name), " ")
	if !slices.Contains(Roles, a.Role) {
		return a, invalid("role", "web.field.choice")
	}
	code, err := taxcode.Parse(a.TaxCode)
	if err != nil || code.Kind() != taxcode.Person {
		return a, invalid("tax_code", "steward.appointment.code")
	}
	a.TaxCode = code.String()
	return a, nil
}

func invalid(field, key string) error {
	var wrong problem.Fields
	wrong.Add(field, key)
	return wrong.Err()
}
