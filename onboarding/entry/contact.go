package entry

import (
	"context"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/tenants"
)

// Contact is who answers for the entry in the name of the body, the act that appoints
// them and where the body can be asked (it: referente). It is who began the entry, by the
// name of the login.
type Contact struct {
	Name      string // not written: that of the login
	Position  string
	Email     string
	Phone     string
	ActNumber string
	ActDate   string // yyyy-mm-dd
	PEC       string // certified mail of the body
}

var (
	phonePattern = regexp.MustCompile(`^\+?[0-9][0-9 ./()-]*$`)
	earliestAct  = time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// Check tidies what was written; the error carries every field at fault.
func (c Contact) Check(today time.Time) (Contact, error) {
	var faults problem.Fields
	for _, f := range []struct {
		name string
		text *string
		max  int
	}{
		{"position", &c.Position, 120},
		{"email", &c.Email, 254},
		{"phone", &c.Phone, 40},
		{"act_number", &c.ActNumber, 60},
		{"act_date", &c.ActDate, 10},
		{"pec", &c.PEC, 254},
	} {
		*f.text = tidy(&faults, f.name, *f.text, f.max)
		faults.Require(f.name, *f.text)
	}
	if c.Email != "" && !isEmail(c.Email) {
		faults.Add("email", "onboarding.contact.email_wrong")
	}
	if c.Phone != "" && !isPhone(c.Phone) {
		faults.Add("phone", "onboarding.contact.phone_wrong")
	}
	if c.PEC = strings.ToLower(c.PEC); c.PEC != "" && !isEmail(c.PEC) {
		faults.Add("pec", "onboarding.contact.email_wrong")
	}
	if c.PEC != "" && strings.EqualFold(c.PEC, c.Email) {
		faults.Add("pec", "onboarding.contact.pec_own")
	}
	checkAct(&faults, c.ActDate, today)
	return c, faults.Err()
}

func checkAct(faults *problem.Fields, text string, today time.Time) {
	if text == "" {
		return
	}
	day, err := time.Parse(time.DateOnly, text)
	switch {
	case err != nil || day.Before(earliestAct):
		faults.Add("act_date", "onboarding.contact.date_wrong")
	case day.After(today):
		faults.Add("act_date", "onboarding.contact.date_future")
	}
}

// isEmail accepts a bare address whose host has a dot.
func isEmail(text string) bool {
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text {
		return false
	}
	_, host, _ := strings.Cut(text, "@")
	return strings.Contains(strings.Trim(host, "."), ".")
}

func isPhone(text string) bool {
	digits := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return phonePattern.MatchString(text) && digits >= 5 && digits <= 15
}

// SaveContact keeps who answers for the entry; the name stays that of the login. Saving the
// same again changes nothing. Errors: problem.Invalid by field, also for the certified mail of
// another body; problem.Conflict when the step was saved elsewhere.
func (v *Service) SaveContact(ctx context.Context, s tenants.Scope, id uuid.UUID, version int, written Contact) error {
	contact, invalid := written.Check(language.Day(time.Now()))
	impostor, err := v.holds(ctx, identity{pec: contact.PEC})
	if err != nil {
		return err
	}
	known := false
	err = v.changing(ctx, s, id, ContactStep, func(tx tenants.Tx, e Entry) (bool, error) {
		known = true
		contact.Name = e.Contact.Name
		switch {
		case invalid != nil:
			return false, invalid
		case impostor != nil:
			var faults problem.Fields
			faults.Add("pec", "onboarding.contact.pec_taken", "name", impostor.name)
			return false, faults.Err()
		case e.ContactVersion > 0 && e.Contact == contact:
			return false, nil
		case e.ContactVersion != version:
			return false, conflict()
		}
		return true, saveContact(ctx, tx, s, id, contact)
	})
	if known && invalid == nil && impostor != nil {
		return v.refused(ctx, s, id, taken, err)
	}
	return err
}
