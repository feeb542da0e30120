// Package handover passes a case from one body to another: the offer with what is open in the
// case, the preview, and the acceptance, by which one function of the database copies what the modules declare and closes
// the case where it was. The package must not read the content of a case; what goes along, the declared records say.
package handover

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/registry"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions that handovers ask for.
const (
	Give = "case:hand_over"
	Take = share.MayTakeOver
	Read = share.MayRead
)

// Kind is the kind of share that a handover is.
const Kind = share.Handover

// The states of a handover.
const (
	Offered   = "offered"
	Taken     = "closed"
	Refused   = "refused"
	Withdrawn = "withdrawn"
	Lapsed    = "lapsed" // offered, and its time is over: follows from the clock
)

// Purpose is a purpose for which a body hands cases over.
type Purpose struct {
	Key   string
	Label language.Text
}

// Service holds the rules of handovers.
type Service struct {
	deps     modules.Deps
	cases    *casefile.Service
	persons  *registry.Service
	shares   *share.Shares
	purposes func(context.Context, tenants.Scope) ([]Purpose, error)
	signing  Signing
}

// Signing is what the taking body signs in the act by which it takes over the case of a person who moved house.
type Signing interface {
	// Asks says what is to be signed of a handover that is offered.
	Asks(ctx context.Context, scope tenants.Scope, h Handover) (Asked, error)
	// Sign signs it. Errors: problem.Conflict when it is not what the giving body signed; problem.Forbidden for who may not sign;
	// problem.Invalid for the act.
	Sign(ctx context.Context, tx tenants.Tx, scope tenants.Scope, h Handover, t Taking) error
	// End tells both bodies that the agreement which served the handover alone has ended with it.
	End(ctx context.Context, tx tenants.Tx, scope tenants.Scope, h Handover) error
}

// Asked is what the taking body signs.
type Asked struct {
	Manifest  string   // digest of what the giving body signed
	Changed   bool     // the case is no longer what the giving body signed
	Agreement bool     // the agreement for this handover alone lacks the signature of the actor's body
	May       bool     // the actor may sign agreements
	Signers   []string // who else may
}

// NewService makes the service over the program's parts; purposes finds those of a body for which cases are handed over, and
// signing is for persons who moved house.
func NewService(
	deps modules.Deps, shares *share.Shares, purposes func(context.Context, tenants.Scope) ([]Purpose, error), signing Signing,
) *Service {
	return &Service{deps: deps, cases: casefile.NewService(deps), persons: registry.NewService(deps), shares: shares, purposes: purposes, signing: signing}
}

// Handover is the passing of a case to another body, which owns it once it has accepted (it: passaggio di competenza).
type Handover struct {
	ID         uuid.UUID
	State      string
	Giver      int32
	Taker      int32
	Agreement  uuid.UUID
	Purpose    string // in the words of the body that offers
	LegalBasis string
	AnswerBy   time.Time
	Person     Person
	Number     string // of the case, as the giving body has it
	Reason     string
	Case       uuid.UUID // for the giving body, and for the taking one once it has accepted
	NewNumber  string    // as the taking body has it
	Offered    share.Mark
	Decided    share.Mark
	Words      string    // why it was refused
	Whole      bool      // the actor may know who the person is
	MovedOn    time.Time // the day on which the person moved house; zero for a handover for any other cause
}

// Person is who the case is about: a handover is never pseudonymous.
type Person struct {
	Surname, Name string
	TaxCode       string
	Born          time.Time
}

// FullName is the name as people say it.
func (p Person) FullName() string { return registry.Name{Surname: p.Surname, Given: p.Name}.Full() }

// Standing is the state at an instant, the clock included.
func (h Handover) Standing(now time.Time) string {
	if h.State == Offered && !now.Before(h.AnswerBy) {
		return Lapsed
	}
	return h.State
}

// Obligation is something open in the case, as the modules declare it.
type Obligation struct {
	Key   string    `json:"key"`
	ID    uuid.UUID `json:"id"`
	Due   string    `json:"due"` // a day, or ""
	Moves bool      `json:"moves"`
}

// Preview is what an offered handover brings.
type Preview struct {
	Sections    map[string]int `json:"sections"` // entries that go along, by section
	Obligations []Obligation   `json:"obligations"`
	Shares      []Following    `json:"shares"`
}

// Following is another share of the case: the taking body issues it anew, or it ends.
type Following struct {
	Receiver int32     `json:"receiver"`
	Kind     string    `json:"kind"`
	Until    time.Time `json:"until"`
	Sections []string  `json:"sections"`
	Anew     bool      `json:"anew"`
}

// Get returns a handover of the actor's body. The reading is in the audit of both bodies. Error: problem.NotFound.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Handover, error) {
	h, err := s.getHandover(ctx, scope, id)
	if err != nil {
		return Handover{}, err
	}
	if h, err = s.project(ctx, scope, h); err != nil {
		return Handover{}, err
	}
	event := audit.Event{Action: "share.read", Object: h.ID, Share: h.ID, Case: h.Case}
	if h.Whole {
		event.Sections = []string{"identity"}
	}
	events := []audit.Event{event}
	if scope.Tenant != h.Giver {
		event.Tenant, event.Case = h.Giver, uuid.Nil
		events = append(events, event)
	}
	return h, s.deps.Audit.Record(ctx, scope, events...)
}

// project leaves who the person is, and the words of people, to who may decide about the handover or opens the case.
func (s *Service) project(ctx context.Context, scope tenants.Scope, h Handover) (Handover, error) {
	if h.Taker == scope.Tenant {
		h.Whole = s.deps.Permits(scope, Take)
	} else {
		_, err := s.cases.Open(ctx, scope, h.Case.String(), "")
		if err != nil && !errors.Is(err, casefile.ErrReason) && !problem.Is(err, problem.NotFound) {
			return Handover{}, err
		}
		h.Whole = err == nil
	}
	if !h.Whole {
		h.Person, h.Number, h.Reason, h.Words, h.Case, h.NewNumber = Person{}, "", "", "", uuid.Nil, ""
	}
	return h, nil
}

// GetOwn returns the handover of a case that the actor's body offered under the id. Error: problem.NotFound.
func (s *Service) GetOwn(ctx context.Context, scope tenants.Scope, id, caseID uuid.UUID) (Handover, error) {
	h, err := s.getHandover(ctx, scope, id)
	if err == nil && (h.Giver != scope.Tenant || h.Case != caseID) {
		err = problem.Missing()
	}
	return h, err
}

// FindPurposes lists the purposes for which the actor's body hands cases over.
func (s *Service) FindPurposes(ctx context.Context, scope tenants.Scope) ([]Purpose, error) {
	return s.purposes(ctx, scope)
}

// GetPreview returns what a handover brings while it is offered. Error: problem.NotFound when it is not.
func (s *Service) GetPreview(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Preview, error) {
	return s.getPreview(ctx, scope, id)
}

// FindStanding finds the handover that is offered of a case; the zero Handover where there is none.
func (s *Service) FindStanding(ctx context.Context, scope tenants.Scope, caseID uuid.UUID) (Handover, error) {
	return s.findFirst(ctx, scope, caseID, Offered)
}

// FindPassed finds the last handover by which a case passed to another body; the zero Handover where there is none.
func (s *Service) FindPassed(ctx context.Context, scope tenants.Scope, caseID uuid.UUID) (Handover, error) {
	return s.findFirst(ctx, scope, caseID, Taken)
}

func (s *Service) findFirst(ctx context.Context, scope tenants.Scope, caseID uuid.UUID, state string) (Handover, error) {
	found, err := s.findOfCase(ctx, scope, caseID)
	at := slices.IndexFunc(found, func(h Handover) bool { return h.Standing(time.Now()) == state })
	if err != nil || at < 0 {
		return Handover{}, err
	}
	return found[at], nil
}

// LabelOf is what people call an obligation.
func (s *Service) LabelOf(key string) language.Text {
	for _, m := range s.deps.Platform.Modules {
		for _, o := range m.Obligations {
			if o.Key == key {
				return o.Label
			}
		}
	}
	return language.Text{It: key, En: key}
}

// moved says why a handover cannot be answered any more.
func moved(h Handover, now time.Time) *problem.Error {
	at := h.Decided.At
	state := h.Standing(now)
	switch state {
	case Lapsed:
		at = h.AnswerBy
	case Offered:
		return problem.New(problem.Conflict, "sharing.error.moved")
	}
	return problem.New(problem.Conflict, "sharing.handover.already."+state, "at", at.In(language.Rome).Format("02/01/2006, 15:04"))
}

func lastDay(bound time.Time) time.Time { return form.LastDay(bound) }
