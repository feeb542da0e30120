package intake

import "time"

// isWorkingDay tells whether a day is one on which offices work: Monday to Friday, and no national holiday. The day of
// the patron saint differs from place to place and counts as a working day.
func isWorkingDay(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !isHoliday(day)
}

// isHoliday tells whether a day is a national holiday of Italy: L. 27 May 1949 no. 260, art. 2, with what L. 5 March
// 1977 no. 54 took away, D.P.R. 28 December 1985 no. 792 (Epiphany) and L. 20 November 2000 no. 336 (2 June) gave back
// and L. 8 October 2025 no. 151 added (4 October, from 2026). Sundays are not among them.
func isHoliday(day time.Time) bool {
	switch date := (monthDay{day.Month(), day.Day()}); date {
	case monthDay{time.January, 1}, monthDay{time.January, 6}, monthDay{time.April, 25}, monthDay{time.May, 1},
		monthDay{time.June, 2}, monthDay{time.August, 15}, monthDay{time.November, 1}, monthDay{time.December, 8},
		monthDay{time.December, 25}, monthDay{time.December, 26}:
		return true
	case monthDay{time.October, 4}:
		return day.Year() >= 2026
	default:
		return date == easterMonday(day.Year())
	}
}

type monthDay struct {
	month time.Month
	day   int
}

// easterMonday is the day after Easter of the Gregorian calendar, by the rule in Meeus, Astronomical Algorithms, ch. 8.
func easterMonday(year int) monthDay {
	a, b, c := year%19, year/100, year%100
	moon := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30 // days from 21 March to the full moon
	sunday := (32 + 2*(b%4) + 2*(c/4) - moon - c%4) % 7
	late := (a + 11*moon + 22*sunday) / 451
	n := moon + sunday - 7*late + 114
	easter := time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
	monday := easter.AddDate(0, 0, 1)
	return monthDay{monday.Month(), monday.Day()}
}
