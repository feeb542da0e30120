package language_test

import (
	"testing"
	"testing/fstest"

	"staffetta/internal/language"
)

// A wording that does not change with the number is said of one too.
func TestANumberWithoutPluralForms(t *testing.T) {
	file := &fstest.MapFile{Data: []byte(`{"same": "Registrazioni: {{.n}}", "forms": {"one": "una", "other": "{{.n}} altre"}}`)}
	c, err := language.NewCatalogue(fstest.MapFS{"it.json": file, "en.json": file})
	if err != nil {
		t.Fatal(err)
	}
	for want, m := range map[string]language.Message{
		"Registrazioni: 1": language.M("same", "n", 1), "Registrazioni: 2": language.M("same", "n", 2), "una": language.M("forms", "n", 1), "«none»": language.M("none", "n", 1),
	} {
		for _, lang := range []string{language.Italian, language.English} {
			if got := c.Say(lang, m); got != want {
				t.Errorf("%s: %q, want %q", lang, got, want)
			}
		}
	}
}
