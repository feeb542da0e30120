package control

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"staffetta/tenants/register"
)

// OfMunicipality tells whether the host of an address looks like the municipality's own, as comune.NAME.PROVINCE.it,
// pec.comune.NAME.it or comuneNAME.it: names that everybody can read there, whoever provides the mailbox. A host that does not
// look so can be right, and somebody has to look at it.
func OfMunicipality(address string, m register.Municipality) bool {
	_, host, _ := strings.Cut(strings.ToLower(address), "@")
	labels := strings.Split(host, ".")
	last := len(labels) - 1
	if last < 1 || labels[last] != "it" {
		return false
	}
	labels = labels[:last]
	if labels[len(labels)-1] == strings.ToLower(m.Province) {
		labels = labels[:len(labels)-1]
	}
	if len(labels) == 0 {
		return false
	}
	names := slices.Concat(spellings(m.Name), spellings(m.OtherName))
	own := labels[len(labels)-1]
	if slices.Contains(names, own) {
		return len(labels) > 1 && (labels[len(labels)-2] == "comune" || labels[len(labels)-2] == "gemeinde")
	}
	for _, before := range []string{"comune", "comunedi", "comune-", "comune-di-", "gemeinde", "gemeinde-"} {
		if name, cut := strings.CutPrefix(own, before); cut && slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// spellings are the ways to write a name as one label of a host.
func spellings(name string) []string {
	if name == "" {
		return nil
	}
	words := strings.FieldsFunc(strings.Map(plain, norm.NFD.String(strings.ToLower(name))), func(r rune) bool { return r == ' ' })
	return []string{strings.Join(words, ""), strings.Join(words, "-")}
}

// plain leaves letters and digits, drops accents, and parts words at everything else.
func plain(r rune) rune {
	switch {
	case unicode.Is(unicode.Mn, r):
		return -1
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return r
	}
	return ' '
}
