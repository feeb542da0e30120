package outcome

import (
	"context"
	"time"

	"staffetta/tenants"
)

// Causes of an alarm.
const (
	Unused     = "unused"     // items that nobody has used for ninety days
	Left       = "left"       // trained people who work there no more
	Unmeasured = "unmeasured" // values of indicators whose term is over
)

// Alarm is something that threatens an adoption: how many, never which or who (it: allarme di pratica ferma). The reusing body
// is told first, the lead body when it has stood for thirty days.
type Alarm struct {
	Cause string
	Count int
	Since time.Time
	Lead  time.Time // since when the lead body is told; zero before
}

// alarms are what threatens an adoption now, by cause.
func (v *Service) alarms(ctx context.Context, s tenants.Scope, o Outcome) (map[string]int, error) {
	if o.Figures.Items == 0 || o.Verdict == Ended { // nothing is there that could come to a halt
		return map[string]int{}, nil
	}
	left, err := v.trainees.Left(ctx, s, o.Board.Adoption.ID)
	if err != nil {
		return nil, err
	}
	return map[string]int{Unused: o.Figures.Unused, Left: left, Unmeasured: len(o.Board.Overdue(o.Figures.At))}, nil
}
