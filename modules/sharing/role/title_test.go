package role_test

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"staffetta/internal/language"
	"staffetta/modules/sharing/role"
	"staffetta/policies"
)

func TestTitlesOfRoles(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"Operatore del punto d'accesso", "Città: chi accoglie (1º livello)", "Référent – œuvres", "Größe & Co.", "Zuständige für «PUA»", "Sportello 3/B",
	} {
		if err := role.Entitle(language.Text{It: good}); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{
		"Аssistente", "Οperatore", "Operatοre", "\u200bOperatore", "Operatore\u202e", "Ｏperatore", "Оператор", "ℂoordina", "ǀperatore", "Operatoꞁe", "Operatore\n", "...", "Operatore\u00ad",
	} {
		if role.Entitle(language.Text{It: bad}) == nil || role.Entitle(language.Text{It: "Buono", En: bad}) == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

// lookalikes are what somebody may write for a letter so that a name looks the same.
var lookalikes = map[rune]string{
	'a': "аɑａáàäạA", 'c': "сϲｃçC", 'e': "еｅéẹE", 'i': "іｉíIl1ıÍ", 'o': "оοｏ0óọO", 'p': "рｐP", 's': "ѕｓS", 'l': "ⅼIı1ｌL", 'r': "гR", 't': "тT", 'm': "ⅿM", 'n': "ոN", 'd': "ԁD",
}

// However somebody writes the name of a role of the program so that it looks the same, it is refused, in either language.
func TestNoTitleLooksLikeARoleOfTheProgram(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		known := rapid.SampledFrom(policies.Roles).Draw(t, "role")
		name := rapid.SampledFrom([]string{known.Label.It, known.Label.En, known.ID}).Draw(t, "name")
		var title strings.Builder
		for _, r := range name {
			as := []rune(lookalikes[unicode.ToLower(r)] + string(r))
			title.WriteRune(as[rapid.IntRange(0, len(as)-1).Draw(t, "as")])
			title.WriteString(rapid.SampledFrom([]string{"", "", "", "", " ", "\u200b", "\u0323", ".", "\u00ad", "\u2060"}).Draw(t, "after"))
		}
		written := norm.NFC.String(title.String())
		if role.Entitle(language.Text{It: written}) == nil || role.Entitle(language.Text{It: "Chi accoglie", En: written}) == nil {
			t.Fatalf("%q passes as %q", written, name)
		}
	})
}
