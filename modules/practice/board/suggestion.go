package board

import "slices"

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
func (b Board) Suggest(q Question) (s Suggestion, ok bool) {
	var courses, indicators, held, fixed int
	lacking := b.lackingBaseline()
	for _, key := range q.Items {
		switch {
		case slices.ContainsFunc(b.Programme.Courses, func(c Course) bool { return c.Key == key }):
			courses++
			if _, found := b.find(Session, func(s Statement) bool { return s.Key == key }); found {
				held++
			}
		case slices.ContainsFunc(b.Programme.Indicators, func(i Indicator) bool { return i.Key == key }):
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
		return suggestion("sessions", held, courses), true
	case indicators:
		return suggestion("baselines", fixed, indicators), true
	}
	return Suggestion{}, false
}

func suggestion(from string, done, of int) Suggestion {
	s := Suggestion{Value: Partly, From: from, Done: done, Of: of}
	switch done {
	case 0:
		s.Value = No
	case of:
		s.Value = Yes
	}
	return s
}
