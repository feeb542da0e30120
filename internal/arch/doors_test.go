package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// privileged are the calls that reach past one body, or say what a scope may read,
// with the packages that may make them. Tests are free.
var privileged = []struct {
	call     *regexp.Regexp
	packages []string
}{
	{regexp.MustCompile(`\.WithSections\(`), []string{"policies", "tenants", "cmd/staffetta/population", "cmd/staffetta/bench/yardstick"}},
	{regexp.MustCompile(`\b(DB|db|doors)\.Audit\(`), []string{"policies/audit"}},
	{regexp.MustCompile(`\b(DB|db|doors)\.Report\(`), []string{"onboarding/export", "onboarding/subject"}},
	{regexp.MustCompile(`\b(DB|db|doors)\.Worker\(`), []string{"internal/jobs"}},
	{regexp.MustCompile(`\b(DB|db|doors)\.Listen\(`), []string{"cmd/staffetta"}},
	{regexp.MustCompile(`\b(DB|db|doors)\.Platform\(`), []string{
		"api/web", "cmd/staffetta", "cmd/staffetta/population", "internal/jobs", "internal/session", "internal/testdb", "modules/post", "modules/steward/appointment", "onboarding/enrolment", "onboarding/entry", "policies", "tenants",
	}},
}

func TestPrivilegedCallsAreListed(t *testing.T) {
	root, used := filepath.Join("..", ".."), make([]int, len(privileged))
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if match, _ := filepath.Match("*.go", entry.Name()); !match || regexp.MustCompile(`_test\.go$`).MatchString(path) {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, filepath.Dir(path))
		for i, rule := range privileged {
			if !rule.call.Match(source) {
				continue
			}
			used[i]++
			if !slices.Contains(rule.packages, filepath.ToSlash(name)) {
				t.Errorf("%s calls %s: only %v may", path, rule.call, rule.packages)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range used {
		if n == 0 {
			t.Errorf("nothing calls %s: the rule looks for the wrong words", privileged[i].call)
		}
	}
}
