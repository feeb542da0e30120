// Package visit tells who opened a case, every single time or by day, as far as the sections of who asks go, and why who
// asks may see what of it. It must not decide who opens a case: the package access does.
package visit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/casefile/access"
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
	Section   string // "" for the header, Others for all that who asks does not read, Sharing for shares of the case
	Readings  int
	Changes   int
	Steps     int // taken with a share
	First     time.Time
	Last      time.Time
	Relations []string
	Reasons   []string
	Share     uuid.UUID // one of those it was read under, or uuid.Nil
}

// Others stands for the sections that are not named to who does not read them.
const Others = "*"

// Sharing stands for what is done with the shares of a case, which is no reading and no change of a section.
const Sharing = "~"

// days is how many days with visits are found at once.
const days = 14

// Visits tells who opened cases.
type Visits struct {
	deps  modules.Deps
	cases *access.Cases
}

// New makes the visits of the cases.
func New(deps modules.Deps, cases *access.Cases) *Visits { return &Visits{deps: deps, cases: cases} }

// FindViewings lists who read or changed a case, newest first, from a cursor on.
func (v *Visits) FindViewings(ctx context.Context, a *access.Own, after access.Cursor) ([]Viewing, access.Cursor, error) {
	viewings, err := findViewings(ctx, a, after)
	if err != nil || len(viewings) <= access.PageSize {
		return viewings, access.Cursor{}, err
	}
	last := viewings[access.PageSize-1]
	return viewings[:access.PageSize], access.Cursor{At: last.At, ID: last.ID}, nil
}

// FindVisits lists who read or changed a case by day, person and section, the newest day first: the last days
// with visits before the given one, or up to now for the zero time. next is the day before which the older ones are,
// zero when there are none.
func (v *Visits) FindVisits(ctx context.Context, a *access.Own, before time.Time) (visits []Visit, next time.Time, err error) {
	found, err := findByDay(ctx, a, before)
	if err != nil {
		return nil, time.Time{}, err
	}
	seen := 0
	for i, one := range found {
		if i > 0 && one.Day.Equal(found[i-1].Day) {
			continue
		}
		if seen++; seen > days {
			return found[:i], found[i-1].Day, nil
		}
	}
	return found, time.Time{}, nil
}
