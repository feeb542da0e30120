// Package rule compiles and computes the expressions of contents, in the Common Expression Language, within bounds of size and cost. It
// must not know of which content an expression is.
package rule

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// Scope says which variables an expression may use.
type Scope int

// The scopes, each with what it adds.
const (
	ScopeAnswers  Scope = iota // answers: map of item key to answer, null when not answered
	ScopePoints                // answers, and points: map of item key to its points, 0 when not answered
	ScopeScore                 // answers, points, and score: the total
	ScopeMeasures              // measures: map of measure key to a number or a list of numbers
)

// Result says what an expression must give.
type Result int

// The results.
const (
	Truth Result = iota
	Number
)

const (
	costLimit      = 20_000 // a sum over 200 items costs less than 1,000
	sourceLimit    = 2_000  // code points
	programsCached = 4_096
)

// Expression is a compiled rule of a form, an assessment or an indicator, in the Common Expression Language.
// It is safe for concurrent use.
type Expression struct {
	program cel.Program
	reads   map[string][]string
}

// ExpressionError tells what is wrong with the text of an expression, and where.
type ExpressionError struct {
	Source       string
	Line, Column int // from 1; 0 when the whole expression is meant
	Message      string
}

// Error gives position and cause.
func (e *ExpressionError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("expression %q: %s", e.Source, e.Message)
	}
	return fmt.Sprintf("expression %q, line %d, column %d: %s", e.Source, e.Line, e.Column, e.Message)
}

type programKey struct {
	scope  Scope
	want   Result
	source string
}

var programs = struct {
	sync.Mutex
	compiled map[programKey]*Expression
}{compiled: map[programKey]*Expression{}}

// Compile checks an expression and prepares it for use; compiled ones are kept. The error is an *ExpressionError.
func Compile(scope Scope, want Result, source string) (*Expression, error) {
	key := programKey{scope, want, source}
	programs.Lock()
	found, ok := programs.compiled[key]
	programs.Unlock()
	if ok {
		return found, nil
	}
	made, err := compile(key)
	if err != nil {
		return nil, err
	}
	programs.Lock()
	defer programs.Unlock()
	if len(programs.compiled) >= programsCached {
		clear(programs.compiled)
	}
	programs.compiled[key] = made
	return made, nil
}

func compile(key programKey) (*Expression, error) {
	env, err := environment(key.scope)
	if err != nil {
		return nil, err
	}
	checked, issues := env.Compile(key.source)
	if issues.Err() != nil {
		return nil, firstIssue(key.source, issues)
	}
	if !yields(checked.OutputType(), key.want) {
		wanted := map[Result]string{Truth: "true or false", Number: "a number"}[key.want]
		return nil, &ExpressionError{Source: key.source, Message: fmt.Sprintf("must give %s, gives %s", wanted, checked.OutputType())}
	}
	program, err := env.Program(checked, cel.CostLimit(costLimit), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, &ExpressionError{Source: key.source, Message: err.Error()}
	}
	// What loops over its own lists costs the same whatever is answered: it is seen before anybody answers.
	made := &Expression{program: program, reads: membersRead(checked)}
	if _, _, err := program.Eval(made.nothingGiven()); overBudget(err) {
		return nil, &ExpressionError{Source: key.source, Message: err.Error()}
	}
	return made, nil
}

// nothingGiven are the variables of every scope before anybody answers.
func (e *Expression) nothingGiven() map[string]any {
	answers, points, measures := map[string]any{}, map[string]float64{}, map[string]any{}
	for _, key := range e.reads["answers"] {
		answers[key] = nil
	}
	for _, key := range e.reads["points"] {
		points[key] = 0
	}
	for _, key := range e.reads["measures"] {
		measures[key] = 0.0
	}
	return map[string]any{"answers": answers, "points": points, "score": 0.0, "measures": measures}
}

func firstIssue(source string, issues *cel.Issues) error {
	all := issues.Errors()
	if len(all) == 0 {
		return &ExpressionError{Source: source, Message: issues.Err().Error()}
	}
	return &ExpressionError{
		Source: source, Message: all[0].Message,
		Line: all[0].Location.Line(), Column: all[0].Location.Column() + 1,
	}
}

func yields(got *cel.Type, want Result) bool {
	switch got.Kind() {
	case types.DynKind:
		return true
	case types.BoolKind:
		return want == Truth
	case types.IntKind, types.UintKind, types.DoubleKind:
		return want == Number
	default:
		return false
	}
}

// membersRead lists the keys that an expression names under each variable, as answers.x or answers['x'].
func membersRead(checked *cel.Ast) map[string][]string {
	reads := map[string][]string{}
	ast.PostOrderVisit(checked.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		var from ast.Expr
		var member string
		switch {
		case e.Kind() == ast.SelectKind:
			from, member = e.AsSelect().Operand(), e.AsSelect().FieldName()
		case e.Kind() == ast.CallKind && e.AsCall().FunctionName() == "_[_]":
			args := e.AsCall().Args()
			if args[1].Kind() != ast.LiteralKind {
				return
			}
			literal, ok := args[1].AsLiteral().Value().(string)
			if !ok {
				return
			}
			from, member = args[0], literal
		default:
			return
		}
		if from.Kind() == ast.IdentKind && !slices.Contains(reads[from.AsIdent()], member) {
			reads[from.AsIdent()] = append(reads[from.AsIdent()], member)
		}
	}))
	return reads
}

// Reads lists the keys that the expression names under a variable ("answers", "points", "measures").
func (e *Expression) Reads(variable string) []string {
	return slices.Sorted(slices.Values(e.reads[variable]))
}

// Holds evaluates a condition. A condition that cannot be told because an answer it needs is not there does not hold;
// any other failure is an error.
func (e *Expression) Holds(vars map[string]any) (bool, error) {
	value, _, err := e.program.Eval(vars)
	if err != nil {
		if !overBudget(err) && e.lacksAnswer(vars) {
			return false, nil
		}
		return false, fmt.Errorf("evaluate condition: %w", err)
	}
	truth, ok := value.Value().(bool)
	if !ok {
		if value == types.NullValue {
			return false, nil
		}
		return false, fmt.Errorf("evaluate condition: gives %s, not true or false", value.Type().TypeName())
	}
	return truth, nil
}

// Number evaluates a formula. It fails when the result is not a finite number (a division by zero).
func (e *Expression) Number(vars map[string]any) (float64, error) {
	value, _, err := e.program.Eval(vars)
	if err != nil {
		return 0, fmt.Errorf("evaluate formula: %w", err)
	}
	number, ok := asNumber(value)
	if !ok || math.IsNaN(number) || math.IsInf(number, 0) {
		return 0, errors.New("evaluate formula: the result is not a number")
	}
	return number, nil
}

func (e *Expression) lacksAnswer(vars map[string]any) bool {
	answers, _ := vars["answers"].(map[string]any)
	return slices.ContainsFunc(e.reads["answers"], func(key string) bool { return answers[key] == nil })
}

func overBudget(err error) bool {
	var cancelled interpreter.EvalCancelledError
	return errors.As(err, &cancelled)
}

func environment(scope Scope) (*cel.Env, error) {
	envs, err := environments()
	if err != nil {
		return nil, fmt.Errorf("prepare expressions: %w", err)
	}
	return envs[scope], nil
}

var environments = sync.OnceValues(func() (map[Scope]*cel.Env, error) {
	answers := cel.Variable("answers", cel.MapType(cel.StringType, cel.DynType))
	points := cel.Variable("points", cel.MapType(cel.StringType, cel.DoubleType))
	variables := map[Scope][]cel.EnvOption{
		ScopeAnswers:  {answers},
		ScopePoints:   {answers, points},
		ScopeScore:    {answers, points, cel.Variable("score", cel.DoubleType)},
		ScopeMeasures: {cel.Variable("measures", cel.MapType(cel.StringType, cel.DynType))},
	}
	base, err := cel.NewEnv(
		cel.ParserExpressionSizeLimit(sourceLimit), cel.ParserRecursionLimit(50), cel.RegexProgramSizeLimit(200),
		cel.CrossTypeNumericComparisons(true), cel.DefaultUTCTimeZone(true),
		cel.Function("present", cel.Overload("present_dyn", []*cel.Type{cel.DynType}, cel.BoolType, cel.UnaryBinding(present))),
		cel.Function("sum",
			cel.Overload("sum_map", []*cel.Type{cel.MapType(cel.StringType, cel.DoubleType)}, cel.DoubleType, cel.UnaryBinding(sumMap)),
			cel.Overload("sum_map_keys", []*cel.Type{cel.MapType(cel.StringType, cel.DoubleType), cel.ListType(cel.StringType)},
				cel.DoubleType, cel.BinaryBinding(sumKeys))),
		cel.Function("median", cel.Overload("median_dyn", []*cel.Type{cel.DynType}, cel.DoubleType, cel.UnaryBinding(median))),
	)
	if err != nil {
		return nil, err
	}
	envs := map[Scope]*cel.Env{}
	for scope, options := range variables {
		if envs[scope], err = base.Extend(options...); err != nil {
			return nil, err
		}
	}
	return envs, nil
})

// present is the CEL function present(x): x has been answered.
func present(value ref.Val) ref.Val {
	switch v := value.Value().(type) {
	case string:
		return types.Bool(v != "")
	case []string:
		return types.Bool(len(v) > 0)
	default:
		return types.Bool(value.Type() != types.NullType)
	}
}

// sumMap is the CEL function sum(points): the points of every item.
func sumMap(value ref.Val) ref.Val {
	numbers, ok := value.Value().(map[string]float64)
	if !ok {
		return types.NewErr("sum: not a map of points")
	}
	return types.Double(sumOf(numbers, slices.Sorted(maps.Keys(numbers))))
}

// sumKeys is the CEL function sum(points, ['a', 'b']): the points of the items named.
func sumKeys(value, keys ref.Val) ref.Val {
	numbers, ok := value.Value().(map[string]float64)
	if !ok {
		return types.NewErr("sum: not a map of points")
	}
	named, err := keys.ConvertToNative(reflect.TypeFor[[]string]())
	if err != nil {
		return types.NewErr("sum: %v", err)
	}
	for _, key := range named.([]string) {
		if _, ok := numbers[key]; !ok {
			return types.NewErr("sum: no item %q", key)
		}
	}
	return types.Double(sumOf(numbers, named.([]string)))
}

// sumOf adds in a fixed order, because adding fractions in another order can give another last digit.
func sumOf(numbers map[string]float64, keys []string) float64 {
	var total float64
	for _, key := range keys {
		total += numbers[key]
	}
	return total
}

// median is the CEL function median(measures.x): the middle of a list of numbers.
func median(value ref.Val) ref.Val {
	numbers, ok := value.Value().([]float64)
	if !ok {
		return types.NewErr("median: not a list of numbers")
	}
	if len(numbers) == 0 {
		return types.NewErr("median: empty list")
	}
	sorted := slices.Sorted(slices.Values(numbers))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return types.Double(sorted[middle])
	}
	return types.Double((sorted[middle-1] + sorted[middle]) / 2)
}

func asNumber(value ref.Val) (float64, bool) {
	switch v := value.Value().(type) {
	case int64:
		return float64(v), true
	case uint64:
		return float64(v), true
	case float64:
		return v, true
	default:
		return 0, false
	}
}
