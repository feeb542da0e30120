package arch_test

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// statement recognises a string that is SQL, and not a sentence.
var statement = regexp.MustCompile(`(?is)^\s*(select\s+.+(\sfrom\s|\(.*\))|insert\s+into\s|update\s+[a-z_.]+(\s+\w+)?\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\()`)

// sqlExceptions are files of modules, other than stores, that hold SQL.
var sqlExceptions = exceptions{}

// TestSQLStandsInStores keeps all SQL of a module in store*.go, where a reviewer of the walls finds it.
func TestSQLStandsInStores(t *testing.T) {
	all := repository(t)
	faults := map[string]string{}
	seen := 0
	for _, s := range all.goes {
		if s.module() == "" || s.test {
			continue
		}
		s.literals(func(lit *ast.BasicLit, value string) {
			if !statement.MatchString(value) {
				return
			}
			seen++
			if !strings.HasPrefix(s.name(), "store") {
				faults[s.path] = "SQL outside a store: " + all.at(lit)
			}
		})
	}
	if seen < 30 {
		t.Fatalf("only %d statements were recognised", seen)
	}
	sqlExceptions.judge(t, faults)
}

// numbered is a migration in its folder.
var numbered = regexp.MustCompile(`^(.*migrations(?:/core)?)/(\d{4})_[a-z_]+\.sql$`)

// TestMigrationsAreNumberedOnce finds two migrations of one number, with which no program starts.
func TestMigrationsAreNumberedOnce(t *testing.T) {
	lines := map[string][]string{}
	for name := range repository(t).texts {
		if found := numbered.FindStringSubmatch(name); found != nil {
			lines[found[1]] = append(lines[found[1]], found[2])
		}
	}
	if len(lines) < 10 {
		t.Fatalf("only %d lines of migrations were found", len(lines))
	}
	for line, numbers := range lines {
		slices.Sort(numbers)
		for i, number := range numbers {
			if i > 0 && number == numbers[i-1] {
				t.Errorf("%s: two migrations have the number %s", line, number)
			}
		}
	}
}

// forbiddenSQL are forms that the walls or the measured facts exclude.
var forbiddenSQL = map[string]*regexp.Regexp{
	"select * hides which columns are read":                    regexp.MustCompile(`(?i)select\s+\*`),
	"paging goes by key":                                       regexp.MustCompile(`(?i)\soffset\s+[\$\d]`),
	"a limit that is a parameter spoils the plan":              regexp.MustCompile(`(?i)\slimit\s+\$\d`),
	"rows are kept: nothing of a body's is deleted by modules": regexp.MustCompile(`(?i)^\s*(delete\s+from|truncate)\s`),
}

func TestForbiddenFormsOfSQL(t *testing.T) {
	all := repository(t)
	for _, s := range all.goes {
		if s.test || s.module() == "" && !within("onboarding/…", s.dir) {
			continue
		}
		s.literals(func(lit *ast.BasicLit, value string) {
			for why, form := range forbiddenSQL {
				if statement.MatchString(value) && form.MatchString(value) {
					t.Errorf("%s: %s", all.at(lit), why)
				}
			}
		})
	}
}

// relation finds the tables and functions of a schema that SQL names after from, join, into, update or references.
var relation = regexp.MustCompile(`(?i)\b(?:from|join|into|update|references|on|select|function)\s+([a-z]+)\.([a-z_]+)`)

// TestSQLStaysWithinRequirements keeps a module's SQL to its own schema, to the schemas of
// the modules that it requires and to those of the core.
func TestSQLStaysWithinRequirements(t *testing.T) {
	all := repository(t)
	requires := requirements(t, all)
	check := func(where, module, sql string) {
		for _, found := range relation.FindAllStringSubmatch(sql, -1) {
			other := found[1]
			if _, isModule := requires[other]; isModule && other != module && !slices.Contains(requires[module], other) {
				t.Errorf("%s: SQL of %s names %s.%s, and its manifest does not require %s", where, module, other, found[2], other)
			}
		}
	}
	for path, text := range all.texts {
		module := source{dir: strings.TrimSuffix(path, "/"+path[strings.LastIndex(path, "/")+1:])}.module()
		if module != "" && strings.HasSuffix(path, ".sql") {
			check(path, module, text)
		}
	}
	for _, s := range all.goes {
		if s.module() != "" && !s.test {
			s.literals(func(lit *ast.BasicLit, value string) {
				if statement.MatchString(value) {
					check(all.at(lit), s.module(), value)
				}
			})
		}
	}
}
