// Package indicator is indicators as data: one number with one formula everywhere, and the examples that they carry. It
// must not know where measures come from.
package indicator

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"staffetta/modules/kit/part"
	"staffetta/modules/kit/rule"
)

// ErrNoMeasure is returned when a measure of an indicator was not given: not measured is not zero.
var ErrNoMeasure = errors.New("measure not given")

// ErrNotComputable is returned when a formula gives no number for these measures, as when nothing was counted yet.
var ErrNotComputable = errors.New("indicator cannot be computed from these measures")

// Indicator is one number with one formula everywhere (it: indicatore), so that two bodies can be compared.
type Indicator struct {
	Description part.Text  `json:"description"`
	Measures    []Measure  `json:"measures"`
	Formula     string     `json:"formula"` // over measures
	Reading     part.Text  `json:"reading"` // the formula in words
	Unit        string     `json:"unit"`    // percent, per_thousand, days, working_days, count, euro
	Decimals    int        `json:"decimals"`
	Better      string     `json:"better"` // higher or lower
	Target      *float64   `json:"target,omitempty"`
	Baseline    Baseline   `json:"baseline"`
	Months      []int      `json:"months"` // when it is measured, counted from go-live
	SmallCell   *SmallCell `json:"smallCell,omitempty"`
	Workflow    string     `json:"workflow,omitempty"` // key of the workflow whose terms it measures
	Form        string     `json:"form,omitempty"`     // key of the form whose records it counts
	Tests       []Test     `json:"tests,omitempty"`
}

// Measure is a quantity that a formula uses.
type Measure struct {
	Key    string    `json:"key"`
	Label  part.Text `json:"label"`
	Source part.Text `json:"source"`         // where it is read
	List   bool      `json:"list,omitempty"` // many numbers instead of one
}

// Baseline says how the value before go-live is found.
type Baseline struct {
	Required bool      `json:"required"`
	How      part.Text `json:"how"`
}

// SmallCell protects people: the value is withheld when the measure named is above zero and below the limit.
type SmallCell struct {
	Measure string `json:"measure"`
	Below   int    `json:"below"`
}

// Value is a computed indicator. When Withheld, Number is zero and must not be shown.
type Value struct {
	Number   float64
	Withheld bool
}

// Parse reads the content of an indicator item. Unknown fields are an error.
func Parse(content []byte) (*Indicator, error) {
	indicator := &Indicator{}
	if err := part.Decode(content, indicator); err != nil {
		return nil, fmt.Errorf("read indicator: %w", err)
	}
	return indicator, nil
}

// Compute applies the formula to the measures (float64, or []float64 for a list) and rounds to the declared decimals.
// It fails with ErrNoMeasure or ErrNotComputable.
func (i *Indicator) Compute(measures map[string]any) (Value, error) {
	for _, measure := range i.Measures {
		if !measure.accepts(measures[measure.Key]) {
			return Value{}, fmt.Errorf("measure %s: %w", measure.Key, ErrNoMeasure)
		}
	}
	if i.SmallCell != nil {
		counted := size(measures[i.SmallCell.Measure])
		if counted > 0 && counted < float64(i.SmallCell.Below) {
			return Value{Withheld: true}, nil
		}
	}
	formula, err := rule.Compile(rule.ScopeMeasures, rule.Number, i.Formula)
	if err != nil {
		return Value{}, fmt.Errorf("indicator formula: %w", err)
	}
	number, err := formula.Number(map[string]any{"measures": measures})
	if err != nil {
		return Value{}, fmt.Errorf("%w: %w", ErrNotComputable, err)
	}
	scale := math.Pow10(i.Decimals)
	return Value{Number: math.Round(number*scale) / scale}, nil
}

func (m Measure) accepts(value any) bool {
	switch value.(type) {
	case float64:
		return !m.List
	case []float64:
		return m.List
	default:
		return false
	}
}

// size is how many things a measure counts: its number, or the length of its list.
func size(measure any) float64 {
	if list, ok := measure.([]float64); ok {
		return float64(len(list))
	}
	number, _ := measure.(float64)
	return number
}

// Validate tells what is wrong with an indicator: a formula that does not compile, measures it uses without
// declaring them or declares without using them.
func Validate(content []byte) []part.Fault {
	indicator, err := Parse(content)
	if err != nil {
		return part.Unreadable(err)
	}
	faults := part.Repeated("measures", indicator.Measures, func(m Measure) string { return m.Key })
	declared := map[string]bool{}
	for _, measure := range indicator.Measures {
		declared[measure.Key] = true
	}
	if indicator.SmallCell != nil {
		faults = append(faults, part.NotAmong("smallCell.measure", declared, indicator.SmallCell.Measure)...)
	}
	formula, err := rule.Compile(rule.ScopeMeasures, rule.Number, indicator.Formula)
	if err != nil {
		return append(faults, rule.Fault("formula", err))
	}
	faults = append(faults, part.NotAmong("formula", declared, formula.Reads("measures")...)...)
	for _, measure := range indicator.Measures {
		if !slices.Contains(formula.Reads("measures"), measure.Key) {
			faults = append(faults, part.Wrong(fmt.Sprintf("measures[%s]", measure.Key), "kit.content.unused", "key", measure.Key))
		}
	}
	return faults
}
