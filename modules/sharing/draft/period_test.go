package draft

import (
	"testing"
	"time"

	"staffetta/internal/language"
	"staffetta/modules/sharing/form"
	"staffetta/policies"
)

func TestNextPeriod(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.ParseInLocation(time.DateOnly, text, language.Rome)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for name, c := range map[string]struct{ from, to, state, now, begin, end string }{
		"a year":         {"2026-01-01", "2026-12-31", policies.AgreementActive, "2026-11-22", "2027-01-01", "2027-12-31"},
		"over the clock": {"2026-03-01", "2026-10-31", policies.AgreementActive, "2026-05-01", "2026-11-01", "2027-07-03"},
		"over":           {"2025-01-01", "2025-12-31", policies.AgreementActive, "2026-11-22", "2026-11-22", "2027-11-21"},
		"ended early":    {"2026-01-01", "2026-12-31", policies.AgreementEnded, "2026-06-01", "2026-06-01", "2027-05-31"},
		"its last day":   {"2026-01-01", "2026-12-31", policies.AgreementActive, "2026-12-31", "2027-01-01", "2027-12-31"},
	} {
		from, until := nextPeriod(policies.Agreement{From: day(c.from), To: form.EndOfDay(day(c.to)), State: c.state}, day(c.now))
		if from != c.begin || until != c.end {
			t.Errorf("%s: from %s until %s, want %s and %s", name, from, until, c.begin, c.end)
		}
	}
	if from, until := nextPeriod(policies.Agreement{From: day("2026-01-01"), To: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}, day("2026-06-01")); from != "2026-06-01" || until != "" {
		t.Errorf("without an end: from %s until %s", from, until)
	}
}
