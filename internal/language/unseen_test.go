package language_test

import (
	"testing"
	"unicode"

	"staffetta/internal/language"
)

func TestUnseen(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct{ title, lines string }{
		"Assistente sociale":          {},
		"Perché no? È così: «sì» 10€": {},
		"due\nrighe":                  {title: "U+000A"},
		"due\r\nrighe e\tun tab":      {title: "U+000D"},
		"accom\u00adpagnamento":       {title: "U+00AD"},
		"Assi\u200bstente":            {"U+200B", "U+200B"},
		"\u202eelaicos etnetsissA":    {"U+202E", "U+202E"},
		"\u2066isolato\u2069":         {"U+2066", "U+2066"},
		"\ufeffcon il segno in testa": {"U+FEFF", "U+FEFF"},
		"un\u2028altra":               {"U+2028", "U+2028"},
		"vuoto \u3164":                {"U+3164", "U+3164"},
		"campanello \a":               {"U+0007", "U+0007"},
		"cancellato \x7f":             {"U+007F", "U+007F"},
		"nullo \x00":                  {"U+0000", "U+0000"},
	} {
		if got, found := language.Unseen(text, false); got.Char != want.title || found != (want.title != "") {
			t.Errorf("a title %q: %+v %t", text, got, found)
		}
		if got, found := language.Unseen(text, true); got.Char != want.lines || found != (want.lines != "") {
			t.Errorf("lines %q: %+v %t", text, got, found)
		}
	}
	if got, _ := language.Unseen("il responsabile del pun\u200bto", true); got.After != "il responsabile del pun" {
		t.Errorf("it stands after %q", got.After)
	}
}

// Of all characters of Unicode, none of format passes but what lines may have, and none that is drawn is refused.
func TestUnseenOfAllCharacters(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r <= 0xdfff {
			continue // no characters
		}
		_, title := language.Unseen(string(r), false)
		_, lines := language.Unseen(string(r), true)
		format := unicode.In(r, unicode.Cc, unicode.Cf)
		switch {
		case format && !title, format && !lines && r != '\n' && r != '\r' && r != '\t' && r != '\u00ad':
			t.Errorf("%U passes", r)
		case (title || lines) && unicode.IsGraphic(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
			t.Errorf("%U is refused", r)
		}
	}
}
