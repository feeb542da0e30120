package control

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"staffetta/tenants/register"
)

// OfMunicipality tells whether the host of an address can only be the municipality's own: comune.NAME.PROVINCE.it or
// pec.comune.NAME.it, whoever provides the mailbox. The registry of .it keeps such names for municipalities, while anybody may buy
// comuneNAME.it; and a name that others have as well, or that is the code of a province, says whose it is only with its province. A
// host that is none of these can be right, and somebody has to look at it.
func OfMunicipality(address string, m register.Municipality) bool {
	_, host, _ := strings.Cut(strings.ToLower(address), "@")
	labels := strings.Split(host, ".")
	last := len(labels) - 1
	if last < 1 || labels[last] != "it" {
		return false
	}
	labels = labels[:last]
	province := ""
	if strings.EqualFold(labels[len(labels)-1], m.Province) {
		province, labels = m.Province, labels[:len(labels)-1]
	}
	if len(labels) < 2 || !slices.Contains([]string{"comune", "gemeinde"}, labels[len(labels)-2]) {
		return false
	}
	own := labels[len(labels)-1]
	return slices.Contains(names(m), own) && !shared(own, province, m)
}

// HostOf is a host of certified mail that can only be the municipality's own, "" where none is.
func HostOf(m register.Municipality) string {
	for _, name := range names(m) {
		if host := "pec.comune." + name + "." + strings.ToLower(m.Province) + ".it"; OfMunicipality("protocollo@"+host, m) {
			return host
		}
	}
	return ""
}

// shared tells whether a label can mean another municipality too, or a province; with a province, one of that.
func shared(label, province string, m register.Municipality) bool {
	return slices.ContainsFunc(register.All(), func(other register.Municipality) bool {
		if province != "" && other.Province != province {
			return false
		}
		return province == "" && strings.EqualFold(other.Province, label) || other.Belfiore != m.Belfiore && slices.Contains(names(other), label)
	})
}

// names are the ways to write how a municipality is called as one label of a host.
func names(m register.Municipality) []string {
	return slices.Concat(spellings(m.Name), spellings(m.OtherName))
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
