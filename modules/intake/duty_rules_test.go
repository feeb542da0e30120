package intake

import (
	"testing"
	"time"

	"staffetta/internal/language"
)

// Whoever arrived before the instant is past the term on the day, and nobody who arrived at it or later.
func TestArrivedBefore(t *testing.T) {
	t.Parallel()
	for _, term := range []Term{{Days: 1}, {Days: 15}, {Days: 5, Working: true}, {Days: 30, Working: true}} {
		for days := range 400 {
			day := time.Date(2026, time.January, days, 0, 0, 0, 0, language.Rome)
			before := term.arrivedBefore(day)
			if due := term.Due(before.Add(-time.Second)); !Overdue(due, day) {
				t.Errorf("%+v: on %s nobody is late who arrived just before %s, due on %s", term, day, before, due)
			}
			if due := term.Due(before); Overdue(due, day) {
				t.Errorf("%+v: on %s somebody is late already who arrived on %s, due on %s", term, day, before, due)
			}
		}
	}
}
