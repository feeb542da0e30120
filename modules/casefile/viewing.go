package casefile

import (
	"context"
	"time"

	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/visit"
)

// FindViewings lists who read or changed a case, newest first, from a cursor on.
func (s *Service) FindViewings(ctx context.Context, a *access.Own, after access.Cursor) ([]visit.Viewing, access.Cursor, error) {
	at, id := after.Bounds()
	viewings, err := visit.Find(ctx, visited(a), at, id, access.PageSize+1)
	if err != nil || len(viewings) <= access.PageSize {
		return viewings, access.Cursor{}, err
	}
	last := viewings[access.PageSize-1]
	return viewings[:access.PageSize], access.Cursor{At: last.At, ID: last.ID}, nil
}

// FindVisits lists who read or changed a case by day, as visit.FindByDay.
func (s *Service) FindVisits(ctx context.Context, a *access.Own, before time.Time) (visits []visit.Visit, next time.Time, err error) {
	return visit.FindByDay(ctx, visited(a), before)
}

func visited(a *access.Own) visit.Case { return visit.Case{Reader: a, Tenant: a.Tenant, ID: a.ID} }
