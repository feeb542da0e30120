package moving

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/handover"
	"staffetta/policies"
	"staffetta/tenants"
)

// Signer signs for the body that takes the case, in the act of taking it.
type Signer struct {
	deps modules.Deps
}

// NewSigner makes it over the program's parts.
func NewSigner(deps modules.Deps) *Signer { return &Signer{deps: deps} }

var _ handover.Signing = (*Signer)(nil)

func (s *Signer) maySign(scope tenants.Scope) bool {
	return s.deps.Permits(scope, agreement.Write)
}

// Asks says what the taking body signs.
func (s *Signer) Asks(ctx context.Context, scope tenants.Scope, h handover.Handover) (handover.Asked, error) {
	signed, err := s.getSigned(ctx, scope, h.ID)
	if err != nil {
		return handover.Asked{}, err
	}
	asked := handover.Asked{Manifest: signed.Digest, Changed: signed.Changed, May: s.maySign(scope)}
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		a, err := policies.GetAgreement(ctx, tx, scope, h.Agreement)
		asked.Agreement = a.Only != uuid.Nil && a.Awaits(scope.Tenant)
		return err
	})
	if err == nil && asked.Agreement && !asked.May {
		asked.Signers, err = s.findSigners(ctx, scope)
	}
	return asked, err
}

// Sign signs the manifest and, where one was made for this case alone, the agreement. The share is locked first, as by every step
// of it.
func (s *Signer) Sign(ctx context.Context, tx tenants.Tx, scope tenants.Scope, h handover.Handover, t handover.Taking) error {
	if err := confirmRelocation(ctx, tx, scope, h.ID, t.Manifest); err != nil {
		return err
	}
	a, err := policies.GetAgreement(ctx, tx, scope, h.Agreement)
	if err != nil || a.Only == uuid.Nil || !a.Awaits(scope.Tenant) {
		return err
	}
	if !s.maySign(scope) {
		colleagues, err := tenants.FindColleagues(ctx, tx)
		if err != nil {
			return err
		}
		return notSigner(s.signersOf(scope, colleagues))
	}
	if err := policies.Sign(ctx, tx, scope, a.ID, t.Act); err != nil {
		return err
	}
	return agreement.Tell(ctx, tx, scope, a.ID, "agreement.sign")
}

// End tells that the agreement for this case alone has ended, in the transaction that ended it.
func (s *Signer) End(ctx context.Context, tx tenants.Tx, scope tenants.Scope, h handover.Handover) error {
	a, err := policies.GetAgreement(ctx, tx, scope, h.Agreement)
	if err != nil || a.Only != h.ID {
		return err
	}
	return agreement.Tell(ctx, tx, scope, a.ID, "agreement.end")
}

// notSigner tells who may sign.
func notSigner(names []string) error {
	return problem.New(problem.Forbidden, "sharing.relocation.error.signer", "names", strings.Join(names, ", "))
}

// findSigners names the colleagues who may sign agreements.
func (s *Signer) findSigners(ctx context.Context, scope tenants.Scope) ([]string, error) {
	var colleagues []tenants.Colleague
	err := s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) (err error) {
		colleagues, err = tenants.FindColleagues(ctx, tx)
		return err
	})
	return s.signersOf(scope, colleagues), err
}

func (s *Signer) signersOf(scope tenants.Scope, colleagues []tenants.Colleague) (names []string) {
	for _, c := range colleagues {
		if s.maySign(tenants.Scope{Tenant: scope.Tenant, Roles: []string{c.Role}}) && !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}
