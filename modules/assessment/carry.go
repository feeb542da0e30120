package assessment

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// CarryOn lets the actor's own draft go on in the present version of its instrument, with what the filling has typed in its
// Edition, or with what is stored where it has nothing: the answers are read as that version declares, and those without a place
// are kept and shown. A draft of the present version stays as it is. Errors: those of casefile.OpenToWrite; problem.NotFound for a
// draft that there is not, or an instrument that is not published; problem.Invalid by field as SaveDraft; problem.Forbidden for
// another author's draft; problem.Conflict when it changed elsewhere or is final.
func (s *Service) CarryOn(ctx context.Context, scope tenants.Scope, ref string, f Filling) (Assessment, error) {
	a, err := s.cases.OpenToWrite(ctx, scope, ref, Section)
	if err != nil {
		return Assessment{}, err
	}
	stored, err := s.Get(ctx, a, f.ID)
	if err != nil {
		return Assessment{}, err
	}
	c := carrying{stored: stored, older: stored.Instrument, typed: stored.Answers, day: stored.DoneOn, own: f.Values != nil || f.Answers != nil}
	if c.newer, err = s.edition(ctx, a, stored.Instrument.Key, uuid.Nil); err != nil {
		return Assessment{}, err
	}
	if c.own && stored.Edition == c.newer.Edition { // it went on already: sent twice?
		if c.older, err = s.edition(ctx, a, stored.Instrument.Key, f.Edition); err != nil {
			return Assessment{}, err
		}
	}
	if c.own {
		c.day = f.DoneOn
		if c.typed, _, err = c.older.fill(f, Draft, time.Now()); err != nil {
			return Assessment{}, err
		}
	}
	if done, err := c.carried(scope, f.Version); done || err != nil {
		return stored.Assessment, err
	}
	made := c.carry()
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

// carrying is a draft on its way from one version of its instrument to another, with the answers to the older one.
type carrying struct {
	stored       Result
	older, newer Instrument
	typed        kit.Answers
	day          time.Time
	own          bool // typed, and not read from what is stored
}

// carried tells that the draft is in the newer version already with these answers, or why it cannot go on in it. That another
// version of the draft was shown is no conflict while nothing else is in it.
func (c carrying) carried(scope tenants.Scope, version int) (bool, error) {
	r := c.stored
	already := r.Edition == c.newer.Edition
	switch {
	case r.Author != scope.Account || r.AuthorTenant != scope.Tenant:
		return false, problem.New(problem.Forbidden, "assessment.error.author")
	case r.Final():
		return false, problem.New(problem.Conflict, "assessment.error.final")
	case already && !c.own:
		return true, nil
	}
	mine, was := c.typed, r.Earlier
	if already && c.older.Edition != c.newer.Edition {
		mine, _ = c.newer.Definition.CarryOn(&c.older.Definition.Form, c.typed, was[:max(0, len(was)-1)])
	}
	same, err := sameAnswers(r.Answers, mine, r.Instrument)
	same = same && c.day.Equal(r.DoneOn)
	switch {
	case err != nil:
		return false, err
	case already && same:
		return true, nil
	case already, r.Version != version && (!same || !c.own):
		return false, problem.New(problem.Conflict, "web.error.conflict")
	}
	return false, nil
}

// carry reads the answers in the newer version and keeps what they were.
func (c carrying) carry() Assessment {
	made := c.stored.Assessment
	answers, was := c.newer.Definition.CarryOn(&c.older.Definition.Form, c.typed, made.Earlier)
	was.Edition, was.Number = c.older.Edition, c.older.Number
	made.Answers, made.DoneOn, made.Edition, made.Title, made.Earlier = answers, c.day, c.newer.Edition, c.newer.Title, append(made.Earlier, was)
	made.Outcome = Outcome{Min: c.newer.Definition.Scoring.Min, Max: c.newer.Definition.Scoring.Max}
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
