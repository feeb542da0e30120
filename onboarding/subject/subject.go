// Package subject is what people ask about their data (GDPR art. 12 to 22): a request is registered, handled within its term and
// answered, and whoever sees only numbers and terms sees no more. It must not read what is in a case file for anybody; what is handed to
// the person is written by a job, as the officer for data protection decided.
package subject

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// State is where a request stands.
type State string

// The states of a request.
const (
	Received  State = "received"
	Working   State = "working"
	Answered  State = "answered"
	Withdrawn State = "withdrawn"
)

// Kinds are what people may ask for, in the order of the articles.
var Kinds = []string{"access", "rectification", "erasure", "restriction", "portability", "objection"}

// Askers are who may ask, Channels how, and Outcomes what may be answered.
var (
	Askers   = []string{"self", "guardian", "delegate"}
	Channels = []string{"desk", "email", "pec", "post", "phone"}
	Outcomes = []string{granted, partly, refused}
)

// The outcomes.
const (
	granted = "granted"
	partly  = "partly"
	refused = "refused"
)

// Request is what somebody asks about the data of a person (it: richiesta dell'interessato).
type Request struct {
	ID             uuid.UUID
	Number         int
	Kind           string
	Person         *uuid.UUID // nil while nobody of the registry is known to be meant
	Subject        string     // the name, as the request says it; "" for who sees only numbers and terms, as the words below
	TaxCode        string
	Asker          string
	AskerName      string
	Identity       string // how it was seen who asks
	Channel        string
	Words          string
	ReceivedOn     time.Time
	DueOn          time.Time
	Extension      string // why the term is longer; "" for the first term
	State          State
	Outcome        string
	Answer         string
	Reason         string // why not, or not all
	Remedies       string // what the person was told that they can do
	AnsweredOn     *time.Time
	HandledBy      *uuid.UUID
	HandledName    string
	RegisteredBy   uuid.UUID
	RegisteredName string
	RegisteredAt   time.Time
	Limits         bool // a restriction that it has led to lasts
}

// Open tells whether it is still to be answered.
func (r Request) Open() bool { return r.State == Received || r.State == Working }

// Late tells whether its term is over on a day.
func (r Request) Late(day time.Time) bool { return r.Open() && r.DueOn.Before(day) }

// outline is the request without what it says about people.
func (r Request) outline() Request {
	return Request{
		ID: r.ID, Number: r.Number, Kind: r.Kind, ReceivedOn: r.ReceivedOn, DueOn: r.DueOn, State: r.State, Outcome: r.Outcome,
		AnsweredOn: r.AnsweredOn, HandledName: r.HandledName, Limits: r.Limits,
	}
}

// Step is something that was done about a request.
type Step struct {
	Kind  string
	Words string
	By    string
	At    time.Time
}

// Service takes requests from their arrival to the answer.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// sees tells whether the actor sees what a request says: who handles requests or hands copies over, who registered it, and who took it.
func (v *Service) sees(s tenants.Scope, r Request) bool {
	return v.deps.Permits(s, Handle) || v.deps.Permits(s, Fetch) || r.RegisteredBy == s.Account || r.HandledBy != nil && *r.HandledBy == s.Account
}

// Find lists the requests of the body, those to answer first by their terms; of those that the actor does not see only numbers and terms.
func (v *Service) Find(ctx context.Context, s tenants.Scope) (found []Request, err error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "subject_request.list"})
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		found, err = findRequests(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, r := range found {
		if !v.sees(s, r) {
			found[i] = r.outline()
		}
	}
	return found, wait()
}

// Get returns one request with what was done about it. Error: problem.NotFound, also for what the actor does not see.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (r Request, steps []Step, err error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "subject_request.read", Object: id})
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if r, err = v.get(ctx, tx, s, id); err != nil {
			return err
		}
		steps, err = findSteps(ctx, tx, id)
		return err
	})
	if err != nil {
		return Request{}, nil, err
	}
	return r, steps, wait()
}

func (v *Service) get(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) (Request, error) {
	r, err := getRequest(ctx, tx, id)
	if err == nil && !v.sees(s, r) {
		err = problem.Missing()
	}
	if err != nil {
		return Request{}, err
	}
	return r, nil
}

// change locks a request that is to be answered and lets fn change it, which writes what it did. Errors: problem.NotFound, problem.Conflict.
func (v *Service) change(ctx context.Context, s tenants.Scope, id uuid.UUID, fn func(tenants.Tx, Request) (Step, error)) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := lockRequest(ctx, tx, id); err != nil {
			return err
		}
		r, err := v.get(ctx, tx, s, id)
		if err != nil {
			return err
		}
		if !r.Open() {
			return problem.New(problem.Conflict, "onboarding.subject.error.ended")
		}
		step, err := fn(tx, r)
		if err != nil {
			return err
		}
		return v.note(ctx, tx, s, id, step)
	})
}

// note writes into the steps of a request and into the audit what was done; the words stay in the steps.
func (v *Service) note(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, step Step) error {
	if err := insertStep(ctx, tx, s, id, step); err != nil {
		return err
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "subject_request." + step.Kind, Object: id})
}

// Take takes a request in hand; whoever takes one from somebody is written down. Errors: problem.NotFound, problem.Conflict.
func (v *Service) Take(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.change(ctx, s, id, func(tx tenants.Tx, _ Request) (Step, error) {
		return Step{Kind: "take"}, takeRequest(ctx, tx, s, id)
	})
}

// Note adds what was done. Errors: problem.Invalid by field, problem.NotFound, problem.Conflict.
func (v *Service) Note(ctx context.Context, s tenants.Scope, id uuid.UUID, words string) error {
	words, err := told("nota", words, 4000)
	if err != nil {
		return err
	}
	return v.change(ctx, s, id, func(tenants.Tx, Request) (Step, error) { return Step{Kind: "note", Words: words}, nil })
}

// Withdraw notes that who asked took the request back, and how. Errors: problem.Invalid by field, problem.NotFound, problem.Conflict.
func (v *Service) Withdraw(ctx context.Context, s tenants.Scope, id uuid.UUID, words string) error {
	words, err := told("come", words, 1000)
	if err != nil {
		return err
	}
	return v.change(ctx, s, id, func(tx tenants.Tx, _ Request) (Step, error) {
		return Step{Kind: "withdraw", Words: words}, endRequest(ctx, tx, id, Request{State: Withdrawn})
	})
}

// Extend makes the term two months longer, once and while it runs, with the reason that the person is told (GDPR art. 12(3)). Errors:
// problem.Invalid by field, problem.NotFound, problem.Conflict.
func (v *Service) Extend(ctx context.Context, s tenants.Scope, id uuid.UUID, reason string) error {
	reason, err := told("perche", reason, 1000)
	if err != nil {
		return err
	}
	return v.change(ctx, s, id, func(tx tenants.Tx, r Request) (Step, error) {
		if r.Extension != "" || r.Late(language.Day(time.Now())) {
			return Step{}, problem.New(problem.Conflict, "onboarding.subject.error.extended")
		}
		return Step{Kind: "extend", Words: reason}, extendRequest(ctx, tx, id, reason)
	})
}

// Reply is what the person is answered.
type Reply struct {
	Outcome  string
	Words    string
	Reason   string    // why not, or not all
	Remedies string    // a complaint to the authority, the courts
	On       time.Time // when they were told
}

// Answer ends a request. Errors: problem.Invalid by field, problem.NotFound, problem.Conflict.
func (v *Service) Answer(ctx context.Context, s tenants.Scope, id uuid.UUID, a Reply) error {
	a.Words, a.Reason, a.Remedies = strings.TrimSpace(a.Words), strings.TrimSpace(a.Reason), strings.TrimSpace(a.Remedies)
	return v.change(ctx, s, id, func(tx tenants.Tx, r Request) (Step, error) {
		if err := a.check(r); err != nil {
			return Step{}, err
		}
		ended := Request{State: Answered, Outcome: a.Outcome, Answer: a.Words, AnsweredOn: &a.On}
		if a.Outcome != granted {
			ended.Reason, ended.Remedies = a.Reason, a.Remedies
		}
		return Step{Kind: "answer", Words: a.Words}, endRequest(ctx, tx, id, ended)
	})
}

func (a Reply) check(r Request) error {
	var wrong problem.Fields
	wrong.Require("esito", a.Outcome)
	wrong.OneOf("esito", a.Outcome, Outcomes...)
	checkWords(&wrong, "risposta", a.Words, 4000)
	if a.Outcome == partly || a.Outcome == refused {
		checkWords(&wrong, "motivo", a.Reason, 4000)
		checkWords(&wrong, "rimedi", a.Remedies, 2000)
	}
	switch {
	case a.On.IsZero():
		wrong.Add("il", "web.field.required")
	case a.On.Before(r.ReceivedOn) || a.On.After(language.Day(time.Now())):
		wrong.Add("il", "onboarding.subject.error.answered_on")
	}
	return wrong.Err()
}

// told is what somebody wrote, or problem.Invalid for the field.
func told(field, words string, limit int) (string, error) {
	var wrong problem.Fields
	words = strings.TrimSpace(words)
	checkWords(&wrong, field, words, limit)
	return words, wrong.Err()
}

func checkWords(wrong *problem.Fields, field, words string, limit int) {
	wrong.Reason(field, words, limit)
	if n := len([]rune(words)); n > 0 && n < 5 {
		wrong.Add(field, "onboarding.subject.error.short")
	}
}
