// Package visit tells who opened a case, every single time or by day, as far as the sections of who asks go. It must not
// know how a case is opened: who calls it has opened it.
package visit

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Viewing is a line of who opened the case (it: chi ha aperto la cartella).
type Viewing struct {
	ID       uuid.UUID
	At       time.Time
	Action   string // no more than case.read or case.change for what was done in other sections alone
	Actor    string
	Body     int32 // of the actor
	Relation string
	Sections []string // that who asks reads
	Others   bool     // there were others
	Reason   string
	Share    uuid.UUID
}

// Visit is what one person did in one section of a case on one day: all the openings of that day in one line.
type Visit struct {
	Day       time.Time
	Actor     string
	Body      int32  // of the actor
	Section   string // "" for the header, Others for all that who asks does not read
	Readings  int
	Changes   int
	First     time.Time
	Last      time.Time
	Relations []string
	Reasons   []string
	Share     uuid.UUID // one of those it was read under, or uuid.Nil
}

// Others stands for the sections that are not named to who does not read them.
const Others = "*"

// days is how many days with visits are found at once.
const days = 14

// Case is an opened case, read as who asks may read it.
type Case struct {
	Reader
	Tenant int32
	ID     uuid.UUID
}

// FindByDay lists who read or changed a case by day, person and section, the newest day first: the last days
// with visits before the given one, or up to now for the zero time. next is the day before which the older ones are,
// zero when there are none.
func FindByDay(ctx context.Context, c Case, before time.Time) (visits []Visit, next time.Time, err error) {
	found, err := findByDay(ctx, c, before)
	if err != nil {
		return nil, time.Time{}, err
	}
	seen := 0
	for i, v := range found {
		if i > 0 && v.Day.Equal(found[i-1].Day) {
			continue
		}
		if seen++; seen > days {
			return found[:i], found[i-1].Day, nil
		}
	}
	return found, time.Time{}, nil
}
