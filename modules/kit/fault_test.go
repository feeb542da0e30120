package kit

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var messageKey = regexp.MustCompile(`"(kit\.(?:answer|content|schema)\.[a-z_]+)"`)

func TestEveryMessageIsTranslatedAndUsed(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, name := range names {
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
		if catalogues()["it"][key] == "" || catalogues()["en"][key] == "" {
			t.Errorf("message %s is not in both catalogues", key)
		}
	}
	for key := range catalogues()["it"] {
		if messageKey.MatchString(`"`+key+`"`) && !used[key] {
			t.Errorf("message %s is never used", key)
		}
	}
}
