// Package taxcode reads and writes Italian tax codes: the sixteen characters of a person, the eleven digits of a
// provisional code, and the STP and ENI codes by which people without residence receive care. It checks form only;
// whether a code was ever issued, and to whom, it must not guess. Sources: D.M. 23 December 1976 (rules of the code,
// omocodia, check character); DPR 394/1999 art. 43 (STP).
package taxcode

import (
	"strings"
	"time"
	"unicode"
)

// Kind says which sort of code it is.
type Kind int

// The kinds of codes. The zero Code is of none of them.
const (
	Person      Kind = iota + 1 // sixteen characters made of the data of birth
	Provisional                 // eleven digits, until the sixteen characters are issued
	STP                         // temporarily present foreigner, straniero temporaneamente presente
	ENI                         // European citizen without health cover, europeo non iscritto
)

// The sexes as a code tells them.
const (
	Female = "F"
	Male   = "M"
)

const (
	months          = "ABCDEHLMPRST"
	omocodiaLetters = "LMNPQRSTUV"
	// digitPositions are those of digits, which letters replace when two persons would have the same code.
	digitPositions = "\x06\x07\x09\x0a\x0c\x0d\x0e"
)

// Code is a tax code that is right in its form (it: codice fiscale). Two equal codes compare equal with ==.
type Code struct {
	kind Kind
	text string
}

// Parse reads a code as a person writes it: lower case and spaces are accepted. The error is an *Error.
func Parse(s string) (Code, error) {
	text := normalise(s)
	if at := strings.IndexFunc(text, func(r rune) bool { return !isLetter(r) && !isDigit(r) }); at >= 0 {
		return Code{}, &Error{Reason: WrongCharacter, Position: at + 1}
	}
	switch {
	case len(text) == 11:
		return parseProvisional(text)
	case len(text) == 16 && isDigit(rune(text[3])) && (text[:3] == "STP" || text[:3] == "ENI"):
		return parseCare(text)
	case len(text) == 16:
		return parsePerson(text)
	}
	return Code{}, &Error{Reason: WrongLength}
}

func normalise(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

func parsePerson(text string) (Code, error) {
	for i, r := range text {
		if !fits(i, r) {
			return Code{}, &Error{Reason: WrongCharacter, Position: i + 1}
		}
	}
	if text[15] != checkCharacter(text[:15]) {
		return Code{}, &Error{Reason: WrongCheck, Position: 16}
	}
	c := Code{Person, text}
	if _, possible := c.birthIn(2000); !possible {
		if _, possible := c.birthIn(1900); !possible {
			return Code{}, &Error{Reason: ImpossibleDate, Position: 10}
		}
	}
	return c, nil
}

// fits reports whether r may stand at the place i of a person's code.
func fits(i int, r rune) bool {
	switch {
	case strings.IndexByte(digitPositions, byte(i)) >= 0:
		return isDigit(r) || strings.ContainsRune(omocodiaLetters, r)
	case i == 8:
		return strings.ContainsRune(months, r)
	case i == 11:
		return 'A' <= r && r <= 'M' || r == 'Z'
	}
	return isLetter(r)
}

func parseProvisional(text string) (Code, error) {
	if at := strings.IndexFunc(text, isLetter); at >= 0 {
		return Code{}, &Error{Reason: WrongCharacter, Position: at + 1}
	}
	// Eleven zeros have the right check digit, but nobody has them.
	if text[10] != checkDigit(text[:10]) || strings.Trim(text, "0") == "" {
		return Code{}, &Error{Reason: WrongCheck, Position: 11}
	}
	return Code{Provisional, text}, nil
}

func parseCare(text string) (Code, error) {
	if at := strings.IndexFunc(text[3:], isLetter); at >= 0 {
		return Code{}, &Error{Reason: WrongCharacter, Position: at + 4}
	}
	if text[:3] == "ENI" {
		return Code{ENI, text}, nil
	}
	return Code{STP, text}, nil
}

// Belfiore is the code of the birthplace, or empty if the code does not tell it.
func (c Code) Belfiore() string {
	if c.kind != Person {
		return ""
	}
	return c.Plain()[11:15]
}

// BirthDate is the day of birth and whether the code tells one. The code has only two digits of the year: of the
// possible days it is the last that is not after today, so for a person over a hundred years old it is a century late.
// Today counts where it is written, the day of birth is at midnight UTC.
func (c Code) BirthDate(today time.Time) (time.Time, bool) {
	if c.kind != Person {
		return time.Time{}, false
	}
	today = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)
	for century := today.Year() / 100 * 100; century >= 1800; century -= 100 {
		if birth, possible := c.birthIn(century); possible && !birth.After(today) {
			return birth, true
		}
	}
	return time.Time{}, false
}

// Kind tells which sort of code it is.
func (c Code) Kind() Kind { return c.kind }

// Matches compares a person's surname and given name with the six letters that the code makes of them. It is meant for
// a warning: a code made under an earlier name stays valid. Other kinds of codes match any name.
func (c Code) Matches(surname, name string) (surnameMatches, nameMatches bool) {
	if c.kind != Person {
		return true, true
	}
	return c.text[:3] == surnameLetters(surname), c.text[3:6] == nameLetters(name)
}

// Omocodia counts the letters that stand for digits, from none to seven.
func (c Code) Omocodia() int {
	count := 0
	for i := range digitPositions {
		if c.kind == Person && isLetter(rune(c.text[digitPositions[i]])) {
			count++
		}
	}
	return count
}

// Sex is Female or Male, or empty if the code does not tell it. A code tells the sex registered when it was issued.
func (c Code) Sex() string {
	switch {
	case c.kind != Person:
		return ""
	case c.Plain()[9] >= '4':
		return Female
	}
	return Male
}

// String is the code in capital letters without spaces.
func (c Code) String() string { return c.text }

// Plain is the code with the digits for which omocodia put letters; its last character is then no longer the check. Any code
// but a person's is itself.
func (c Code) Plain() string {
	if c.kind != Person {
		return c.text
	}
	plain := []byte(c.text)
	for i := range digitPositions {
		at := digitPositions[i]
		if digit := strings.IndexByte(omocodiaLetters, plain[at]); digit >= 0 {
			plain[at] = '0' + byte(digit)
		}
	}
	return string(plain)
}

// birthIn returns the day of birth if the year lies in the century that begins with the year given.
func (c Code) birthIn(century int) (time.Time, bool) {
	plain := c.Plain()
	year := century + number(plain[6:8])
	month := time.Month(strings.IndexByte(months, plain[8]) + 1)
	day := number(plain[9:11])
	if day > 40 {
		day -= 40
	}
	birth := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return birth, birth.Day() == day && birth.Month() == month
}

func number(twoDigits string) int { return int(twoDigits[0]-'0')*10 + int(twoDigits[1]-'0') }

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isLetter(r rune) bool { return 'A' <= r && r <= 'Z' }
