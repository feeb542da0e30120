package arch_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// endings are what code puts behind a key that it names.
var endings = []string{".choice", ".subject", ".text", ".title", ".effect"}

// keyBegin is what the beginning of a key looks like to which code adds something that it knows only when it runs.
var keyBegin = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_]+)+[._]$`)

// keyed are keys, and beginnings of keys, in a template or a script.
var keyed = regexp.MustCompile(`[a-z]+(?:\.[a-z0-9_]+)+[._]?`)

// TestMessagesAreNamed finds messages that no code and no template names.
func TestMessagesAreNamed(t *testing.T) {
	all := repository(t)
	names, begins := map[string]bool{}, []string{}
	name := func(text string) {
		names[text] = true
		if keyBegin.MatchString(text) {
			begins = append(begins, text)
		}
	}
	for _, s := range all.goes {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if text, err := strconv.Unquote(literal.Value); err == nil {
					name(text)
				}
			}
			return true
		})
	}
	for path, text := range all.texts {
		if strings.HasSuffix(path, ".html") || strings.HasSuffix(path, ".mjs") || strings.HasSuffix(path, ".sql") || strings.Contains(path, "/schema/") {
			for _, key := range keyed.FindAllString(text, -1) {
				name(key)
			}
		}
	}
	found := 0
	eachMessage(t, all, func(path, key string) {
		found++
		if !isNamed(key, names, begins) {
			t.Errorf("%s: nothing names the message %q", path, key)
		}
	})
	if found < 1000 {
		t.Fatalf("only %d messages were found", found)
	}
}

// isNamed tells whether a key is named whole, by its beginning, or without one of the endings.
func isNamed(key string, names map[string]bool, begins []string) bool {
	for _, ending := range append([]string{""}, endings...) {
		if short, cut := strings.CutSuffix(key, ending); cut && names[short] {
			return true
		}
	}
	for _, begin := range begins {
		if strings.HasPrefix(key, begin) {
			return true
		}
	}
	return false
}
