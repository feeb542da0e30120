// Package conduct is the code of conduct that an operator reads before the first day of work in a body. It must not know what they
// work on.
package conduct

import (
	"context"
	"time"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Edition is which words were read; who has read an older one is asked again.
const Edition = 1

// Permission of who reads: everybody who works in the body.
const Permission = policies.SignedIn

// Rules are what an operator minds (it: codice di condotta): the duties of public employees (DPR 62/2013 art. 11-bis and 12, as changed
// by DPR 81/2023), secrecy of social workers (L. 119/2001) and what the GDPR asks of who acts under a controller (art. 29 and 32(4)).
var Rules = []string{
	"onboarding.conduct.rule.need", "onboarding.conduct.rule.trace", "onboarding.conduct.rule.own", "onboarding.conduct.rule.words",
	"onboarding.conduct.rule.outside", "onboarding.conduct.rule.tell",
}

// Service knows who has read the code.
type Service struct {
	deps modules.Deps
}

// NewService makes the service.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// ReadAt returns when the actor read the present edition in this body; zero for not yet.
func (v *Service) ReadAt(ctx context.Context, s tenants.Scope) (time.Time, error) {
	return v.findReading(ctx, s)
}

// Acknowledge keeps that the actor has read the code. Doing so again changes nothing.
func (v *Service) Acknowledge(ctx context.Context, s tenants.Scope) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		first, err := keepReading(ctx, tx, s)
		if err != nil || !first {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "conduct.read"})
	})
}

// Greet leads an operator who has not read the code to it; who comes to help is no operator of the body, and has no such page.
func (v *Service) Greet(ctx context.Context, s tenants.Scope) (string, error) {
	waits, err := v.awaits(ctx, s)
	if err != nil || !waits {
		return "", err
	}
	return path, nil
}
