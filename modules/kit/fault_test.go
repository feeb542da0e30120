package kit

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var messageKey = regexp.MustCompile(`"(kit\.(?:answer|content|schema)\.[a-z_]+)"`)

func catalogue(t *testing.T, lang string) map[string]string {
	t.Helper()
	raw, err := files.ReadFile("messages/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var read map[string]any
	if err := json.Unmarshal(raw, &read); err != nil {
		t.Fatal(err)
	}
	entries := map[string]string{}
	for key, value := range read {
		if forms, plural := value.(map[string]any); plural {
			value = forms["other"]
		}
		entries[key], _ = value.(string)
	}
	return entries
}

func TestEveryMessageIsTranslatedAndUsed(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	below, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, name := range slices.Concat(names, below) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range messageKey.FindAllStringSubmatch(string(source), -1) {
			used[match[1]] = true
		}
	}
	for key := range used {
		if catalogue(t, "it")[key] == "" || catalogue(t, "en")[key] == "" {
			t.Errorf("message %s is not in both catalogues", key)
		}
	}
	for key := range catalogue(t, "it") {
		if messageKey.MatchString(`"`+key+`"`) && !used[key] {
			t.Errorf("message %s is never used", key)
		}
	}
}

func TestMessagesSpeakBothLanguages(t *testing.T) {
	it, en := catalogue(t, "it"), catalogue(t, "en")
	for key, text := range it {
		if en[key] == "" || text == "" {
			t.Errorf("message %s lacks a translation", key)
		}
		if strings.Count(text, "{{.") != strings.Count(en[key], "{{.") {
			t.Errorf("message %s has other places in English", key)
		}
	}
}
