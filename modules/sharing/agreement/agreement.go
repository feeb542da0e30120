// Package agreement holds the agreements between bodies under which they may show each other parts of cases: proposing,
// signing, suspending and ending them. What an agreement gates is asked in package policies and in the database; this
// package must not know of shares or cases.
package agreement

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/network"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions that agreements ask for.
const (
	Read  = "agreement:read"
	Write = "agreement:write"
)

// Service holds the rules of agreements.
type Service struct {
	deps     modules.Deps
	networks *network.Service
	terms    func(context.Context, tenants.Scope) (Terms, error)
}

// NewService makes the service over the program's parts; terms finds those of a body.
func NewService(deps modules.Deps, terms func(context.Context, tenants.Scope) (Terms, error)) *Service {
	return &Service{deps: deps, networks: network.NewService(deps), terms: terms}
}

// FindAgreements lists the agreements of the actor's body, newest first.
func (s *Service) FindAgreements(ctx context.Context, scope tenants.Scope) (found []policies.Agreement, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		found, err = policies.FindAgreements(ctx, tx, scope)
		return err
	})
	return found, err
}

// GetAgreement returns an agreement of the actor's body, or problem.NotFound.
func (s *Service) GetAgreement(ctx context.Context, scope tenants.Scope, id uuid.UUID) (a policies.Agreement, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		a, err = policies.GetAgreement(ctx, tx, scope, id)
		return err
	})
	return a, err
}

// NetworkOf returns the network that an agreement stands in; the zero Network where it names none or the actor's body is
// not in it.
func (s *Service) NetworkOf(ctx context.Context, scope tenants.Scope, id uuid.UUID) (n network.Network, err error) {
	var named uuid.UUID
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		named, err = networkOf(ctx, tx, id)
		return err
	})
	if err != nil || named == uuid.Nil {
		return network.Network{}, err
	}
	return s.networks.Get(ctx, scope, named)
}

// ProposeAgreement writes an agreement and signs it for the actor's body; the others have yet to sign. A second call
// with the same id returns what the first one wrote. What is to happen in the same transaction comes with it. Errors:
// problem.Invalid by field.
func (s *Service) ProposeAgreement(
	ctx context.Context, scope tenants.Scope, p policies.Proposal, also ...func(tenants.Tx) error,
) (policies.Agreement, error) {
	if err := s.setEmergency(ctx, scope, &p); err != nil {
		return policies.Agreement{}, err
	}
	if err := s.CheckAgreement(ctx, scope, p); err != nil {
		return policies.Agreement{}, err
	}
	return s.changeAgreement(ctx, scope, p.ID, "agreement.propose", func(tx tenants.Tx) (bool, error) {
		for _, do := range also {
			if err := do(tx); err != nil {
				return false, err
			}
		}
		made, err := policies.Propose(ctx, tx, scope, p)
		if err != nil || !made || p.Network == uuid.Nil {
			return made, err
		}
		return made, nameNetwork(ctx, tx, p.ID, p.Network)
	})
}

// setEmergency says whether the agreement lets the bodies open cases in an emergency: where it names a purpose that serves
// this, and lets them ask who is known elsewhere, by which alone such a case is found.
func (s *Service) setEmergency(ctx context.Context, scope tenants.Scope, p *policies.Proposal) error {
	known, err := s.Purposes(ctx, scope)
	p.Asks.BreakGlass = p.Asks.Known && slices.ContainsFunc(known, func(one Purpose) bool { return one.Emergency && slices.Contains(p.Purposes, one.Key) })
	return err
}

// FindRenewals lists the agreements of the actor's body that renew another one, newest first.
func (s *Service) FindRenewals(ctx context.Context, scope tenants.Scope, id uuid.UUID) (found []Renewal, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		found, err = findRenewals(ctx, tx, id)
		return err
	})
	return found, err
}

// Renewal is an agreement that follows another one.
type Renewal struct {
	ID    uuid.UUID
	Title string
	State string
}

// checkParties sees that the parties are live bodies and the actor's own among them.
func (s *Service) checkParties(scope tenants.Scope, p policies.Proposal) (fields problem.Fields) {
	able := slices.Contains(p.Parties, scope.Tenant) && len(p.Parties) > 1
	for i, id := range p.Parties {
		body, err := s.deps.Bodies.ByID(id)
		able = able && err == nil && body.State == tenants.Active && body.Kind != tenants.Platform && !slices.Contains(p.Parties[:i], id)
	}
	for _, e := range p.Edges {
		able = able && e.From != e.To && slices.Contains(p.Parties, e.From) && slices.Contains(p.Parties, e.To)
	}
	if !able {
		fields.Add("ente", "sharing.error.party")
	}
	return fields
}

// SignAgreement signs for the actor's own body with its act. Errors as of policies.Sign, and of modules.Consent.
func (s *Service) SignAgreement(
	ctx context.Context, scope tenants.Scope, id uuid.UUID, act policies.Act, seen modules.Consent,
) (policies.Agreement, error) {
	a, err := s.GetAgreement(ctx, scope, id)
	if err != nil {
		return policies.Agreement{}, err
	}
	if a.Awaits(scope.Tenant) {
		var fields problem.Fields
		act.Check(&fields, time.Now())
		seen.Require(&fields)
		if err := fields.Err(); err != nil {
			return policies.Agreement{}, err
		}
		if err := s.checkMark(ctx, scope, a, policies.AgreementActive, seen); err != nil {
			return policies.Agreement{}, err
		}
	}
	return s.changeAgreement(ctx, scope, id, "agreement.sign", func(tx tenants.Tx) (bool, error) {
		return true, policies.Sign(ctx, tx, scope, id, act)
	})
}

// CheckAgreement refuses, by field, what no agreement may be, and what could never be used under it; problem.Conflict while the body
// is on trial.
func (s *Service) CheckAgreement(ctx context.Context, scope tenants.Scope, p policies.Proposal) error {
	if err := s.deps.RequireLive(scope); err != nil {
		return err
	}
	fields := s.checkParties(scope, p)
	if err := p.Check(time.Now()); err != nil {
		fields = append(fields, problem.Of(err).Fields...)
	}
	terms, err := s.terms(ctx, scope)
	if err != nil {
		return err
	}
	terms.check(ctx, scope, p, &fields)
	return fields.Err()
}

// RefuseAgreement refuses to sign for the actor's own body, which ends the proposal for all. Errors as of policies.Refuse.
func (s *Service) RefuseAgreement(ctx context.Context, scope tenants.Scope, id uuid.UUID, reason string) (policies.Agreement, error) {
	return s.changeAgreement(ctx, scope, id, "agreement.refuse", func(tx tenants.Tx) (bool, error) {
		return true, policies.Refuse(ctx, tx, scope, id, reason)
	})
}

// WithdrawAgreement ends for all parties what the actor's body has signed; it may say why. Errors as of policies.Withdraw,
// and of modules.Consent unless it was a proposal, under which nobody sees anything.
func (s *Service) WithdrawAgreement(
	ctx context.Context, scope tenants.Scope, id uuid.UUID, reason string, seen modules.Consent,
) (policies.Agreement, error) {
	if err := s.checkStep(ctx, scope, id, policies.AgreementEnded, seen); err != nil {
		return policies.Agreement{}, err
	}
	return s.changeAgreement(ctx, scope, id, "agreement.end", func(tx tenants.Tx) (bool, error) {
		return true, policies.Withdraw(ctx, tx, scope, id, reason)
	})
}

// MoveAgreement suspends, resumes or ends an agreement: target is the state to reach. Errors as of WithdrawAgreement;
// problem.NotFound for any other target.
func (s *Service) MoveAgreement(
	ctx context.Context, scope tenants.Scope, id uuid.UUID, target string, seen modules.Consent,
) (policies.Agreement, error) {
	var action string
	var move func(context.Context, tenants.Tx, tenants.Scope, uuid.UUID) error
	switch target {
	case policies.AgreementSuspended:
		action, move = "agreement.suspend", policies.Suspend
	case policies.AgreementActive:
		action, move = "agreement.resume", policies.Resume
	case policies.AgreementEnded:
		return s.WithdrawAgreement(ctx, scope, id, "", seen)
	default:
		return policies.Agreement{}, problem.Missing()
	}
	if err := s.checkStep(ctx, scope, id, target, seen); err != nil {
		return policies.Agreement{}, err
	}
	return s.changeAgreement(ctx, scope, id, action, func(tx tenants.Tx) (bool, error) { return true, move(ctx, tx, scope, id) })
}

// changeAgreement takes a step, writes it into the chains of all parties in the same transaction and returns what came
// of it. step tells whether it changed anything.
func (s *Service) changeAgreement(
	ctx context.Context, scope tenants.Scope, id uuid.UUID, action string, step func(tenants.Tx) (bool, error),
) (a policies.Agreement, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		changed, err := step(tx)
		if err != nil {
			return err
		}
		if changed {
			if err := Tell(ctx, tx, scope, id, action); err != nil {
				return err
			}
		}
		a, err = policies.GetAgreement(ctx, tx, scope, id)
		return err
	})
	return a, err
}

// Tell writes a step of an agreement into the chains of all its parties, in the transaction that takes it.
func Tell(ctx context.Context, tx tenants.Tx, scope tenants.Scope, id uuid.UUID, action string) error {
	told, err := audit.WriteTold(ctx, tx, scope, audit.Event{Action: action, Object: id})
	if err != nil {
		return err
	}
	return tellParties(ctx, tx, id, told)
}
