package outcome

import (
	"time"

	"staffetta/modules/practice/board"
)

// Answer is what one can say to the question whether the transfer worked.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"     // in use, and measured at its first term
	Early   Answer = "early"   // something lacks before one can tell
	Stopped Answer = "stopped" // in place, and nobody uses it
	Over    Answer = "over"    // given up
)

// firstTerm is in how many months after the first case an adoption is measured first.
const firstTerm = 6

// Lack is something without which it is too early to tell.
type Lack struct {
	Key string    // message practice.outcome.lack.Key
	N   int       // how many
	Day time.Time // from which it can be there; zero where it can at once
}

// What can lack.
const (
	lackApplied = "applied"    // the kit
	lackUsed    = "used"       // work with it in the last ninety days
	lackCase    = "first_case" // the first case, from which the terms count
	lackTerm    = "term"       // time since then
	lackValues  = "values"     // values of indicators at the first term
)

// Answer says whether the transfer worked: yes only after the first term, with its values and with measured use.
func (o Outcome) Answer() Answer {
	switch {
	case o.Verdict == Ended:
		return Over
	case o.Verdict == Dormant:
		return Stopped
	case len(o.Lacks()) > 0:
		return Early
	}
	return Yes
}

// Lacks are the things without which it is too early to tell, in the order in which they come.
func (o Outcome) Lacks() []Lack {
	var list []Lack
	due, served := o.Board.Due(firstTerm)
	switch {
	case o.Figures.Items == 0:
		list = append(list, Lack{Key: lackApplied})
	case o.Figures.Used90 == 0:
		list = append(list, Lack{Key: lackUsed})
	}
	switch values := o.Board.LackingAt(board.Months[0]); {
	case !served:
		list = append(list, Lack{Key: lackCase})
	case o.At.Before(due):
		list = append(list, Lack{Key: lackTerm, Day: due})
	case len(values) > 0:
		list = append(list, Lack{Key: lackValues, N: len(values)})
	}
	return list
}
