// Package personal finds in the texts of a kit what may tell who a person is, so that nothing of it leaves a body unseen.
// It looks at texts alone: which names and addresses are those of registered persons it cannot know, and only says where
// one could stand. It must not know databases, bodies or kinds.
//
// Twelve rules, each with what makes its form:
//
//	fiscal_code  the sixteen characters of a person, with letters for digits (omocodia) too: D.P.R. 605/1973, D.M. 23-12-1976
//	tax_number   eleven digits: provisional tax code (D.M. 23-12-1976 art. 5) and VAT number (D.P.R. 633/1972 art. 35)
//	iban         bank account: ISO 13616
//	card         payment card: ISO/IEC 7812, with its last digit
//	email        e-mail address: RFC 5321 and 6531, and its forms with (at)
//	phone        telephone, mobile and of a house, Italian or with the prefix of a country: ITU-T E.164, AGCOM 8/15/CIR
//	plate        number plate of cars and motorcycles since 1994: D.Lgs. 285/1992 art. 100, D.P.R. 495/1992 art. 257
//	document     identity card (D.M. 23-12-2015 and before), passport (L. 1185/1967), driving licence (D.Lgs. 285/1992
//	             art. 116), residence permit (Reg. (CE) 1030/2002)
//	health_card  number of the European health insurance card (Decision S2 of 12-6-2009), STP and ENI codes (D.P.R. 394/1999 art. 43)
//	birth_date   a day beside the word of a birth, or beside the name of a person
//	name         surname and name of a person of the body's own registry (package release asks it)
//	address      address of a person of the body's own registry (package release asks it)
package personal

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The rules by which a text tells who a person is.
const (
	FiscalCode = "fiscal_code"
	TaxNumber  = "tax_number"
	IBAN       = "iban"
	Card       = "card"
	Email      = "email"
	Phone      = "phone"
	Plate      = "plate"
	Document   = "document"
	HealthCard = "health_card"
	BirthDate  = "birth_date"
	Name       = "name"
	Address    = "address"
)

// Match is something in a text that may tell who a person is.
type Match struct {
	Rule string
	Text string // as it stands there, with plain spaces and dashes
}

// Find looks for everything in a text that needs no registry to be found, in the order of the rules. What one rule has
// found, no other one finds again.
func Find(text string) []Match {
	rest := []byte(Plain(text))
	numbered, apart := bytes.ContainsAny(rest, "0123456789"), false
	var found []Match
	for _, r := range rules {
		if !apart && r.name != Email {
			rest, apart = bytes.ReplaceAll(rest, []byte("_"), []byte(" ")), true // keys are words too
		}
		if !numbered && r.name != FiscalCode && r.name != Email {
			continue // all others have digits
		}
		for _, span := range r.spans(string(rest)) {
			found = append(found, Match{r.name, strings.TrimSpace(string(rest[span[0]:span[1]]))})
			for at := span[0]; at < span[1]; at++ {
				rest[at] = taken
			}
		}
	}
	return found
}

// taken stands where a rule has found something: no pattern goes across it.
const taken = 0x01

// Rules lists the rules by which a text may tell who a person is, without those that ask the registry.
func Rules(text string) []string {
	var names []string
	for _, match := range Find(text) {
		if !slices.Contains(names, match.Rule) {
			names = append(names, match.Rule)
		}
	}
	return names
}

// Plain is a text with the characters that people can type: every kind of space is one, every kind of dash is a hyphen,
// wide digits are digits, and what cannot be seen is not there. Somebody who copies from a document hides nothing by it.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return r
		case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
			return ' '
		case unicode.Is(unicode.Pd, r) || r == '−':
			return '-'
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
			return -1
		}
		return r
	}, norm.NFKC.String(text))
}
