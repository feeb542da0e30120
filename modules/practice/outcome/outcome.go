// Package outcome answers one question about an adoption: did the transfer work? It puts together what was measured, what the
// reusing body stated and what is still open. It must not write onto the board, nor tell another body which items are used.
package outcome

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/trainee"
	"staffetta/modules/practice/use"
	"staffetta/tenants"
)

// Verdict is whether a practice lives in the body that took it over.
type Verdict string

// The verdicts.
const (
	Starting Verdict = "starting" // too early to tell
	Active   Verdict = "active"   // used in the last ninety days
	Dormant  Verdict = "dormant"  // in place for ninety days, and nobody uses it
	Ended    Verdict = "ended"    // the reusing body gave it up
)

// Outcome is the answer for one adoption (it: esito del trasferimento).
type Outcome struct {
	Board   board.Board
	Verdict Verdict
	Figures Figures
	Lines   []use.Line // of the reusing body alone
	Months  []Month    // newest first
	Values  []Comparison
	Alarms  []Alarm   // that the scope's body is told of
	At      time.Time // by which terms are judged
}

// Figures are what a verdict stands on. What other bodies read protects small numbers.
type Figures struct {
	At       time.Time // when it was measured; zero for never
	Items    int       // kept of the kit
	Measured int       // of them, those of the daily work
	Used30   int
	Used90   int
	Used180  int
	Unused   int
	Records  Number // of the last ninety days
	People   Number
	LastOn   time.Time // a day, for the other parties the first of its month; zero for never
}

// few is the least number of records or people that another body reads: fewer are "fewer than five", and zero is zero.
const few = 5

// Number is a count that may be protected.
type Number struct {
	N   int
	Few bool // from one to four: N is zero and must not be shown
}

// Protect hides a small count.
func Protect(n int) Number {
	if n > 0 && n < few {
		return Number{Few: true}
	}
	return Number{N: n}
}

// Month is how an adoption was measured last in a month.
type Month struct {
	First   time.Time
	Verdict Verdict
	Used90  int
	Of      int
}

// Comparison is one indicator before and after, beside the value that the ceding body has published with the practice.
type Comparison struct {
	Indicator board.Indicator
	Dropped   bool
	Before    *board.Statement
	After     map[string]board.Statement // by months after the start
	Ceding    string                     // as the sheet words it; "" for none
	Invented  bool                       // a figure of a demo that nobody measured
}

// Service answers.
type Service struct {
	deps   modules.Deps
	boards *board.Service
	uses   *use.Service

	trainees *trainee.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps, board.NewService(deps), use.NewService(deps), trainee.NewService(deps)}
}

// Get returns the outcome of an adoption; problem.NotFound where the body is no party. The reusing body's is measured now; other
// parties read what was published last.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Outcome, error) {
	b, err := v.boards.Get(ctx, s, id)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Board: b, Verdict: Starting, Values: compare(b), At: time.Now()}
	published, err := v.findPublished(ctx, s, id)
	if err != nil {
		return Outcome{}, err
	}
	for _, p := range published {
		o.Months = append(o.Months, Month{p.month, p.verdict, p.figures.Used90, p.figures.Measured})
	}
	if o.Alarms, err = v.findAlarms(ctx, s, id); err != nil {
		return Outcome{}, err
	}
	if b.Adoption.Side == adoption.Reusing {
		return o, v.measure(ctx, s, &o)
	}
	if len(published) > 0 {
		o.Verdict, o.Figures = published[0].verdict, published[0].figures
	}
	if ended(b) {
		o.Verdict = Ended
	}
	return o, nil
}

// measure fills in what is so now.
func (v *Service) measure(ctx context.Context, s tenants.Scope, o *Outcome) error {
	m, err := v.uses.Measure(ctx, s, o.Board.Adoption.ID)
	if err != nil {
		return err
	}
	o.At, o.Lines, o.Verdict = m.At, m.Lines, judge(m, ended(o.Board))
	c := m.Count()
	o.Figures = Figures{
		At: m.At, Items: c.Items, Measured: c.Measured, Used30: c.Used30, Used90: c.Used90, Used180: c.Used180, Unused: c.Unused,
		Records: Number{N: c.Records}, People: Number{N: c.People}, LastOn: c.Last,
	}
	return nil
}

// ended tells whether the reusing body gave the practice up.
func ended(b board.Board) bool {
	review, told := b.Review()
	return b.Adoption.State == string(Ended) || told && review.Value == string(Ended)
}

// judge decides by what was measured; that a body has given up it says itself.
func judge(m use.Measures, ended bool) Verdict {
	c := m.Count()
	switch {
	case ended:
		return Ended
	case c.Used90 > 0:
		return Active
	case c.Measured == 0 || c.Unused == 0:
		return Starting
	}
	return Dormant
}

// compare sets the values of each indicator side by side.
func compare(b board.Board) []Comparison {
	var list []Comparison
	for _, indicator := range b.Programme.Indicators {
		c := Comparison{Indicator: indicator, Dropped: slices.Contains(b.Standing.DroppedKeys, indicator.Key), After: map[string]board.Statement{}}
		for _, s := range b.Statements {
			switch {
			case s.Key != indicator.Key:
			case s.Kind == board.Baseline:
				c.Before = &s
			case s.Kind == board.Measure:
				c.After[s.Value] = s
			}
		}
		for _, figure := range b.Sheet.Results.Figures {
			if figure.Indicator == indicator.Key {
				c.Ceding, c.Invented = figure.Value, figure.Demo
			}
		}
		list = append(list, c)
	}
	return list
}

// Publish measures an adoption of the scope's body, notes what threatens it and tells the other parties, small numbers
// protected. It tells whether something has changed.
func (v *Service) Publish(ctx context.Context, s tenants.Scope, id uuid.UUID) (bool, error) {
	o, err := v.Get(ctx, s, id)
	if err != nil || o.Board.Adoption.Side != adoption.Reusing {
		return false, err
	}
	causes, err := v.alarms(ctx, s, o)
	if err != nil {
		return false, err
	}
	noted, err := v.note(ctx, s, id, causes)
	if err != nil {
		return false, err
	}
	o.Figures.Records, o.Figures.People = Protect(o.Figures.Records.N), Protect(o.Figures.People.N)
	told, err := v.publish(ctx, s, o)
	return noted || told, err
}

// Kept counts the items by what became of them, with what the body has changed since.
func (o Outcome) Kept() map[kit.Adaptation]int {
	st := o.Board.Standing
	return map[kit.Adaptation]int{kit.Adopted: st.Adopted, kit.Adapted: st.Adapted, kit.Dropped: st.Dropped}
}
