package rule

import (
	"errors"
	"strings"
	"sync"
	"testing"
)

func TestExpressionErrorsSayWhere(t *testing.T) {
	tests := map[string]struct {
		scope        Scope
		want         Result
		source, says string
		line, column int
	}{
		"unknown variable":     {ScopeAnswers, Truth, `answers.a == 'x' && foo`, "undeclared reference to 'foo'", 1, 21},
		"second line":          {ScopeAnswers, Truth, "answers.a == 'x' &&\n  )", "Syntax error", 2, 3},
		"score not in scope":   {ScopeAnswers, Truth, `score > 1.0`, "undeclared reference to 'score'", 1, 1},
		"wrong result":         {ScopePoints, Number, `answers.a == 'x'`, "must give a number", 0, 0},
		"wrong result, text":   {ScopeAnswers, Truth, `'yes'`, "must give true or false", 0, 0},
		"mixed numbers":        {ScopeScore, Truth, `score + 1 > 2.0`, "no matching overload", 1, 7},
		"no input or output":   {ScopeAnswers, Truth, `now() > 1`, "undeclared reference to 'now'", 1, 4},
		"longer than accepted": {ScopeAnswers, Truth, strings.Repeat("true || ", 400) + "true", "size", 0, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Compile(test.scope, test.want, test.source)
			var wrong *ExpressionError
			if !errors.As(err, &wrong) {
				t.Fatalf("got %v, want an ExpressionError", err)
			}
			if !strings.Contains(wrong.Message, test.says) {
				t.Errorf("message %q does not say %q", wrong.Message, test.says)
			}
			if test.line > 0 && (wrong.Line != test.line || wrong.Column != test.column) {
				t.Errorf("position %d:%d, want %d:%d", wrong.Line, wrong.Column, test.line, test.column)
			}
		})
	}
}

func TestConditions(t *testing.T) {
	answers := map[string]any{
		"name": "Ada", "empty": "", "age": int64(17), "list": []string{"a", "b"}, "none": nil, "yes": true, "weight": 12.5,
	}
	tests := map[string]bool{
		`present(answers.name)`: true, `present(answers.empty)`: false, `present(answers.none)`: false,
		`present(answers.list)`: true, `present(answers.yes)`: true,
		`answers.age < 18`: true, `answers.age < 17.5`: true, `answers.weight >= 12.5`: true,
		`'a' in answers.list`: true, `'c' in answers.list`: false, `answers.name in ['Ada', 'Eva']`: true,
		`answers.none == 'x'`: false, `answers.none > 3`: false, `!(answers.none > 3)`: false, `'a' in answers.none`: false,
		`answers['name'] == 'Ada' && answers.yes`: true, `answers.none`: false,
	}
	for source, want := range tests {
		expression, err := Compile(ScopeAnswers, Truth, source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		got, err := expression.Holds(map[string]any{"answers": answers})
		if err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", source, got, err, want)
		}
	}
}

func TestConditionOverTheWrongTypeIsAnError(t *testing.T) {
	for _, source := range []string{`answers.name > 3`, `answers.name`} {
		expression, err := Compile(ScopeAnswers, Truth, source)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := expression.Holds(map[string]any{"answers": map[string]any{"name": "Ada"}}); err == nil {
			t.Errorf("%s gives %v without an error", source, got)
		}
	}
}

func TestFormulas(t *testing.T) {
	vars := map[string]any{
		"answers": map[string]any{}, "points": map[string]float64{"a": 1.5, "b": 2, "c": 0},
	}
	tests := map[string]float64{
		`sum(points)`: 3.5, `sum(points, ['a', 'c'])`: 1.5, `points.a * 2.0`: 3, `points.b > 1.0 ? 10 : 20`: 10,
	}
	for source, want := range tests {
		expression, err := Compile(ScopePoints, Number, source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got, err := expression.Number(vars); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", source, got, err, want)
		}
	}
	for _, source := range []string{`sum(points, ['zz'])`, `points.a / points.c`, `points.zz`} {
		expression, err := Compile(ScopePoints, Number, source)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := expression.Number(vars); err == nil {
			t.Errorf("%s gives %v without an error", source, got)
		}
	}
}

func TestCostIsBounded(t *testing.T) {
	list := "[1,2,3,4,5,6,7,8,9,10]"
	source := "(answers.seed == 1 || answers.other == 1) && " + list + ".all(a, " + list + ".all(b, " + list + ".all(c, " + list + ".all(d, " +
		list + ".all(e, a + b + c + d + e + answers.seed > 0)))))"
	expression, err := Compile(ScopeAnswers, Truth, source)
	if err != nil {
		t.Fatal(err)
	}
	_, err = expression.Holds(map[string]any{"answers": map[string]any{"seed": int64(1), "other": nil}})
	if err == nil || !strings.Contains(err.Error(), "cost limit") {
		t.Errorf("got %v, want the cost limit", err)
	}
	var refused *ExpressionError
	for _, scope := range []Scope{ScopeAnswers, ScopePoints, ScopeScore, ScopeMeasures} {
		endless := strings.Repeat(list+".all(x, ", 30) + "x > 0" + strings.Repeat(")", 30)
		if _, err := Compile(scope, Truth, endless); !errors.As(err, &refused) || !strings.Contains(refused.Message, "cost limit") {
			t.Errorf("scope %d: got %v, want the cost limit", scope, err)
		}
	}
}

func TestCompiledExpressionsAreKeptAndShared(t *testing.T) {
	first, err := Compile(ScopeAnswers, Truth, `answers.kept == 'yes'`)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Compile(ScopeAnswers, Truth, `answers.kept == 'yes'`)
	if err != nil || first != second {
		t.Errorf("compiled twice: %p %p %v", first, second, err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				got, err := first.Holds(map[string]any{"answers": map[string]any{"kept": "yes"}})
				if err != nil || !got {
					t.Errorf("got %v, %v", got, err)
				}
			}
		})
	}
	group.Wait()
}
