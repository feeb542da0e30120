package onboarding

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// launch is everything that makes a body live.
type launch struct {
	entry        uuid.UUID // uuid.Nil when no entry led to it
	municipality register.Municipality
	ipa          string // also the name in addresses
	taxCode, pec string
	modules      []modules.ID
	people       []Person
}

// Person is a first user in the clear, on the way to an account.
type Person struct {
	Name    string
	TaxCode string
	Roles   []string
}

// Activate brings the body of an entry live: in one transaction the body, its modules
// and its users. Asking again returns the same result, and goes on where an earlier
// try was cut off. Errors: problem.Conflict when a step is missing or another entry
// has brought the municipality live first; then this entry is open again; the same kind
// when the answers are no longer those of seen, the mark of the entry that the actor has
// read; problem.Forbidden for who did not begin the entry, and in a deployment where
// somebody has to review it first.
func (v *Service) Activate(ctx context.Context, s tenants.Scope, id uuid.UUID, seen Mark) (Entry, error) {
	if v.deps.Platform.Reviewed {
		return Entry{}, problem.New(problem.Forbidden, "onboarding.error.reviewed")
	}
	e, err := v.begin(ctx, s, id, seen)
	if err != nil {
		return Entry{}, err
	}
	if e.State == Live {
		return v.Get(ctx, s, id)
	}
	m, _ := e.Municipality() // begin has checked it
	l := launch{entry: id, municipality: m, ipa: e.IPA(), modules: e.Modules}
	for _, u := range e.Users {
		l.people = append(l.people, Person{Name: u.Name, TaxCode: u.code, Roles: u.Roles})
	}
	body, err := v.launch(ctx, l)
	if errors.Is(err, tenants.ErrTaken) {
		taken := problem.New(problem.Conflict, "onboarding.error.taken", "name", m.Name).Wrap(err)
		return Entry{}, errors.Join(taken, v.reopen(ctx, s, id))
	}
	if err != nil {
		return Entry{}, err
	}
	if err := v.finish(ctx, s, id, body); err != nil {
		return Entry{}, err
	}
	if err := v.deps.Bodies.Reload(ctx); err != nil {
		return Entry{}, err
	}
	return v.Get(ctx, s, id)
}

// begin decides, under the entry's lock, that it goes live as the actor has read it: from
// then on no step changes, and who resumes reads the same.
func (v *Service) begin(ctx context.Context, s tenants.Scope, id uuid.UUID, seen Mark) (Entry, error) {
	var e Entry
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		if e, err = lockEntry(ctx, tx, s, id); err != nil {
			return err
		}
		if !e.Starter {
			return problem.New(problem.Forbidden, "onboarding.error.starter_activate")
		}
		if e.State == Live {
			return nil
		}
		if e.Users, err = findUsers(ctx, tx, s, id); err != nil {
			return err
		}
		if err := v.openCodes(e.Users); err != nil {
			return err
		}
		if !e.Ready() {
			return problem.New(problem.Conflict, "onboarding.error.incomplete")
		}
		if e.Mark() != seen {
			return problem.New(problem.Conflict, changedKey)
		}
		if e.State == Activating {
			return nil
		}
		return v.move(ctx, tx, s, id, Activating)
	})
	return e, err
}

// reopen gives back an entry that another one was faster than.
func (v *Service) reopen(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error { return v.move(ctx, tx, s, id, Open) })
}

// move changes the state of an entry on its way to a body, and writes that down.
func (v *Service) move(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, state State) error {
	if err := setState(ctx, tx, s, id, state); err != nil {
		return err
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "entry.move", Object: id, Payload: map[string]any{"state": string(state)}})
}

// finish notes on the entry the body that it became, and forgets the fiscal codes,
// which now stand with the accounts. That the body is live stands in the audit of the
// platform and in the body's own, in the same transaction.
func (v *Service) finish(ctx context.Context, s tenants.Scope, id uuid.UUID, body int32) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		changed, err := closeEntry(ctx, tx, s, id, body)
		if err != nil || !changed {
			return err
		}
		told, err := audit.WriteTold(ctx, tx, s, audit.Event{Action: "entry.activate", Object: id, Payload: map[string]any{"body": body}})
		if err != nil {
			return err
		}
		return tellBody(ctx, tx, id, told)
	})
}

// launch makes the body with all that belongs to it, or nothing. A municipality that
// the same entry has brought live before returns its body; ErrTaken if another did.
func (v *Service) launch(ctx context.Context, l launch) (body int32, err error) {
	err = v.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		body, err = tenants.CreateTenant(ctx, tx, tenants.Tenant{
			Slug: l.ipa, IPA: l.ipa, Name: "Comune di " + l.municipality.Name, Kind: tenants.Municipality,
			ISTAT: l.municipality.ISTAT, Belfiore: l.municipality.Belfiore, TaxCode: l.taxCode, PEC: l.pec,
		})
		if errors.Is(err, tenants.ErrTaken) {
			body, err = findOwnBody(ctx, tx, l.municipality.Belfiore, l.entry)
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
		return tenants.ActivateTenant(ctx, tx, body)
	})
	return body, err
}

// switchModules turns on what was chosen and what is always on, and notes with the
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

// Arrival is a body that comes without the wizard, from a command.
type Arrival struct {
	ISTAT   string       // six digits
	TaxCode string       // of the body; may be empty
	PEC     string       // may be empty
	Modules []modules.ID // what they require is added
	Users   []Person     // at least one tenant_admin
}

// Enter brings a body live as the wizard does, by the same rules; a municipality that
// has a body already returns that one as it is. Errors: register.ErrNotFound, and
// problem.Invalid for modules and users that the wizard would refuse.
func Enter(ctx context.Context, deps modules.Deps, a Arrival) (tenants.Tenant, error) {
	v := NewService(deps)
	m, err := register.ByISTAT(a.ISTAT)
	if err != nil {
		return tenants.Tenant{}, err
	}
	l := launch{municipality: m, ipa: m.IPA(), taxCode: a.TaxCode, pec: a.PEC}
	if l.modules, _, err = v.complete(Choice{Modules: a.Modules}, nil); err != nil {
		return tenants.Tenant{}, fmt.Errorf("modules of %s: %w", m.Name, err)
	}
	if l.people, err = v.checkPeople(a.Users); err != nil {
		return tenants.Tenant{}, fmt.Errorf("users of %s: %w", m.Name, err)
	}
	body, err := v.launch(ctx, l)
	if errors.Is(err, tenants.ErrTaken) {
		body, err = v.bodyOf(ctx, m.Belfiore)
	}
	if err != nil {
		return tenants.Tenant{}, fmt.Errorf("bring %s live: %w", m.Name, err)
	}
	if err := deps.Bodies.Reload(ctx); err != nil {
		return tenants.Tenant{}, err
	}
	return deps.Bodies.ByID(body)
}

// checkPeople holds the users of an arrival against the rules of the wizard.
func (v *Service) checkPeople(people []Person) ([]Person, error) {
	var checked []Person
	admin := false
	for _, p := range people {
		n, err := v.checkUser(NewUser{Name: p.Name, TaxCode: p.TaxCode, Roles: p.Roles})
		if err != nil {
			return nil, err
		}
		checked = append(checked, Person{Name: n.Name, TaxCode: n.TaxCode, Roles: n.Roles})
		admin = admin || slices.Contains(n.Roles, adminRole)
	}
	if !admin {
		return nil, problem.New(problem.Conflict, "onboarding.error.incomplete")
	}
	return checked, nil
}
