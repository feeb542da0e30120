package form

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
)

// BadDay is the error of a field that holds no day.
func BadDay(field string) error {
	var wrong problem.Fields
	wrong.Add(field, "practice.board.error.day")
	return wrong.Err()
}

// Day reads a day of a form, zero for an empty one; ok is false for what is no day.
func Day(text string) (day time.Time, ok bool) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, true
	}
	day, err := time.Parse(time.DateOnly, text)
	return day, err == nil && day.Year() >= 1990 && day.Year() < 2200
}

// DayValue is a day as fields and the API write it; empty for none.
func DayValue(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}

// Decimal writes a number as people do, with a comma.
func Decimal(amount float64) string {
	return strings.Replace(strconv.FormatFloat(amount, 'f', -1, 64), ".", ",", 1)
}

// NewID is the id of what a form will create.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
