package arch_test

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// speakers are the calls whose argument, counted from 0, is the key of a message.
var speakers = map[string]int{"M": 0, "Say": 1, "Add": 1, "New": 1}

// keyForm is what a key of the catalogue looks like; other strings in these calls are not keys.
var keyForm = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_]+)+$`)

// TestMessagesOfTheCodeExist finds keys that code names and no catalogue has: they would be shown as they are.
func TestMessagesOfTheCodeExist(t *testing.T) {
	all := repository(t)
	known := map[string]bool{}
	eachMessage(t, all, func(_, key string) { known[key] = true })
	found := 0
	for _, s := range all.goes {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			key, ok := spoken(n)
			if !ok {
				return true
			}
			found++
			if !known[key] {
				t.Errorf("%s: no catalogue has the message %q", all.at(n), key)
			}
			return true
		})
	}
	if found < 100 {
		t.Fatalf("only %d messages were found in the code", found)
	}
}

// eachMessage visits the keys of all catalogues, with the path of each.
func eachMessage(t *testing.T, all *tree, visit func(path, key string)) {
	t.Helper()
	for path, text := range all.texts {
		if !strings.Contains(path, "messages/") || !strings.HasSuffix(path, ".json") || strings.Contains(path, "testdata/") {
			continue
		}
		var messages map[string]any
		if err := json.Unmarshal([]byte(text), &messages); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for key := range messages {
			visit(path, key)
		}
	}
}

// spoken is the key that a call names as a literal.
func spoken(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", false
	}
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	at, speaks := speakers[name]
	if !speaks || at >= len(call.Args) {
		return "", false
	}
	literal, ok := call.Args[at].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	key, err := strconv.Unquote(literal.Value)
	return key, err == nil && keyForm.MatchString(key)
}
