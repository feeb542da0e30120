package office

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/it"

	"staffetta/internal/problem"
)

// Closed are days on which an office does not open though its week says so (it: chiusura straordinaria).
type Closed struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Why  string    `json:"why,omitempty"`
}

// String writes the days as people do, with why: 24/12/2026-06/01/2027 Ferie.
func (c Closed) String() string {
	text := day(c.From)
	if !c.To.Equal(c.From) {
		text += "-" + day(c.To)
	}
	return strings.TrimSpace(text + " " + c.Why)
}

// maxClosed is how many times an office says that it does not open.
const maxClosed = 60

// feasts are the national ones, on which no public office opens: art. 2 L. 260/1949 with its changes; Saint Francis of Assisi again
// from 2026 (L. 151/2025).
var feasts = append(slices.Clone(it.Holidays),
	&cal.Holiday{Name: "San Francesco d’Assisi", Month: time.October, Day: 4, StartYear: 2026, Func: cal.CalcDayOfMonth})

// feast is the name of the national feast of a day, "" for none.
func feast(d time.Time) string {
	for _, one := range feasts {
		if on, _ := one.Calc(d.Year()); on.Format(time.DateOnly) == d.Format(time.DateOnly) {
			return one.Name
		}
	}
	return ""
}

// IsClosed tells whether an office does not open on a day though its week may say so, and why as far as it is said.
func (o Office) IsClosed(d time.Time) (why string, closed bool) {
	if name := feast(d); name != "" {
		return name, true
	}
	for _, c := range o.Closed {
		if !d.Before(c.From) && !d.After(c.To) {
			return c.Why, true
		}
	}
	return "", false
}

// closedForm is a line as people write it: a day, or two with a dash between them, and why.
var closedForm = regexp.MustCompile(`^(\d{1,2}/\d{1,2}/\d{4})(?:\s*[-–]\s*(\d{1,2}/\d{1,2}/\d{4}))?(?:\s+(.*))?$`)

// ParseClosed reads the days on which an office does not open, a line each; ok is false where one is none.
func ParseClosed(text string) (all []Closed, ok bool) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		found := closedForm.FindStringSubmatch(line)
		if found == nil {
			return nil, false
		}
		if found[2] == "" {
			found[2] = found[1]
		}
		from, err := time.Parse("2/1/2006", found[1])
		if err != nil {
			return nil, false
		}
		to, err := time.Parse("2/1/2006", found[2])
		if err != nil {
			return nil, false
		}
		all = append(all, Closed{From: from, To: to, Why: found[3]})
	}
	return all, true
}

// checkClosed tidies the days, the earliest first.
func checkClosed(wrong *problem.Fields, all []Closed) []Closed {
	kept := []Closed{}
	for _, c := range all {
		if c.Why = strings.TrimSpace(c.Why); c.To.Before(c.From) {
			wrong.Add("chiusure", "onboarding.office.error.closed_backwards")
		}
		wrong.MaxLength("chiusure", c.Why, 120)
		wrong.Legible("chiusure", c.Why)
		if !slices.Contains(kept, c) {
			kept = append(kept, c)
		}
	}
	if len(kept) > maxClosed {
		wrong.Add("chiusure", "onboarding.office.error.closed_many", "max", maxClosed)
	}
	slices.SortStableFunc(kept, func(a, b Closed) int { return a.From.Compare(b.From) })
	return kept
}

// coming are the days from a day on.
func coming(all []Closed, from time.Time) []Closed {
	return slices.DeleteFunc(slices.Clone(all), func(c Closed) bool { return c.To.Before(from) })
}
