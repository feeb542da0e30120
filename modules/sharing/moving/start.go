package moving

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/handover"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// title names the agreement for one case, to the people of both bodies; it must not say whose case it is.
const title = "Cambio di residenza: passaggio di una sola cartella"

// Start is a change of residence as the worker of the giving body signs it.
type Start struct {
	Plan

	ID        uuid.UUID // of the handover; made when the form was rendered, so that a second submit changes nothing
	Begun     string    // ByOperator or ByRegister
	Manifest  string    // digest of the manifest that was read
	AnswerBy  time.Time // the last day to answer
	Note      string
	Kept      bool         // what stays open stays here
	Protected bool         // the actor knows that the case is protected
	Act       policies.Act // by which the body signs the agreement for this case alone, where none stands
}

// Start signs the manifest for the actor's body, and the agreement for this case alone where none stands, and offers the handover.
// A second call with the same id returns what the first one made. Errors: those of Prepare; problem.Invalid by field;
// problem.Conflict when the case is no longer what the manifest said, or is offered already; problem.Forbidden when an agreement is
// to be signed and the actor may not.
func (s *Service) Start(ctx context.Context, scope tenants.Scope, ref string, in Start) (handover.Handover, error) {
	f, err := s.Prepare(ctx, scope, ref)
	if err != nil {
		return handover.Handover{}, err
	}
	if made, err := s.handovers.GetOwn(ctx, scope, in.ID, f.Access.ID); !problem.Is(err, problem.NotFound) {
		return made, err // the form was submitted before, or nobody can tell
	}
	m, err := s.List(ctx, scope, f, in.Plan)
	if err != nil {
		return handover.Handover{}, err
	}
	if err := s.refuseGaps(ctx, scope, m); err != nil {
		return handover.Handover{}, err
	}
	if m.Protected && !in.Protected {
		var fields problem.Fields
		fields.Add("protetta", "sharing.relocation.error.protected")
		return handover.Handover{}, fields.Err()
	}
	o := in.offer()
	if o.Agreement = m.Agreement; m.Agreement == uuid.Nil {
		if err := s.agree(ctx, scope, &f, in, &o); err != nil {
			return handover.Handover{}, err
		}
	}
	return s.handovers.OfferPrepared(ctx, scope, f.Frame, o)
}

// refuseGaps refuses what cannot be offered.
func (s *Service) refuseGaps(ctx context.Context, scope tenants.Scope, m Manifest) error {
	if m.Agreement == uuid.Nil && !s.maySign(scope) {
		names, err := s.findSigners(ctx, scope)
		if err != nil {
			return err
		}
		return notSigner(names)
	}
	if !m.Blocked() {
		return nil
	}
	var fields problem.Fields
	for _, gap := range m.Gaps {
		if gap.Blocks {
			fields = append(fields, problem.Field{Name: "ente", Message: gap.Label})
		}
	}
	return fields.Err()
}

// offer is the handover that the change of residence asks for: competence follows residence by law (L. 328/2000, art. 6).
func (in Start) offer() handover.Offer {
	reason := "Cambio di residenza dal " + in.Day.Format("02/01/2006") + "."
	if note := strings.TrimSpace(in.Note); note != "" {
		reason += " " + note
	}
	going := []uuid.UUID{}
	for _, id := range in.Going {
		going = append(going, modules.LinkID(id)) // checked against the household
	}
	begun := ByOperator
	if in.Begun == ByRegister {
		begun = ByRegister
	}
	return handover.Offer{
		ID: in.ID, Receiver: in.To, LegalBasis: "law", AnswerBy: in.AnswerBy, Reason: reason, Kept: in.Kept,
		Relocation: &handover.Relocation{Day: in.Day, Begun: begun, Going: going, Manifest: in.Manifest},
	}
}

// agree adds to an offer the agreement that serves it alone, signed by the actor's body in the same transaction.
func (s *Service) agree(ctx context.Context, scope tenants.Scope, f *Frame, in Start, o *handover.Offer) error {
	purposes, err := s.handovers.FindPurposes(ctx, scope)
	if err != nil {
		return err
	}
	to, err := s.deps.Bodies.ByID(in.To)
	if err != nil {
		return err
	}
	if o.Agreement, err = uuid.NewV7(); err != nil {
		return err
	}
	now := time.Now()
	p := policies.Proposal{
		ID: o.Agreement, Title: title, Only: o.ID, Parties: []int32{scope.Tenant, in.To}, Edges: []policies.Edge{{From: scope.Tenant, To: in.To}},
		Purposes: []string{purposes[0].Key}, Sections: policies.SectionIDs(), From: now.Add(-time.Minute), To: form.EndOfDay(in.AnswerBy), Act: in.Act,
	}
	var fields problem.Fields
	in.Act.Check(&fields, now)
	if !p.To.After(now) || in.AnswerBy.IsZero() {
		fields.Add("risposta", "sharing.error.past")
	}
	if err := fields.Err(); err != nil {
		return err
	}
	f.Partners = []handover.Partner{{Agreement: policies.Agreement{ID: p.ID}, Body: to, Purpose: purposes[0]}}
	o.Relocation.Agree = func(tx tenants.Tx) error {
		if _, err := policies.Propose(ctx, tx, scope, p); err != nil {
			return err
		}
		return agreement.Tell(ctx, tx, scope, p.ID, "agreement.propose")
	}
	return nil
}

// Renew signs the manifest again for the giving body, after the case has changed. Errors: problem.NotFound, problem.Forbidden for the
// other body, problem.Conflict when the case has changed again or the handover is answered, and those of handover.Prepare.
func (s *Service) Renew(ctx context.Context, scope tenants.Scope, id uuid.UUID, seen string) error {
	signed, err := s.Get(ctx, scope, id)
	if err != nil {
		return err
	}
	if signed.Handover.Giver != scope.Tenant {
		return problem.New(problem.Forbidden, "sharing.error.other_side")
	}
	if _, err := s.handovers.Prepare(ctx, scope, signed.Handover.Case.String()); err != nil {
		return err
	}
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		if err := renewRelocation(ctx, tx, scope, id, seen); err != nil {
			return err
		}
		return share.WriteBoth(ctx, tx, scope, audit.Event{Action: "share.manifest", Object: id, Share: id, Case: signed.Handover.Case})
	})
}
