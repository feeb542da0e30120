package ledger

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// OwnAccess is what one person did with a citizen's own file on one day, by one right (it: accesso alla propria cartella).
type OwnAccess struct {
	ID        uuid.UUID // the first event of the day
	At        time.Time // of that event
	Day       time.Time
	Actor     string
	Body      int32  // of the actor
	Number    string // of the file; "" for the own data in the registry
	Relation  string
	Readings  int
	Changes   int
	Share     uuid.UUID
	Purpose   string // of the share, in the words of the body
	Agreement string // its title
	Acts      []Act
	Contest   uuid.UUID // by the citizen, or uuid.Nil
}

// Act is what a party decided an agreement by.
type Act struct {
	Body   int32
	Number string
	Day    time.Time
}

// ownDays is how many days with accesses are found at once.
const ownDays = 30

// endOfTime is after every event.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// FindOwn lists who opened the file of the citizen who asks, the newest day first: the last days before the given one, or
// up to now for the zero time. next is the day before which the older ones are, zero when there are none. Without a file,
// and while an exemption lasts, there is nothing. Errors: problem.NotFound for who is not signed in as a citizen.
func (s *Service) FindOwn(ctx context.Context, scope tenants.Scope, before time.Time) (accesses []OwnAccess, next time.Time, err error) {
	if scope.Purpose != tenants.Citizen {
		return nil, time.Time{}, problem.Missing()
	}
	bound := endOfTime
	if !before.IsZero() {
		bound = dayOf(before)
	}
	wait := s.deps.Audit.Start(ctx, scope, audit.Event{Action: "accesses.read"})
	found, err := s.findOwn(ctx, scope, bound)
	if audited := wait(); audited != nil {
		return nil, time.Time{}, audited
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	seen := 0
	for i, one := range found {
		if i > 0 && one.Day.Equal(found[i-1].Day) {
			continue
		}
		if seen++; seen > ownDays {
			return found[:i], found[i-1].Day, nil
		}
	}
	return found, time.Time{}, nil
}

// taxCode is the fiscal code of the citizen who asks.
func (s *Service) taxCode(sealed []byte) (string, error) {
	if sealed == nil {
		return "", problem.Missing()
	}
	code, err := s.deps.Platform.Seal.Open(sealed, []byte("account"))
	return string(code), err
}
