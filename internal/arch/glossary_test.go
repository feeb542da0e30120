package arch_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// glossaryPath is where the words of the code are explained.
const glossaryPath = "docs/GLOSSARY.md"

// italian finds the Italian term that a doc comment gives for what it documents.
var italian = regexp.MustCompile(`\(it: ([^)]+)\)`)

// use is one place in which the code names an Italian term.
type use struct {
	term  string
	names []string // what the comment documents; none for a package or an unexported thing
	at    string
}

// uses lists the Italian terms of the code.
func (all *tree) uses() []use {
	var found []use
	for _, s := range all.goes {
		if s.test {
			continue
		}
		named := s.documented()
		for _, group := range s.file.Comments {
			text := strings.Join(strings.Fields(group.Text()), " ")
			for _, term := range italian.FindAllStringSubmatch(text, -1) {
				found = append(found, use{term: term[1], names: named[group], at: all.at(group)})
			}
		}
	}
	return found
}

// documented tells for each doc comment which exported names it documents.
func (s source) documented() map[*ast.CommentGroup][]string {
	named := map[*ast.CommentGroup][]string{}
	note := func(doc *ast.CommentGroup, name string) {
		if doc != nil && ast.IsExported(name) {
			named[doc] = append(named[doc], name)
		}
	}
	for _, declaration := range s.file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			note(d.Doc, d.Name.Name)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				noteSpec(d, spec, note)
			}
		}
	}
	return named
}

func noteSpec(d *ast.GenDecl, spec ast.Spec, note func(*ast.CommentGroup, string)) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		note(d.Doc, s.Name.Name)
		note(s.Doc, s.Name.Name)
	case *ast.ValueSpec:
		for _, name := range s.Names {
			note(s.Doc, name.Name)
			note(s.Comment, name.Name)
			if d.Lparen == token.NoPos {
				note(d.Doc, name.Name)
			}
		}
	}
}

// row is a line of a table of the glossary, cell by cell.
type row []string

// table reads the table below a heading of the glossary, without its head.
func (all *tree) table(t *testing.T, heading string) []row {
	t.Helper()
	text, ok := all.texts[glossaryPath]
	if !ok {
		t.Fatalf("%s is missing", glossaryPath)
	}
	_, after, found := strings.Cut(text, "\n## "+heading+"\n")
	if !found {
		t.Fatalf("%s has no section %q", glossaryPath, heading)
	}
	section, _, _ := strings.Cut(after, "\n## ")
	var rows []row
	for line := range strings.Lines(section) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			continue
		}
		var cells row
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		rows = append(rows, cells)
	}
	if len(rows) < 3 {
		t.Fatalf("the table of %q has no lines", heading)
	}
	return rows[2:]
}

// identifiers are the code names of a glossary line: "`Item`, `Source`".
func identifiers(cell string) []string {
	var names []string
	for name := range strings.SplitSeq(cell, ",") {
		if name = strings.Trim(strings.TrimSpace(name), "`"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func TestGlossaryHasTheWordsOfTheCode(t *testing.T) {
	all := repository(t)
	byTerm := map[string][]string{} // term to the identifiers that the glossary gives for it
	for _, r := range all.table(t, "Words") {
		byTerm[r[0]] = append(byTerm[r[0]], identifiers(r[1])...)
	}
	uses := all.uses()
	if len(uses) < 20 {
		t.Fatalf("only %d Italian terms were found in the code", len(uses))
	}
	for _, u := range uses {
		names, known := byTerm[u.term]
		if !known {
			t.Errorf("%s: %q is not in %s", u.at, u.term, glossaryPath)
			continue
		}
		if len(u.names) > 0 && !slices.ContainsFunc(u.names, func(name string) bool { return slices.Contains(names, name) }) {
			t.Errorf("%s: %s gives for %q %v, and the code calls it %v", u.at, glossaryPath, u.term, names, u.names)
		}
	}
}

func TestCodeHasTheWordsOfTheGlossary(t *testing.T) {
	all := repository(t)
	carried := map[string][]string{}
	present := map[string]bool{}
	for _, u := range all.uses() {
		present[u.term] = true
		carried[u.term] = append(carried[u.term], u.names...)
	}
	rows := all.table(t, "Words")
	for _, r := range rows {
		if len(r) != 4 || r[0] == "" || r[2] == "" {
			t.Errorf("%s: the line of %q has not the four columns Italian, identifier, meaning, do not use", glossaryPath, r[0])
			continue
		}
		if !present[r[0]] {
			t.Errorf("%s explains %q, and no doc comment says (it: %s)", glossaryPath, r[0], r[0])
		}
		for _, name := range identifiers(r[1]) {
			if !slices.Contains(carried[r[0]], name) && ast.IsExported(name) {
				t.Errorf("%s: %q is said to be %s, and the doc comment of %s does not say (it: %s)", glossaryPath, r[0], name, name, r[0])
			}
		}
	}
	if !sort.SliceIsSorted(rows, func(i, j int) bool { return rows[i][0] < rows[j][0] }) {
		t.Errorf("%s: the words are not in the order of the alphabet", glossaryPath)
	}
}

// declared reads the ids and Italian labels of a list of package policies, such as Roles.
func (all *tree) declared(t *testing.T, list string) []row {
	t.Helper()
	var rows []row
	for _, s := range all.goes {
		if s.dir != "policies" || s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Names[0].Name != list || len(spec.Values) == 0 {
				return true
			}
			for _, element := range spec.Values[0].(*ast.CompositeLit).Elts {
				rows = append(rows, firstTwoTexts(element))
			}
			return false
		})
	}
	if len(rows) == 0 {
		t.Fatalf("policies.%s was not found", list)
	}
	return rows
}

func firstTwoTexts(n ast.Node) row {
	var texts row
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && len(texts) < 2 {
			text, _ := strconv.Unquote(lit.Value) // the parser has seen it
			texts = append(texts, text)
		}
		return true
	})
	return texts
}

func TestGlossaryHasSectionsAndRoles(t *testing.T) {
	all := repository(t)
	for heading, list := range map[string]string{"Sections": "Sections", "Roles": "Roles"} {
		got, want := all.table(t, heading), all.declared(t, list)
		for i := range max(len(got), len(want)) {
			switch {
			case i >= len(got):
				t.Errorf("%s: %s %q is missing", glossaryPath, heading, want[i][0])
			case i >= len(want):
				t.Errorf("%s: %s %q is not in policies.%s", glossaryPath, heading, got[i][0], list)
			case strings.Trim(got[i][0], "`") != want[i][0] || got[i][1] != want[i][1]:
				t.Errorf("%s: %s: got %v, policies.%s has %v in this place", glossaryPath, heading, got[i][:2], list, want[i])
			}
		}
	}
}
