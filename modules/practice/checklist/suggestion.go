package checklist

import (
	"slices"

	"staffetta/modules/practice/board"
)

// Suggestion is an answer to a question of the checklist that the board itself gives, with where it comes from
// (message practice.suggestion.From).
type Suggestion struct {
	Value string
	From  string // sessions, baselines
	Done  int    // of the items that the question names
	Of    int
}

// Suggest answers a question as far as the board has the data: courses that were held, indicators with the value from which
// they start. ok is false where it has none.
func Suggest(b board.Board, q board.Question) (s Suggestion, ok bool) {
	var courses, indicators, held, fixed int
	lacking := b.LackingBaseline()
	for _, key := range q.Items {
		switch {
		case slices.ContainsFunc(b.Programme.Courses, func(c board.Course) bool { return c.Key == key }):
			courses++
			if slices.ContainsFunc(b.Of(board.Session), func(s board.Statement) bool { return s.Key == key }) {
				held++
			}
		case slices.ContainsFunc(b.Programme.Indicators, func(i board.Indicator) bool { return i.Key == key }):
			indicators++
			if !slices.Contains(lacking, key) {
				fixed++
			}
		}
	}
	switch len(q.Items) {
	case 0:
		return Suggestion{}, false
	case courses:
		return hinted("sessions", held, courses), true
	case indicators:
		return hinted("baselines", fixed, indicators), true
	}
	return Suggestion{}, false
}

func hinted(from string, done, of int) Suggestion {
	s := Suggestion{Value: board.Partly, From: from, Done: done, Of: of}
	switch done {
	case 0:
		s.Value = board.No
	case of:
		s.Value = board.Yes
	}
	return s
}
