package leaving

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// errHeld is why a body whose day has come stays: something is held.
var errHeld = errors.New("a hold of the body is in force")

// earlyError is why a body stays that is to leave on a later day.
type earlyError struct{ due time.Time }

func (e earlyError) Error() string { return "the body leaves at " + e.due.UTC().Format(time.RFC3339) }

// Close lets the scope's body leave, when its day has come; what was taken back, or is done already, stays as it is. First the body is
// shut, so that nobody writes any more; then, all or nothing, what it has with others ends by their rules, what it owns goes, and the
// chain of its audit, whose contents went too, says so with the digest of the archive's manifest. Last its files go. Before its day, and while
// something is held, the body stays as it is, Close fails and is to be called again (the job does).
func (v *Service) Close(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	var l Leaving
	held := 0
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		if l, err = lockLeaving(ctx, tx, id); err != nil {
			return err
		}
		held, err = countHolds(ctx, tx)
		return err
	})
	if problem.Is(err, problem.NotFound) { // a run before this one removed it and was cut off at the files
		return v.forget(s)
	}
	switch {
	case err != nil || l.State != Agreed:
		return err
	case l.DueAt.After(v.now()):
		return earlyError{*l.DueAt}
	case held > 0:
		return errHeld
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		tenants.AfterCommit(tx, v.deps.Bodies.Reload)
		return shutBody(ctx, tx)
	})
	if err != nil {
		return err
	}
	if err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error { return v.remove(ctx, tx, s, l) }); err != nil {
		return err
	}
	return v.forget(s)
}

// forget removes the files of a body that is closed.
func (v *Service) forget(s tenants.Scope) error {
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil || body.State != tenants.Closed {
		return err
	}
	return v.deps.Platform.Folders.Forget(s.Tenant)
}

func (v *Service) remove(ctx context.Context, tx tenants.Tx, s tenants.Scope, l Leaving) error {
	manifest, err := manifestOf(ctx, tx, l)
	if err != nil {
		return err
	}
	for _, f := range v.deps.Platform.Console.Farewells() {
		if err := f.Do(ctx, tx, s); err != nil {
			return err
		}
	}
	gone, err := removeBody(ctx, tx)
	if err != nil {
		return err
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "body.leave", Object: l.ID, Payload: map[string]any{
		"manifest": manifest, "rows": gone, "asked_at": l.AskedAt.UTC().Format(time.RFC3339), "decided_at": l.DecidedAt.UTC().Format(time.RFC3339),
	}})
}
