package office

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"staffetta/internal/problem"
)

// Week is when an office is open, Monday first: for each day its openings in their order.
type Week [7][]Opening

// Opening is from when to when an office is open on a day, as minutes after midnight (it: orario di apertura).
type Opening struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// String writes an opening as people read it.
func (o Opening) String() string { return clock(o.From) + "–" + clock(o.To) }

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// DayFields are the fields of the days in forms and refusals, Monday first.
var DayFields = [7]string{"lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica"}

// maxOpenings is how often an office opens on one day.
const maxOpenings = 4

// On are the openings of the weekday of a day.
func (w Week) On(day time.Time) []Opening { return w[(int(day.Weekday())+6)%7] }

// Text writes the openings of a day, "" for a day on which it is closed.
func Text(openings []Opening) string {
	texts := make([]string, len(openings))
	for i, o := range openings {
		texts[i] = o.String()
	}
	return strings.Join(texts, ", ")
}

// openingForm is an opening as people write it: 9-12.30, 9:00–12:30, 15 - 17:30.
var openingForm = regexp.MustCompile(`^([01]?[0-9]|2[0-4])(?:[:.]([0-5][0-9]))?\s*[-–]\s*([01]?[0-9]|2[0-4])(?:[:.]([0-5][0-9]))?$`)

// ParseDay reads the openings of a day; ok is false for what is none.
func ParseDay(text string) (openings []Opening, ok bool) {
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == ';' }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		found := openingForm.FindStringSubmatch(part)
		if found == nil {
			return nil, false
		}
		openings = append(openings, Opening{From: minutes(found[1], found[2]), To: minutes(found[3], found[4])})
	}
	return openings, true
}

func minutes(hour, minute string) int {
	h, _ := strconv.Atoi(hour) // the form has let digits through alone
	m, _ := strconv.Atoi(minute)
	return 60*h + m
}

// check notes days whose openings are backwards, overlap or are too many.
func (w Week) check(wrong *problem.Fields) {
	for day, openings := range w {
		last := -1
		for _, o := range openings {
			if o.From <= last || o.To <= o.From || o.From < 0 || o.To > 24*60 {
				wrong.Add(DayFields[day], "onboarding.office.error.hours")
				break
			}
			last = o.To
		}
		if len(openings) > maxOpenings {
			wrong.Add(DayFields[day], "onboarding.office.error.openings", "max", maxOpenings)
		}
	}
}
