package arch_test

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rule says what the packages of an area may import of this repository. The first
// rule whose area a folder is in holds; "x/…" means x and everything below it.
type rule struct {
	area    string
	imports []string
}

// rules is the picture of who may import whom. What is in no area fails.
var rules = []rule{
	{"cmd/…", []string{"…"}},
	{"modules/all", []string{"modules/…", "onboarding/…"}},
	{"modules/moduletest", []string{"modules", "policies", "policies/audit", "tenants", "migrations", "internal/…", "api/…"}},
	{"modules/…", []string{"modules", "policies", "policies/audit", "tenants/…", "internal/…", "api/web/component"}},
	{"modules", []string{"policies", "policies/audit", "tenants", "internal/language", "internal/mail", "internal/problem", "api/web/component"}},
	{"policies/…", []string{"policies", "tenants", "internal/language", "internal/problem"}},
	{"tenants/…", []string{"tenants/…", "internal/problem", "internal/language"}},
	{"onboarding/…", []string{"onboarding/…", "modules", "policies", "policies/audit", "tenants/…", "internal/…", "api/web/component"}},
	{"api/web/component", []string{"internal/language"}},
	{"api/…", []string{"api/…", "modules", "policies", "policies/audit", "tenants/…", "internal/…"}},
	{"migrations", []string{"internal/…"}},
	{"internal/jobs", []string{"internal/…", "tenants"}},
	{"internal/login/…", []string{"internal/…", "tenants/…"}},
	{"internal/session", []string{"internal/…", "tenants"}},
	{"internal/testdb", []string{"internal/…", "tenants", "migrations"}},
	{"internal/…", []string{"internal/…"}},
}

// importExceptions are single imports that the rules do not foresee.
var importExceptions = exceptions{
	"internal/jobs -> migrations": "the name of River's schema, which the migrations make",
}

// testImports are what tests may import besides what their package may: the real database and the real hosts, and the
// published kit, whose forms and scales are the real content that tests fill in.
var testImports = []string{
	"internal/testdb", "migrations", "modules/moduletest", "modules/practice/cid", "tenants", "policies", "policies/audit",
	"api/web", "api/web/component", "api/rest", "internal/files", "internal/seal",
}

// testExceptions are imports of tests that stand outside their package's area.
var testExceptions = exceptions{
	"onboarding/entry -> modules/post": "codes go through the outbox of the platform to a real mail server",
}

func within(area, dir string) bool {
	if area == "…" {
		return true
	}
	if parent, open := strings.CutSuffix(area, "/…"); open {
		return dir == parent || strings.HasPrefix(dir, parent+"/")
	}
	return dir == area
}

func anyWithin(areas []string, dir string) bool {
	return slices.ContainsFunc(areas, func(area string) bool { return within(area, dir) })
}

func ruleFor(dir string) (rule, bool) {
	for _, r := range rules {
		if within(r.area, dir) {
			return r, true
		}
	}
	return rule{}, false
}

// own is the path of an imported package from the root of the repository.
func own(imported string) (string, bool) { return strings.CutPrefix(imported, home+"/") }

func TestImportsFollowTheHouse(t *testing.T) {
	all := repository(t)
	requires := requirements(t, all)
	faults, testFaults := map[string]string{}, map[string]string{}
	for _, s := range all.goes {
		r, ok := ruleFor(s.dir)
		if !ok {
			t.Errorf("%s is in no area of the house: fixed folders are those of docs/ARCHITECTURE.md", s.path)
			continue
		}
		for _, imported := range s.imports() {
			dir, ours := own(imported)
			if !ours || dir == s.dir || anyWithin(r.imports, dir) && !concrete(dir) || allowedModule(s, dir, requires) {
				continue
			}
			fault := fmt.Sprintf("%s may not import %s", r.area, dir)
			if s.test {
				if !anyWithin(testImports, dir) {
					testFaults[s.dir+" -> "+dir] = fault + " (" + s.path + ")"
				}
				continue
			}
			faults[s.dir+" -> "+dir] = fault + " (" + s.path + ")"
		}
	}
	importExceptions.judge(t, faults)
	testExceptions.judge(t, testFaults)
}

// concrete tells whether dir belongs to a module, and not to the contract of modules.
func concrete(dir string) bool { return source{dir: dir}.module() != "" }

// allowedModule tells whether a file may import a concrete module: its own packages,
// the roots of those that its manifest requires, and every root from modules/all, from
// cmd and from the tests of modules, which arrange what they need.
func allowedModule(s source, dir string, requires map[string][]string) bool {
	if !concrete(dir) {
		return false
	}
	target := source{dir: dir}.module()
	root := dir == "modules/"+target
	switch {
	case within("cmd/…", s.dir):
		return true
	case s.dir == "modules/all":
		return root
	case s.module() == target:
		return true
	}
	return root && (slices.Contains(requires[s.module()], target) || s.test && s.module() != "")
}

// requirements reads from each manifest which modules it requires.
func requirements(t *testing.T, all *tree) map[string][]string {
	t.Helper()
	requires := map[string][]string{}
	for _, s := range all.goes {
		if s.module() == "" || s.name() != "module.go" || s.dir != "modules/"+s.module() {
			continue
		}
		requires[s.module()] = []string{}
		ast.Inspect(s.file, func(n ast.Node) bool {
			pair, ok := n.(*ast.KeyValueExpr)
			if key, named := keyOf(pair, ok); !named || key != "Requires" {
				return true
			}
			list, ok := pair.Value.(*ast.CompositeLit)
			if !ok {
				return true // nil
			}
			for _, element := range list.Elts {
				requires[s.module()] = append(requires[s.module()], required(t, all, element))
			}
			return false
		})
	}
	if len(requires) < 3 {
		t.Fatalf("only %d manifests were found", len(requires))
	}
	return requires
}

func keyOf(pair *ast.KeyValueExpr, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	key, named := pair.Key.(*ast.Ident)
	if !named {
		return "", false
	}
	return key.Name, true
}

// required is the module that an element of Requires names: "kit" or kit.ID.
func required(t *testing.T, all *tree, element ast.Expr) string {
	t.Helper()
	switch e := element.(type) {
	case *ast.BasicLit:
		if name, err := strconv.Unquote(e.Value); err == nil {
			return name
		}
	case *ast.SelectorExpr:
		if pkg, ok := e.X.(*ast.Ident); ok && e.Sel.Name == "ID" {
			return pkg.Name
		}
	}
	t.Fatalf("%s: Requires is not a list of plain ids", all.at(element))
	return ""
}

// poolUsers may hold connections; all others reach data through the doors of tenants.DB.
var poolUsers = map[string]string{
	"cmd/…":             "wires the program",
	"tenants":           "holds the doors",
	"migrations":        "works as the owner, before anything serves",
	"internal/jobs":     "River works on a pool of its own role",
	"internal/postgres": "starts and stops the server",
	"internal/testdb":   "arranges databases for tests",
}

func TestOnlyTheDoorsHoldConnections(t *testing.T) {
	for _, s := range repository(t).goes {
		for _, imported := range s.imports() {
			if imported != "github.com/jackc/pgx/v5/pgxpool" && imported != "database/sql" || s.test {
				continue
			}
			allowed := false
			for area := range poolUsers {
				allowed = allowed || within(area, s.dir)
			}
			if !allowed {
				t.Errorf("%s imports %s: data is reached through tenants.DB", s.path, imported)
			}
		}
	}
}

// domainExceptions are domain files that know the driver or HTTP.
var domainExceptions = exceptions{}

// layered are the stems of a module's files that are not its domain.
var layered = []string{"store", "operations", "pages", "jobs", "module"}

func domain(s source) bool {
	if s.module() == "" || s.test {
		return false
	}
	stem, _, _ := strings.Cut(strings.TrimSuffix(s.name(), ".go"), "_")
	return !slices.Contains(layered, stem)
}

func TestDomainFilesKnowNeitherDriverNorHTTP(t *testing.T) {
	faults := map[string]string{}
	seen := 0
	for _, s := range repository(t).goes {
		if !domain(s) {
			continue
		}
		seen++
		for _, imported := range s.imports() {
			if strings.HasPrefix(imported, "github.com/jackc/pgx") || imported == "net/http" || strings.HasPrefix(imported, "github.com/danielgtaylor/huma") {
				faults[s.path] = "a domain file imports " + imported
			}
		}
	}
	if seen < 20 {
		t.Fatalf("only %d domain files were found", seen)
	}
	domainExceptions.judge(t, faults)
}
