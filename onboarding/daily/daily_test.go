package daily_test

import (
	"testing"
	"time"

	"staffetta/onboarding/daily"
)

func TestADayBeginsAnew(t *testing.T) {
	t.Parallel()
	var count daily.Count[string]
	today := time.Date(2026, time.March, 14, 0, 0, 0, 0, time.UTC)
	for i, want := range []bool{true, true, false, false} {
		if got := count.Within("ada", today, 2); got != want {
			t.Errorf("number %d of a day: %t", i+1, got)
		}
	}
	if !count.Within("livia", today, 2) {
		t.Error("somebody else pays for it")
	}
	if !count.Within("ada", today.AddDate(0, 0, 1), 2) {
		t.Error("the next day does not begin anew")
	}
}
