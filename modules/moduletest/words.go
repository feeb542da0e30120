package moduletest

import (
	"html/template"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template/parse"

	"staffetta/internal/language"
	"staffetta/modules"
)

// words are the messages and templates that a module finds in the program.
type words struct {
	own  *language.Catalogue
	keys map[string]bool
	host *template.Template // the shared templates of api/web, and those of the modules that it requires
}

// Messages are those of modules, as the program has them.
func Messages(t testing.TB, list ...modules.Module) *language.Catalogue {
	t.Helper()
	var sources []fs.FS
	for _, m := range list {
		sources = append(sources, m.Messages)
	}
	all, err := language.NewCatalogue(sources...)
	must(t, err)
	return all
}

func newWords(t *testing.T, m modules.Module, others []modules.Module) *words {
	t.Helper()
	host := hostFolder(t)
	w := &words{keys: map[string]bool{}, host: template.New("").Funcs(functions())}
	if m.Messages != nil {
		own, err := language.NewCatalogue(m.Messages)
		if err != nil {
			t.Fatalf("read the messages: %v", err)
		}
		w.own = own
		w.add(own)
	}
	for _, other := range others {
		if slices.Contains(m.Requires, other.ID) && other.Templates != nil {
			if err := parseAll(w.host, other.Templates); err != nil {
				t.Fatalf("parse the templates of %s: %v", other.ID, err)
			}
		}
		if other.Messages == nil {
			continue
		}
		catalogue, err := language.NewCatalogue(other.Messages)
		if err != nil {
			t.Fatalf("read the messages of %s: %v", other.ID, err)
		}
		w.add(catalogue)
	}
	for _, dir := range []string{"messages", "messages/host"} {
		catalogue, err := language.NewCatalogue(os.DirFS(filepath.Join(host, dir)))
		if err != nil {
			t.Fatalf("read the messages of the host: %v", err)
		}
		w.add(catalogue)
	}
	if err := parseAll(w.host, os.DirFS(filepath.Join(host, "templates"))); err != nil {
		t.Fatalf("parse the templates of the host: %v", err)
	}
	return w
}

func (w *words) add(c *language.Catalogue) {
	for _, key := range c.Keys() {
		w.keys[key] = true
	}
}

// hostFolder is api/web, found from the folder in which a test runs.
func hostFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "api", "web")
		}
	}
	t.Fatal("no go.mod above the test")
	return ""
}

// functions are the names that the host lends to templates; a template is parsed here and not rendered.
func functions() template.FuncMap {
	all := template.FuncMap{}
	for _, name := range []string{"t", "say", "in", "lang", "url", "kept", "asset", "icon", "date", "datetime", "number"} {
		all[name] = func(...any) string { return "" }
	}
	return all
}

func parseAll(into *template.Template, files fs.FS) error {
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		_, err = into.New("file " + name).Parse(string(text))
		return err
	})
}

func (w *words) checkKey(t *testing.T, where, key string) {
	t.Helper()
	if !w.keys[key] {
		t.Errorf("%s: the message %q does not exist", where, key)
	}
}

func (w *words) checkMessages(t *testing.T, m modules.Module) {
	if w.own == nil {
		return
	}
	for _, key := range w.own.Keys() {
		if !strings.HasPrefix(key, string(m.ID)+".") {
			t.Errorf("the message %q does not begin with the module's name", key)
		}
	}
	raw, err := fs.ReadFile(m.Messages, "it.json")
	if err != nil {
		t.Fatal(err)
	}
	if word := discarded.FindString(string(raw)); word != "" {
		t.Errorf("the messages say %q: persona con disabilità", word)
	}
}

// discarded words are not used of persons (D.Lgs 62/2024 art. 4).
var discarded = regexp.MustCompile(`(?i)handicap|diversamente abil|portator[ei] di`)

// said finds the messages that a template names as literals.
var said = regexp.MustCompile(`[({\s]t "([^"]+)"`)

func (w *words) checkTemplates(t *testing.T, m modules.Module) {
	if m.Templates == nil {
		return
	}
	all, err := w.host.Clone()
	if err != nil {
		t.Fatal(err)
	}
	if err := parseAll(all, m.Templates); err != nil {
		t.Fatalf("parse the templates: %v", err)
	}
	for _, defined := range all.Templates() {
		if w.host.Lookup(defined.Name()) != nil || strings.HasPrefix(defined.Name(), "file ") {
			continue
		}
		if !strings.HasPrefix(defined.Name(), string(m.ID)+"/") {
			t.Errorf("the template %q does not begin with the module's name", defined.Name())
		}
		for _, name := range called(defined.Tree.Root) {
			if all.Lookup(name) == nil {
				t.Errorf("the template %q calls %q, which nobody defines", defined.Name(), name)
			}
		}
	}
	w.checkTexts(t, m.Templates)
}

func (w *words) checkTexts(t *testing.T, files fs.FS) {
	t.Helper()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		for _, key := range said.FindAllStringSubmatch(string(text), -1) {
			w.checkKey(t, name, key[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// called lists the templates that a part of a template calls.
func called(node parse.Node) []string {
	switch n := node.(type) {
	case *parse.ListNode:
		var names []string
		if n != nil {
			for _, child := range n.Nodes {
				names = append(names, called(child)...)
			}
		}
		return names
	case *parse.IfNode:
		return slices.Concat(called(n.List), called(n.ElseList))
	case *parse.RangeNode:
		return slices.Concat(called(n.List), called(n.ElseList))
	case *parse.WithNode:
		return slices.Concat(called(n.List), called(n.ElseList))
	case *parse.TemplateNode:
		return []string{n.Name}
	}
	return nil
}
