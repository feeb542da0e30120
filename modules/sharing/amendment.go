package sharing

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// Amendment is a change of what a live share shows, or until when (it: modifica della condivisione).
type Amendment struct {
	ID          uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Version     int       // of the share that was changed
	Sections    []string
	ExtraReason string    // why sections beyond those of the purpose
	Until       time.Time // the last day
	Reason      string
}

// Amended is an amendment as it was made: the difference, and who made it.
type Amended struct {
	Added, Removed []string
	Before, After  time.Time // bounds of the share
	Reason         string
	Mark           Mark
}

// Amend widens or narrows a live share of a case of the actor's body; its grants follow in the same transaction. Errors:
// as of Prepare; problem.NotFound for a share of another case or body; problem.Conflict when the share is not live or has
// changed since the version; problem.Invalid by field, also where nothing would change.
func (s *Service) Amend(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID, a Amendment) (Share, error) {
	f, share, err := s.PrepareAmendment(ctx, scope, ref, id)
	if err != nil {
		return Share{}, err
	}
	if share.Version != a.Version || share.Standing(time.Now()) != Active {
		return Share{}, moved(share, time.Now())
	}
	changed, err := f.amend(share, a, time.Now())
	if err != nil {
		return Share{}, err
	}
	return s.move(ctx, scope, id, "share.amend", func(tx tenants.Tx, _ Share) error {
		return amendShare(ctx, tx, scope, changed, a)
	})
}

// PrepareAmendment opens a share of a case of the actor's body to be amended. Errors: as of Prepare; problem.NotFound for a
// share of another case.
func (s *Service) PrepareAmendment(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID) (Frame, Share, error) {
	f, err := s.Prepare(ctx, scope, ref)
	if err != nil {
		return Frame{}, Share{}, err
	}
	share, err := s.getShare(ctx, scope, id)
	if err == nil && (share.Owner != scope.Tenant || share.Case != f.Access.ID) {
		err = problem.Missing()
	}
	return f, share, err
}

// amend holds an amendment against the rules of an offer: the purpose, the agreement and the basis stay as they are.
func (f Frame) amend(share Share, a Amendment, now time.Time) (Share, error) {
	o := Offer{
		ID: share.ID, Kind: share.Kind, Agreement: share.Agreement, Receiver: share.Receiver, Purpose: share.Purpose, Sections: a.Sections,
		ExtraReason: a.ExtraReason, LegalBasis: share.LegalBasis, BasisReason: share.BasisReason, Until: a.Until, Reason: a.Reason,
	}
	f.Overrides = f.Overrides || share.LegalBasis == Override // the basis was chosen when it was offered
	changed, err := f.check(o, now)
	if err != nil {
		return Share{}, err
	}
	var fields problem.Fields
	if slices.Equal(changed.Sections, share.Sections) && changed.Until.Equal(share.Until) {
		fields.Add("sezioni", "sharing.error.unchanged")
	}
	if err := fields.Err(); err != nil {
		return Share{}, err
	}
	changed.Version = share.Version
	changed.Reason = strings.TrimSpace(a.Reason)
	return changed, nil
}

// FindAmendments lists how a share was changed, newest first: for who sees the whole of it.
func (s *Service) FindAmendments(ctx context.Context, scope tenants.Scope, seen Seen) ([]Amended, error) {
	if seen.Sight != Whole {
		return nil, nil
	}
	return s.findAmendments(ctx, scope, seen.ID)
}
