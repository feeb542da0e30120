package arch_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// The methods by which a transaction, and by which a door, asks the database.
var (
	asks  = []string{"Query", "QueryRow", "Exec", "SendBatch"}
	doors = []string{"Read", "InTx", "Guest", "GuestTx", "Platform"}
)

// looped are calls in loops that may stay, by package and name, with why.
var looped = map[string]string{
	"modules/casefile/notice InTx":           "a batch each, so that none takes long",
	"modules/casefile/notice forget":         "a batch each, so that none takes long",
	"modules/kit queueItem":                  "puts it into a batch",
	"modules/post claim":                     "one letter at a time, by a job",
	"modules/post platform":                  "two statements",
	"modules/post tell":                      "as each person, by a job",
	"modules/practice/board Write":           "events of the statements of one form",
	"modules/practice/board writeQuantities": "statements of one form",
	"modules/practice/board writeStatement":  "statements of one form",
	"modules/practice/campaign ask":          "through the door of each body, by a job",
	"modules/practice/use findStated":        "is called later",
	"modules/sharing/elsewhere addKey":       "the agreements whose key turns today, by a job",
	"modules/sharing/elsewhere publishSome":  "a batch each, so that none takes long",
	"modules/sharing/offer offerView":        "ends the loop",
	"modules/sharing/role follow":            "each is a change of the rules with its own place in the history",
	"onboarding/enrolment Platform":          "five hundred bodies each, so that a run that is cut off goes on",
	"onboarding/archive insert":              "a table each: an archive has them all",
	"onboarding/archive published":           "a table each: an archive has them all",
	"onboarding/archive rows":                "a table each: an archive has them all",
	"onboarding/subject/dossier find":        "a table each: a copy has them all",
	"onboarding/archive stage":               "a table each: an archive has them all",
	"onboarding/abandoned remind":            "one letter at a time, by a job",
	"policies/audit Seal":                    "the sealer goes on",
	"policies/audit dropSome":                "a batch each, so that none takes long",
	"policies/audit walk":                    "a batch each, so that the chain is never all in memory",
}

// TestNoQueryInALoop finds statements that the database gets one by one: loops that ask it, or that call a function of their
// package that does.
func TestNoQueryInALoop(t *testing.T) {
	all, asking, met := repository(t), map[string]bool{}, map[string]bool{}
	var served []source
	for _, s := range all.goes {
		if !s.test && (strings.HasPrefix(s.dir, "modules/") || strings.HasPrefix(s.dir, "onboarding") || strings.HasPrefix(s.dir, "policies")) {
			served = append(served, s)
		}
	}
	for _, s := range served {
		for _, declared := range s.file.Decls {
			if f, ok := declared.(*ast.FuncDecl); ok && f.Body != nil && asksIn(f.Body) {
				asking[s.dir+" "+f.Name.Name] = true
			}
		}
	}
	for _, s := range served {
		eachLoop(s.file, func(call *ast.CallExpr) {
			name, database := called(call)
			if !database && !asking[s.dir+" "+name] {
				return
			}
			met[s.dir+" "+name] = true
			if looped[s.dir+" "+name] == "" {
				t.Errorf("%s: %s asks the database in a loop", all.at(call), name)
			}
		})
	}
	for call := range looped {
		if !met[call] {
			t.Errorf("%s is in no loop any more", call)
		}
	}
	if len(asking) < 200 {
		t.Fatalf("only %d functions that ask the database were found", len(asking))
	}
}

// eachLoop visits the calls within loops.
func eachLoop(file *ast.File, visit func(*ast.CallExpr)) {
	ast.Inspect(file, func(n ast.Node) bool {
		var body *ast.BlockStmt
		switch loop := n.(type) {
		case *ast.ForStmt:
			body = loop.Body
		case *ast.RangeStmt:
			body = loop.Body
		default:
			return true
		}
		ast.Inspect(body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				visit(call)
			}
			return true
		})
		return true
	})
}

func asksIn(body *ast.BlockStmt) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			_, database := called(call)
			found = found || database
		}
		return true
	})
	return found
}

// called is the name of what is called, and whether that asks the database. What takes the results of a batch does not.
func called(call *ast.CallExpr) (name string, database bool) {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name, false
	case *ast.SelectorExpr:
		if _, queued := f.X.(*ast.CallExpr); queued {
			return f.Sel.Name, false
		}
		door, _ := f.X.(*ast.SelectorExpr)
		return f.Sel.Name, slices.Contains(asks, f.Sel.Name) || slices.Contains(doors, f.Sel.Name) && door != nil && strings.EqualFold(door.Sel.Name, "db")
	}
	return "", false
}
