package modules

import (
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
)

// Pile is how many things await the same of the actor, and the first of them.
type Pile struct {
	Count int
	First uuid.UUID
	Title string    // which one the first is, as of a Duty
	Due   time.Time // when the first is due, as of a Duty
	Since time.Time // when the newest of them began
}

// Duties is what the pile asks, none where it is empty. The message gets the number, n; one thing is done at its id under a
// path, several where they are listed.
func (p Pile) Duties(key, one, list string) []Duty {
	label := language.M(key, "n", p.Count)
	switch p.Count {
	case 0:
		return nil
	case 1:
		return []Duty{{Label: label, Title: p.Title, Path: one + p.First.String(), Due: p.Due, Since: p.Since}}
	}
	return []Duty{{Label: label, Path: list, Due: p.Due, Since: p.Since}}
}
