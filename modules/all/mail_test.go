package all_test

import (
	"strings"
	"testing"

	"staffetta/internal/language"
	"staffetta/modules/all"
)

// The outbox lists letters by their subjects and opens none: a subject is filled in with nothing.
func TestSubjectsAreFilledInWithNothing(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, m := range all.Modules() {
		if m.Messages == nil {
			continue
		}
		words, err := language.NewCatalogue(m.Messages)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range words.Keys() {
			if !strings.Contains(key, ".mail.") || !strings.HasSuffix(key, ".subject") {
				continue
			}
			seen++
			for _, lang := range []string{language.Italian, language.English} {
				if text := words.Say(lang, language.M(key)); text == "" || strings.Contains(text, "<no value>") || strings.Contains(text, "{{") {
					t.Errorf("%s (%s) says %q", key, lang, text)
				}
			}
		}
	}
	if seen < 8 {
		t.Errorf("only %d letters were found", seen)
	}
}
