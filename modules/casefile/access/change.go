package access

import (
	"context"

	"github.com/google/uuid"

	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Change runs fn in a transaction over the rows of the case, through the door that fits the relation: a guest writes in
// joint care, and row-level security asks for the grant.
func (a *Access) Change(ctx context.Context, fn func(tx tenants.Tx) error) error {
	if a.Foreign() {
		return a.db.GuestTx(ctx, a.Scope, fn)
	}
	return a.db.InTx(ctx, a.Scope, fn)
}

// Note writes the event of a change to an object of a section, in the transaction of the change: of another body's case
// into both chains.
func (a *Access) Note(ctx context.Context, tx tenants.Tx, e audit.Event) error {
	e.Relation, e.Case = string(a.Relation), a.ID
	if !a.Foreign() {
		return audit.Write(ctx, tx, a.Scope, e)
	}
	e.Share = a.writing(e.Sections)
	return audit.WriteCare(ctx, tx, a.Scope, e)
}

// writing is the live share that lets the actor write in the section.
func (a *Access) writing(sections []string) uuid.UUID {
	for _, g := range a.Grants {
		if g.Write && len(sections) == 1 && g.Section == sections[0] {
			return g.Share
		}
	}
	return uuid.Nil
}
