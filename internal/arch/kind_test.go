package arch_test

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// engine are the packages that carry items of any kind from body to body.
var engine = []string{
	"modules/practice/archive", "modules/practice/back", "modules/practice/campaign", "modules/practice/clash", "modules/practice/dryrun",
	"modules/practice/exchange", "modules/practice/ledger", "modules/practice/news", "modules/practice/release", "modules/practice/upgrade",
	"internal/merge", "cmd/staffetta/terminal",
}

// kindExceptions are files of the engine that name a kind.
var kindExceptions = exceptions{
	"modules/practice/upgrade/waiting.go": "services wait for the start of an adoption before citizens see them",
	"modules/practice/upgrade/store.go":   "finds the services that wait",
}

// TestTheEngineNamesNoKind keeps what publishes, carries, compares, applies and undoes kits from knowing a kind: a kind joins with its
// module alone.
func TestTheEngineNamesNoKind(t *testing.T) {
	all := repository(t)
	seen, faults := map[string]bool{}, map[string]string{}
	for _, s := range all.goes {
		dir := path.Dir(s.path)
		if s.test || !slices.Contains(engine, dir) {
			continue
		}
		seen[dir] = true
		ast.Inspect(s.file, func(n ast.Node) bool {
			selected, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if of, ok := selected.X.(*ast.Ident); ok && of.Name == "kit" && strings.HasPrefix(selected.Sel.Name, "Kind") && selected.Sel.Name != "Kinds" {
				faults[s.path] = "names the kind " + selected.Sel.Name + ": " + all.at(selected)
			}
			return true
		})
	}
	for _, dir := range engine {
		if !seen[dir] {
			t.Errorf("%s is not there", dir)
		}
	}
	kindExceptions.judge(t, faults)
}
