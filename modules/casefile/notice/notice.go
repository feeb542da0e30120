// Package notice tells the operators of a body what happened, on the page where their day begins. It must not know what
// a case is: a notice has a topic, a place where it leads, and the number of what it is about.
package notice

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
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

// repeats tells whether two notices say the same of the same day.
func (n Notice) repeats(other Notice) bool {
	day, otherDay := n.At.In(language.Rome).Format(time.DateOnly), other.At.In(language.Rome).Format(time.DateOnly)
	return n.Topic == other.Topic && n.Path == other.Path && n.Actor == other.Actor && n.Reference == other.Reference && n.Seen == other.Seen && day == otherDay
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
		return fmt.Errorf("find who is told: %w", err)
	}
	addressed := slices.Clone(m.Accounts)
	for _, c := range colleagues {
		if slices.Contains(m.Roles, c.Role) {
			addressed = append(addressed, c.Account)
		}
	}
	return insert(ctx, tx, m, addressed)
}
