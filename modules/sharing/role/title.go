package role

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/policies"
)

// Entitle refuses a title by which people would give another role than they mean: one that is written, at a glance, like a role
// of the program, and one of letters that only look like those of Italian. A title has Latin letters, accented or not, digits
// and the marks of a plain text.
func Entitle(title language.Text) error {
	var wrong problem.Fields
	for _, name := range []string{title.It, title.En} {
		if at := strings.IndexFunc(norm.NFD.String(name), func(r rune) bool { return !written(r) }); at >= 0 {
			r := []rune(norm.NFD.String(name)[at:])[0]
			wrong.Add("title", "sharing.error.role_letters", "char", string(r))
			return wrong.Err()
		}
		if name != "" && plain(name) == "" {
			wrong.Add("title", "sharing.error.role_nameless")
			return wrong.Err()
		}
	}
	names := Called(title)
	for _, known := range policies.Roles {
		for _, taken := range []string{known.ID, known.Label.It, known.Label.En} {
			if slices.Contains(names, plain(taken)) {
				wrong.Add("title", "sharing.error.role_title", "title", taken)
				return wrong.Err()
			}
		}
	}
	return nil
}

// Called are the names of a role as people see them at a glance: of the roles of a body, no two have one in common.
func Called(title language.Text) []string {
	var names []string
	for _, name := range []string{plain(title.It), plain(title.En)} {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// written tells the characters of a title, decomposed: Italian, and what the other languages of Italy's public bodies need.
func written(r rune) bool {
	switch {
	case r <= unicode.MaxASCII:
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(` '".,:;()/&+-`, r)
	case r >= 0x300 && r <= 0x36f: // accents, after their letter
		return true
	}
	return strings.ContainsRune("ßæœÆŒ’‘“”«»–—ªº°·", r)
}

// alike are characters that people take for each other, as one of them.
var alike = strings.NewReplacer("1", "l", "i", "l", "0", "o", "rn", "m", "vv", "w", "ß", "ss", "æ", "ae", "œ", "oe")

// plain is a name as people see it at a glance: without case, accents and the spaces between, and with one character for those
// that look the same.
func plain(name string) string {
	return alike.Replace(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKD.String(name)))
}
