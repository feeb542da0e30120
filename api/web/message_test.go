package web_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"staffetta/api/web"
)

var spokenKey = regexp.MustCompile(`(?:\bt |say\(|M\(|New\([a-zA-Z.]+, |Key: )"([a-z_.0-9]+)"`)

// TestKeysAndCatalogueMatch reads the sources: every key that is said is in the
// catalogue. That every key of it is said, internal/arch sees for all catalogues.
func TestKeysAndCatalogueMatch(t *testing.T) {
	catalogue, err := web.Catalogue(nil)
	must(t, err)
	var said strings.Builder
	for _, pattern := range []string{"*.go", "templates/host/*.html", "../../internal/problem/*.go", "../../internal/session/*.go", "../../policies/audit/*.go", "component/*.go", "../../modules/*.go"} {
		files, err := filepath.Glob(pattern)
		must(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			must(t, err)
			said.Write(text)
		}
	}
	for _, match := range spokenKey.FindAllStringSubmatch(said.String(), -1) {
		if key := match[1]; !strings.HasSuffix(key, ".") && !catalogue.Has(key) {
			t.Errorf("%s is said and not in the catalogue", key)
		}
	}
}
