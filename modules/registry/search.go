package registry

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// Query says which persons to find. Without text and birth date it finds all, in the order of their names.
type Query struct {
	Text      string    // names in any order, their beginnings, or the beginning of a tax code
	BirthDate time.Time // zero for any
	After     uuid.UUID // the last person of the page before
	Limit     int       // 1 to 100, 50 if zero
}

// Found is a page of persons, in the order of their names. Next is the After of the following page, or nil.
type Found struct {
	Persons []Person
	Next    uuid.UUID
}

// FindPersons searches the registry of the body; what it returns has been written into the audit.
func (sv *Service) FindPersons(ctx context.Context, s tenants.Scope, q Query) (Found, error) {
	s = sv.confine(s)
	if q.Limit < 1 || q.Limit > 100 {
		q.Limit = 50
	}
	persons, err := sv.findPersons(ctx, s, q)
	if err != nil {
		return Found{}, err
	}
	found := Found{Persons: persons}
	if len(persons) > q.Limit {
		found.Persons = persons[:q.Limit]
		found.Next = found.Persons[q.Limit-1].ID
	}
	return found, sv.auditList(ctx, s, "person.list", found.Persons)
}

func (sv *Service) auditList(ctx context.Context, s tenants.Scope, action string, persons []Person) error {
	ids := make([]uuid.UUID, len(persons))
	for i, p := range persons {
		ids[i] = p.ID
	}
	e := event(action, uuid.Nil, "identity")
	e.Payload = map[string]any{"persons": ids}
	return sv.deps.Audit.Record(ctx, s, e)
}

// Reasons why somebody may be the same person.
const (
	SameCode = "code"    // the same tax code
	SameName = "name"    // the same names, born within five days or with an unknown day
	Swapped  = "swapped" // the same with surname and name exchanged
)

// Duplicate is a registered person who may be the one at hand (it: possibile doppione).
type Duplicate struct {
	Person
	Reasons []string
}

// FindDuplicates finds who may be the person described. The error carries the fields at fault.
func (sv *Service) FindDuplicates(ctx context.Context, s tenants.Scope, d Details) ([]Duplicate, error) {
	details, _, err := d.Check(today())
	if err != nil {
		return nil, err
	}
	s = sv.confine(s)
	if !s.Reads("identity") {
		return nil, problem.Missing()
	}
	persons, err := sv.findAlike(ctx, s, details)
	if err != nil || len(persons) == 0 {
		return nil, err
	}
	duplicates := make([]Duplicate, len(persons))
	for i, p := range persons {
		duplicates[i] = Duplicate{p, alike(p, details)}
	}
	return duplicates, sv.auditList(ctx, s, "person.duplicates", persons)
}

// alike tells why a found person may be the one described.
func alike(p Person, c Checked) []string {
	var reasons []string
	if c.TaxCode != "" && p.TaxCode == c.TaxCode {
		reasons = append(reasons, SameCode)
	}
	surname, name := Key(p.Surname), Key(p.Name)
	if !near(p.BirthDate, c.Birth) {
		return reasons
	}
	if surname == Key(c.Surname) && name == Key(c.Name) {
		reasons = append(reasons, SameName)
	} else if surname == Key(c.Name) && name == Key(c.Surname) {
		reasons = append(reasons, Swapped)
	}
	return reasons
}

// near tells whether two days of birth may be one, told wrong by up to five days.
func near(a, b time.Time) bool {
	return a.IsZero() || b.IsZero() || a.Sub(b).Abs() <= 5*24*time.Hour
}
