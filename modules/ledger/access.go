package ledger

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
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
	Offices   string // of the actor in the body; "" for none
	Part      string // file, registry or desk
	Number    string // of the file; "" for the other parts
	Relation  string
	Readings  int
	Changes   int
	Share     uuid.UUID
	Purpose   string // of the share, in the words of the body
	Agreement string // its title
	Acts      []Act
	Contest   uuid.UUID // by the citizen, or uuid.Nil
}

// OwnListing tells that the citizen's name stood in lists that people of a body saw on one day (it: comparsa in un elenco).
type OwnListing struct {
	Day   time.Time
	Body  int32
	Names []string // of who saw them
	Lists int
}

// OwnLedger is what a citizen sees of some days, the newest first.
type OwnLedger struct {
	Accesses []OwnAccess
	Listings []OwnListing
	Next     time.Time // the day before which the older ones are; zero when there are none
}

// Act is what a party decided an agreement by.
type Act struct {
	Body   int32
	Number string
	Day    time.Time
}

// ownDays is how many days with accesses are found at once.
const ownDays = 30

// listDays bounds from how many days lists are found at once: they are found by their time alone.
const listDays = 366

// endOfTime is after every event.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// FindOwn lists who opened the file of the citizen who asks, and in which lists it stood meanwhile, the newest day first: the
// last days before the given one, or up to now for the zero time. Without a file, and while an exemption lasts, there is
// nothing. Errors: problem.NotFound for who is not signed in as a citizen.
func (s *Service) FindOwn(ctx context.Context, scope tenants.Scope, before time.Time) (own OwnLedger, err error) {
	if scope.Purpose != tenants.Citizen {
		return OwnLedger{}, problem.Missing()
	}
	bound := endOfTime
	if !before.IsZero() {
		bound = dayOf(before)
	}
	wait := s.deps.Audit.Start(ctx, scope, audit.Event{Action: "accesses.read"})
	found, err := s.findOwn(ctx, scope, bound)
	if err == nil {
		own.Accesses, own.Next = page(found)
		own.Listings, err = s.listings(ctx, scope, own.Accesses, bound)
	}
	if audited := wait(); audited != nil {
		return OwnLedger{}, audited
	}
	if err != nil {
		return OwnLedger{}, err
	}
	return own, nil
}

// page cuts what was found after so many days.
func page(found []OwnAccess) (accesses []OwnAccess, next time.Time) {
	seen := 0
	for i, one := range found {
		if i > 0 && one.Day.Equal(found[i-1].Day) {
			continue
		}
		if seen++; seen > ownDays {
			return found[:i], found[i-1].Day
		}
	}
	return found, time.Time{}
}

// listings are the lists of the days from the first of the accesses up to the bound.
func (s *Service) listings(ctx context.Context, scope tenants.Scope, accesses []OwnAccess, bound time.Time) ([]OwnListing, error) {
	if len(accesses) == 0 {
		return nil, nil
	}
	if now := time.Now(); bound.After(now) {
		bound = dayOf(now.In(language.Rome)).AddDate(0, 0, 1)
	}
	day := accesses[len(accesses)-1].Day
	since := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, language.Rome)
	if first := bound.AddDate(0, 0, -listDays); since.Before(first) {
		since = first
	}
	return s.findListings(ctx, scope, since, bound)
}

// taxCode is the fiscal code of the citizen who asks.
func (s *Service) taxCode(sealed []byte) (string, error) {
	if sealed == nil {
		return "", problem.Missing()
	}
	code, err := s.deps.Platform.Seal.Open(sealed, []byte("account"))
	return string(code), err
}
