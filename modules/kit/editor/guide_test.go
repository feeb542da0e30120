package editor

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	rules "staffetta/modules/kit/rule"
)

// Examples are made of what a content asks, and every one of them can be used as it stands.
func TestExamplesOfRulesCompile(t *testing.T) {
	t.Parallel()
	entries := func(text string) []any {
		value, err := decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return value.([]any)
	}
	option := `"options":[{"value":"b-1"},{"value":"c"}]`
	for name, test := range map[string]struct {
		got, want []string
		scope     rules.Scope
		results   []rules.Result
	}{
		"conditions": {
			conditions(entries(`[{"key":"a","type":"choice",` + option + `},{"key":"x","type":"choice",` + option + `},{"key":"b","type":"boolean"}]`)),
			[]string{"answers.a == 'b-1'", "answers.b == true", "answers.a == 'b-1' && answers.b == true"},
			rules.ScopeAnswers,
			[]rules.Result{rules.Truth},
		},
		"of lists and numbers": {
			conditions(entries(`[{"key":"a","type":"choices",` + option + `},{"key":"b","type":"scale","min":2}]`)),
			[]string{"'b-1' in answers.a", "answers.b >= 2", "'b-1' in answers.a && answers.b >= 2"},
			rules.ScopeAnswers,
			[]rules.Result{rules.Truth},
		},
		"of one question": {
			conditions(entries(`[{"key":"a","type":"text"}]`)), []string{"present(answers.a)", "!present(answers.a)"}, rules.ScopeAnswers, []rules.Result{rules.Truth},
		},
		"of nothing": {conditions(nil), nil, rules.ScopeAnswers, nil},
		"scores":     {scores(entries(`[{"key":"a"},{"key":"b"}]`)), []string{"sum(points)", "points.a + points.b", "points.a >= 3.0"}, rules.ScopeScore, []rules.Result{rules.Number, rules.Truth}},
		"formulas":   {formulas([]string{"a", "b"}), []string{"measures.a / measures.b", "100.0 * measures.a / measures.b", "median(measures.a)"}, rules.ScopeMeasures, []rules.Result{rules.Number}},
		"of one":     {formulas([]string{"a"}), []string{"measures.a", "100.0 * measures.a", "median(measures.a)"}, rules.ScopeMeasures, []rules.Result{rules.Number}},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for _, one := range test.got {
			if !slices.ContainsFunc(test.results, func(r rules.Result) bool { _, err := rules.Compile(test.scope, r, one); return err == nil }) {
				t.Errorf("%s: %s does not compile", name, one)
			}
		}
	}
}
