package registry

import (
	"context"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// ContactDetails say how to reach a person (it: recapiti).
type ContactDetails struct {
	Phone        string
	Mobile       string
	Email        string
	Address      string
	PostalCode   string
	Municipality string
}

// IsZero tells whether nothing is given.
func (d ContactDetails) IsZero() bool { return d == ContactDetails{} }

// Contacts are contact details with the time they were valid; a person has at most one without an end.
type Contacts struct {
	ID uuid.UUID
	ContactDetails
	MunicipalityCode string // Belfiore, empty abroad
	ValidFrom        time.Time
	ValidTo          time.Time // zero for the current ones
	CreatedName      string
}

// NewContacts are contact details to put in the place of those that the caller has seen, if there were any.
type NewContacts struct {
	ID       uuid.UUID
	Person   uuid.UUID
	Replaces uuid.UUID
	ContactDetails
}

// Check tidies the details. The error carries every field at fault.
func (d ContactDetails) Check() (ContactDetails, error) {
	var faults problem.Fields
	for _, f := range []struct {
		name string
		text *string
		max  int
	}{
		{"phone", &d.Phone, 40},
		{"mobile", &d.Mobile, 40},
		{"email", &d.Email, 254},
		{"address", &d.Address, 200},
		{"postal_code", &d.PostalCode, 10},
		{"municipality", &d.Municipality, 120},
	} {
		*f.text = tidy(&faults, f.name, *f.text, f.max)
	}
	for name, number := range map[string]string{"phone": d.Phone, "mobile": d.Mobile} {
		if number != "" && !isPhone(number) {
			faults.Add(name, "registry.phone.wrong")
		}
	}
	if address, err := mail.ParseAddress(d.Email); d.Email != "" && (err != nil || address.Address != d.Email) {
		faults.Add("email", "registry.email.wrong")
	}
	return d, faults.Err()
}

// isPhone accepts numbers as people write them, with at least five digits.
func isPhone(number string) bool {
	digits := 0
	for _, r := range number {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case !strings.ContainsRune("+-/.() ", r) || unicode.IsLetter(r):
			return false
		}
	}
	return digits >= 5
}

// UpdateContacts puts new contact details in the place of the current ones, which stay as history. The error is
// problem.Conflict if the current ones are not those that the caller has seen, problem.NotFound for a missing or
// foreign person, or carries the fields at fault.
func (sv *Service) UpdateContacts(ctx context.Context, s tenants.Scope, n NewContacts) error {
	details, err := n.ContactDetails.Check()
	if err != nil {
		return err
	}
	s = sv.confine(s)
	if !s.Writes("contacts") {
		return problem.Missing()
	}
	return sv.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if _, err := lockPerson(ctx, tx, s.Tenant, n.Person); err != nil {
			return err
		}
		changed, err := replaceContacts(ctx, tx, s, n, details)
		if err != nil || !changed {
			return err
		}
		return audit.Write(ctx, tx, s, event("contacts.update", n.Person, "contacts"))
	})
}

// replaceContacts closes the current details and inserts the new ones; it reports false when that was done before.
func replaceContacts(ctx context.Context, tx tenants.Tx, s tenants.Scope, n NewContacts, d ContactDetails) (bool, error) {
	current, err := currentContacts(ctx, tx, s.Tenant, n.Person)
	if err != nil {
		return false, err
	}
	if current == n.ID {
		return false, nil
	}
	if current != n.Replaces {
		return false, problem.New(problem.Conflict, "web.error.conflict")
	}
	if err := closeContacts(ctx, tx, s.Tenant, current); err != nil {
		return false, err
	}
	return insertContacts(ctx, tx, s, n, d)
}
