package share

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Addressee narrows an accepted share to one person or one office of the receiver; the zero Addressee is everybody
// whose role reads shared cases.
type Addressee struct {
	Account uuid.UUID
	Office  int32
}

// Accept makes an offered share live: in the same transaction the grants appear in the owner's tables. Errors:
// problem.NotFound for a share of others; problem.Forbidden for the body that offered it; problem.Conflict when it is
// no longer offered; problem.Invalid when no agreement carries it now, or the addressee may not read shared cases.
func (s *Shares) Accept(ctx context.Context, scope tenants.Scope, id uuid.UUID, to Addressee) (Share, error) {
	return s.Move(ctx, scope, id, "share.accept", func(tx tenants.Tx, share Share) error {
		if share.Receiver != scope.Tenant {
			return problem.New(problem.Forbidden, "sharing.error.own_offer")
		}
		if share.Kind == Handover { // it is taken as a whole, by package handover
			return problem.Missing()
		}
		if err := s.checkAddressee(ctx, tx, scope, to); err != nil {
			return err
		}
		return acceptShare(ctx, tx, scope, share, to)
	})
}

// checkAddressee sees that the person is a colleague whose role reads shared cases.
func (s *Shares) checkAddressee(ctx context.Context, tx tenants.Tx, scope tenants.Scope, to Addressee) error {
	if to.Account == uuid.Nil {
		return nil
	}
	readers, err := s.findReaders(ctx, tx, scope)
	if err != nil {
		return err
	}
	for _, c := range readers {
		if c.Account == to.Account {
			return nil
		}
	}
	var fields problem.Fields
	fields.Add("incaricato", "sharing.error.addressee")
	return fields.Err()
}

// FindReaders lists the colleagues to whom an accepted share may be addressed, each once.
func (s *Shares) FindReaders(ctx context.Context, scope tenants.Scope) (readers []tenants.Colleague, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		readers, err = s.findReaders(ctx, tx, scope)
		return err
	})
	return readers, err
}

// findDeciders lists the colleagues who may accept or refuse what is offered, each once.
func (s *Shares) findDeciders(ctx context.Context, scope tenants.Scope) (names []string, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		colleagues, err := tenants.FindColleagues(ctx, tx)
		for _, c := range colleagues {
			probe := tenants.Scope{Tenant: scope.Tenant, Roles: []string{c.Role}}
			if s.deps.Permits(probe, MayDecide) && !slices.Contains(names, c.Name) {
				names = append(names, c.Name)
			}
		}
		return err
	})
	return names, err
}

func (s *Shares) findReaders(ctx context.Context, tx tenants.Tx, scope tenants.Scope) ([]tenants.Colleague, error) {
	colleagues, err := tenants.FindColleagues(ctx, tx)
	if err != nil {
		return nil, err
	}
	var readers []tenants.Colleague
	known := map[uuid.UUID]bool{}
	for _, c := range colleagues {
		probe := tenants.Scope{Tenant: scope.Tenant, Roles: []string{c.Role}}
		if !known[c.Account] && s.deps.Policies.Allows(probe, policies.Guest, "case", "open") {
			known[c.Account] = true
			readers = append(readers, c)
		}
	}
	return readers, nil
}

// End takes a step that ends an offer or a share: from then on it shows nothing. Errors: problem.NotFound for a share of
// others; problem.Forbidden for the side whose step it is not; problem.Conflict when the share is not where the step
// begins, as at a second revocation; problem.Invalid without the words or the outcome that it wants.
func (s *Shares) End(ctx context.Context, scope tenants.Scope, id uuid.UUID, step Step, said Ending) (Share, error) {
	said.Words, said.actor = strings.TrimSpace(said.Words), scope.Name
	return s.Move(ctx, scope, id, "share."+step.Key, func(tx tenants.Tx, share Share) error {
		if !step.Takes(share.Kind, share.Owner == scope.Tenant) {
			return problem.New(problem.Forbidden, "sharing.error.other_side")
		}
		if !step.Begins(share, time.Now()) {
			return Moved(share, time.Now())
		}
		said, err := step.check(share.Kind, said)
		if err != nil {
			return err
		}
		return endShare(ctx, tx, id, step.To, said)
	})
}

// check refuses a step without what it wants to be said, and drops what it does not.
func (st Step) check(kind string, said Ending) (Ending, error) {
	var fields problem.Fields
	if st.Words && len([]rune(said.Words)) < LeastWords {
		fields.Add("motivo", "sharing.error.reason")
	}
	fields.MaxLength("motivo", said.Words, MaxWords)
	if st.Reports(kind) {
		fields.Require("esito", said.Outcome)
		fields.OneOf("esito", said.Outcome, Outcomes...)
		return said, fields.Err()
	}
	said.Outcome = ""
	return said, fields.Err()
}

// Move takes a step of a share that the actor may see, writes it into both bodies' chains and returns the share.
func (s *Shares) Move(ctx context.Context, scope tenants.Scope, id uuid.UUID, action string, step func(tenants.Tx, Share) error) (Share, error) {
	share, err := s.Stored(ctx, scope, id)
	if err != nil {
		return Share{}, err
	}
	_, own, err := s.see(ctx, scope, share)
	if err != nil {
		return Share{}, err
	}
	if share.Owner == scope.Tenant {
		if err := s.checkWorker(scope, own); err != nil {
			return Share{}, err
		}
	}
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		if err := step(tx, share); err != nil {
			return err
		}
		return WriteBoth(ctx, tx, scope, Event(action, share))
	})
	if problem.Is(err, problem.Conflict) {
		if now, found := s.Stored(ctx, scope, id); found == nil {
			return Share{}, Moved(now, time.Now()).Wrap(err)
		}
	}
	if err != nil {
		return Share{}, err
	}
	return s.Stored(ctx, scope, id)
}

// checkWorker lets only who works on the own case act for it: opening a case with a reason is for reading.
func (s *Shares) checkWorker(scope tenants.Scope, own *casefile.Access) error {
	if own == nil {
		return problem.Missing()
	}
	if !s.deps.Policies.Allows(scope, own.Relation, "case", "work") {
		return problem.New(problem.Forbidden, "sharing.error.not_worker")
	}
	return nil
}

// Moved says why a share does not take a step any more: what became of it, and when.
func Moved(s Share, now time.Time) *problem.Error {
	state, at := s.Standing(now), s.Ended.At
	switch state {
	case Active, Refused:
		at = s.Decided.At
	case Lapsed:
		at = s.AnswerBy
	case Expired:
		at = s.Until
	case Offered:
		return problem.New(problem.Conflict, "sharing.error.still_offered")
	}
	return problem.New(problem.Conflict, "sharing.error.already."+state, "at", at.In(language.Rome).Format("02/01/2006, 15:04"))
}

// Event is what happened to a share, for the audit.
func Event(action string, s Share) audit.Event {
	return audit.Event{Action: action, Object: s.ID, Case: s.Case, Share: s.ID, Sections: s.Sections}
}

// WriteBoth writes an event of a share into the chains of both bodies, in the transaction of the change.
func WriteBoth(ctx context.Context, tx tenants.Tx, scope tenants.Scope, e audit.Event) error {
	told, err := audit.WriteTold(ctx, tx, scope, e)
	if err != nil {
		return err
	}
	return TellOther(ctx, tx, e.Share, told)
}
