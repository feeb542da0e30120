package handover

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Bases are the legal bases on which a case may pass. Consent is none of them: competence follows from the law.
var Bases = []string{"law", "public_task"}

// maxDays is for how many days an offer stands at the most.
const maxDays = 90

// Offer is the passing of a case as the worker of the giving body writes it.
type Offer struct {
	ID         uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Agreement  uuid.UUID
	Receiver   int32
	LegalBasis string
	AnswerBy   time.Time // the last day to answer
	Reason     string
	Kept       bool        // what stays open stays here
	Relocation *Relocation // nil unless the person moved house
}

// Relocation is what a person's moving house adds to the handover of the case (it: cambio di residenza).
type Relocation struct {
	Day      time.Time
	Begun    string      // how: operator or register
	Going    []uuid.UUID // who of the household goes along
	Manifest string      // digest of the manifest that was seen and is signed
	// Agree makes the agreement for this handover alone, in the same transaction; nil where one stands already.
	Agree func(tenants.Tx) error
}

// Partner is a body to which cases may be handed over now, under an agreement and for a purpose that it names.
type Partner struct {
	Agreement policies.Agreement
	Body      tenants.Tenant
	Purpose   Purpose
}

// Frame is what a handover of a case must keep within.
type Frame struct {
	Access      *casefile.Access
	Partners    []Partner
	Obligations []Obligation
}

// Stays lists what is open and does not go along.
func (f Frame) Stays() []uuid.UUID {
	ids := []uuid.UUID{}
	for _, o := range f.Obligations {
		if !o.Moves {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// Prepare opens a case of the actor's body for a handover. Errors: those of casefile.OpenToWrite; problem.Forbidden when the
// actor does not work on the case or does not see who it is about.
func (s *Service) Prepare(ctx context.Context, scope tenants.Scope, ref string) (Frame, error) {
	a, err := s.cases.OpenToWrite(ctx, scope, ref, "")
	if err != nil {
		return Frame{}, err
	}
	if !s.deps.Policies.Allows(scope, a.Relation, "case", "work") || !a.Scope.Reads("identity") {
		return Frame{}, problem.New(problem.Forbidden, "sharing.error.not_worker")
	}
	f := Frame{Access: a}
	if f.Obligations, err = s.findObligations(ctx, scope, a.ID); err != nil {
		return Frame{}, err
	}
	f.Partners, err = s.findPartners(ctx, scope)
	return f, err
}

// findPartners lists the bodies to which cases may be handed over now and where somebody can take one.
func (s *Service) findPartners(ctx context.Context, scope tenants.Scope) ([]Partner, error) {
	purposes, err := s.purposes(ctx, scope)
	if err != nil {
		return nil, err
	}
	found, err := agreement.FindPartners(ctx, s.deps, scope, func(p agreement.Partner) bool {
		return p.Agreement.Shows(scope.Tenant, p.Body.ID) && p.Body.Has(string(share.ModuleID)) && s.Takes(p.Body, p.Roles)
	})
	var partners []Partner
	for _, p := range found {
		at := slices.IndexFunc(purposes, func(one Purpose) bool { return slices.Contains(p.Agreement.Purposes, one.Key) })
		if at >= 0 {
			partners = append(partners, Partner{Agreement: p.Agreement, Body: p.Body, Purpose: purposes[at]})
		}
	}
	return partners, err
}

// Takes tells whether one of the roles can take a case over at a body.
func (s *Service) Takes(body tenants.Tenant, roles []string) bool {
	return slices.ContainsFunc(roles, func(role string) bool {
		return s.deps.Permits(tenants.Scope{Tenant: body.ID, Roles: []string{role}}, Take)
	})
}

// Offer offers to pass a case of the actor's body. A second call with the same id returns what the first one made. Errors: as
// of Prepare; problem.Invalid by field; problem.Conflict when the case is offered already.
func (s *Service) Offer(ctx context.Context, scope tenants.Scope, ref string, o Offer) (Handover, error) {
	f, err := s.Prepare(ctx, scope, ref)
	if err != nil {
		return Handover{}, err
	}
	return s.OfferPrepared(ctx, scope, f, o)
}

// OfferPrepared is Offer for a case that is prepared already. Errors: as of Offer; problem.Conflict when the case is no longer what
// the manifest says.
func (s *Service) OfferPrepared(ctx context.Context, scope tenants.Scope, f Frame, o Offer) (Handover, error) {
	if made, err := s.GetOwn(ctx, scope, o.ID, f.Access.ID); !problem.Is(err, problem.NotFound) {
		return made, err // the form was submitted before, or nobody can tell
	}
	partner, err := f.check(o, time.Now())
	if err != nil {
		return Handover{}, err
	}
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		if o.Relocation != nil && o.Relocation.Agree != nil {
			if err := o.Relocation.Agree(tx); err != nil {
				return err
			}
		}
		if err := insertHandover(ctx, tx, newOffered(scope, f, partner, o)); err != nil {
			return err
		}
		return share.WriteBoth(ctx, tx, scope, event("share.offer", o.ID, f.Access.ID))
	})
	if err != nil {
		return Handover{}, err
	}
	return s.getHandover(ctx, scope, o.ID)
}

// check refuses by field what no handover may be.
func (f Frame) check(o Offer, now time.Time) (Partner, error) {
	var fields problem.Fields
	at := slices.IndexFunc(f.Partners, func(p Partner) bool { return p.Agreement.ID == o.Agreement && p.Body.ID == o.Receiver })
	if at < 0 {
		fields.Add("destinatario", "sharing.handover.error.partner")
	}
	fields.Require("base", o.LegalBasis)
	fields.OneOf("base", o.LegalBasis, Bases...)
	switch by := form.EndOfDay(o.AnswerBy); {
	case o.AnswerBy.IsZero():
		fields.Add("risposta", "sharing.error.day")
	case !by.After(now):
		fields.Add("risposta", "sharing.error.past")
	case by.After(now.AddDate(0, 0, maxDays+1)):
		fields.Add("risposta", "sharing.handover.error.long", "days", maxDays)
	}
	if len([]rune(strings.TrimSpace(o.Reason))) < share.LeastWords {
		fields.Add("motivo", "sharing.error.reason")
	}
	fields.MaxLength("motivo", o.Reason, share.MaxWords)
	if len(f.Stays()) > 0 && !o.Kept {
		fields.Add("restano", "sharing.handover.error.kept")
	}
	if err := fields.Err(); err != nil {
		return Partner{}, err
	}
	return f.Partners[at], nil
}

// event is what both chains tell: the whole case, hence no section of it.
func event(action string, id, caseID uuid.UUID) audit.Event {
	return audit.Event{Action: action, Object: id, Case: caseID, Share: id}
}
