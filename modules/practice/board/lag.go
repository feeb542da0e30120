package board

import (
	"time"

	"staffetta/modules/practice/adoption"
)

// Lag is how the journey stands behind a kit that is applied already. It moves nothing: people do, gate by gate.
type Lag struct {
	Met     []int       // later stages whose conditions hold already
	Lacking []Condition // of later stages, before those that follow the adaptation
}

// Lag tells how far the stage is behind the kit; ok is false where nothing is applied, and past the adaptation.
func (b Board) Lag(now time.Time) (l Lag, ok bool) {
	if b.Standing.Decided() == 0 || b.Adoption.Stage >= adoption.StageAdaptation || b.Adoption.State == "ended" {
		return Lag{}, false
	}
	for stage := b.Adoption.Stage + 1; stage <= adoption.StageAdaptation; stage++ {
		gate := b.Gate(stage, now)
		if gate.Open() {
			l.Met = append(l.Met, stage)
		}
		l.Lacking = append(l.Lacking, gate.Lacking()...)
	}
	return l, true
}
