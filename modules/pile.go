package modules

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/tenants"
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

// Waiting is a pile that awaits whoever holds a permission, as of Pile.Duties.
type Waiting struct {
	Permission     string
	Topic          string                                                                  // the table by whose rows it begins
	Key, One, List string                                                                  // One may be empty: then one thing is done at List too
	Count          func(ctx context.Context, tx tenants.Tx, s tenants.Scope) (Pile, error) // in the actor's body
}

// Source makes a source of duties of it.
func (w Waiting) Source(db *tenants.DB) DutySource {
	return DutySource{Permission: w.Permission, Topics: []string{w.Topic}, Find: func(ctx context.Context, s tenants.Scope) (duties []Duty, err error) {
		err = db.InTx(ctx, s, func(tx tenants.Tx) error {
			pile, err := w.Count(ctx, tx, s)
			duties = pile.Duties(w.Key, w.One, w.List)
			if w.One == "" && len(duties) > 0 {
				duties[0].Path = w.List
			}
			return err
		})
		return duties, err
	}}
}
