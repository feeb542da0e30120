package assessment

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
)

// Result is an assessment with the instrument it pins and the way from the answers to the score. For a draft the
// explanation covers the answers given so far.
type Result struct {
	Assessment
	Instrument  Instrument
	Explanation kit.Explanation
}

// Get returns an assessment of an opened case with its explanation, made again from the pinned instrument; or
// problem.NotFound. A guest finds final ones only.
func (s *Service) Get(ctx context.Context, a *casefile.Access, id uuid.UUID) (Result, error) {
	results, err := s.results(ctx, a, id)
	if err != nil {
		return Result{}, err
	}
	return results[0], nil
}

// Comparison is two final assessments with the same instrument (it: confronto), the older one first.
type Comparison struct {
	Old, New   Result
	Lines      []ComparedLine
	Scored     bool // both have a score
	Difference float64
}

// ComparedLine is a question in both assessments. One that an assessment does not hold has no answer there.
type ComparedLine struct {
	Label      kit.Text
	Old, New   kit.Contribution
	Difference float64
}

// Compare sets two assessments of an opened case side by side. Errors: problem.NotFound when one is missing;
// problem.Invalid when their instruments differ, they are one and the same, or one is a draft.
func (s *Service) Compare(ctx context.Context, a *casefile.Access, first, second uuid.UUID) (Comparison, error) {
	if first == second {
		return Comparison{}, problem.New(problem.Invalid, "assessment.error.same")
	}
	results, err := s.results(ctx, a, first, second)
	if err != nil {
		return Comparison{}, err
	}
	slices.SortFunc(results, func(x, y Result) int {
		if d := x.DoneOn.Compare(y.DoneOn); d != 0 {
			return d
		}
		return slices.Compare(x.ID[:], y.ID[:]) // ids grow with time
	})
	c := Comparison{Old: results[0], New: results[1]}
	if c.Old.Assessment.Instrument != c.New.Assessment.Instrument {
		return Comparison{}, problem.New(problem.Invalid, "assessment.error.instruments")
	}
	if !c.Old.Final() || !c.New.Final() {
		return Comparison{}, problem.New(problem.Invalid, "assessment.error.drafts")
	}
	c.Lines = compareLines(c.Old.Explanation.Lines, c.New.Explanation.Lines)
	if c.Scored = c.Old.Outcome.Scored && c.New.Outcome.Scored; c.Scored {
		c.Difference = c.New.Outcome.Score - c.Old.Outcome.Score
	}
	return c, nil
}

// compareLines goes in the order of the newer one; what only the older one asked comes last.
func compareLines(before, after []kit.Contribution) []ComparedLine {
	var lines []ComparedLine
	for _, line := range after {
		lines = append(lines, compareLine(line.Label, lineOf(before, line.Key), line))
	}
	for _, line := range before {
		if lineOf(after, line.Key).Key == "" {
			lines = append(lines, compareLine(line.Label, line, kit.Contribution{}))
		}
	}
	return lines
}

func compareLine(label kit.Text, before, after kit.Contribution) ComparedLine {
	return ComparedLine{Label: label, Old: before, New: after, Difference: after.Points - before.Points}
}

func lineOf(lines []kit.Contribution, key string) kit.Contribution {
	at := slices.IndexFunc(lines, func(l kit.Contribution) bool { return l.Key == key })
	if at < 0 {
		return kit.Contribution{}
	}
	return lines[at]
}

// results reads assessments with their instruments in two round trips.
func (s *Service) results(ctx context.Context, a *casefile.Access, ids ...uuid.UUID) ([]Result, error) {
	found, err := getAssessments(ctx, a, ids)
	if err != nil {
		return nil, err
	}
	if len(found) < len(ids) {
		return nil, problem.Missing()
	}
	editions, err := readEditions(ctx, a, found)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(found))
	for n, one := range found {
		if results[n], err = explain(one, editions[one.Edition]); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func explain(a Assessment, v kit.Version) (Result, error) {
	in, err := newInstrument(v)
	if err != nil {
		return Result{}, err
	}
	a.Answers, _ = in.Definition.CheckDraft(a.Answers) // typed again after JSON
	explanation, err := in.Definition.Explain(a.Answers)
	if err != nil && a.Final() {
		return Result{}, fmt.Errorf("explain assessment %s: %w", a.ID, err)
	}
	return Result{Assessment: a, Instrument: in, Explanation: explanation}, nil
}

// Series is the scores of one instrument in the course of time (it: andamento), the oldest first.
type Series struct {
	Instrument string
	Points     []Assessment
}

// SeriesOf gathers the final assessments with a score by instrument; one alone makes no series. The list comes with
// the latest first.
func SeriesOf(list []Assessment) []Series {
	var all []Series
	for _, a := range slices.Backward(list) {
		if !a.Final() || !a.Outcome.Scored {
			continue
		}
		at := slices.IndexFunc(all, func(s Series) bool { return s.Instrument == a.Instrument })
		if at < 0 {
			all, at = append(all, Series{Instrument: a.Instrument}), len(all)
		}
		all[at].Points = append(all[at].Points, a)
	}
	return slices.DeleteFunc(all, func(s Series) bool { return len(s.Points) < 2 })
}
