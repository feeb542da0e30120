package arch_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// The stops of the house's table of sizes.
const (
	maxFunction   = 80
	maxFile       = 600
	maxTestFile   = 800
	maxParameters = 5
	maxPackage    = 2500 // above it, a package is in largePackages with its reason
	hugePackage   = 5000 // above it, no reason helps
)

// longFiles may pass the stop for files.
var longFiles = exceptions{}

func TestFilesAreShort(t *testing.T) {
	faults := map[string]string{}
	for _, s := range repository(t).goes {
		limit := maxFile
		if s.test {
			limit = maxTestFile
		}
		if s.lines > limit {
			faults[s.path] = fmt.Sprintf("%d lines, the stop is %d", s.lines, limit)
		}
	}
	longFiles.judge(t, faults)
}

// largePackages may pass the size at which a package is split.
var largePackages = exceptions{
	"modules":            "the contract of every module, with the registries that ask them all",
	"modules/kit":        "seventeen kinds are interpreted by one language; its pages, operations and store stand in the module's folder",
	"modules/assessment": "instruments filled in, scored, compared and carried on to a newer version, with pages and operations for each",
	"modules/intake":     "contacts and the forms filled in about them, with pages and operations for each",
	"modules/registry":   "persons, contacts and households with pages and operations for each, and the search",
	"onboarding/entry":   "entries: both steps, control and what follows from it, with pages and operations for each; and who else works at them",
	"api/web":            "the one host of all pages: admission, sessions, rendering, assets and its own pages",
}

func TestPackagesAreSmall(t *testing.T) {
	faults := map[string]string{}
	for dir, files := range repository(t).packages() {
		lines := 0
		for _, s := range files {
			lines += s.lines
		}
		if lines > hugePackage {
			t.Errorf("%s has %d lines: split it", dir, lines)
		}
		if lines > maxPackage {
			faults[dir] = fmt.Sprintf("%d lines in %d files, it is split above %d", lines, len(files), maxPackage)
		}
	}
	largePackages.judge(t, faults)
}

// longFunctions may pass the stop for functions.
var longFunctions = exceptions{
	"modules/registry/operations_test.go TestOperations":          "one walk through the operations of a person, each building on the one before",
	"onboarding/entry/pages_test.go TestTheWizardThroughThePages": "one journey through the wizard's pages, read from top to bottom",
}

// wideFunctions may take more parameters than the stop.
var wideFunctions = exceptions{
	"modules/sharing/offer/pages_offer.go offerView": "request, scope and frame, beside what was filled in, the step to show and what was refused",
	"cmd/staffetta/api_test.go call":                 "one call of the API, with what it must answer, on one line",
}

func TestFunctionsAreShortAndNarrow(t *testing.T) {
	all := repository(t)
	long, wide := map[string]string{}, map[string]string{}
	for _, s := range all.goes {
		for _, declaration := range s.file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			name := s.path + " " + f.Name.Name
			if n := all.span(f); n > maxFunction {
				long[name] = fmt.Sprintf("%d lines, the stop is %d", n, maxFunction)
			}
			if n := f.Type.Params.NumFields(); n > maxParameters {
				wide[name] = fmt.Sprintf("%d parameters, the stop is %d: make a struct", n, maxParameters)
			}
			if f.Name.Name == "init" && f.Recv == nil {
				t.Errorf("%s: init() acts before anybody asked; the list of modules is explicit", all.at(f))
			}
		}
	}
	longFunctions.judge(t, long)
	wideFunctions.judge(t, wide)
}

// vague names tell nothing about what a package or file holds.
var vague = regexp.MustCompile(`^(utils?|commons?|helpers?|models?|types?|misc|base)$`)

func TestNamesSayWhatTheyHold(t *testing.T) {
	for _, s := range repository(t).goes {
		stem := strings.TrimSuffix(strings.TrimSuffix(s.name(), ".go"), "_test")
		if vague.MatchString(s.file.Name.Name) || vague.MatchString(stem) {
			t.Errorf("%s: package %s: a name that holds anything", s.path, s.file.Name.Name)
		}
	}
}

// unfinished marks work that was left open. The words are put together here, so that this file holds none.
var unfinished = regexp.MustCompile(`\b(` + "TO" + `DO|` + "FIX" + `ME|` + "XX" + `X)\b`)

// foreignPaths are files in which the marks are not the project's own.
var foreignPaths = regexp.MustCompile(`^(package-lock\.json|api/web/dist/|tenants/register/data/)`)

func TestNothingIsLeftOpen(t *testing.T) {
	all := repository(t)
	for _, s := range all.goes {
		for _, group := range s.file.Comments {
			if mark := unfinished.FindString(group.Text()); mark != "" {
				t.Errorf("%s: a comment says %s", all.at(group), mark)
			}
		}
	}
	for path, text := range all.texts {
		if mark := unfinished.FindString(text); mark != "" && !foreignPaths.MatchString(path) {
			t.Errorf("%s says %s", path, mark)
		}
	}
}

func TestTestsDoNotSleep(t *testing.T) {
	all := repository(t)
	for _, s := range all.goes {
		if !s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok && call.Sel.Name == "Sleep" {
				if pkg, ok := call.X.(*ast.Ident); ok && pkg.Name == "time" {
					t.Errorf("%s: a test sleeps: wait for what it waits for", all.at(n))
				}
			}
			return true
		})
	}
}

// TestPagesHaveTypedData looks at what pages hand to templates: structs without maps of anything.
func TestPagesHaveTypedData(t *testing.T) {
	all := repository(t)
	for _, s := range all.goes {
		if s.test || s.module() == "" && !within("onboarding/…", s.dir) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.StructType:
				if strings.HasPrefix(s.name(), "pages") {
					checkFields(t, all, n)
				}
			case *ast.CallExpr:
				for _, argument := range n.Args {
					if literal, ok := argument.(*ast.CompositeLit); ok && anything(literal.Type) && calls(n, "Render") {
						t.Errorf("%s: a template is given a map of anything", all.at(argument))
					}
				}
			}
			return true
		})
	}
}

func checkFields(t *testing.T, all *tree, s *ast.StructType) {
	t.Helper()
	for _, field := range s.Fields.List {
		if anything(field.Type) {
			t.Errorf("%s: a field of a page is a map of anything: give it a struct", all.at(field))
		}
	}
}

func calls(call *ast.CallExpr, name string) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == name
}

// anything tells whether a type is map[string]any.
func anything(e ast.Expr) bool {
	m, ok := e.(*ast.MapType)
	if !ok {
		return false
	}
	if name, ok := m.Value.(*ast.Ident); ok {
		return name.Name == "any"
	}
	i, ok := m.Value.(*ast.InterfaceType)
	return ok && len(i.Methods.List) == 0
}

func TestEverythingIsDocumented(t *testing.T) {
	all := repository(t)
	for dir, files := range all.packages() {
		documented := false
		for _, s := range files {
			documented = documented || s.file.Doc != nil && len(s.file.Doc.Text()) > 40
			for _, declaration := range s.file.Decls {
				checkDocumented(t, all, declaration)
			}
		}
		if !documented {
			t.Errorf("package %s does not say what it is for and what it must not do", dir)
		}
	}
}

func checkDocumented(t *testing.T, all *tree, declaration ast.Decl) {
	t.Helper()
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && receiverExported(d) && d.Doc.Text() == "" {
			t.Errorf("%s: %s has no sentence", all.at(d), d.Name.Name)
		}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return
		}
		for _, spec := range d.Specs {
			if name := undocumented(d, spec); name != "" {
				t.Errorf("%s: %s has no sentence", all.at(spec), name)
			}
		}
	}
}

func receiverExported(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	name := ""
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return true
	})
	return ast.IsExported(name)
}

// undocumented is the exported name of a spec that neither itself nor its group explains.
func undocumented(d *ast.GenDecl, spec ast.Spec) string {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && s.Doc.Text() == "" && d.Doc.Text() == "" {
			return s.Name.Name
		}
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.IsExported() && s.Doc.Text() == "" && s.Comment.Text() == "" && d.Doc.Text() == "" {
				return name.Name
			}
		}
	}
	return ""
}
