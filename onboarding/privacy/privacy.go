// Package privacy holds the documents by which a body tells people and authorities what it does with their data. They are drafted from
// what is really configured (package paper), and published as versions that never change. It knows the modules by what they declare
// (modules.Treatment) and decides nothing about who may see what.
package privacy

import (
	"context"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/privacy/paper"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions of this package.
const (
	Read  = "privacy:read"
	Write = "privacy:write"
	Agree = "privacy:agree"
)

// Service keeps the privacy documents of bodies.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Get returns what the actor's body says, as proposed from what is known where nobody has saved it.
func (v *Service) Get(ctx context.Context, s tenants.Scope) (paper.Sheet, error) {
	f, err := v.gather(ctx, s)
	if err != nil {
		return paper.Sheet{}, err
	}
	if f.Sheet.Version == 0 {
		return f.Proposed(), nil
	}
	return f.Sheet, nil
}

// Save keeps what the actor's body says. Errors: problem.Invalid by field; problem.Conflict when somebody else saved it since.
func (v *Service) Save(ctx context.Context, s tenants.Scope, sheet paper.Sheet) error {
	if err := sheet.Check(); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		saved, err := saveSheet(ctx, tx, s, sheet)
		if err != nil {
			return err
		}
		if !saved {
			return problem.New(problem.Conflict, "web.error.conflict")
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "privacy.save"})
	})
}
