package board

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
)

// maxQuantities is how many numbers a list of a formula takes.
const maxQuantities = 5000

// compute finds the value of an indicator by its formula: the same before and after, and in every body. A value that would point
// at few people is withheld. It tells whether it was there to judge the amount; of other kinds it is not.
func (s *Statement) compute(b Board, wrong *problem.Fields, suffix string) bool {
	if s.Kind != Baseline && s.Kind != Measure {
		s.Quantities = nil
		return false
	}
	at := slices.IndexFunc(b.Programme.Indicators, func(i Indicator) bool { return i.Key == s.Key })
	if at < 0 || b.Programme.Indicators[at].Rule == nil {
		return false
	}
	rule := b.Programme.Indicators[at].Rule
	s.Amount = nil
	given := map[string]any{}
	for _, m := range rule.Measures {
		value, found := s.Quantities[m.Key]
		switch {
		case !found:
			wrong.Add("quantities."+m.Key+suffix, "web.field.required")
		case !possible(value, m.List):
			wrong.Add("quantities."+m.Key+suffix, "practice.board.error.amount")
		default:
			given[m.Key] = value
		}
	}
	if s.Quantities = given; len(given) < len(rule.Measures) {
		return true
	}
	value, err := rule.Compute(given)
	switch {
	case errors.Is(err, kit.ErrNotComputable), err == nil && (value.Number < 0 || value.Number > 1e9):
		wrong.Add("quantities."+rule.Measures[0].Key+suffix, "practice.board.error.not_computable")
	case err != nil:
		wrong.Add("quantities."+rule.Measures[0].Key+suffix, "practice.board.error.amount")
	case !value.Withheld:
		s.Amount = &value.Number
	}
	return true
}

// LackingAt are the indicators in use that want a value some months after the start and have none.
func (b Board) LackingAt(months string) []string { return b.unmeasured(Measure, months) }

// grace is for how many days after its term the value of an indicator may still be missing.
const grace = 30

// Due is the last day of the term for the values of indicators some months after the first case; ok is false before there was one.
func (b Board) Due(months int) (day time.Time, ok bool) {
	first, served := b.find(FirstCase, func(Statement) bool { return true })
	return first.Day.AddDate(0, months, 0), served
}

// Overdue are the values of indicators that are missing thirty days after their term, by key and months.
func (b Board) Overdue(now time.Time) []string {
	var late []string
	for _, months := range Months {
		n, _ := strconv.Atoi(months) // they are numbers above
		if due, ok := b.Due(n); ok && now.After(due.AddDate(0, 0, grace)) {
			for _, key := range b.unmeasured(Measure, months) {
				late = append(late, key+" "+months)
			}
		}
	}
	return late
}

// possible tells whether a value is the number, or the list of numbers, that a formula can take.
func possible(value any, list bool) bool {
	fits := func(n float64) bool { return n >= 0 && n <= 1e9 }
	switch v := value.(type) {
	case float64:
		return !list && fits(v)
	case []float64:
		return list && len(v) <= maxQuantities && !slices.ContainsFunc(v, func(n float64) bool { return !fits(n) })
	}
	return false
}
