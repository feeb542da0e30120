package arch_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// home is the path of the Go module.
const home = "staffetta"

// source is a Go file of the repository.
type source struct {
	path  string // from the root, with slashes
	dir   string // its package's folder: "modules/kit", or "." for the root
	test  bool
	lines int
	file  *ast.File
}

// tree is everything that people wrote in the repository.
type tree struct {
	root  string
	files *token.FileSet
	goes  []source
	texts map[string]string // other text files by path
}

// skipped are folders that hold nothing written by people of the project.
var skipped = map[string]bool{".git": true, "node_modules": true, "dist": true, "data": true, "vendor": true}

// textual are the endings of the text files, besides Go, that are read.
var textual = map[string]bool{".sql": true, ".html": true, ".css": true, ".mjs": true, ".js": true, ".md": true, ".json": true, ".csv": true, ".yml": true, ".yaml": true, ".sh": true}

var sources = sync.OnceValues(readTree)

// repository reads the sources once for all tests.
func repository(t *testing.T) *tree {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatalf("read the sources: %v", err)
	}
	return all
}

func readTree() (*tree, error) {
	root, err := findRoot()
	if err != nil {
		return nil, err
	}
	all := &tree{root: root, files: token.NewFileSet(), texts: map[string]string{}}
	err = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if skipped[entry.Name()] {
				return fs.SkipDir
			}
			return nil
		}
		return all.add(name)
	})
	if err == nil && len(all.goes) < 50 {
		err = fmt.Errorf("only %d Go files below %s", len(all.goes), root)
	}
	return all, err
}

// findRoot goes up to the folder of go.mod.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod above the tests")
		}
		dir = filepath.Dir(dir)
	}
}

func (all *tree) add(name string) error {
	ending := filepath.Ext(name)
	if ending != ".go" && !textual[ending] {
		return nil
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	relative, err := filepath.Rel(all.root, name)
	if err != nil {
		return err
	}
	relative = filepath.ToSlash(relative)
	if ending != ".go" {
		all.texts[relative] = string(raw)
		return nil
	}
	file, err := parser.ParseFile(all.files, relative, raw, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	all.goes = append(all.goes, source{
		path: relative, dir: path.Dir(relative), test: strings.HasSuffix(relative, "_test.go"),
		lines: strings.Count(string(raw), "\n"), file: file,
	})
	return nil
}

// name is the file's name without its folder.
func (s source) name() string { return path.Base(s.path) }

// imports lists what the file imports.
func (s source) imports() []string {
	paths := make([]string, len(s.file.Imports))
	for i, spec := range s.file.Imports {
		paths[i], _ = strconv.Unquote(spec.Path.Value) // the parser has seen it
	}
	return paths
}

// module is the module that the file belongs to, or "".
func (s source) module() string {
	parts := strings.Split(s.dir, "/")
	if parts[0] != "modules" || len(parts) < 2 || parts[1] == "all" || parts[1] == "moduletest" {
		return ""
	}
	return parts[1]
}

// at tells where a node stands.
func (all *tree) at(node ast.Node) string {
	p := all.files.Position(node.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// span is how many lines a node covers.
func (all *tree) span(node ast.Node) int {
	return all.files.Position(node.End()).Line - all.files.Position(node.Pos()).Line + 1
}

// packages groups the files that are not tests by folder.
func (all *tree) packages() map[string][]source {
	byDir := map[string][]source{}
	for _, s := range all.goes {
		if !s.test {
			byDir[s.dir] = append(byDir[s.dir], s)
		}
	}
	return byDir
}

// literals calls visit for each string in the file.
func (s source) literals(visit func(lit *ast.BasicLit, value string)) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if value, err := strconv.Unquote(lit.Value); err == nil {
				visit(lit, value)
			}
		}
		return true
	})
}

// exceptions are what a rule lets pass, each with its reason.
type exceptions map[string]string

// judge reports each fault that no exception covers, and each exception without a fault.
// faults are keyed by what an exception names.
func (e exceptions) judge(t *testing.T, faults map[string]string) {
	t.Helper()
	for key, fault := range faults {
		if e[key] == "" {
			t.Errorf("%s: %s", key, fault)
		}
	}
	for key, reason := range e {
		if _, needed := faults[key]; !needed {
			t.Errorf("%s is excepted (%q) and nothing needs it: take the exception out", key, reason)
		}
		if len(reason) < 10 {
			t.Errorf("%s is excepted without a reason", key)
		}
	}
}
