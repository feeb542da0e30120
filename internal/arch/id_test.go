package arch_test

import (
	"go/ast"
	"path"
	"strings"
	"testing"
)

// TestIDsAreReadInOneWay finds pages and operations that read an id themselves: modules.ParseID, KnownID, PathID, LinkID and FormID
// say what is none, and what that means.
func TestIDsAreReadInOneWay(t *testing.T) {
	all := repository(t)
	for _, s := range all.goes {
		name := path.Base(s.path)
		if s.test || s.dir == "modules" || !strings.HasPrefix(name, "pages") && !strings.HasPrefix(name, "operations") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok && call.Sel.Name == "Parse" {
				if from, ok := call.X.(*ast.Ident); ok && from.Name == "uuid" {
					t.Errorf("%s: an id is read by hand", all.at(n))
				}
			}
			return true
		})
	}
}
