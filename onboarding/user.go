package onboarding

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/policies"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// User is somebody who will be able to sign in at the new body (it: utente).
type User struct {
	ID    uuid.UUID
	Name  string
	Roles []string
	Mask  string // the fiscal code without most of its characters; "" once the body is live

	sealed []byte
	code   string
}

// NewUser is a user as somebody writes it.
type NewUser struct {
	ID      uuid.UUID
	Name    string
	TaxCode string
	Self    bool // the actor: name and fiscal code are those of the login
	Roles   []string
}

// adminRole is the role without which nobody could look after the new body.
const adminRole = "tenant_admin"

// needed are the roles without which the main work of a body stands still.
var needed = []string{"social_worker", "coordinator", "access_desk", "practice_owner"}

// maxUsers bounds the first users; the console takes the others.
const maxUsers = 50

// Assignable lists the roles that an entry can give: not those of the platform, of
// newcomers and of citizens.
func Assignable() []policies.Role {
	return slices.DeleteFunc(slices.Clone(policies.Roles), func(r policies.Role) bool {
		return r.ID == "newcomer" || r.ID == "citizen" || strings.HasPrefix(r.ID, "platform_")
	})
}

// Uncovered lists the roles that the work needs and that nobody holds. They warn and
// never stop.
func (e Entry) Uncovered() []string {
	return slices.DeleteFunc(slices.Clone(needed), func(role string) bool {
		return slices.ContainsFunc(e.Users, func(u User) bool { return slices.Contains(u.Roles, role) })
	})
}

// AddUser adds a first user; the same id again changes nothing. Errors:
// problem.Invalid by field, also for a code that is already there and for roles that
// exclude each other.
func (v *Service) AddUser(ctx context.Context, s tenants.Scope, entry uuid.UUID, n NewUser) error {
	if n.Self {
		if err := v.fillSelf(ctx, s, &n); err != nil {
			return err
		}
	}
	n, invalid := v.checkUser(n)
	var sealed []byte
	if invalid == nil {
		var err error
		if sealed, err = v.deps.Platform.Seal.Seal([]byte(n.TaxCode), userContext(n.ID)); err != nil {
			return fmt.Errorf("seal a fiscal code: %w", err)
		}
	}
	return v.changing(ctx, s, entry, UsersStep, func(tx tenants.Tx, _ Entry) (bool, error) {
		if invalid != nil {
			return false, invalid
		}
		token := v.deps.Platform.Seal.Token("onboarding " + entry.String() + " " + n.TaxCode)
		return insertUser(ctx, tx, s, userRow{entry: entry, NewUser: n, sealed: sealed, token: token})
	})
}

// RemoveUser takes a user off the list and forgets the fiscal code; a user that is
// gone already is no error.
func (v *Service) RemoveUser(ctx context.Context, s tenants.Scope, entry, user uuid.UUID) error {
	return v.changing(ctx, s, entry, UsersStep, func(tx tenants.Tx, _ Entry) (bool, error) {
		return removeUser(ctx, tx, s, entry, user)
	})
}

// fillSelf takes name and fiscal code from the login: what is known is not asked again.
func (v *Service) fillSelf(ctx context.Context, s tenants.Scope, n *NewUser) error {
	sealed, err := v.ownCode(ctx, s)
	if err != nil {
		return err
	}
	code, err := v.deps.Platform.Seal.Open(sealed, []byte("account"))
	if err != nil {
		return fmt.Errorf("open the actor's own fiscal code: %w", err)
	}
	n.TaxCode = string(code)
	if strings.TrimSpace(n.Name) == "" {
		n.Name = s.Name
	}
	return nil
}

// checkUser tidies what was written; the error carries every field at fault.
func (v *Service) checkUser(n NewUser) (NewUser, error) {
	var faults problem.Fields
	n.Name = tidy(&faults, "name", n.Name, 120)
	faults.Require("name", n.Name)
	n.TaxCode = checkCode(&faults, n.TaxCode)
	n.Roles = v.checkRoles(&faults, n.Roles)
	return n, faults.Err()
}

func checkCode(faults *problem.Fields, text string) string {
	if strings.TrimSpace(text) == "" {
		faults.Add("tax_code", "web.field.required")
		return ""
	}
	code, err := taxcode.Parse(text)
	var wrong *taxcode.Error
	switch {
	case errors.As(err, &wrong):
		faults.Add("tax_code", "onboarding.tax_code."+string(wrong.Reason), "position", wrong.Position)
	case err != nil || code.Kind() != taxcode.Person:
		// Only the sixteen characters come from a digital identity.
		faults.Add("tax_code", "onboarding.tax_code.length", "position", 0)
	}
	return code.String()
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
	if slices.ContainsFunc(kept, policies.Configures) && slices.ContainsFunc(kept, v.deps.Policies.Works) {
		faults.Add("roles", "onboarding.user.incompatible")
	}
	return kept
}

// openCodes opens the sealed codes of users and makes their masks.
func (v *Service) openCodes(users []User) error {
	for i := range users {
		if users[i].sealed == nil {
			continue
		}
		code, err := v.deps.Platform.Seal.Open(users[i].sealed, userContext(users[i].ID))
		if err != nil {
			return fmt.Errorf("open the fiscal code of user %s: %w", users[i].ID, err)
		}
		users[i].code = string(code)
		users[i].Mask = mask(users[i].code)
	}
	return nil
}

// userContext binds a sealed code to the row that holds it.
func userContext(id uuid.UUID) []byte { return []byte("onboarding.user " + id.String()) }

// mask leaves the last four characters.
func mask(code string) string {
	shown := min(4, len(code))
	return strings.Repeat("•", len(code)-shown) + code[len(code)-shown:]
}
