package onboarding_test

import (
	"strings"
	"testing"

	"staffetta/internal/language"
	"staffetta/onboarding"
)

// The outbox lists letters by their subjects and opens none: a subject is filled in with nothing.
func TestSubjectsAreFilledInWithNothing(t *testing.T) {
	t.Parallel()
	words, err := language.NewCatalogue(onboarding.Module().Messages)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
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
	if seen < 5 {
		t.Errorf("only %d letters were found", seen)
	}
}
