package registry

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// keyEnd is greater than every continuation of a key, so that [key, key+keyEnd) is the range of a prefix.
const keyEnd = "\U0010FFFF"

// foldedLetters are letters that have no accent to take away.
var foldedLetters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// Key reduces a name to what people type in the same way: small letters and digits without accents, spaces and
// punctuation. "D’Aloìa" and "d aloia" have the same key.
func Key(name string) string {
	var b strings.Builder
	for _, r := range foldedLetters.Replace(norm.NFD.String(strings.ToLower(name))) {
		if r != unicode.ReplacementChar && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// nameKey is the key of a name, or the name itself where it has no letter at all.
func nameKey(name string) string {
	if key := Key(name); key != "" {
		return key
	}
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, name))
}

// codePrefix matches what can only be the beginning of a tax code: names have no digits.
var codePrefix = regexp.MustCompile(`^[A-Z0-9]*[0-9][A-Z0-9]*$`)

// namePair is a way to read some words as surname and name; each is the beginning of a key.
type namePair struct{ surname, name string }

// words is a search text understood: the beginning of a code, or names in either order.
type words struct {
	code  string
	pairs []namePair
}

// maxWords bounds how many words of a search are told apart; more are joined to the last one.
const maxWords = 5

func readWords(text string) words {
	if code := strings.ToUpper(strings.Join(strings.Fields(text), "")); codePrefix.MatchString(code) && len(code) <= 16 {
		return words{code: code}
	}
	var keys []string
	for _, field := range strings.Fields(text) {
		if key := Key(field); key != "" {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		keys = []string{nameKey(strings.ToValidUTF8(text, ""))}
	}
	if keys[0] == "" {
		return words{}
	}
	if len(keys) > maxWords {
		keys = append(keys[:maxWords-1], strings.Join(keys[maxWords-1:], ""))
	}
	all := strings.Join(keys, "")
	found := words{pairs: []namePair{{all, ""}, {"", all}}}
	for i := 1; i < len(keys); i++ {
		first, rest := strings.Join(keys[:i], ""), strings.Join(keys[i:], "")
		found.pairs = append(found.pairs, namePair{first, rest}, namePair{rest, first})
	}
	return found
}

// rome is where days begin and end.
var rome = loadRome()

func loadRome() *time.Location {
	location, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return time.FixedZone("CET", 60*60) // without a zone database a day is at most an hour off
	}
	return location
}

// today is the day in Italy, as midnight UTC.
func today() time.Time {
	now := time.Now().In(rome)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}
