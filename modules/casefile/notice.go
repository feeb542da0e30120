package casefile

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/tenants"
)

// Notice tells an operator of something that happened (it: avviso). It names no person of the registry.
type Notice struct {
	ID        uuid.UUID
	Topic     string // case.opened, case.assigned, share.offered …
	Path      string // where it leads, without the body's slug
	Actor     string
	Reference string
	At        time.Time
	Seen      bool
}

// Message is a notice before it is addressed.
type Message struct {
	Key       string // makes telling twice harmless
	Topic     string
	Path      string
	Actor     string
	Reference string
	Roles     []string    // everybody of the body with one of these roles
	Accounts  []uuid.UUID // and these
}

// Tell writes the notices of a message in the transaction.
func Tell(ctx context.Context, tx tenants.Tx, m Message) error {
	colleagues, err := tenants.FindColleagues(ctx, tx)
	if err != nil {
		return err
	}
	addressed := slices.Clone(m.Accounts)
	for _, c := range colleagues {
		if slices.Contains(m.Roles, c.Role) {
			addressed = append(addressed, c.Account)
		}
	}
	return insertNotices(ctx, tx, m, addressed)
}

// FindNotices lists the actor's notices, newest first.
func (s *Service) FindNotices(ctx context.Context, scope tenants.Scope) ([]Notice, error) {
	return s.findNotices(ctx, scope)
}

// SeeNotices marks the actor's notices as seen.
func (s *Service) SeeNotices(ctx context.Context, scope tenants.Scope) error {
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error { return seeNotices(ctx, tx, scope) })
}
