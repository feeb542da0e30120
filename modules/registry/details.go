package registry

import (
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/tenants/register"
	"staffetta/tenants/taxcode"
)

// Details are a person's data as somebody wrote them, before they are checked. Dates are yyyy-mm-dd.
type Details struct {
	TaxCode      string
	NoCodeReason string
	Alias        string
	Surname      string
	Name         string
	BirthDate    string
	Sex          string
	Birthplace   string
	Citizenship  string
	NoFixedAbode bool
	DeathDate    string
}

// Reasons why a person has no code, in the order of the form.
var Reasons = []string{"unknown", "not_issued", "newborn", anonymous}

// anonymous is the reason of who does not give a name; an alias stands for it.
const anonymous = "anonymous"

// Warning is a doubt about a field, which never stops anybody.
type Warning struct {
	Field   string
	Message language.Message
}

// Checked are details after the check: tidied, with what the tax code tells filled in.
type Checked struct {
	Details
	CodeKind       string
	Birth, Death   time.Time // zero if not given or at fault
	BirthplaceCode string    // Belfiore
}

// earliest is the first day of birth that is accepted.
var earliest = time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC)

// Check tidies the details, fills birth date, sex and birthplace from the tax code where they are empty, and tells
// what contradicts the code. The error carries every field at fault.
func (d Details) Check(today time.Time) (Checked, []Warning, error) {
	var faults problem.Fields
	c := Checked{Details: d}
	c.tidy(&faults)
	code := c.readCode(&faults)
	c.Birth = readDay(&faults, "birth_date", c.BirthDate, today)
	c.Death = readDay(&faults, "death_date", c.DeathDate, today)
	warnings := c.compareCode(code, today)
	c.fill(code, today)
	c.require(&faults)
	return c, warnings, faults.Err()
}

// tidy normalises each text and notes those that are too long or have characters that cannot be kept.
func (c *Checked) tidy(faults *problem.Fields) {
	for _, f := range []struct {
		name string
		text *string
		max  int
	}{
		{"tax_code", &c.TaxCode, 40},
		{"alias", &c.Alias, 100},
		{"surname", &c.Surname, 100},
		{"name", &c.Name, 100},
		{"birthplace", &c.Birthplace, 120},
		{"citizenship", &c.Citizenship, 60},
		{"birth_date", &c.BirthDate, 20},
		{"death_date", &c.DeathDate, 20},
		{"sex", &c.Sex, 1},
		{"no_code_reason", &c.NoCodeReason, 20},
	} {
		*f.text = tidy(faults, f.name, *f.text, f.max)
	}
	faults.OneOf("sex", c.Sex, taxcode.Female, taxcode.Male)
	faults.OneOf("no_code_reason", c.NoCodeReason, Reasons...)
}

// tidy makes one line of a text in the composed form of Unicode.
func tidy(faults *problem.Fields, name, text string, max int) string {
	if !utf8.ValidString(text) {
		faults.Add(name, "registry.text.characters")
		return ""
	}
	text = norm.NFC.String(strings.Join(strings.Fields(text), " "))
	if strings.ContainsFunc(text, unkeepable) {
		faults.Add(name, "registry.text.characters")
	}
	faults.MaxLength(name, text, max)
	return text
}

// unkeepable are control characters, and those that turn the direction of the text around them.
func unkeepable(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

func (c *Checked) readCode(faults *problem.Fields) taxcode.Code {
	c.CodeKind = NoCode
	if c.TaxCode == "" {
		return taxcode.Code{}
	}
	code, err := taxcode.Parse(c.TaxCode)
	if err != nil {
		addCodeFault(faults, err)
		return taxcode.Code{}
	}
	c.TaxCode, c.NoCodeReason = code.String(), ""
	c.CodeKind = map[taxcode.Kind]string{
		taxcode.Person: TaxCode, taxcode.Provisional: Provisional, taxcode.STP: STP, taxcode.ENI: ENI,
	}[code.Kind()]
	return code
}

func addCodeFault(faults *problem.Fields, err error) {
	var reason *taxcode.Error
	if !errors.As(err, &reason) {
		reason = &taxcode.Error{Reason: taxcode.WrongLength}
	}
	faults.Add("tax_code", "registry.tax_code."+string(reason.Reason), "position", reason.Position)
}

func readDay(faults *problem.Fields, name, text string, today time.Time) time.Time {
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	switch {
	case err != nil:
		faults.Add(name, "registry.date.impossible")
	case day.After(today):
		faults.Add(name, "registry.date.future")
	case day.Before(earliest):
		faults.Add(name, "registry.date.early")
	default:
		return day
	}
	return time.Time{}
}

// compareCode warns where what was written and what the code tells differ.
func (c *Checked) compareCode(code taxcode.Code, today time.Time) []Warning {
	var warnings []Warning
	warn := func(field string, doubt bool, pairs ...any) {
		if doubt {
			warnings = append(warnings, Warning{field, language.M("registry.doubt."+field, pairs...)})
		}
	}
	surname, name := code.Matches(c.Surname, c.Name)
	warn("surname", c.Surname != "" && !surname)
	warn("name", c.Name != "" && !name)
	birth, told := code.BirthDate(today)
	warn("birth_date", told && !c.Birth.IsZero() && !sameInCode(birth, c.Birth), "date", birth.Format("02/01/2006"))
	warn("sex", code.Sex() != "" && c.Sex != "" && code.Sex() != c.Sex)
	if code.Belfiore() != "" && c.Birthplace != "" {
		place, err := register.PlaceAt(code.Belfiore(), birth)
		known := err == nil || errors.Is(err, register.ErrNotThen)
		warn("birthplace", known && Key(place.Name) != Key(c.Birthplace), "place", place.Name)
	}
	return warnings
}

// sameInCode compares days as a code does, which has two digits of the year.
func sameInCode(a, b time.Time) bool {
	return a.Day() == b.Day() && a.Month() == b.Month() && a.Year()%100 == b.Year()%100
}

// fill takes from the code what was left empty.
func (c *Checked) fill(code taxcode.Code, today time.Time) {
	if birth, told := code.BirthDate(today); told && c.BirthDate == "" && !birth.Before(earliest) {
		c.Birth = birth
	}
	if c.Sex == "" {
		c.Sex = code.Sex()
	}
	c.BirthplaceCode = code.Belfiore()
	if c.BirthplaceCode == "" {
		c.BirthplaceCode = placeCode(c.Birthplace)
		return
	}
	if place, err := register.PlaceAt(c.BirthplaceCode, c.Birth); c.Birthplace == "" && (err == nil || errors.Is(err, register.ErrNotThen)) {
		c.Birthplace = place.Name
	}
	if !c.Birth.IsZero() {
		c.BirthDate = c.Birth.Format(time.DateOnly)
	}
}

// placeCode is the Belfiore code of a municipality written by its full name; empty for what is none.
func placeCode(name string) string {
	found := register.Search(name, 1)
	if len(found) == 1 && (Key(found[0].Name) == Key(name) || (found[0].OtherName != "" && Key(found[0].OtherName) == Key(name))) {
		return found[0].Belfiore
	}
	return ""
}

// require notes what is missing: who gives no name is known by an alias, everybody else has a surname and a name,
// and who has no code a reason for it.
func (c *Checked) require(faults *problem.Fields) {
	if c.TaxCode == "" && c.NoCodeReason == "" {
		faults.Add("tax_code", "registry.tax_code.missing")
	}
	if c.TaxCode == "" && c.NoCodeReason == anonymous {
		if c.Alias == "" {
			faults.Add("alias", "registry.alias.missing")
		}
	} else {
		faults.Require("surname", c.Surname)
		faults.Require("name", c.Name)
	}
	if !c.Death.IsZero() && !c.Birth.IsZero() && c.Death.Before(c.Birth) {
		faults.Add("death_date", "registry.date.before_birth")
	}
}
