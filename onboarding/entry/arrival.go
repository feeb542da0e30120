package entry

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// Arrival is a body that comes without the wizard, from a command.
type Arrival struct {
	ISTAT   string       // six digits
	TaxCode string       // of the body; may be empty
	PEC     string       // may be empty
	Modules []modules.ID // what they require is added
	Users   []Person     // at least one tenant_admin
}

// Enter brings a body live as the wizard does, by the same rules, and live at once; a municipality that
// has a body already returns that one as it is. Errors: register.ErrNotFound, and
// problem.Invalid for modules and users that the wizard would refuse.
func Enter(ctx context.Context, deps modules.Deps, a Arrival) (tenants.Tenant, error) {
	v := NewService(deps)
	m, err := register.ByISTAT(a.ISTAT)
	if err != nil {
		return tenants.Tenant{}, err
	}
	l := launch{body: municipal(m, m.IPA())}
	l.body.TaxCode, l.body.PEC = a.TaxCode, a.PEC
	if l.modules, err = v.complete(a.Modules); err != nil {
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
		person, err := v.checkPerson(p)
		if err != nil {
			return nil, err
		}
		checked = append(checked, person)
		admin = admin || slices.Contains(person.Roles, adminRole)
	}
	if !admin {
		return nil, problem.New(problem.Conflict, "onboarding.error.incomplete")
	}
	return checked, nil
}

// all lists the modules of the deployment.
func (v *Service) all() []modules.ID {
	ids := make([]modules.ID, len(v.deps.Platform.Modules))
	for i, m := range v.deps.Platform.Modules {
		ids[i] = m.ID
	}
	return ids
}

// complete adds to modules those that they require. Error: problem.Invalid for one that is unknown.
func (v *Service) complete(chosen []modules.ID) ([]modules.ID, error) {
	needed := map[modules.ID]bool{}
	for _, id := range chosen {
		needed[id] = true
	}
	// A module comes after those it requires, so one walk backwards reaches all.
	var complete []modules.ID
	for _, m := range slices.Backward(v.deps.Platform.Modules) {
		if !needed[m.ID] && !m.Essential {
			continue
		}
		for _, required := range m.Requires {
			needed[required] = true
		}
		complete = append(complete, m.ID)
		delete(needed, m.ID)
	}
	if len(needed) > 0 {
		var faults problem.Fields
		faults.Add("modules", "web.field.choice")
		return nil, faults.Err()
	}
	return complete, nil
}
