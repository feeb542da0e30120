// Package proof runs the examples that contents carry: what is given, what must come of it, and what does. It knows neither
// a kind nor how a result is found.
package proof

import (
	"context"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit/canonical"
	"staffetta/modules/kit/part"
)

// Example names a test of an item (it: prova del componente).
type Example struct {
	Key  string    `json:"key"`
	Name part.Text `json:"name"`
}

// Test is an example with what is given and what must come of it, as its kind has them.
type Test[Given, Expected any] struct {
	Example
	Given    Given    `json:"given"`
	Expected Expected `json:"expected"`
}

// Answer is a value at a key, as somebody would type it; of several choices, with commas between them.
type Answer struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Values are the choices of an answer.
func (a Answer) Values() []string {
	return strings.FieldsFunc(a.Value, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
}

// Term is a value of a result: its code, and what people call it.
type Term struct {
	Code string
	Name part.Text // where the content names it
	Word string    // message, where the program does
}

// Codes are terms that have no other name.
func Codes(codes ...string) []Term {
	terms := make([]Term, len(codes))
	for i, code := range codes {
		terms[i] = Term{Code: code}
	}
	return terms
}

// Number is a number as a term.
func Number(n float64) []Term { return Codes(canonical.Number(n)) }

// Truth is yes or no as a term.
func Truth(yes bool) []Term {
	if yes {
		return []Term{{Code: "yes", Word: "kit.value.yes"}}
	}
	return []Term{{Code: "no", Word: "kit.value.no"}}
}

// Point is one thing that a test looks at.
type Point struct {
	Place     string // of what is expected, within it: "total"
	Want, Got []Term
}

func (p Point) holds() bool {
	return slices.EqualFunc(p.Want, p.Got, func(a, b Term) bool { return a.Code == b.Code })
}

// Result is how a test went.
type Result struct {
	Example
	Points []Point
	Broken []part.Fault // why it could not be run as it stands; places are within the test
}

// Expect notes what a test looks at.
func (r *Result) Expect(place string, want, got []Term) {
	if len(want) > 0 {
		r.Points = append(r.Points, Point{place, want, got})
	}
}

// Break notes why a test cannot be run.
func (r *Result) Break(faults ...part.Fault) { r.Broken = append(r.Broken, faults...) }

// Run proves every test of a content.
func Run[T any](tests []T, prove func(T) Result) []Result {
	var results []Result
	for _, test := range tests {
		results = append(results, prove(test))
	}
	return results
}

// Passed tells whether everything came as expected.
func (r Result) Passed() bool { return len(r.faults()) == 0 }

// Faults are what is wrong with a content by the tests that it carries.
func Faults(results []Result) []part.Fault {
	faults := part.Repeated("tests", results, func(r Result) string { return r.Key })
	for _, result := range results {
		faults = append(faults, result.faults()...)
	}
	return faults
}

func (r Result) faults() []part.Fault {
	at := "tests[" + r.Key + "]."
	var faults []part.Fault
	for _, broken := range r.Broken {
		broken.Path = at + broken.Path
		faults = append(faults, broken)
	}
	if len(faults) > 0 {
		return faults // what came of it says nothing
	}
	if len(r.Points) == 0 {
		return []part.Fault{part.Wrong(at+"expected", "kit.content.test_empty")}
	}
	for _, p := range r.Points {
		if !p.holds() {
			faults = append(faults, part.Wrong(at+"expected."+p.Place, "kit.content.test_failed", "want", codes(p.Want), "got", codes(p.Got)))
		}
	}
	return faults
}

func codes(terms []Term) string {
	if len(terms) == 0 {
		return "—"
	}
	list := make([]string, len(terms))
	for i, term := range terms {
		list[i] = term.Code
	}
	return strings.Join(list, ", ")
}

// Tests are results in the language of a context.
func Tests(ctx context.Context, results []Result) []modules.Test {
	var tests []modules.Test
	for _, result := range results {
		test := modules.Test{Path: "tests[" + result.Key + "]", Name: result.Name.In(language.Of(ctx)), Passed: result.Passed()}
		var want, got []string
		for _, p := range result.Points {
			label := language.Say(ctx, language.M("kit.test."+p.Place)) + ": "
			want, got = append(want, label+said(ctx, p.Want)), append(got, label+said(ctx, p.Got))
		}
		if len(result.Broken) > 0 {
			got = nil
			for _, fault := range result.Broken {
				got = append(got, language.Say(ctx, fault.Message()))
			}
		}
		test.Want, test.Got = strings.Join(want, "; "), strings.Join(got, "; ")
		tests = append(tests, test)
	}
	return tests
}

func said(ctx context.Context, terms []Term) string {
	var list []string
	for _, term := range terms {
		switch {
		case term.Word != "":
			list = append(list, language.Say(ctx, language.M(term.Word)))
		case term.Name.IT != "":
			list = append(list, term.Name.In(language.Of(ctx)))
		default:
			list = append(list, term.Code)
		}
	}
	if len(list) == 0 {
		return language.Say(ctx, language.M("kit.test.nothing"))
	}
	return strings.Join(list, ", ")
}
