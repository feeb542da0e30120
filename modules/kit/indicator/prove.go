package indicator

import (
	"errors"
	"fmt"

	"staffetta/modules/kit/part"
	"staffetta/modules/kit/proof"
)

// Test is an example of an indicator: measures, and the value that they give.
type Test = proof.Test[[]Sample, Outcome]

// Sample is what was measured in an example.
type Sample struct {
	Key     string    `json:"key"`               // of the measure
	Numbers []float64 `json:"numbers,omitempty"` // one, unless the measure is a list
}

// Outcome is what must come of measures. What is left out is not looked at.
type Outcome struct {
	Value    *float64 `json:"value,omitempty"`
	Withheld *bool    `json:"withheld,omitempty"` // too few people to show it
	None     *bool    `json:"none,omitempty"`     // nothing can be computed
}

// Prove runs the tests that an indicator carries.
func Prove(content []byte) []proof.Result {
	indicator, err := Parse(content)
	if err != nil {
		return nil // its own check tells what is wrong with the content
	}
	return proof.Run(indicator.Tests, indicator.prove)
}

func (i *Indicator) prove(test Test) proof.Result {
	result := proof.Result{Example: test.Example}
	value, err := i.Compute(i.measured(test.Given, &result))
	if errors.Is(err, ErrNoMeasure) {
		result.Break(part.Wrong("given", "kit.content.test_measures"))
	}
	none, expected := err != nil, test.Expected
	if expected.Value != nil {
		var got []proof.Term
		if !none && !value.Withheld {
			got = proof.Number(value.Number)
		}
		result.Expect("value", proof.Number(*expected.Value), got)
	}
	if expected.Withheld != nil {
		result.Expect("withheld", proof.Truth(*expected.Withheld), proof.Truth(value.Withheld))
	}
	if expected.None != nil {
		result.Expect("none", proof.Truth(*expected.None), proof.Truth(none))
	}
	return result
}

// measured are the measures of a test as Compute takes them.
func (i *Indicator) measured(given []Sample, result *proof.Result) map[string]any {
	lists := map[string]bool{}
	for _, measure := range i.Measures {
		lists[measure.Key] = measure.List
	}
	measures := map[string]any{}
	for _, sample := range given {
		list, known := lists[sample.Key]
		switch {
		case !known:
			result.Break(part.Wrong(fmt.Sprintf("given[%s]", sample.Key), "kit.content.unknown_key", "key", sample.Key))
		case list:
			measures[sample.Key] = append([]float64{}, sample.Numbers...)
		case len(sample.Numbers) == 1:
			measures[sample.Key] = sample.Numbers[0]
		}
	}
	return measures
}
