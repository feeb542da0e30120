package intake

import (
	"time"

	"staffetta/internal/language"
)

// startOfDay is the midnight before an instant, in Italy.
func startOfDay(at time.Time) time.Time {
	at = at.In(language.Rome)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, language.Rome)
}
