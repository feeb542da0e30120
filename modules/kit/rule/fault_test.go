package rule

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules/kit/part"
)

// What people get wrong is told in their words, at its place.
func TestFaultsAreToldAtTheirPlace(t *testing.T) {
	t.Parallel()
	fault := func(key, line, column string, sign ...string) part.Fault {
		f := part.Wrong("visible", "kit.content.expression."+key, "line", line, "column", column)
		if len(sign) > 0 {
			f.Params["sign"] = sign[0]
		}
		return f
	}
	for source, want := range map[string]part.Fault{
		"answers.works ==":            fault("end", "1", "17"),
		"answers.":                    fault("end", "1", "9"),
		"'a' in":                      fault("end", "1", "7"),
		"answers.works = true":        fault("equals", "1", "15"),
		"answer.works == true":        fault("name", "1", "1", "answer"),
		"answers.a == 1 &&\nb":        fault("name", "2", "1", "b"),
		"(answers.a == 1":             fault("missing", "1", "16", ")"),
		"answers.a == 'x":             fault("quote", "1", "14"),
		"answers.a == “x”":            fault("sign", "1", "14", "“"),
		"answers.a and answers.b":     fault("unexpected", "1", "11", "and"),
		"answers.a == 'b')":           fault("unexpected", "1", "17", ")"),
		"1 + 'a' == 2":                fault("types", "1", "3"),
		"answers.a + 1":               fault("truth", "1", "1"),
		"answers.a == 1 || if == 'x'": fault("unexpected", "1", "19", "if"),
	} {
		_, err := Compile(ScopeScore, Truth, source)
		if err == nil {
			t.Errorf("%s compiles", source)
			continue
		}
		if diff := cmp.Diff(want, Fault("visible", err)); diff != "" {
			t.Errorf("%s, %v (-want +got):\n%s", source, err, diff)
		}
	}
	_, err := Compile(ScopeMeasures, Number, "measures.a > 3")
	if got := Fault("formula", err); got.Key != "kit.content.expression.number" {
		t.Errorf("a formula without a number: %v", got)
	}
}
