package offer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/share"
)

// maxAsks is how long that is which a receiver reads of a service request before it accepts.
const maxAsks = 300

// identifying finds what may identify somebody: fiscal codes, long numbers, addresses of mail.
var identifying = regexp.MustCompile(`(?i)[a-z]{6}\s?[0-9l-v]{2}\s?[a-z]\s?[0-9l-v]{2}\s?[a-z]\s?[0-9l-v]{3}\s?[a-z]|[0-9][0-9 ./-]{4,}[0-9]|@`)

// checkAsks sees that what a preview says of a service request names neither the person nor the case.
func (f Frame) checkAsks(fields *problem.Fields, o Offer) {
	if o.Asks == "" {
		return
	}
	if o.Kind != share.ServiceRequest {
		fields.Add("richiesta", "sharing.error.asks_kind")
	}
	fields.MaxLength("richiesta", o.Asks, maxAsks)
	said := wordsOf(o.Asks)
	named := slices.ContainsFunc(wordsOf(f.Access.Person.Surname+" "+f.Access.Person.Name), func(word string) bool { return slices.Contains(said, word) })
	if named || identifying.MatchString(o.Asks) || strings.Contains(o.Asks, f.Access.Number) {
		fields.Add("richiesta", "sharing.error.asks_name")
	}
}

// wordsOf lists the words of a text that are long enough to name somebody.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.DeleteFunc(words, func(word string) bool { return len([]rune(word)) < 3 })
}
