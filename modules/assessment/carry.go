package assessment

import (
	"context"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Carrying says which draft goes on in the present version of its instrument. Version is that of the draft that was shown.
type Carrying struct {
	ID      uuid.UUID
	Version int
}

// CarryOn lets the actor's own draft go on in the present version of its instrument: its answers are read as that version
// declares, and those without a place are kept and shown. A draft of the present version stays as it is. Errors: those of
// casefile.OpenToWrite; problem.NotFound for a draft that there is not, or an instrument that is not published;
// problem.Forbidden for another author's draft; problem.Conflict when it changed elsewhere or is final.
func (s *Service) CarryOn(ctx context.Context, scope tenants.Scope, ref string, c Carrying) (Assessment, error) {
	a, err := s.cases.OpenToWrite(ctx, scope, ref, Section)
	if err != nil {
		return Assessment{}, err
	}
	older, err := s.Get(ctx, a, c.ID)
	if err != nil {
		return Assessment{}, err
	}
	newer, err := s.edition(ctx, a, older.Instrument.Key, uuid.Nil)
	if err != nil {
		return Assessment{}, err
	}
	if done, err := older.carried(scope, c, newer); done || err != nil {
		return older.Assessment, err
	}
	made := older.carry(newer)
	err = a.Change(ctx, func(tx tenants.Tx) error {
		if err := carryAssessment(ctx, tx, &made); err != nil {
			return err
		}
		return a.Note(ctx, tx, audit.Event{
			Action: "assessment.carry", Object: made.ID, Sections: []string{Section},
			Payload: map[string]any{"item_version": made.Edition, "version": made.Version},
		})
	})
	return made, err
}

// carried tells that the draft is in the newer version already, or why it cannot go on in it.
func (r Result) carried(scope tenants.Scope, c Carrying, newer Instrument) (bool, error) {
	switch {
	case r.Author != scope.Account || r.AuthorTenant != scope.Tenant:
		return false, problem.New(problem.Forbidden, "assessment.error.author")
	case r.Final():
		return false, problem.New(problem.Conflict, "assessment.error.final")
	case r.Edition == newer.Edition:
		return true, nil
	case r.Version != c.Version:
		return false, problem.New(problem.Conflict, "web.error.conflict")
	}
	return false, nil
}

// carry reads the answers in the newer version and keeps what they were.
func (r Result) carry(newer Instrument) Assessment {
	made := r.Assessment
	answers, was := newer.Definition.CarryOn(&r.Instrument.Definition.Form, r.Answers, r.Earlier)
	was.Edition, was.Number = r.Edition, r.Instrument.Number
	made.Answers, made.Edition, made.Title, made.Earlier = answers, newer.Edition, newer.Title, append(made.Earlier, was)
	made.Outcome = Outcome{Min: newer.Definition.Scoring.Min, Max: newer.Definition.Scoring.Max}
	return made
}

// Left are all answers without a place in the version in which the assessment went on, the oldest first.
func (a Assessment) Left() []kit.LeftAnswer { return kit.LeftOf(a.Earlier) }

// Newer is the present version of the instrument of the actor's own draft, where it is another one. The error is
// problem.NotFound where there is none to go on in.
func (s *Service) Newer(ctx context.Context, scope tenants.Scope, a *casefile.Access, r Result) (Instrument, error) {
	if r.Final() || r.Author != scope.Account || r.AuthorTenant != scope.Tenant || !canWrite(a) {
		return Instrument{}, problem.Missing()
	}
	in, err := s.edition(ctx, a, r.Instrument.Key, uuid.Nil)
	if err == nil && in.Edition == r.Edition {
		return Instrument{}, problem.Missing()
	}
	return in, err
}
