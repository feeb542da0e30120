package registry

import (
	"strings"
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
