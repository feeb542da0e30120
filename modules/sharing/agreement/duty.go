package agreement

import (
	"context"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Duties are the agreements that await a signature, and the steps that another body took.
func Duties(s *Service) []modules.DutySource {
	topics := []string{"policies.agreements_parties"}
	return []modules.DutySource{{Permission: Write, Topics: topics, Find: s.findSignatures}, {Permission: Write, Topics: topics, Find: s.findSteps}}
}

// newsDays is for how many days the desk tells that an agreement is signed.
const newsDays = 3

// findSteps are the agreements that another body has just signed as the last one, or suspends.
func (s *Service) findSteps(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	agreements, err := s.findNamed(ctx, scope)
	var duties []modules.Duty
	for _, a := range agreements {
		one := modules.Duty{Title: a.Title, Path: "/rete/accordi/" + a.ID.String()}
		last := lastSignature(a)
		switch {
		case a.State == policies.AgreementSuspended && a.SuspendedBy != scope.Tenant:
			one.Label = language.M("sharing.duty.suspended", "body", s.deps.Bodies.Name(a.SuspendedBy))
		case a.Live(time.Now()) && last.Tenant != scope.Tenant && time.Since(last.AcceptedAt) < newsDays*24*time.Hour:
			one.Label, one.Since = language.M("sharing.duty.signed", "body", s.deps.Bodies.Name(last.Tenant)), last.AcceptedAt
		default:
			continue
		}
		duties = append(duties, one)
	}
	return duties, err
}

// findNamed lists the agreements without their directions, of which a network has thousands.
func (s *Service) findNamed(ctx context.Context, scope tenants.Scope) (found []policies.Agreement, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		found, err = policies.NameAgreements(ctx, tx, scope, nil)
		return err
	})
	return found, err
}

// lastSignature is the party that signed last.
func lastSignature(a policies.Agreement) (last policies.Party) {
	for _, p := range a.Parties {
		if p.AcceptedAt.After(last.AcceptedAt) {
			last = p
		}
	}
	return last
}

// findSignatures are the agreements that lack the signature of the actor's body.
func (s *Service) findSignatures(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	agreements, err := s.findNamed(ctx, scope)
	var waiting modules.Pile
	for _, a := range agreements {
		if a.Awaits(scope.Tenant) {
			waiting.Count, waiting.First, waiting.Title = waiting.Count+1, a.ID, a.Title
		}
	}
	return waiting.Duties("sharing.duty.sign", "/rete/accordi/", "/rete"), err
}
