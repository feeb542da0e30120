package language

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hidden is a character of a text that nobody sees: its code point, as U+200B, and the few characters before it.
type Hidden struct{ Char, After string }

// Unseen finds the first character of a text that nobody sees, or that turns the order in which the others are read: controls,
// format characters (zero-width ones, marks of direction, tags), line and paragraph separators and the fillers of Unicode that
// show nothing. With them two texts that look the same are two, and a text says to people what it does not say to the program.
// With lines, a text may break lines and hold tabs; and soft hyphens, which word processors leave in long texts and which only
// say where a word may be parted.
func Unseen(text string, lines bool) (Hidden, bool) {
	at := strings.IndexFunc(text, func(r rune) bool {
		if lines && strings.ContainsRune("\n\r\t\u00ad", r) {
			return false
		}
		return r < ' ' || r > '~' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
	})
	if at < 0 {
		return Hidden{}, false
	}
	r, _ := utf8.DecodeRuneInString(text[at:])
	before := []rune(text[:at])
	return Hidden{fmt.Sprintf("%U", r), string(before[max(0, len(before)-shownBefore):])}, true
}

// shownBefore is how many characters before one that nobody sees tell where it is.
const shownBefore = 24
