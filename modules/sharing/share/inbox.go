package share

import (
	"context"

	"staffetta/modules/casefile"
	"staffetta/tenants"
)

// inboxPlace is a place in the inbox: among what is open, or among what is over.
type inboxPlace struct {
	Over  bool
	After casefile.Cursor
}

// findInbox lists the shares that the actor's body received or offered: those that wait or are live by their term, then those
// that are over, newest first.
func (s *Shares) findInbox(ctx context.Context, scope tenants.Scope, sent bool, from inboxPlace) ([]Seen, inboxPlace, error) {
	var shares []Share
	var next inboxPlace
	all := s.oversees(scope)
	if !from.Over {
		open, err := s.findOpen(ctx, scope, inboxQuery{sent, all, from.After})
		if err != nil {
			return nil, next, err
		}
		if len(open) > pageSize {
			open = open[:pageSize]
			last := open[pageSize-1]
			next = inboxPlace{After: casefile.Cursor{At: last.term(), ID: last.ID}}
		}
		shares, from = open, inboxPlace{Over: true}
	}
	if next.After.IsZero() {
		over, err := s.findOver(ctx, scope, inboxQuery{sent, all, from.After})
		if err != nil {
			return nil, next, err
		}
		if len(over) > pageSize {
			over = over[:pageSize]
			last := over[pageSize-1]
			next = inboxPlace{Over: true, After: casefile.Cursor{At: last.Offered.At, ID: last.ID}}
		}
		shares = append(shares, over...)
	}
	seen, event := projectList(shares, scope)
	if err := s.markNews(ctx, scope, seen); err != nil {
		return nil, next, err
	}
	return seen, next, s.deps.Audit.Record(ctx, scope, event)
}
