package offer

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// Amendment is a change of what a live share shows, or until when (it: modifica della condivisione).
type Amendment struct {
	ID          uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Version     int       // of the share that was changed
	Sections    []string
	Writable    []string  // of them, in joint care
	ExtraReason string    // why sections beyond those of the purpose
	Until       time.Time // the last day
	Reason      string
}

// Amend widens or narrows a live share of a case of the actor's body; its grants follow in the same transaction. Errors:
// as of Prepare; problem.NotFound for a share of another case or body; problem.Conflict when the share is not live or has
// changed since the version; problem.Invalid by field, also where nothing would change.
func (s *Offers) Amend(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID, a Amendment) (share.Share, error) {
	c, err := s.CheckAmendment(ctx, scope, ref, id, a)
	if err != nil {
		return share.Share{}, err
	}
	changed := c.After
	return s.shares.Move(ctx, scope, id, "share.amend", func(tx tenants.Tx, _ share.Share) error {
		return amendShare(ctx, tx, scope, changed, a)
	})
}

// Amending is a share that is to be amended, with what an amendment would make of it.
type Amending struct {
	Frame
	Before share.Share
	After  share.Share // the zero Share where the amendment is refused
}

// CheckAmendment tells what an amendment would make of a share, and changes nothing. Errors: as of Amend; with one of them
// the share is returned as it is.
func (s *Offers) CheckAmendment(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID, a Amendment) (c Amending, err error) {
	if c.Frame, c.Before, err = s.PrepareAmendment(ctx, scope, ref, id); err != nil {
		return c, err
	}
	if c.Before.Version != a.Version || c.Before.Standing(time.Now()) != share.Active {
		return c, share.Moved(c.Before, time.Now())
	}
	c.After, err = c.Frame.amend(c.Before, a, time.Now())
	return c, err
}

// PrepareAmendment opens a share of a case of the actor's body to be amended. Errors: as of Prepare; problem.NotFound for a
// share of another case, and for what was not offered as a share.
func (s *Offers) PrepareAmendment(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID) (Frame, share.Share, error) {
	f, err := s.Prepare(ctx, scope, ref)
	if err != nil {
		return Frame{}, share.Share{}, err
	}
	made, err := s.shares.Stored(ctx, scope, id)
	if err == nil && (made.Owner != scope.Tenant || made.Case != f.Access.ID || !share.KnownKind(made.Kind)) {
		err = problem.Missing()
	}
	return f, made, err
}

// amend holds an amendment against the rules of an offer: the purpose, the agreement and the basis stay as they are.
func (f Frame) amend(made share.Share, a Amendment, now time.Time) (share.Share, error) {
	o := Offer{
		ID: made.ID, Kind: made.Kind, Agreement: made.Agreement, Receiver: made.Receiver, Purpose: made.Purpose, Sections: a.Sections, Writable: a.Writable,
		ExtraReason: a.ExtraReason, LegalBasis: made.LegalBasis, BasisReason: made.BasisReason, Until: a.Until, Reason: a.Reason,
	}
	f.Overrides = f.Overrides || made.LegalBasis == share.Override // the basis was chosen when it was offered
	changed, err := f.check(o, now)
	if err != nil {
		return share.Share{}, err
	}
	var fields problem.Fields
	if slices.Equal(changed.Sections, made.Sections) && slices.Equal(changed.Writable, made.Writable) && changed.Until.Equal(made.Until) {
		fields.Add("sezioni", "sharing.error.unchanged")
	}
	if err := fields.Err(); err != nil {
		return share.Share{}, err
	}
	changed.Version = made.Version
	changed.Reason = strings.TrimSpace(a.Reason)
	return changed, nil
}
