package share

import (
	"context"
	"time"

	"staffetta/modules/casefile"
	"staffetta/tenants"
)

// openSQL are the shares that wait for an answer or are live, and termSQL is when that ends.
const (
	openSQL     = `(s.state = 'offered' and s.answer_by > app.now() or s.state = 'active' and s.valid_to > app.now())`
	termSQL     = `case s.state when 'offered' then s.answer_by else s.valid_to end`
	newestFirst = `s.offered_at desc, s.id desc`
)

// term is until when an open share waits or is live.
func (s Share) term() time.Time {
	if s.State == Offered {
		return s.AnswerBy
	}
	return s.Until
}

// inboxQuery is one part of the inbox.
type inboxQuery struct {
	sent, all bool
	after     casefile.Cursor
}

func (q inboxQuery) side() string {
	if q.sent {
		return byActor
	}
	return toActor
}

func (s *Shares) findOpen(ctx context.Context, scope tenants.Scope, q inboxQuery) ([]Share, error) {
	return s.firstShares(ctx, scope, choice{q.side() + ` and ` + openSQL + ` and (` + termSQL + `, s.id) > ($4, $5)`, termSQL + `, s.id`, pageSize + 1}, scope.Tenant, q.all, scope.Account, q.after.At, q.after.ID)
}

func (s *Shares) findOver(ctx context.Context, scope tenants.Scope, q inboxQuery) ([]Share, error) {
	at, id := bound(q.after)
	return s.firstShares(ctx, scope, choice{q.side() + ` and not ` + openSQL + ` and (s.offered_at, s.id) < ($4, $5)`, newestFirst, pageSize + 1},
		scope.Tenant, q.all, scope.Account, at, id)
}
