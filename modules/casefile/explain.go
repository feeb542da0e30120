package casefile

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/modules/casefile/visit"
	"staffetta/policies"
	"staffetta/tenants"
)

// Verdict is why an actor may read a section of a case, or may not (it: spiegazione dell'accesso).
type Verdict struct {
	Section   string
	Allowed   bool
	Rule      string // role, relation and whether all bodies or this one set it
	Share     uuid.UUID
	Agreement uuid.UUID
	Until     time.Time // of the share
}

// Explain says for every section whether the opened case shows it and by which
// rule, agreement and share.
func (s *Service) Explain(_ context.Context, scope tenants.Scope, a *Access) ([]Verdict, error) {
	var verdicts []Verdict
	for _, section := range policies.Sections {
		reason, err := s.deps.Policies.Explain(scope, a.Relation, section.ID, policies.Read)
		if err != nil {
			return nil, err
		}
		v := Verdict{Section: section.ID, Allowed: a.Scope.Reads(section.ID)}
		if reason.Allowed && len(reason.Rule) > 3 {
			v.Rule = reason.Rule[1]
		}
		for _, g := range a.Grants {
			if g.Section == section.ID {
				v.Share, v.Agreement, v.Until = g.Share, g.Agreement, g.Until
			}
		}
		verdicts = append(verdicts, v)
	}
	return verdicts, nil
}

// FindViewings lists who read or changed a case, newest first, from a cursor on.
func (s *Service) FindViewings(ctx context.Context, a *Own, after Cursor) ([]visit.Viewing, Cursor, error) {
	at, id := after.orFuture()
	viewings, err := visit.Find(ctx, a.visited(), at, id, pageSize+1)
	if err != nil || len(viewings) <= pageSize {
		return viewings, Cursor{}, err
	}
	last := viewings[pageSize-1]
	return viewings[:pageSize], Cursor{At: last.At, ID: last.ID}, nil
}

// FindVisits lists who read or changed a case by day, as visit.FindByDay.
func (s *Service) FindVisits(ctx context.Context, a *Own, before time.Time) (visits []visit.Visit, next time.Time, err error) {
	return visit.FindByDay(ctx, a.visited(), before)
}

func (a *Own) visited() visit.Case { return visit.Case{Reader: a, Tenant: a.Tenant, ID: a.ID} }
