package entry

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/onboarding/control"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Activate takes the code that came to the certified mail of the body and makes the body, to be tried by its own people: in
// one transaction the body with all its modules, and its contact as the administrator. Asking again returns the same result,
// and goes on, without a code, where an earlier try was cut off. Errors: problem.Conflict when a step is missing or another
// body is in the way; then this entry is open again; the same kind when the answers are no longer those of seen, the mark of
// the entry that the actor has read; problem.Invalid at "code" for one that proves nothing, which is counted if it looks like a code;
// problem.Forbidden for who did not begin the entry, and where somebody has to look at it first.
func (v *Service) Activate(ctx context.Context, s tenants.Scope, id uuid.UUID, seen Mark, code string) (Entry, error) {
	e, err := v.begin(ctx, s, id, seen, code)
	if err != nil {
		return Entry{}, err
	}
	if e.State == Live {
		return v.Get(ctx, s, id)
	}
	body, err := v.launch(ctx, launch{
		entry: id, body: e.tenant(), modules: v.all(), trial: true,
		contact: &founder{s.Account, tenants.Membership{Role: adminRole, Name: e.Contact.Name}},
	})
	if errors.Is(err, tenants.ErrTaken) {
		late := problem.New(problem.Conflict, "onboarding.error.taken", "name", e.Name()).Wrap(err)
		return Entry{}, v.refused(ctx, s, id, taken, errors.Join(late, v.reopen(ctx, s, id)))
	}
	if err != nil {
		return Entry{}, err
	}
	if err := v.finish(ctx, s, id, body); err != nil {
		return Entry{}, err
	}
	if err := v.deps.Bodies.Reload(ctx); err != nil {
		return Entry{}, err
	}
	return v.Get(ctx, s, id)
}

// begin decides, under the entry's lock, that it becomes a body as the actor has read it: from
// then on no step changes, and who resumes reads the same.
func (v *Service) begin(ctx context.Context, s tenants.Scope, id uuid.UUID, seen Mark, code string) (e Entry, err error) {
	verdict := control.Proved
	e, err = v.deciding(ctx, s, id, func(tx tenants.Tx, e Entry) error {
		if e.State == Closed {
			return e.fixed()
		}
		if e.State != Open {
			return nil
		}
		if err := v.provable(e, seen); err != nil {
			return err
		}
		asked := control.Asked{Entry: id, Answers: string(seen), Address: e.Contact.PEC}
		if verdict, err = control.Prove(ctx, tx, v.deps.Platform.Seal, asked, code); err != nil {
			return err
		}
		if verdict == control.Cut {
			return nil
		}
		if verdict != control.Proved { // committed: the try counts
			return audit.Write(ctx, tx, s, audit.Event{Action: "entry.refuse", Object: id, Payload: map[string]any{"reason": "code_" + string(verdict)}})
		}
		return v.move(ctx, tx, s, id, Activating)
	})
	if err != nil || verdict == control.Proved {
		return e, err
	}
	var faults problem.Fields
	faults.Add("code", "onboarding.code."+string(verdict))
	return Entry{}, faults.Err()
}

// deciding runs what only the starter of an entry may, under the entry's lock. Errors: problem.NotFound for another's
// entry; problem.Forbidden for who did not begin it.
func (v *Service) deciding(ctx context.Context, s tenants.Scope, id uuid.UUID, decide func(tx tenants.Tx, e Entry) error) (e Entry, err error) {
	reason := ""
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		if e, err = lockEntry(ctx, tx, s, id); err != nil {
			reason = foreign
			return err
		}
		if !e.Starter {
			reason = starters
			return problem.New(problem.Forbidden, "onboarding.error.starter_activate")
		}
		return decide(tx, e)
	})
	if reason != "" && (problem.Is(err, problem.NotFound) || problem.Is(err, problem.Forbidden)) {
		return Entry{}, v.refused(ctx, s, id, reason, err)
	}
	return e, err
}

// reopen gives back an entry that another one was faster than.
func (v *Service) reopen(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error { return v.move(ctx, tx, s, id, Open) })
}

// move changes the state of an entry on its way to a body, and writes that down.
func (v *Service) move(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, state State) error {
	if err := setState(ctx, tx, s, id, state); err != nil {
		return err
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "entry.move", Object: id, Payload: map[string]any{"state": string(state)}})
}

// finish notes on the entry the body that it became. That the body is there stands in the audit of the
// platform and in the body's own, in the same transaction.
func (v *Service) finish(ctx context.Context, s tenants.Scope, id uuid.UUID, body int32) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		changed, err := closeEntry(ctx, tx, s, id, body)
		if err != nil || !changed {
			return err
		}
		told, err := audit.WriteTold(ctx, tx, s, audit.Event{Action: "entry.activate", Object: id, Payload: map[string]any{"body": body}})
		if err != nil {
			return err
		}
		return tellBody(ctx, tx, id, told)
	})
}

// tenant is the body that an entry makes.
func (e Entry) tenant() tenants.Tenant {
	t := tenants.Tenant{Slug: e.IPA(), IPA: e.IPA(), Name: e.Other.Name, Kind: e.Other.Kind, TaxCode: e.Other.TaxCode}
	if m, chosen := e.Municipality(); chosen {
		t = municipal(m, e.IPA())
	}
	t.PEC = e.Contact.PEC
	return t
}
