package registry

import (
	"time"

	"github.com/google/uuid"
)

// Change is one field of a person that somebody changed (it: variazione).
type Change struct {
	ID          uuid.UUID
	Field       string
	OldValue    string
	NewValue    string
	ChangedAt   time.Time
	ChangedName string
}

// compare lists what the details change in a person.
func compare(p Person, c Checked) []Change {
	var changes []Change
	for _, f := range []struct{ name, before, after string }{
		{"tax_code", p.TaxCode, c.TaxCode},
		{"no_code_reason", p.NoCodeReason, c.NoCodeReason},
		{"alias", p.Alias, c.Alias},
		{"surname", p.Surname, c.Surname},
		{"name", p.Name, c.Name},
		{"birth_date", day(p.BirthDate), day(c.Birth)},
		{"sex", p.Sex, c.Sex},
		{"birthplace", p.Birthplace, c.Birthplace},
		{"birthplace_code", p.BirthplaceCode, c.BirthplaceCode},
		{"citizenship", p.Citizenship, c.Citizenship},
		{"no_fixed_abode", yes(p.NoFixedAbode), yes(c.NoFixedAbode)},
		{"death_date", day(p.DeathDate), day(c.Death)},
	} {
		if f.before != f.after {
			changes = append(changes, Change{Field: f.name, OldValue: f.before, NewValue: f.after})
		}
	}
	return changes
}

func fieldsOf(changes []Change) []string {
	fields := make([]string, len(changes))
	for i, c := range changes {
		fields[i] = c.Field
	}
	return fields
}

func day(d time.Time) string {
	if d.IsZero() {
		return ""
	}
	return d.Format(time.DateOnly)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// Details are the person's data as a form shows them.
func (p Person) Details() Details {
	return Details{
		TaxCode: p.TaxCode, NoCodeReason: p.NoCodeReason, Alias: p.Alias, Surname: p.Surname, Name: p.Name,
		BirthDate: day(p.BirthDate), Sex: p.Sex, Birthplace: p.Birthplace, Citizenship: p.Citizenship,
		NoFixedAbode: p.NoFixedAbode, DeathDate: day(p.DeathDate),
	}
}
