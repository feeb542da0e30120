package personal

import (
	"math/big"
	"regexp"
	"strings"

	"staffetta/tenants/taxcode"
)

// rule finds one kind of thing. Its group 1, where it has one, is the thing itself.
type rule struct {
	name    string
	pattern *regexp.Regexp
	// real gives the length of what the matched text really is from its start, 0 for nothing; nil takes all of it.
	real func(match string) int
}

// rules go from what is surest to what is least so.
var rules = []rule{
	{Email, regexp.MustCompile(`[\p{L}\p{N}._%+'-]+@(?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]+`), nil},
	{Email, regexp.MustCompile(`(?i)[\p{L}\p{N}._%+-]+ ?[\[(] ?(?:at|chiocciola) ?[\])] ?(?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]+`), nil},
	{IBAN, regexp.MustCompile(`(?i)\b[A-Z]{2}[0-9]{2}(?:[\s-]?[A-Z0-9]){11,30}\b`), ibanLength},
	// Omocodia writes letters L-V in the place of digits; taxcode knows them and checks the last letter.
	{
		FiscalCode,
		regexp.MustCompile(`(?i)\b[A-Z]{3}[\s.-]?[A-Z]{3}[\s.-]?[0-9L-V]{2}[\s.-]?[A-EHLMPRST][\s.-]?[0-9L-V]{2}[\s.-]?[A-Z][\s.-]?[0-9L-V]{3}[\s.-]?[A-Z]\b`),
		whole(isFiscalCode),
	},
	{HealthCard, regexp.MustCompile(`(?i)\b(?:8[\s-]?0[\s-]?3[\s-]?8[\s-]?0(?:[\s-]?[0-9]){15}|(?:STP|ENI)(?:[\s-]?[0-9]){13})\b`), nil},
	{Card, regexp.MustCompile(`\b[2-6][0-9]{3}(?:[ -]?[0-9]){9,15}\b`), cardLength},
	{TaxNumber, regexp.MustCompile(`(?i)\b(?:IT[ -]?)?([0-9]{11})\b`), whole(isTaxNumber)},
	{Document, regexp.MustCompile(`\b(?:C[A-Z][ -]?[0-9]{5}[ -]?[A-Z]{2}|[A-Z]{2}[ -]?(?:n\. ?|N\. ?)?[0-9]{7}[A-Z]?|U1[0-9A-Z]{7}[A-Z]|I[0-9]{8})\b`), nil},
	{Document, regexp.MustCompile(`\b(?:c[a-z][0-9]{5}[a-z]{2}|[a-z]{2}[0-9]{7}[a-z]?|u1[0-9a-z]{7}[a-z])\b`), nil},
	{Plate, regexp.MustCompile(`\b(?:[A-HJ-NPR-TV-Z]{2}[ -]?[0-9]{3}[ -]?[A-HJ-NPR-TV-Z]{2}|[A-HJ-NPR-TV-Z]{2}[0-9]{5})\b`), nil},
	{Plate, regexp.MustCompile(`\b(?:[a-hj-npr-tv-z]{2}[0-9]{3}[a-hj-npr-tv-z]{2})\b`), nil},
	{BirthDate, afterBirth, whole(isBirth)},
	{BirthDate, besideName, whole(hasGivenName)},
	{BirthDate, beforeName, whole(hasGivenName)},
	{Phone, regexp.MustCompile(`(?:^|[^\p{L}\p{N}+])(\+ ?[1-9](?:[\s./()-]{0,2}[0-9]){7,14})(?:[^0-9]|$)`), whole(isForeignPhone)},
	{Phone, regexp.MustCompile(`(?:^|[^\p{L}\p{N}])(\(?(?:(?:\+|00)39\)?[\s./-]{0,2})?\(?(?:3[0-9]{2}|0[1-9][0-9]{0,3})\)?(?:[\s./-]{0,3}[0-9]{2,}){1,5})`), phoneLength},
}

// spans are the places where the rule finds something, that do not lie over each other.
func (r rule) spans(text string) [][2]int {
	var found [][2]int
	for at := 0; at < len(text); {
		m := r.pattern.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		start, end := at+m[0], at+m[1]
		if len(m) > 3 && m[2] >= 0 {
			start, end = at+m[2], at+m[3]
		}
		if r.real != nil {
			end = start + r.real(text[start:end])
		}
		if end > start && (end == len(text) || !inWord(text[end])) {
			found = append(found, [2]int{start, end})
			at = end
			continue
		}
		at = max(at+m[0]+1, start+1) // it may begin a little later
		for at < len(text) && inWord(text[at-1]) && inWord(text[at]) {
			at++ // not in the middle of a word
		}
	}
	return found
}

func inWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80
}

// whole takes all of a match or nothing of it.
func whole(is func(string) bool) func(string) int {
	return func(match string) int {
		if is(match) {
			return len(match)
		}
		return 0
	}
}

// endsHere tells whether a word of a text ends at a place.
func endsHere(text string, at int) bool {
	return inWord(text[at-1]) && (at == len(text) || !inWord(text[at]))
}

// digits are those of a text.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

// joined is a text without what people put between the groups of a code.
func joined(text string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n.-", r) {
			return -1
		}
		return r
	}, text))
}

// isFiscalCode takes a code whose last letter is right, and one with most of its digits in which somebody mistyped it.
// Without digits, or written in pieces, common words can look like one.
func isFiscalCode(match string) bool {
	code := joined(match)
	if _, err := taxcode.Parse(code); err == nil {
		return len(match) == len(code) || len(digits(code)) >= 2
	}
	return len(digits(code)) >= 5
}

// isTaxNumber checks the last digit; eleven zeros belong to nobody.
func isTaxNumber(match string) bool {
	_, err := taxcode.Parse(match)
	return err == nil
}

// ibanLengths are the lengths of an IBAN by country (registry of ISO 13616): of the payment area and of countries near it.
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "EG": 29,
	"ES": 24, "FI": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20,
	"LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SA": 24,
	"SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "XK": 20,
}

// ibanLength finds where an IBAN ends: its country tells how long it is. An Italian one of the right form is taken with
// wrong digits at its head too.
func ibanLength(match string) int {
	long := ibanLengths[strings.ToUpper(match[:2])]
	for end, have := 0, 0; end < len(match) && long > 0; end++ {
		if inWord(match[end]) {
			have++
		}
		if have < long {
			continue
		}
		if code := joined(match[:end+1]); isIBAN(code) || italianForm.MatchString(code) {
			return end + 1
		}
		return 0
	}
	return 0
}

var italianForm = regexp.MustCompile(`^IT[0-9]{2}[A-Z][0-9]{10}[0-9A-Z]{12}$`)

// isIBAN checks the two digits of an IBAN (ISO 13616, modulo 97).
func isIBAN(code string) bool {
	var number strings.Builder
	for _, r := range code[4:] + code[:4] {
		if r >= 'A' {
			number.WriteByte(byte('0' + (r-'A'+10)/10))
			r = '0' + (r-'A'+10)%10
		}
		number.WriteRune(r)
	}
	n, ok := new(big.Int).SetString(number.String(), 10)
	return ok && new(big.Int).Mod(n, big.NewInt(97)).Int64() == 1
}

// cardLength finds where the number of a card ends, before other numbers.
func cardLength(match string) int {
	for end := len(match); end > 0; end-- {
		if endsHere(match, end) && isCard(digits(match[:end])) {
			return end
		}
	}
	return 0
}

// isCard checks the last digit of a card's number (ISO/IEC 7812-1, annex B).
func isCard(number string) bool {
	sum := 0
	for i := range len(number) {
		value := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			value = value*2/10 + value*2%10
		}
		sum += value
	}
	return len(number) >= 13 && len(number) <= 19 && sum%10 == 0 && strings.Trim(number, number[:1]) != ""
}

var (
	dayFirst = regexp.MustCompile(`^[0-9]{2}[./-][0-9]{2}[./-][0-9]{2}`)
	amount   = regexp.MustCompile(`^[0-9]{3}(\.[0-9]{3})+$`)
)

// phoneLength finds where an Italian number ends: nine to eleven digits without the prefix of the country, no day and no
// amount of money.
func phoneLength(match string) int {
	plain := strings.TrimLeft(match, "( ")
	country := strings.HasPrefix(plain, "+39") || strings.HasPrefix(plain, "0039")
	if dayFirst.MatchString(plain) || amount.MatchString(plain) {
		return 0
	}
	for end := len(match); end > 0; end-- {
		if !endsHere(match, end) {
			continue
		}
		n := digits(match[:end])
		if country {
			n = strings.TrimPrefix(strings.TrimPrefix(n, "00"), "39")
		}
		switch {
		case len(n) < 9:
			return 0
		case len(n) <= 11:
			return end
		}
	}
	return 0
}

// isForeignPhone takes a number with the prefix of a country: up to fifteen digits (ITU-T E.164).
func isForeignPhone(match string) bool {
	n := digits(match)
	return len(n) >= 9 && len(n) <= 15
}
