package share

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Get returns a share as far as the actor may see it. Error: problem.NotFound where the body is no party, or the
// actor may not know of it. The reading is in the audit, for a receiver in both bodies' chains.
func (s *Shares) Get(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Seen, error) {
	seen, err := s.See(ctx, scope, id)
	if err != nil {
		return Seen{}, err
	}
	return seen, s.noteReading(ctx, scope, seen)
}

// agreement finds the agreement of a share, of which the actor's body is a party.
func (s *Shares) agreement(ctx context.Context, scope tenants.Scope, id uuid.UUID) (a policies.Agreement, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		a, err = policies.GetAgreement(ctx, tx, scope, id)
		return err
	})
	return a, err
}

// noteReading writes the reading of a share into the chains, and remembers how far the actor has seen it.
func (s *Shares) noteReading(ctx context.Context, scope tenants.Scope, seen Seen) error {
	event := Event("share.read", seen.Share)
	event.Sections = nil // the share was read, not the sections
	events := []audit.Event{event}
	if !seen.Mine {
		event.Tenant = seen.Owner
		events = append(events, event)
	}
	if err := s.deps.Audit.Record(ctx, scope, events...); err != nil {
		return err
	}
	if seen.State == Offered && seen.LegalBasis != Override {
		return nil // nobody has done anything to it yet
	}
	return s.noteSeen(ctx, scope, seen.Share)
}

// GetOfCase is Get for a share of one case of the actor's body: the id of another case's share is problem.NotFound.
func (s *Shares) GetOfCase(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID) (Seen, error) {
	seen, err := s.See(ctx, scope, id)
	if err == nil && (!seen.Mine || seen.Case.String() != ref) {
		err = problem.Missing()
	}
	if err != nil {
		return Seen{}, err
	}
	return seen, s.noteReading(ctx, scope, seen)
}

// See finds how the actor stands to a share and projects it.
func (s *Shares) See(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Seen, error) {
	share, err := s.Stored(ctx, scope, id)
	if err != nil {
		return Seen{}, err
	}
	seen, _, err := s.see(ctx, scope, share)
	return seen, err
}

// see is See of a share that is read already. It returns the own case with it where it opens to the actor, else nil.
func (s *Shares) see(ctx context.Context, scope tenants.Scope, share Share) (Seen, *casefile.Access, error) {
	if share.Owner == scope.Tenant {
		return s.seeOwn(ctx, scope, share)
	}
	seen, err := s.seeReceived(ctx, scope, share)
	return seen, nil, err
}

func (s *Shares) seeOwn(ctx context.Context, scope tenants.Scope, share Share) (Seen, *casefile.Access, error) {
	a, err := s.cases.Open(ctx, scope, share.Case.String(), "")
	if err == nil {
		share.Number = a.Number
		seen := project(share, Whole, scope.Tenant)
		seen.CaseRef = a.Ref
		return seen, a, nil
	}
	if !errors.Is(err, casefile.ErrReason) && !problem.Is(err, problem.NotFound) {
		return Seen{}, nil, err
	}
	if !s.oversees(scope) {
		return Seen{}, nil, problem.Missing()
	}
	return project(share, Metadata, scope.Tenant), nil, nil
}

// seeReceived shows the preview, and the whole share while it opens the case to the actor.
func (s *Shares) seeReceived(ctx context.Context, scope tenants.Scope, share Share) (Seen, error) {
	addressed := (share.Account == uuid.Nil || share.Account == scope.Account) && (share.Office == 0 || slices.Contains(scope.Offices, share.Office))
	if !addressed && !s.oversees(scope) {
		return Seen{}, problem.Missing()
	}
	owner, err := s.deps.Bodies.ByID(share.Owner)
	if err != nil || share.Case == uuid.Nil { // the database shows the case while the share is live and for the actor
		return project(share, Glimpse, scope.Tenant), nil
	}
	a, err := s.cases.Open(ctx, scope, owner.Slug+"~"+share.Case.String(), "")
	if problem.Is(err, problem.NotFound) {
		return project(share, Glimpse, scope.Tenant), nil
	}
	if err != nil {
		return Seen{}, err
	}
	if !slices.ContainsFunc(a.Grants, func(g casefile.Grant) bool { return g.Share == share.ID }) {
		return project(share, Glimpse, scope.Tenant), nil
	}
	share.Number = a.Number
	seen := project(share, Whole, scope.Tenant)
	seen.CaseRef, seen.Withheld = a.Ref, Without(policies.SectionIDs(), share.Sections)
	return seen, nil
}

// oversees tells whether the actor may know of every share of the body.
func (s *Shares) oversees(scope tenants.Scope) bool {
	return s.deps.Permits(scope, MayOversee)
}

// Query says which shares a list shows.
type Query struct {
	Sent  bool // by the actor's body; else received
	Due   bool // sent or received, with an answer or an end due within seven days, what is due first in front; no further pages
	After casefile.Cursor
}

// Find lists the shares that the actor's body received or offered, newest first, each as a preview or, for those that
// the actor offered or oversees, with its metadata. Who oversees none sees what it offered or what is for it.
func (s *Shares) Find(ctx context.Context, scope tenants.Scope, q Query) ([]Seen, casefile.Cursor, error) {
	find := s.findShares
	if q.Due {
		find = s.findDue
	}
	shares, err := find(ctx, scope, q, s.oversees(scope))
	if err != nil {
		return nil, casefile.Cursor{}, err
	}
	var next casefile.Cursor
	if !q.Due && len(shares) > pageSize {
		shares = shares[:pageSize]
		next = casefile.Cursor{At: shares[pageSize-1].Offered.At, ID: shares[pageSize-1].ID}
	}
	seen, event := projectList(shares, scope)
	if err := s.markNews(ctx, scope, seen); err != nil {
		return nil, casefile.Cursor{}, err
	}
	return seen, next, s.deps.Audit.Record(ctx, scope, event)
}

// projectList projects the shares of a list, and makes the event of reading it.
func projectList(shares []Share, scope tenants.Scope) ([]Seen, audit.Event) {
	seen := make([]Seen, len(shares))
	event := audit.Event{Action: "share.list"}
	for i, share := range shares {
		sight := Glimpse
		if share.Owner == scope.Tenant {
			sight = Metadata
			event.Cases = append(event.Cases, share.Case)
		}
		seen[i] = project(share, sight, scope.Tenant)
	}
	return seen, event
}

// FindOfCase lists the shares of an opened case, newest first: of the body's own all, of another body's those that
// show it to the actor's body now.
func (s *Shares) FindOfCase(ctx context.Context, scope tenants.Scope, a *casefile.Access) ([]Seen, error) {
	shares, err := s.findOfCase(ctx, scope, a.Tenant, a.ID)
	if err != nil {
		return nil, err
	}
	var seen []Seen
	for _, share := range shares {
		live := slices.ContainsFunc(a.Grants, func(g casefile.Grant) bool { return g.Share == share.ID })
		if a.Foreign() && !live {
			continue
		}
		seen = append(seen, project(share, Whole, scope.Tenant))
	}
	return seen, nil
}

// Counts are the numbers that the page of the network shows.
type Counts struct {
	Waiting  int // received and not decided
	Received int // live now
	Sent     int // live now
}

// Count counts the shares of the actor's body.
func (s *Shares) Count(ctx context.Context, scope tenants.Scope) (Counts, error) {
	return s.countShares(ctx, scope)
}

// CountWaiting counts the offers that the actor's body has to decide about.
func (s *Shares) CountWaiting(ctx context.Context, scope tenants.Scope) (int, error) {
	return s.countWaiting(ctx, scope)
}

// Reading is a line of what the other body read under a share.
type Reading struct {
	At       time.Time
	Actor    string
	Body     int32
	Sections []string
	Share    uuid.UUID // under which it is counted
}

// FindReadings lists what was read of the sections of a share of the body's own, under it or another, newest first, at most 100.
func (s *Shares) FindReadings(ctx context.Context, scope tenants.Scope, seen Seen) ([]Reading, error) {
	if !seen.Mine {
		return nil, problem.Missing()
	}
	return s.findReadings(ctx, scope, seen.Share)
}
