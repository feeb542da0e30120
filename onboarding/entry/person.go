package entry

import (
	"slices"
	"strings"

	"staffetta/internal/problem"
	"staffetta/onboarding/member"
	"staffetta/policies"
)

// Person is somebody in the clear, on the way to an account and roles in a new body.
type Person struct {
	Name    string
	TaxCode string
	Roles   []string
}

// adminRole is the role without which nobody could look after the new body.
const adminRole = "tenant_admin"

// Assignable lists the roles that a body can begin with: not those of the platform, of
// newcomers and of citizens.
func Assignable() []policies.Role {
	return slices.DeleteFunc(slices.Clone(policies.Roles), func(r policies.Role) bool {
		return r.ID == "newcomer" || r.ID == "citizen" || strings.HasPrefix(r.ID, "platform_")
	})
}

// checkPerson tidies what was written; the error carries every field at fault.
func (v *Service) checkPerson(p Person) (Person, error) {
	var faults problem.Fields
	p.Name = member.CheckName(&faults, "name", p.Name)
	p.TaxCode = checkCode(&faults, p.TaxCode)
	p.Roles = v.checkRoles(&faults, p.Roles)
	return p, faults.Err()
}

func checkCode(faults *problem.Fields, text string) string {
	return member.CheckCode(faults, "tax_code", text)
}

func (v *Service) checkRoles(faults *problem.Fields, roles []string) []string {
	var kept []string
	for _, role := range roles {
		if !slices.ContainsFunc(Assignable(), func(r policies.Role) bool { return r.ID == role }) {
			faults.Add("roles", "web.field.choice")
			return nil
		}
		if !slices.Contains(kept, role) {
			kept = append(kept, role)
		}
	}
	if len(kept) == 0 {
		faults.Add("roles", "onboarding.user.no_role")
	}
	if member.Exclude(v.deps.Policies.Works, kept...) {
		faults.Add("roles", "onboarding.user.incompatible")
	}
	return kept
}
