package tenants_test

import (
	"testing"
	"time"

	"staffetta/tenants"
)

// A membership begins and ends at midnight in Italy: half past eleven in Greenwich is the next day there.
func TestAMembershipGoesByTheDaysOfItaly(t *testing.T) {
	evening := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	for name, one := range map[string]struct {
		m    tenants.Membership
		want bool
	}{
		"from today":     {tenants.Membership{From: day(23)}, true},
		"from tomorrow":  {tenants.Membership{From: day(24)}, false},
		"to yesterday":   {tenants.Membership{From: day(1), To: day(22)}, false},
		"to today":       {tenants.Membership{From: day(1), To: day(23)}, true},
		"today, and out": {tenants.Membership{From: day(23), To: day(22)}, false},
	} {
		if one.m.Holds(evening) != one.want {
			t.Errorf("%s: %v", name, !one.want)
		}
	}
}
