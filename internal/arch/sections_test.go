package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// givesSections are the packages that may say which sections a scope reads: the
// rules, the scope itself, and what fills or measures a synthetic database.
var givesSections = map[string]bool{
	"policies": true, "tenants": true, "cmd/staffetta/population": true, "cmd/staffetta/bench/yardstick": true,
}

func TestOnlyTheRulesGiveSections(t *testing.T) {
	root, used := filepath.Join("..", ".."), 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(source), ".WithSections(") {
			return err
		}
		used++
		name, err := filepath.Rel(root, filepath.Dir(path))
		if err == nil && !givesSections[filepath.ToSlash(name)] {
			t.Errorf("%s gives sections to a scope: only policies.Engine.Confine may, other code narrows", path)
		}
		return err
	})
	if err != nil || used == 0 {
		t.Fatalf("read the sources: %d uses, %v", used, err)
	}
}
