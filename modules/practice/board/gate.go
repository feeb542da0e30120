package board

import (
	"slices"
	"strconv"
	"time"

	"staffetta/modules/practice/adoption"
)

// Condition is one thing that a gate asks. Side is who can make it hold; "" for either.
type Condition struct {
	Key     string // message practice.condition.Key
	Stage   int
	Holds   bool
	Side    adoption.Side
	Missing []string // what lacks, by key of question, course, indicator
	Count   int      // how many lack
}

// Gate is what must hold before an adoption leaves a stage (it: condizioni di passaggio).
type Gate struct {
	Stage      int
	Conditions []Condition
}

// Open tells whether all conditions hold.
func (g Gate) Open() bool {
	return !slices.ContainsFunc(g.Conditions, func(c Condition) bool { return !c.Holds })
}

// Lacking are the conditions that do not hold.
func (g Gate) Lacking() []Condition {
	return slices.DeleteFunc(slices.Clone(g.Conditions), func(c Condition) bool { return c.Holds })
}

// Months after the start at which the indicators are measured again.
var Months = []string{"6", "12", "24"}

// Gate judges the gate of a stage from what is on the board at an instant. It alone decides whether an adoption moves on.
func (b Board) Gate(stage int, now time.Time) Gate {
	var list []Condition
	switch stage {
	case 0:
		list = b.described()
	case 1:
		list = []Condition{{Key: "interest", Holds: len(b.Of(Interest)) > 0 || b.Need != "", Side: adoption.Reusing}}
	case 2:
		list = b.analysed()
	case 3:
		list = b.agreed()
	case adoption.StageDelivery:
		list = []Condition{{Key: "delivered", Holds: b.delivered(), Side: adoption.Ceding}}
	case adoption.StageAdaptation:
		list = b.adapted()
	case 6:
		list = b.trained()
	case adoption.StageGoLive:
		list = b.started()
	case 8:
		list = b.evaluated()
	case adoption.LastStage:
		_, reviewed := b.find(Review, func(s Statement) bool { return s.Day.After(now.AddDate(-1, 0, 0)) })
		list = []Condition{{Key: "reviewed_yearly", Holds: reviewed, Side: adoption.Reusing}}
	}
	for i := range list {
		list[i].Stage = stage
		if list[i].Count == 0 {
			list[i].Count = len(list[i].Missing)
		}
	}
	return Gate{stage, list}
}

// LackingAfter are the courses or indicators that the gate still asks for after a statement about one of them.
func (b Board) LackingAfter(one Statement) []string {
	var lacking []string
	switch one.Kind {
	case Session:
		lacking = b.unheld()
	case Baseline, Measure:
		lacking = b.unmeasured(one.Kind, one.Value)
	default: // of all others one is enough
	}
	return slices.DeleteFunc(lacking, func(key string) bool { return key == one.Key })
}

// Reach is the farthest stage to which open gates lead; the present one where its own gate is shut.
func (b Board) Reach(now time.Time) int {
	stage := b.Adoption.Stage
	for stage < adoption.LastStage && b.Gate(stage, now).Open() {
		stage++
	}
	return stage
}

// described are the conditions of a practice that offers itself.
func (b Board) described() []Condition {
	c, t := b.Sheet.Characteristics, b.Sheet.Transfer
	return []Condition{
		{Key: "sheet", Holds: c.Problem.IT != "" && c.Solution.IT != "" && len(t.How) > 0, Side: adoption.Ceding},
		{Key: "evidence", Holds: len(b.Sheet.Results.Evidence) > 0, Side: adoption.Ceding},
		{Key: "published", Holds: b.Adoption.Release != "", Side: adoption.Ceding},
	}
}

// analysed asks for an answer to every question, and for who closes each gap until when.
func (b Board) analysed() []Condition {
	answers := b.Responses()
	var open, gaps []string
	for _, q := range b.Programme.Questions {
		a, ok := answers[q.Place]
		switch {
		case !ok:
			open = append(open, q.Place)
		case (a.Value == No || a.Value == Partly) && (a.Owner == "" || a.Day.IsZero()):
			gaps = append(gaps, q.Place)
		}
	}
	return []Condition{{Key: "answered", Holds: len(open) == 0, Missing: open}, {Key: "gaps", Holds: len(gaps) == 0, Missing: gaps}}
}

// Responses are the answers that stand, by the place of their question.
func (b Board) Responses() map[string]Statement {
	all := map[string]Statement{}
	for _, s := range b.Of(Response) {
		all[s.Key] = s
	}
	return all
}

// agreed asks both bodies, as far as they are in this installation, for the number and the day of their act, and for their role in data protection.
func (b Board) agreed() []Condition {
	var list []Condition
	for _, side := range []struct {
		side   adoption.Side
		tenant int32
	}{{adoption.Ceding, b.Adoption.Ceding}, {adoption.Reusing, b.Adoption.Reusing}} {
		if side.tenant == 0 {
			continue // of another installation: it states nothing here, and its signature on the kit stands for it
		}
		own := func(s Statement) bool { return s.Tenant == side.tenant }
		_, signed := b.find(Act, own)
		_, named := b.find(Privacy, own)
		list = append(list, Condition{Key: "act_" + string(side.side), Holds: signed, Side: side.side},
			Condition{Key: "privacy_" + string(side.side), Holds: named, Side: side.side})
	}
	return list
}

// delivered tells whether the release is fixed: the ceding body says so, or the reusing one has applied it.
func (b Board) delivered() bool {
	_, fixed := b.find(Delivery, func(s Statement) bool { return s.Value == b.Adoption.Release })
	return fixed || b.Standing.Decided() > 0
}

// adapted asks for a decision about every item of the release, and for the reason of each difference.
func (b Board) adapted() []Condition {
	st := b.Standing
	return []Condition{
		{Key: "decided", Holds: st.Decided() == st.Items, Count: st.Items - st.Decided(), Side: adoption.Reusing},
		{Key: "explained", Holds: st.Unexplained == 0, Count: st.Unexplained, Side: adoption.Reusing},
	}
}

// trained asks for a session of every course that was not dropped, and for a visit where the kit has coaching.
func (b Board) trained() []Condition {
	missing := b.unheld()
	coached := !slices.ContainsFunc(b.Programme.Courses, func(c Course) bool { return c.Coaching && !b.dropped(c.Key) }) || len(b.Of(Visit)) > 0
	return []Condition{{Key: "sessions", Holds: len(missing) == 0, Missing: missing}, {Key: "visits", Holds: coached}}
}

func (b Board) dropped(key string) bool { return slices.Contains(b.Standing.DroppedKeys, key) }

// unheld are the courses in use without a session.
func (b Board) unheld() []string {
	var missing []string
	for _, course := range b.Programme.Courses {
		if _, held := b.find(Session, func(s Statement) bool { return s.Key == course.Key }); !held && !course.Coaching && !b.dropped(course.Key) {
			missing = append(missing, course.Key)
		}
	}
	return missing
}

// started asks that nothing blocks, that the indicators have the values from which they start, and for the first case.
func (b Board) started() []Condition {
	answers := b.Responses()
	var blocked []string
	for _, q := range b.Programme.Questions {
		if q.Blocking && answers[q.Place].Value != Yes {
			blocked = append(blocked, q.Place)
		}
	}
	baseline := b.LackingBaseline()
	return []Condition{
		{Key: "unblocked", Holds: len(blocked) == 0, Missing: blocked, Side: adoption.Reusing},
		{Key: "baseline", Holds: len(baseline) == 0, Missing: baseline, Side: adoption.Reusing},
		{Key: "first_case", Holds: len(b.Of(FirstCase)) > 0, Side: adoption.Reusing},
	}
}

// LackingBaseline are the indicators in use without the value from which they start.
func (b Board) LackingBaseline() []string { return b.unmeasured(Baseline, "") }

// unmeasured are the indicators in use without a statement of a kind, for some months after the start.
func (b Board) unmeasured(kind Kind, months string) []string {
	var missing []string
	for _, indicator := range b.Programme.Indicators {
		if b.dropped(indicator.Key) || !indicator.isMeasuredAt(months) {
			continue
		}
		if _, ok := b.find(kind, func(s Statement) bool { return s.Key == indicator.Key && s.Value == months }); !ok {
			missing = append(missing, indicator.Key)
		}
	}
	return missing
}

// isMeasuredAt tells whether the indicator wants a value some months after the start; months are empty for the start itself.
func (i Indicator) isMeasuredAt(months string) bool {
	n, err := strconv.Atoi(months)
	return err != nil || i.Rule == nil || slices.Contains(i.Rule.Months, n)
}

// evaluated asks for the same indicators at 6, 12 and 24 months.
func (b Board) evaluated() []Condition {
	var list []Condition
	for _, months := range Months {
		missing := b.unmeasured(Measure, months)
		list = append(list, Condition{Key: "months_" + months, Holds: len(missing) == 0, Missing: missing, Side: adoption.Reusing})
	}
	return list
}
