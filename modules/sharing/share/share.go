package share

import (
	"slices"
	"time"

	"staffetta/modules/sharing/preview"

	"github.com/google/uuid"
)

// The states of a share, and two that follow from the clock and are never stored.
const (
	Offered   = "offered"
	Refused   = "refused"
	Withdrawn = "withdrawn"
	Active    = "active"
	Closed    = "closed"
	Revoked   = "revoked"
	Lapsed    = "lapsed"  // offered, and its time is over
	Expired   = "expired" // active, and its time is over
)

// How long the words of a reason or an outcome are, and those about sections beyond the purpose.
const (
	LeastWords = 5
	MaxWords   = 1000
	MaxExtra   = 500
)

// LegalBases are what a share may stand on; consent is one of them only where it really is the basis.
var LegalBases = []string{"public_task", "law", "vital_interest", "consent"}

// Override stands for a legal basis that is not found yet: for who may, with a reason that the data protection officer reads.
const Override = "override"

// Share is dated, purpose-bound access of another body to sections of a case (it: condivisione).
type Share struct {
	ID             uuid.UUID
	Kind           string
	State          string
	Owner          int32
	Receiver       int32
	Case           uuid.UUID
	Number         string    // of the case; only for who may know it
	Office         int32     // of the receiver; 0 for all
	Account        uuid.UUID // of the receiver; uuid.Nil for all
	Agreement      uuid.UUID
	Purpose        string
	PurposeLabel   string // in the words of the body that offers
	LegalBasis     string
	BasisReason    string // of an Override
	Sections       []string
	Writable       []string // of them, those in which the receiver also writes; only in joint care
	Extra          []string // beyond what the purpose proposes
	ExtraReason    string
	Reason         string
	AnswerBy       time.Time // the offer lapses then
	Until          time.Time
	Preview        preview.Preview
	Offered        Mark
	Decided        Mark
	Ended          Mark
	DecisionReason string
	OutcomeKind    string // of a service request; one of Outcomes
	Outcome        string
	Version        int
}

// Mark is who did something to a share, and when; the zero Mark is what nobody did yet.
type Mark struct {
	Tenant  int32
	Account uuid.UUID
	Name    string
	At      time.Time
}

// Standing is the state of a share at an instant, the clock included.
func (s Share) Standing(now time.Time) string {
	switch {
	case s.State == Offered && !now.Before(s.AnswerBy):
		return Lapsed
	case s.State == Active && !now.Before(s.Until):
		return Expired
	}
	return s.State
}

// Sight is how much of a share somebody sees.
type Sight string

// The sights, from the widest on.
const (
	Whole    Sight = "whole"    // the owner's people on the case, and the receiver's while the share is live
	Metadata Sight = "metadata" // who oversees: everything but the words that people wrote
	Glimpse  Sight = "preview"  // the receiver, before it accepts and after the end
)

// Seen is a share as its viewer may see it: what the sight does not show is empty.
type Seen struct {
	Share
	Sight    Sight
	Mine     bool   // the case is of the viewer's body
	CaseRef  string // opens the case; "" where it does not open
	Withheld []string
	News     bool // in a list: somebody else took a step that the viewer has not seen, as the viewer's duty says
}

// project is the one function that decides which fields of a share a viewer gets, for every channel.
func project(s Share, sight Sight, viewer int32) Seen {
	seen := Seen{Share: s, Sight: sight, Mine: s.Owner == viewer}
	if sight == Whole {
		return seen
	}
	seen.Reason, seen.ExtraReason = "", ""
	if sight != Metadata {
		seen.BasisReason = ""
	}
	if s.Decided.Tenant != viewer || sight == Metadata {
		seen.DecisionReason = ""
	}
	if s.Ended.Tenant != viewer || sight == Metadata {
		seen.Outcome = ""
	}
	if sight == Glimpse {
		seen.Case, seen.Number = uuid.Nil, ""
		seen.Extra = nil
	}
	return seen
}

// Without lists the sections of all that are not among some.
func Without(all, some []string) []string {
	var rest []string
	for _, section := range all {
		if !slices.Contains(some, section) {
			rest = append(rest, section)
		}
	}
	return rest
}
