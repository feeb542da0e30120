// Package assessment fills in instruments about the person of a case — Barthel, IADL, WHODAS and any other that the
// body has published as an item — and keeps answers, score and band under the version of the instrument that was used.
// It must not know any instrument: questions, scores and bands are data, read by package kit.
package assessment

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Section is the part of a case to which assessments belong.
const Section = "assessment"

// State is where an assessment stands.
type State string

// The states of an assessment. A final one is locked for ever.
const (
	Draft State = "draft"
	Final State = "final"
)

// Assessment is an instrument filled in about the person of a case (it: valutazione): a draft of its author until it
// is final, then locked.
type Assessment struct {
	Tenant       int32
	ID           uuid.UUID
	Case         uuid.UUID
	Section      string
	Edition      uuid.UUID // item version of the instrument: its author may let a draft go on in a newer one
	Instrument   string    // its key
	Title        language.Text
	Answers      kit.Answers   // nil in lists
	Earlier      []kit.Earlier // what was answered before it went on in this version; nil in lists
	Outcome      Outcome
	State        State
	DoneOn       time.Time
	AuthorTenant int32
	Author       uuid.UUID
	AuthorName   string
	CreatedAt    time.Time
	UpdatedAt    time.Time
	FinalisedAt  time.Time // zero for a draft
	Version      int
}

// Final tells whether the assessment is locked.
func (a Assessment) Final() bool { return a.State == Final }

// Outcome is what an assessment comes to. A draft, and an instrument of which an optional scored question was left
// out, have no score and no band.
type Outcome struct {
	Scored    bool
	Score     float64
	Min, Max  float64 // of the instrument
	Band      string
	BandLabel language.Text
}

func outcomeOf(e kit.Explanation) Outcome {
	o := Outcome{Min: e.Min, Max: e.Max, Scored: e.Complete}
	if e.Complete {
		o.Score = e.Total
	}
	if e.Band != nil {
		o.Band, o.BandLabel = e.Band.Key, toText(e.Band.Label)
	}
	return o
}

func toText(t kit.Text) language.Text { return language.Text{It: t.IT, En: t.EN} }

// Filling is what an author fills in.
type Filling struct {
	ID         uuid.UUID
	Instrument string    // its key; not needed for an assessment that exists
	Edition    uuid.UUID // the version that the author saw, or uuid.Nil for the present one
	DoneOn     time.Time
	Values     map[string][]string // fields of a page, named kit.AnswerPrefix + key of the item
	Answers    kit.Answers         // when there are no Values
	Version    int                 // of the draft that was shown; 0 for a new one
}

// Service holds the rules of assessments.
type Service struct {
	deps  modules.Deps
	cases *casefile.Service
	items *kit.Items
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, cases: casefile.NewService(deps), items: kit.NewItems(deps)}
}

// Open opens a case to read its assessments. Errors: those of casefile.Open.
func (s *Service) Open(ctx context.Context, scope tenants.Scope, ref string) (*casefile.Access, error) {
	return s.cases.Open(ctx, scope, ref, Section)
}

// SaveDraft keeps answers of which some may be missing. Errors: those of casefile.OpenToWrite; problem.NotFound for an
// instrument that is not published; problem.Invalid by field (done_on, answers.<key>); problem.Forbidden for another
// author's draft; problem.Conflict when it changed elsewhere or is final.
func (s *Service) SaveDraft(ctx context.Context, scope tenants.Scope, ref string, f Filling) (Assessment, error) {
	return s.save(ctx, scope, ref, f, Draft)
}

// Finalise computes score and band of the complete answers and locks the assessment for ever. Errors as SaveDraft.
// Finalising the same answers again changes nothing.
func (s *Service) Finalise(ctx context.Context, scope tenants.Scope, ref string, f Filling) (Assessment, error) {
	return s.save(ctx, scope, ref, f, Final)
}

// FinaliseStored finalises the answers that a draft holds, in the version that was shown; any other is problem.Conflict.
func (s *Service) FinaliseStored(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID, version int) (Assessment, error) {
	a, err := s.cases.OpenToWrite(ctx, scope, ref, Section)
	if err != nil {
		return Assessment{}, err
	}
	stored, err := s.Get(ctx, a, id)
	if err != nil {
		return Assessment{}, err
	}
	if !stored.Final() && stored.Author == scope.Account && stored.Version != version {
		return Assessment{}, problem.New(problem.Conflict, "web.error.conflict")
	}
	return s.write(ctx, scope, a, change{
		stored: &stored.Assessment, instrument: stored.Instrument, target: Final,
		filling: Filling{ID: id, DoneOn: stored.DoneOn, Answers: stored.Answers, Version: version},
	})
}

func (s *Service) save(ctx context.Context, scope tenants.Scope, ref string, f Filling, target State) (Assessment, error) {
	a, err := s.cases.OpenToWrite(ctx, scope, ref, Section)
	if err != nil {
		return Assessment{}, err
	}
	stored, in, err := s.pinned(ctx, a, f)
	if err != nil {
		return Assessment{}, err
	}
	return s.write(ctx, scope, a, change{stored: stored, instrument: in, filling: f, target: target})
}

// pinned finds the assessment that a filling is about, or nil for a new one, and the instrument in the version that it
// pins or will pin.
func (s *Service) pinned(ctx context.Context, a *casefile.Access, f Filling) (*Assessment, Instrument, error) {
	stored, err := s.Get(ctx, a, f.ID)
	if problem.Is(err, problem.NotFound) {
		in, err := s.edition(ctx, a, f.Instrument, f.Edition)
		return nil, in, err
	}
	return &stored.Assessment, stored.Instrument, err
}

// change is one save: what is stored, which is nil for a new assessment, and what it becomes.
type change struct {
	stored     *Assessment
	instrument Instrument
	filling    Filling
	target     State
}

func (s *Service) write(ctx context.Context, scope tenants.Scope, a *casefile.Access, c change) (Assessment, error) {
	if done, err := c.settled(scope); done || err != nil {
		return c.was(), err
	}
	answers, outcome, err := c.instrument.fill(c.filling, c.target, time.Now())
	if err != nil {
		return Assessment{}, err
	}
	made := Assessment{
		Tenant: a.Tenant, ID: c.filling.ID, Case: a.ID, Section: Section, Edition: c.instrument.Edition, Instrument: c.instrument.Key,
		Title: c.instrument.Title, Answers: answers, Outcome: outcome, State: c.target, DoneOn: c.filling.DoneOn,
		AuthorTenant: scope.Tenant, Author: scope.Account, AuthorName: scope.Name, Version: c.was().Version,
	}
	action := "assessment.draft"
	if c.target == Final {
		action = "assessment.finalise"
	}
	err = a.Change(ctx, func(tx tenants.Tx) error {
		if err := saveAssessment(ctx, tx, &made); err != nil {
			return err
		}
		return a.Note(ctx, tx, audit.Event{
			Action: action, Object: made.ID, Sections: []string{Section},
			Payload: map[string]any{"item_version": made.Edition, "version": made.Version},
		})
	})
	return made, err
}

func (c change) was() Assessment {
	if c.stored == nil {
		return Assessment{}
	}
	return *c.stored
}

// settled tells that the change was made before by the same author, or why it cannot be made.
func (c change) settled(scope tenants.Scope) (bool, error) {
	switch {
	case c.stored == nil:
		return false, nil
	case c.stored.Final():
		same, err := sameAnswers(c.stored.Answers, c.instrument.given(c.filling), c.instrument)
		if err != nil || same && c.target == Final && c.stored.Author == scope.Account {
			return same, err
		}
		return false, problem.New(problem.Conflict, "assessment.error.final")
	case c.stored.Author != scope.Account || c.stored.AuthorTenant != scope.Tenant:
		return false, problem.New(problem.Forbidden, "assessment.error.author")
	case c.filling.Version != 0 && c.filling.Version != c.stored.Version:
		return false, problem.New(problem.Conflict, "web.error.conflict")
	}
	return false, nil
}

func sameAnswers(stored, given kit.Answers, in Instrument) (bool, error) {
	kept, _ := in.Definition.CheckDraft(given)
	a, err := json.Marshal(stored)
	if err != nil {
		return false, fmt.Errorf("compare answers: %w", err)
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return false, fmt.Errorf("compare answers: %w", err)
	}
	return bytes.Equal(a, b), nil
}

// Find lists the assessments of an opened case without their answers, the latest first, from a cursor on.
func (s *Service) Find(ctx context.Context, a *casefile.Access, after casefile.Cursor) ([]Assessment, casefile.Cursor, error) {
	found, err := findAssessments(ctx, a, after)
	if err != nil || len(found) <= pageSize {
		return found, casefile.Cursor{}, err
	}
	found = found[:pageSize]
	last := found[pageSize-1]
	return found, casefile.Cursor{At: last.DoneOn, ID: last.ID}, nil
}
