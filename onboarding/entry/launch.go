package entry

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// launch is everything that makes a body.
type launch struct {
	entry   uuid.UUID // uuid.Nil when no entry led to it
	body    tenants.Tenant
	modules []modules.ID
	people  []Person
	contact *founder // who entered by the wizard, whose account is known
	trial   bool     // only its own people see the body
}

// founder is an account that begins with a role in a body.
type founder struct {
	account uuid.UUID
	tenants.Membership
}

// launch makes the body with all that belongs to it, or nothing. An entry that has
// made its body before returns that one; ErrTaken if another body is in the way.
func (v *Service) launch(ctx context.Context, l launch) (body int32, err error) {
	err = v.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		body, err = tenants.CreateTenant(ctx, tx, l.body)
		if errors.Is(err, tenants.ErrTaken) {
			body, err = findOwnBody(ctx, tx, l.entry)
			return err
		}
		if err != nil {
			return err
		}
		if err := v.switchModules(ctx, tx, body, l); err != nil {
			return err
		}
		if err := v.admit(ctx, tx, body, l.people); err != nil {
			return err
		}
		if l.contact != nil {
			if err := tenants.CreateMembership(ctx, tx, body, l.contact.account, l.contact.Membership); err != nil {
				return err
			}
		}
		if l.trial {
			return nil
		}
		return tenants.ActivateTenant(ctx, tx, body)
	})
	return body, err
}

// switchModules turns on what the body begins with and what is always on, and notes with the
// module of entries which one led to the body.
func (v *Service) switchModules(ctx context.Context, tx tenants.Tx, body int32, l launch) error {
	for _, m := range v.deps.Platform.Modules {
		if !m.Essential && !slices.Contains(l.modules, m.ID) {
			continue
		}
		if err := tenants.SwitchModule(ctx, tx, body, string(m.ID), true); err != nil {
			return err
		}
	}
	return markEntry(ctx, tx, body, l.entry)
}

// admit gives the people accounts and roles in the body.
func (v *Service) admit(ctx context.Context, tx tenants.Tx, body int32, people []Person) error {
	for _, p := range people {
		account, err := tenants.EnsureAccount(ctx, tx, v.deps.Platform.Seal, p.TaxCode)
		if err != nil {
			return err
		}
		for _, role := range p.Roles {
			if err := tenants.CreateMembership(ctx, tx, body, account, tenants.Membership{Role: role, Name: p.Name}); err != nil {
				return err
			}
		}
	}
	return nil
}

// municipal is a municipality as a body, by its code in the index of public bodies, which is also its name in addresses.
func municipal(m register.Municipality, ipa string) tenants.Tenant {
	return tenants.Tenant{Slug: ipa, IPA: ipa, Name: legalName(m), Kind: tenants.Municipality, ISTAT: m.ISTAT, Belfiore: m.Belfiore}
}
