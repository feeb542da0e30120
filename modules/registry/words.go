package registry

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// namePair is a way to read some words as surname and name; each is the beginning of a key.
type namePair struct{ surname, name string }

// words is a search text understood: the beginning of a code, days of birth, and names in either order. What is empty
// asks nothing.
type words struct {
	code     string
	from, to time.Time // the days of birth, both zero for any
	pairs    []namePair
}

// maxWords bounds how many words of a search are told apart; more are joined to the last one.
const maxWords = 5

var (
	// codePrefix matches what can only be the beginning of a tax code: names have no digits.
	codePrefix = regexp.MustCompile(`^[A-Z0-9]*[0-9][A-Z0-9]*$`)
	// codeShape matches the beginning of a code whose parts may stand apart, unlike a name and a year.
	codeShape = regexp.MustCompile(`^(?:[A-Z]{6}[0-9][0-9L-NP-V]?(?:[A-EHLMPRST][0-9A-Z]{0,7})?|[0-9]+|(?:STP|ENI)[0-9]+)$`)
	// dayWord matches a day as people write it: 3/4/1985, 03.04.1985, 1985-04-03.
	dayWord = regexp.MustCompile(`^(?:(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{2})-(\d{2}))$`)
	// yearWord matches a year of birth.
	yearWord = regexp.MustCompile(`^(?:19|20)\d\d$`)
)

// readWords understands a search text: a code, which may be written in parts, or names with a day or a year of birth or
// a code among them.
func readWords(text string) words {
	fields := strings.Fields(strings.ToValidUTF8(text, ""))
	code := strings.ToUpper(strings.Join(fields, ""))
	if len(code) <= 16 && (len(fields) == 1 && codePrefix.MatchString(code) || codeShape.MatchString(code)) {
		return words{code: code}
	}
	var found words
	var names []string
	for _, field := range fields {
		if !found.read(field) {
			names = append(names, field)
		}
	}
	found.pairs = readNames(names)
	return found
}

// read takes a word that is a day, a year or a code; it reports false for a name.
func (w *words) read(word string) bool {
	upper := strings.ToUpper(word)
	switch {
	case dayWord.MatchString(word):
		day, err := time.Parse("2006-1-2", isoWord(word))
		if err != nil {
			return false
		}
		w.from, w.to = day, day
	case yearWord.MatchString(word):
		year, _ := strconv.Atoi(word) // four digits
		w.from, w.to = time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC), time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC)
	case codePrefix.MatchString(upper) && len(upper) <= 16:
		w.code = upper
	default:
		return false
	}
	return true
}

func isoWord(word string) string {
	part := dayWord.FindStringSubmatch(word)
	if part[4] != "" {
		return word
	}
	return part[3] + "-" + part[2] + "-" + part[1]
}

// readNames are the ways to read words as surname and name: all of them as one, and cut in two at each place.
func readNames(names []string) []namePair {
	var keys []string
	for _, name := range names {
		if key := Key(name); key != "" {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		keys = []string{nameKey(strings.Join(names, ""))}
	}
	if keys[0] == "" {
		return nil
	}
	if len(keys) > maxWords {
		keys = append(keys[:maxWords-1], strings.Join(keys[maxWords-1:], ""))
	}
	all := strings.Join(keys, "")
	pairs := []namePair{{all, ""}, {"", all}}
	for i := 1; i < len(keys); i++ {
		first, rest := strings.Join(keys[:i], ""), strings.Join(keys[i:], "")
		pairs = append(pairs, namePair{first, rest}, namePair{rest, first})
	}
	return pairs
}
