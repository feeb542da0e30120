package web_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"staffetta/api/web"
)

var (
	literalKey = regexp.MustCompile(`"(web\.[a-z_.0-9]*[a-z_.0-9])"`)
	spokenKey  = regexp.MustCompile(`(?:\bt |say\(|M\(|New\([a-zA-Z.]+, |Key: )"([a-z_.0-9]+)"`)
)

// TestKeysAndCatalogueMatch reads the sources: every key that is said is in the
// catalogue, and every key of the host's catalogue is said.
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
	var prefixes []string
	known := map[string]bool{"web.error.conflict": true, "web.sight.heading": true, "web.sight.nobody": true} // said by modules
	for _, match := range literalKey.FindAllStringSubmatch(said.String(), -1) {
		known[match[1]] = true
		if strings.HasSuffix(match[1], ".") {
			prefixes = append(prefixes, match[1])
		}
	}
	// Keys that are put together from a part and the name of a thing.
	prefixes = append(prefixes, "web.home.enter.", "web.home.practices.", "web.home.outbox.", "web.body.services.", "web.body.personal.", "web.body.signin.")
	raw, err := os.ReadFile("messages/host/it.json")
	must(t, err)
	for _, match := range regexp.MustCompile(`(?m)^  "([^"]+)":`).FindAllStringSubmatch(string(raw), -1) {
		used := known[match[1]]
		for _, prefix := range prefixes {
			used = used || strings.HasPrefix(match[1], prefix)
		}
		if !used {
			t.Errorf("%s is in the catalogue and never said", match[1])
		}
	}
}
