// Package form holds how the pages and operations of sharing read what people send, and how they name days and sections:
// a day begins and ends in Rome. It must hold no rule about shares or agreements.
package form

import (
	"time"

	"staffetta/internal/language"
)

// Day reads a day; anything else is the zero time, which the rules refuse.
func Day(text string) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, text, language.Rome)
	if err != nil {
		return time.Time{}
	}
	return day
}

// EndOfDay is the first instant after the day that a date names in Rome.
func EndOfDay(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, language.Rome)
}

// LastDay is the day that a bound made by EndOfDay still includes.
func LastDay(bound time.Time) time.Time { return bound.In(language.Rome).Add(-time.Second) }
