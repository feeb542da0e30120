package problem

import (
	"slices"
	"time"
	"unicode/utf8"

	"staffetta/internal/language"
)

// Fields gathers what is wrong in an input, so that a person sees all of it at once.
type Fields []Field

// Add notes a message of the catalogue for a field.
func (f *Fields) Add(name, key string, pairs ...any) {
	*f = append(*f, Field{Name: name, Message: language.M(key, pairs...)})
}

// Require notes a missing value.
func (f *Fields) Require(name, value string) {
	if value == "" {
		f.Add(name, "web.field.required")
	}
}

// Legible notes a title or a name with characters that nobody sees.
func (f *Fields) Legible(name, value string) {
	if hidden, found := language.Unseen(value, false); found {
		f.Add(name, "web.field.unseen", "char", hidden.Char, "after", hidden.After)
	}
}

// Day reads a day, as a form or a request writes it (2026-12-31), and notes what is none; the empty text is no day, the zero one.
func (f *Fields) Day(name, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		f.Add(name, "web.field.day")
	}
	return day
}

// Words notes a text in lines with characters that nobody sees, or with more than max.
func (f *Fields) Words(name, value string, max int) {
	if !utf8.ValidString(value) {
		f.Add(name, "web.field.characters")
		return
	}
	if hidden, found := language.Unseen(value, true); found {
		f.Add(name, "web.field.unseen", "char", hidden.Char, "after", hidden.After)
	}
	f.MaxLength(name, value, max)
}

// Reason notes why something is done, as Words, where it is missing.
func (f *Fields) Reason(name, value string, max int) {
	f.Require(name, value)
	f.Words(name, value, max)
}

// MaxLength notes a value of more than max characters.
func (f *Fields) MaxLength(name, value string, max int) {
	if n := len([]rune(value)); n > max {
		f.Add(name, "web.field.too_long", "max", max)
	}
}

// OneOf notes a value that is not among the accepted ones; an empty value passes.
func (f *Fields) OneOf(name, value string, accepted ...string) {
	if value != "" && !slices.Contains(accepted, value) {
		f.Add(name, "web.field.choice")
	}
}

// Err is nil when nothing was noted.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: language.M("web.error.invalid"), Fields: f}
}
