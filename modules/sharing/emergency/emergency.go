// Package emergency opens a case of another body where somebody is in danger: for three hours, to one person, with a reason,
// and reviewed by the body whose case it is. It must not find a case by anything but the question
// who follows a person, and never a protected one.
package emergency

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/elsewhere"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// The permissions about emergencies.
const (
	MayBreak  = "emergency:open"
	MayReview = "emergency:review"
)

// Service holds the rules of emergencies.
type Service struct {
	deps   modules.Deps
	known  *elsewhere.Service
	shares *share.Shares
}

// New makes the service over the program's parts.
func New(deps modules.Deps, known *elsewhere.Service, shares *share.Shares) *Service {
	return &Service{deps: deps, known: known, shares: shares}
}

// Request is what somebody says who is to open a case.
type Request struct {
	ID      uuid.UUID // made when the form was rendered, so that a second submit opens nothing again
	TaxCode string    // in full
	Reason  string
	Body    int32 // whose case; among those of Look
}

// Way is a body whose case opens, for which purpose of that body, and the sections that would be seen.
type Way struct {
	Body      int32
	Agreement uuid.UUID
	Purpose   string
	Sections  []string
}

// Look tells which cases would open. Who asks for somebody whom nobody follows, whom an agreement does not cover or who is
// protected gets the same answer. Errors: problem.Invalid by field; problem.Forbidden for who configures.
func (s *Service) Look(ctx context.Context, scope tenants.Scope, r Request) ([]Way, error) {
	if slices.ContainsFunc(scope.Roles, policies.Configures) {
		return nil, problem.New(problem.Forbidden, "sharing.emergency.error.administrator")
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	answer, err := s.known.Ask(ctx, scope, elsewhere.Question{TaxCode: r.TaxCode})
	if err != nil {
		return nil, err
	}
	if answer.Limited {
		return nil, wrong("sharing.known.limited")
	}
	ways, err := s.waysTo(ctx, scope, answer)
	if err == nil && len(ways) == 0 {
		err = wrong("sharing.emergency.error.nobody")
	}
	return ways, err
}

func (r Request) check() error {
	var fields problem.Fields
	if fault := form.CodeFault(r.TaxCode); fault != "" {
		fields.Add("codice", fault)
	}
	if len([]rune(strings.TrimSpace(r.Reason))) < share.LeastWords {
		fields.Add("motivo", "sharing.error.reason")
	}
	fields.MaxLength("motivo", r.Reason, share.MaxWords)
	return fields.Err()
}

// wrong is a fault of the code that was typed.
func wrong(key string) error {
	var fields problem.Fields
	fields.Add("codice", key)
	return fields.Err()
}

// waysTo keeps of the bodies that answered those whose agreement names emergencies, with what each of them shows in one: that is
// read from the owner's sharing templates, as they stand now.
func (s *Service) waysTo(ctx context.Context, scope tenants.Scope, answer elsewhere.Answer) ([]Way, error) {
	found, err := s.findWays(ctx, scope, answer.All)
	var ways []Way
	for _, way := range found {
		if !slices.ContainsFunc(ways, func(w Way) bool { return w.Body == way.Body }) {
			ways = append(ways, way)
		}
	}
	return ways, err
}

// Opened is a case that is open in an emergency.
type Opened struct {
	Share uuid.UUID
	Ref   string // as the case is named in URLs
	Until time.Time
}

// Open opens the case. Both bodies' chains have it, or nothing is opened. A second call with the same id opens nothing again.
// Errors: those of Look; problem.Invalid for a case in which the owner ended an emergency of the actor's.
func (s *Service) Open(ctx context.Context, scope tenants.Scope, r Request) (Opened, error) {
	made, err := s.shares.Stored(ctx, scope, r.ID)
	switch {
	case err == nil && made.Kind == share.BreakGlass && made.Offered.Account == scope.Account:
		return s.opened(made), nil // the form was submitted before
	case err != nil && !problem.Is(err, problem.NotFound):
		return Opened{}, err
	}
	ways, err := s.Look(ctx, scope, r)
	if err != nil {
		return Opened{}, err
	}
	at := slices.IndexFunc(ways, func(w Way) bool { return w.Body == r.Body })
	if at < 0 {
		return Opened{}, wrong("sharing.emergency.error.nobody")
	}
	code, err := taxcode.Parse(r.TaxCode)
	if err != nil {
		return Opened{}, wrong("sharing.error.tax_code")
	}
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		token, err := s.known.Token(ctx, tx, ways[at].Agreement, code)
		if err != nil {
			return err
		}
		told, err := audit.WriteTold(ctx, tx, scope, audit.Event{
			Action: "share.break", Object: r.ID, Share: r.ID, Relation: string(policies.Emergency), Sections: ways[at].Sections,
			Payload: map[string]any{"reason": strings.TrimSpace(r.Reason)},
		})
		if err != nil {
			return err
		}
		return breakGlass(ctx, tx, opening{Request: r, Way: ways[at], name: scope.Name, code: code, token: token}, told)
	})
	if problem.Is(err, problem.NotFound) {
		return Opened{}, wrong("sharing.emergency.error.nobody")
	}
	if err != nil {
		return Opened{}, err
	}
	made, err = s.shares.Stored(ctx, scope, r.ID)
	return s.opened(made), err
}

func (s *Service) opened(made share.Share) Opened {
	return Opened{Share: made.ID, Ref: s.deps.Bodies.Slug(made.Owner) + "~" + made.Case.String(), Until: made.Until}
}

// opening is all that the database needs to open a case.
type opening struct {
	Request
	Way
	name  string
	code  taxcode.Code
	token []byte
}
