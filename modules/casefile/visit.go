package casefile

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Visit is what one person did in one section of a case on one day: all the openings of that day in one line.
type Visit struct {
	Day       time.Time
	Actor     string
	Body      int32  // of the actor
	Section   string // "" for the header
	Readings  int
	Changes   int
	First     time.Time
	Last      time.Time
	Relations []string
	Reasons   []string
	Share     uuid.UUID // one of those it was read under, or uuid.Nil
}

// visitDays is how many days with visits a page shows.
const visitDays = 14

// FindVisits lists who read or changed an opened case by day, person and section, the newest day first: the last days
// with visits before the given one, or up to now for the zero time. next is the day before which the older ones are,
// zero when there are none. Only the owner's people see it.
func (s *Service) FindVisits(ctx context.Context, a *Access, before time.Time) (visits []Visit, next time.Time, err error) {
	found, err := findVisits(ctx, a, before)
	if err != nil {
		return nil, time.Time{}, err
	}
	days := 0
	for i, v := range found {
		if i > 0 && v.Day.Equal(found[i-1].Day) {
			continue
		}
		if days++; days > visitDays {
			return found[:i], found[i-1].Day, nil
		}
	}
	return found, time.Time{}, nil
}
