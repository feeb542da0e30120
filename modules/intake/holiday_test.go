package intake

import (
	"testing"
	"time"
)

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// TestEasterMonday holds the rule to days that calendars give, the earliest and the latest of them among them.
func TestEasterMonday(t *testing.T) {
	for year, want := range map[int]time.Time{
		1818: date(1818, time.March, 23), 1943: date(1943, time.April, 26), 1961: date(1961, time.April, 3), 2000: date(2000, time.April, 24),
		2008: date(2008, time.March, 24), 2024: date(2024, time.April, 1), 2025: date(2025, time.April, 21), 2026: date(2026, time.April, 6),
		2027: date(2027, time.March, 29), 2038: date(2038, time.April, 26), 2049: date(2049, time.April, 19), 2076: date(2076, time.April, 20),
	} {
		if got := easterMonday(year); got != (monthDay{want.Month(), want.Day()}) {
			t.Errorf("Easter Monday of %d is %v, want %v", year, got, want)
		}
		if want.Weekday() != time.Monday {
			t.Errorf("%v is no Monday", want)
		}
	}
}

func TestHolidays(t *testing.T) {
	count := func(year int) (n int) {
		for day := date(year, time.January, 1); day.Year() == year; day = day.AddDate(0, 0, 1) {
			if isHoliday(day) {
				n++
			}
		}
		return n
	}
	if before, after := count(2025), count(2027); before != 11 || after != 12 {
		t.Errorf("2025 has %d holidays and 2027 %d, want 11 and 12", before, after)
	}
	for day, want := range map[time.Time]bool{
		date(2025, time.October, 3): true, date(2027, time.October, 4): false, date(2024, time.October, 4): true, // the law of 2025
		date(2026, time.June, 2): false, date(2026, time.April, 6): false, date(2026, time.April, 7): true,
		date(2026, time.November, 21): false, date(2026, time.November, 22): false, date(2026, time.November, 23): true,
	} {
		if got := isWorkingDay(day); got != want {
			t.Errorf("%s is a working day: %t, want %t", day.Format(time.DateOnly), got, want)
		}
	}
}

func TestTermDue(t *testing.T) {
	five := Term{Days: 5, Working: true}
	for name, c := range map[string]struct {
		term    Term
		arrival time.Time
		want    time.Time
	}{
		"over a week-end":              {five, date(2026, time.May, 12), date(2026, time.May, 19)},
		"on a Saturday":                {five, date(2026, time.May, 16), date(2026, time.May, 22)},
		"over Easter":                  {five, date(2026, time.April, 2), date(2026, time.April, 10)},
		"over Christmas":               {five, date(2026, time.December, 23), date(2026, time.December, 31)},
		"over 25 April on a Saturday":  {five, date(2026, time.April, 24), date(2026, time.May, 4)},
		"late in the evening in Italy": {five, time.Date(2026, time.May, 12, 22, 30, 0, 0, time.UTC), date(2026, time.May, 20)},
		"calendar days":                {Term{Days: 15}, date(2026, time.May, 12), date(2026, time.May, 27)},
		"calendar days, to a Sunday":   {Term{Days: 5}, date(2026, time.May, 12), date(2026, time.May, 18)},
		"calendar days, to Easter":     {Term{Days: 3}, date(2026, time.April, 2), date(2026, time.April, 7)},
		"no term":                      {Term{}, date(2026, time.May, 12), time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.term.Due(c.arrival); !got.Equal(c.want) {
				t.Errorf("due %v, want %v", got, c.want)
			}
		})
	}
}

func TestOverdue(t *testing.T) {
	due := date(2026, time.May, 19)
	for at, want := range map[time.Time]bool{
		time.Date(2026, time.May, 19, 21, 59, 0, 0, time.UTC): false, // 23:59 in Italy
		time.Date(2026, time.May, 19, 22, 1, 0, 0, time.UTC):  true,
		date(2026, time.May, 12):                              false,
	} {
		if got := Overdue(due, at); got != want {
			t.Errorf("at %v overdue is %t, want %t", at, got, want)
		}
	}
	if Overdue(time.Time{}, due) {
		t.Error("without a term it is overdue")
	}
	if c := (Contact{State: Closed, At: due}); !(Term{Days: 5}).DueOn(c).IsZero() {
		t.Error("a closed contact is due")
	}
}
