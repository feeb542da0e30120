package arch_test

import (
	"regexp"
	"strings"
	"testing"
)

// A list of .golangci.yml takes something away, unless its key is enable; each entry says why in its own line.
var (
	listed   = regexp.MustCompile(`^\s*- `)
	reasoned = regexp.MustCompile(`^\s*- .* # \w.{4}`)
)

func TestLintersAreSilencedWithAReason(t *testing.T) {
	key, silenced := "", 0
	for n, line := range strings.Split(repository(t).texts[".golangci.yml"], "\n") {
		if !listed.MatchString(line) {
			if k, _, found := strings.Cut(strings.TrimSpace(line), ":"); found {
				key = k
			}
			continue
		}
		if key == "enable" {
			continue
		}
		silenced++
		if !reasoned.MatchString(line) {
			t.Errorf(".golangci.yml:%d: %q has no reason in its line", n+1, strings.TrimSpace(line))
		}
	}
	if silenced < 20 {
		t.Errorf(".golangci.yml silences %d things: the test looks for the wrong form", silenced)
	}
}
